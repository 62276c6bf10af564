"""Draw anew what stands elsewhere: a card whose message is gone, and alerts and notices that show a case."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.alerts import AlertId
from bot.domain.cases import CardRef, Case
from bot.domain.decisions import Decision
from bot.domain.detection.events import Tier
from bot.domain.effects import EffectKind
from bot.domain.ids import CaseId, SiteId
from bot.domain.legal import Stage
from bot.domain.readers.mail import Correspondent, Mail, MailEvent
from bot.domain.readers.notice import Notice
from bot.domain.sayings import Reminder, ReminderKind
from bot.services.desk import Desk
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_ALERTS_AFTER = timedelta(seconds=3)
"""How long an alert's card waits for more before it is edited once for all of it."""
_LOOKED_THROUGH = 100
"""How many of the newest alerts may still be looked at."""


async def want_card_again(desk: Desk, gone: CardRef) -> None:
    """Post the card of an open case anew, as its message was deleted.

    One of a decided case does not come back; /case shows what it said. Nothing happens if the
    card stands somewhere else by now.
    """
    now = desk.clock()

    def work(tx: Tx) -> bool:
        ref = tx.cards.get(gone.case_id)
        if ref is None or ref.message_id != gone.message_id:
            return False
        tx.cards.lost(gone.case_id)
        tx.reactions.forget(gone.message_id)
        if tx.cases.undecided(gone.case_id):
            tx.outbox.want_card(gone.case_id, now)
        return True

    if await desk.store.write(work):
        log.info("the card of case %s was deleted", gone.case_id)


async def draw_again(desk: Desk, case_id: CaseId) -> None:
    """Draw a card as it should be, with what else was to be done to it."""
    now = desk.clock()
    await desk.store.write(lambda tx: tx.outbox.want_card(case_id, now))


def show_raised(tx: Tx, case_id: CaseId, now: datetime) -> None:
    """Let the alert for which a case was raised show that it was decided."""
    raised = tx.triage.get(case_id).raised
    alert = tx.alerts.get(AlertId(raised.alert)) if raised is not None else None
    if alert is not None and alert.message is not None:
        tx.alerts.save(replace(alert, touched=alert.touched + 1))
        due_at = now + _ALERTS_AFTER
        tx.outbox.want_alert(EffectKind.ALERT, alert_id=alert.id, due_at=due_at, now=now)


def show_story(tx: Tx, site: SiteId, story_id: str, now: datetime) -> None:
    """Let the alerts on a story show what its site made of what it was asked."""
    for alert in tx.alerts.recent(limit=_LOOKED_THROUGH):
        if (alert.site, alert.tier, alert.key) == (site, Tier.STORY, story_id):
            tx.alerts.save(replace(alert, touched=alert.touched + 1))
            if alert.message is not None:
                tx.outbox.want_alert(EffectKind.ALERT, alert_id=alert.id, due_at=now, now=now)


def tell_readers(tx: Tx, case: Case, decision: Decision, *, undone_until: datetime) -> None:
    """Have the cards of a case's notices drawn anew, as a decision answers most of them.

    Who wants to hear of it by mail does once it can no longer be undone in haste. That only the
    rule is corrected is no news to them, and neither is an undoing, which is no decision.
    """
    for notice in tx.notices.of_case(case.id):
        if notice.legal_id is None:
            draw_notice(tx, notice, decision.at, f"decision:{decision.id}")
    if decision.amends is not None or decision.reverses is not None:
        return
    for to in tx.mails.of_case(case.id):
        mail = Mail(to=to.id, event=MailEvent.DECIDED, decision_id=decision.id)
        tx.outbox.want_mail(mail, undone_until)


def tell_of_contest(tx: Tx, report_id: int | None, contest_id: int, now: datetime) -> None:
    """Have a reporter written to whose contest was answered, if they want that."""
    to = tx.mails.of_report(report_id) if report_id else None
    if to is not None:
        tx.outbox.want_mail(Mail(to=to.id, event=MailEvent.ANSWERED, contest_id=contest_id), now)


def tell_of_notice(tx: Tx, notice: Notice, now: datetime) -> None:
    """Have whoever gave a notice written to that it was answered, if they want that."""
    draw_notice(tx, notice, now, "answered")
    to = tx.mails.of_notice(notice.id)
    if to is not None:
        tx.outbox.want_mail(Mail(to=to.id, event=MailEvent.DECIDED), now)


_OF_LEGAL: Final[Mapping[Stage, MailEvent]] = {
    Stage.ANSWERED: MailEvent.LACKING,
    Stage.POSTER_TOLD: MailEvent.FORWARDED,
    Stage.REMOVED: MailEvent.DECIDED,
    Stage.HANDED_ON: MailEvent.DECIDED,
}
"""The steps of a legal notice of which whoever gave it has to hear."""


def tell_of_legal(tx: Tx, legal_id: int, stage: Stage, now: datetime) -> None:
    """Have a complainant written to about a step of their legal notice, if they want that."""
    event, notice = _OF_LEGAL.get(stage), tx.notices.of_legal(legal_id)
    to = tx.mails.of_notice(notice.id) if notice else None
    if event is not None and to is not None:
        tx.outbox.want_mail(Mail(to=to.id, event=event), now)


def ask_by_mail(tx: Tx, to: Correspondent, now: datetime) -> None:
    """Keep an address, and ask it by one mail whether it is to be written to."""
    kept = tx.mails.put(to)
    tx.outbox.want_mail(Mail(to=kept.id, event=MailEvent.CONFIRM), now)


def draw_notice(tx: Tx, notice: Notice, now: datetime, why: str) -> None:
    """Ask for a notice's card to be drawn, once for each `why`."""
    kind = ReminderKind.NOTICE_CARD
    name = f"{kind}:{notice.id}:{why}"
    tx.outbox.want_reminder(Reminder(name=name, kind=kind, due_at=now, notice_id=notice.id))

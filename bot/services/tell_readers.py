"""What a decision on a case means for those outside who wait for it."""

from datetime import datetime

from bot.domain.case import Case
from bot.domain.decision import Decision
from bot.domain.readers.notice import Notice
from bot.domain.reminder import Reminder, ReminderKind
from bot.store.tx import Tx


def tell_readers(tx: Tx, case: Case, decision: Decision) -> None:
    """Have the cards of a case's notices drawn anew, as a decision answers most of them."""
    for notice in tx.notices.of_case(case.id):
        if notice.legal_id is None:
            draw_notice(tx, notice, decision.at, f"decision:{decision.id}")


def draw_notice(tx: Tx, notice: Notice, now: datetime, why: str) -> None:
    """Ask for a notice's card to be drawn, once for each `why`."""
    kind = ReminderKind.NOTICE_CARD
    name = f"{kind}:{notice.id}:{why}"
    tx.outbox.want_reminder(Reminder(name=name, kind=kind, due_at=now, notice_id=notice.id))

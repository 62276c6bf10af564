"""Take in legal notices, and keep their clocks."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.cases import CaseView
from bot.domain.errors import NoSuchCase, NotUnderstood
from bot.domain.ids import CaseId
from bot.domain.legal import FOLLOWING, Consent, LegalNotice, Stage, act_by
from bot.domain.sayings import Reminder, ReminderKind
from bot.domain.staff import Person, Rank
from bot.services.cases.lookup import look
from bot.services.desk import Desk
from bot.services.redraw import tell_of_legal
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_SOON: Final = timedelta(hours=6)
"""Before a clock runs out, editors are called."""

_THE_DESK: Final = "the desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What a notice says, as somebody typed it in; empty where it does not say it."""

    case_id: CaseId
    name: str
    email: str
    meaning: str
    falsity: str
    unknown: bool
    consent: Consent
    email_consent: Consent | None = None


async def take_in(desk: Desk, said: Complaint, *, by: Person) -> LegalNotice:
    """Keep a notice and start its clock; a defective one has a clock too.

    Raises:
        NotAllowed: The person is no senior moderator.
        NoSuchCase: There is no case of that number.
    """
    desk.require(by, Rank.SENIOR)
    now = desk.clock()

    def work(tx: Tx) -> LegalNotice:
        if tx.cases.get(said.case_id) is None:
            raise NoSuchCase(said.case_id)
        return begin(tx, said, by.name, now, received=now)

    kept = await desk.store.write(work)
    log.info("case %s: legal notice %s was taken in", kept.case_id, kept.id)
    return kept


def begin(
    tx: Tx, said: Complaint, by_name: str, now: datetime, *, received: datetime
) -> LegalNotice:
    """Keep a notice on a case within a transaction, its first clock running since it came."""
    notice = LegalNotice(
        case_id=said.case_id,
        name=said.name,
        email=said.email,
        meaning=said.meaning,
        falsity=said.falsity,
        unknown=said.unknown,
        consent=said.consent,
        email_consent=said.email_consent,
        stage=Stage.RECEIVED,
        received_at=received,
        stage_at=received,
        act_by=None,
        by_name=by_name,
    )
    stage = Stage.DEFECTIVE if notice.defects else Stage.RECEIVED
    kept = tx.legal.add(replace(notice, stage=stage, act_by=act_by(stage, received)))
    tx.legal_holds.keep(said.case_id, "legal", now)
    _remind(tx, kept, now)
    return kept


async def step(desk: Desk, number: int, stage: Stage, *, by: Person) -> LegalNotice:
    """Say what was done about a notice, and start the next clock.

    Raises:
        NotAllowed: The person is no senior moderator.
        NotUnderstood: There is no such notice, or that does not follow.
    """
    desk.require(by, Rank.SENIOR)
    now = desk.clock()
    return await desk.store.write(lambda tx: _step(tx, number, stage, by.name, now))


async def get(desk: Desk, number: int, by: Person) -> LegalNotice:
    """Return a notice, with the complainant's details.

    Raises:
        NotAllowed: The person is no senior moderator.
        NotUnderstood: There is no such notice.
    """
    desk.require(by, Rank.SENIOR)
    return await desk.store.read(lambda tx: _get(tx, number))


async def running(desk: Desk, by: Person) -> tuple[LegalNotice, ...]:
    """Return the notices whose clock runs, the most urgent first.

    Raises:
        NotAllowed: The person is no senior moderator.
    """
    desk.require(by, Rank.SENIOR)
    return await desk.store.read(lambda tx: tuple(tx.legal.running()))


async def case_for(desk: Desk, case_id: CaseId, by: Person) -> CaseView:
    """Return the case that a notice is to be about.

    Raises:
        NotAllowed: The person is no senior moderator.
        NoSuchCase: There is no case of that number.
    """
    desk.require(by, Rank.SENIOR)
    return await look(desk, case_id)


async def due(desk: Desk, reminder: Reminder) -> LegalNotice | None:
    """Return the notice a reminder is about, `None` if it has got further since.

    When a poster's five days are over, the next clock is started.
    """
    now = desk.clock()

    def work(tx: Tx) -> LegalNotice | None:
        notice = tx.legal.get(reminder.legal_id)
        if notice is None:
            return None
        if reminder.name != _name(reminder.kind, notice):
            return notice if _is_silence(reminder, notice) else None
        if _is_late(reminder, notice, now):
            return None  # the desk was down; that it is over is said at the same time
        if reminder.kind is ReminderKind.LEGAL_OVER and notice.stage is Stage.POSTER_TOLD:
            since = notice.act_by or now
            return _step(tx, notice.id, Stage.POSTER_SILENT, _THE_DESK, since)
        return notice

    return await desk.store.write(work)


def _is_late(reminder: Reminder, notice: LegalNotice, now: datetime) -> bool:
    """Whether a time of which it is to be said that it comes soon has come."""
    soon = reminder.kind is ReminderKind.LEGAL_SOON
    return soon and notice.act_by is not None and now >= notice.act_by


def _is_silence(reminder: Reminder, notice: LegalNotice) -> bool:
    """Whether the next clock was started already, but the editors were not told of it yet."""
    told = replace(notice, stage=Stage.POSTER_TOLD)
    return notice.stage is Stage.POSTER_SILENT and reminder.name == _name(reminder.kind, told)


def _get(tx: Tx, number: int) -> LegalNotice:
    found = tx.legal.get(number)
    if found is None:
        raise NotUnderstood(f"There is no legal notice {number}. /legal list shows them.")
    return found


def _step(tx: Tx, number: int, stage: Stage, by_name: str, now: datetime) -> LegalNotice:
    notice = _get(tx, number)
    follows = FOLLOWING.get(notice.stage, ())
    silent = stage is Stage.POSTER_SILENT and notice.stage is Stage.POSTER_TOLD
    if stage not in follows and not silent:
        raise NotUnderstood("The notice has got further since. Look at its card.")
    moved = replace(notice, stage=stage, stage_at=now, act_by=act_by(stage, now))
    tx.legal.step(moved, by_name)
    _remind(tx, moved, now)
    tell_of_legal(tx, moved.id, stage, now)
    return moved


def _remind(tx: Tx, notice: LegalNotice, now: datetime) -> None:
    _want(tx, ReminderKind.LEGAL_CARD, notice, now)
    if notice.act_by is not None:
        if notice.stage is not Stage.POSTER_TOLD:
            _want(tx, ReminderKind.LEGAL_SOON, notice, notice.act_by - _SOON)
        _want(tx, ReminderKind.LEGAL_OVER, notice, notice.act_by)


def _want(tx: Tx, kind: ReminderKind, notice: LegalNotice, due_at: datetime) -> None:
    tx.outbox.want_reminder(
        Reminder(name=_name(kind, notice), kind=kind, due_at=due_at, legal_id=notice.id)
    )


def _name(kind: ReminderKind, notice: LegalNotice) -> str:
    return f"{kind}:{notice.id}:{notice.stage}"

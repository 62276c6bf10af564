"""Take notices of another kind than reports, join them to their comment's case, and answer them.

What could go wrong, and why it cannot: a notice that was confirmed and is not there (it, its clock
and its card are asked for in one transaction), one that nobody finds the comment of (it stands by
itself in the moderators' channel with its clock running, and is tied to a case by hand), a page
that tells what is known here (`told` says nothing that was so before the notice came), and a name
that goes further than it must (a card has none; only whoever may answer reads it).
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.domain.cases import NoticeKind
from bot.domain.comments import Receipt, Report
from bot.domain.errors import NoChange, NoSuchCase, NotUnderstood
from bot.domain.foreign import tidy
from bot.domain.ids import CaseId
from bot.domain.legal import LegalNotice
from bot.domain.readers.email import is_email
from bot.domain.readers.mail import Correspondent
from bot.domain.readers.notice import (
    LONGEST_WORDS,
    Notice,
    NoticeText,
    Outcome,
    Road,
    Told,
    act_by,
    told,
)
from bot.domain.readers.report import ALPHABET, REFERENCE_LENGTH
from bot.domain.retention import Kept
from bot.domain.sayings import Reminder, ReminderKind
from bot.domain.staff import Person, Rank
from bot.services.cases.receive import receive
from bot.services.desk import Desk
from bot.services.readers.notice_case import LOOKED_FOR, join_case
from bot.services.readers.statement import hash_of, new_secret
from bot.services.redraw import ask_by_mail, draw_notice, tell_of_notice
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_SOON = timedelta(hours=6)
"""Before a clock runs out, editors are called."""

_AT_ONCE = 1000
_NEEDED = {NoticeKind.LEGAL: Rank.SENIOR, NoticeKind.DATA: Rank.SENIOR}
"""Who answers a notice and reads who gave it; any moderator where nothing is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A notice that is on disk, and the secret of its giver's way back to it."""

    notice: Notice
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedNotice:
    """A notice as its giver sees it; `until` is how long it can be seen."""

    notice: Notice
    told: Told
    until: datetime
    mail: Correspondent | None = None


async def take_notice(
    desk: Desk, said: NoticeText, locale: str, *, report: Report | None = None, mails: bool = True
) -> Taken:
    """Keep a notice that came by the page; with a `report`, its comment becomes a case.

    Else its comment is looked for afterwards, by its address. That nothing is missing in it is for
    the page to see to. With `mails`, an e-mail address that it gives is confirmed its receipt.
    """
    now = desk.clock()
    taken = _Arrival(desk=desk, said=said, locale=locale, road=Road.PAGE, received=now, mails=mails)
    if report is None:
        return await desk.store.write(lambda tx: taken.keep(tx, None))
    kept: list[Taken] = []

    def also(tx: Tx, receipts: list[Receipt]) -> None:
        kept.append(taken.keep(tx, receipts[0].case_id))

    await receive(desk, [report], also=also)
    return kept[-1]


async def enter_notice(
    desk: Desk,
    said: NoticeText,
    road: Road,
    *,
    by: Person,
    about: CaseId | None,
    received: datetime,
) -> Taken:
    """Keep what came by e-mail, telephone or letter, as somebody of the staff enters it.

    What it leaves out is said on its card. `about` is the case, where they know it.

    Raises:
        NotAllowed: The person is no moderator, or no senior one where that is needed.
        NoSuchCase: There is no case of that number.
        NotUnderstood: It came later than now, or says neither which comment nor what.
    """
    require_rank(desk, said.kind, by)
    if received > desk.clock():
        raise NotUnderstood("It cannot have come later than now. Nothing was kept.")
    if not said.text.strip():
        raise NotUnderstood("Say what they complain of. Nothing was kept.")
    taken = _Arrival(
        desk=desk, said=said, locale="en", road=road, received=received, taken_by=by.name
    )

    def work(tx: Tx) -> Taken:
        if about is not None and tx.cases.get(about) is None:
            raise NoSuchCase(about)
        return taken.keep(tx, about)

    return await desk.store.write(work)


def require_rank(desk: Desk, kind: NoticeKind, by: Person) -> None:
    """Let a person pass who may enter, read in full and answer notices of a kind.

    Raises:
        NotAllowed: They may not.
    """
    desk.require(by, _NEEDED.get(kind, Rank.MODERATOR))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival:
    """One notice as it comes."""

    desk: Desk
    said: NoticeText
    locale: str
    road: Road
    received: datetime
    taken_by: str = ""
    mails: bool = True

    def keep(self, tx: Tx, case_id: CaseId | None) -> Taken:
        seeks = case_id is None and bool(self.said.address)
        if seeks and self.road is not Road.PAGE:
            # Whoever enters it is told at once; the page must not even take longer for what is known.
            case_id = tx.notices.case_at(self.said.address)
        secret = new_secret()
        made = Notice(
            id=0,
            reference="".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH)),
            said=self.said,
            road=self.road,
            locale=self.locale,
            received_at=self.received,
            act_by=act_by(self.said.kind, self.received),
            case_id=case_id,
            taken_by=self.taken_by,
            seek_at=self.desk.clock() if seeks and case_id is None else None,
        )
        notice = tx.notices.add(made, hash_of(secret))
        log.info("notice %s, %s, was taken in", notice.id, notice.kind)
        if case_id is not None:
            notice = join_case(tx, notice, case_id, self.desk.clock())
        if notice.legal_id is None:
            _remind(tx, notice, self.desk.clock())
        self._confirm(tx, notice)
        return Taken(notice=notice, secret=secret)

    def _confirm(self, tx: Tx, notice: Notice) -> None:
        """Confirm it by mail without delay, to whoever gave an address."""
        email, now = self.said.email, self.desk.clock()
        if self.mails and self.desk.writes_mail and is_email(email):
            to = Correspondent(id=0, email=email, locale=self.locale, at=now, notice_id=notice.id)
            ask_by_mail(tx, to, now)


async def follow_notice(desk: Desk, secret: str) -> FollowedNotice | None:
    """Return the notice that a secret leads to, `None` for whatever else."""
    return await desk.store.read(lambda tx: found_notice(tx, desk, secret))


def found_notice(tx: Tx, desk: Desk, secret: str) -> FollowedNotice | None:
    """Return the same within a transaction."""
    notice = tx.notices.by_secret(hash_of(secret)) or _mailed(tx, secret)
    return followed(tx, desk, notice) if notice else None


def _mailed(tx: Tx, secret: str) -> Notice | None:
    """Return the notice whose giver was mailed a link, and has said that the address is theirs."""
    to = tx.mails.linked(hash_of(secret))
    return tx.notices.get(to.notice_id) if to and to.confirmed_at else None


def followed(tx: Tx, desk: Desk, notice: Notice) -> FollowedNotice | None:
    """Return a notice as its giver sees it, `None` once its time is over."""
    until = (notice.answered_at or notice.received_at) + _kept_for(desk)
    if notice.legal_id is None and desk.clock() >= until:
        return None  # its words are erased later in the day
    mail = tx.mails.of_notice(notice.id)
    return FollowedNotice(notice=notice, told=_told(tx, notice), until=until, mail=mail)


def _told(tx: Tx, notice: Notice) -> Told:
    case = tx.cases.get(notice.case_id)
    current = tx.decisions.current(case)
    return told(notice, current, _legal(tx, notice))


def _legal(tx: Tx, notice: Notice) -> LegalNotice | None:
    return tx.legal.get(notice.legal_id)


async def read_notice(desk: Desk, number: int, by: Person) -> FollowedNotice:
    """Return a notice with all that it says, to whoever may answer it.

    Raises:
        NotAllowed: The person may not.
        NotUnderstood: There is no such notice.
    """
    notice = await desk.store.read(lambda tx: _get(tx, number))
    require_rank(desk, notice.kind, by)
    return await desk.store.read(
        lambda tx: FollowedNotice(
            notice=notice, told=_told(tx, notice), until=notice.received_at + _kept_for(desk)
        )
    )


async def tie_notice(desk: Desk, number: int, case_id: CaseId, *, by: Person) -> Notice:
    """Let a notice be about a case, as somebody of the staff knows.

    Raises:
        NotAllowed: The person may not.
        NotUnderstood: There is no such notice.
        NoSuchCase: There is no case of that number.
        NoChange: It is about that case already, or its legal notice is about one.
    """

    def work(tx: Tx) -> Notice:
        notice = _get(tx, number)
        require_rank(desk, notice.kind, by)
        if tx.cases.get(case_id) is None:
            raise NoSuchCase(case_id)
        if notice.case_id == case_id:
            raise NoChange(f"Notice {number} is about #{case_id} already. Nothing was changed.")
        tied = join_case(tx, notice, case_id, desk.clock())
        draw_notice(tx, tied, desk.clock(), f"tied:{case_id}")
        before = tx.cases.get(notice.case_id)
        if before is not None:
            tx.cases.touch(before, desk.clock())
        return tied

    return await desk.store.write(work)


async def answer_notice(
    desk: Desk, number: int, outcome: Outcome, words: str, *, by: Person
) -> Notice:
    """Answer a notice; whoever gave it reads the words, and never who wrote them.

    Raises:
        NotAllowed: The person may not.
        NotUnderstood: There is no such notice, or the words are missing or too long.
        NoChange: It was answered before, or its legal notice's card is where it goes on.
    """
    words = tidy(words)
    if not words or len(words) > LONGEST_WORDS:
        raise NotUnderstood(f"Say why, in at most {LONGEST_WORDS:,} characters.")

    def work(tx: Tx) -> Notice:
        notice = _get(tx, number)
        require_rank(desk, notice.kind, by)
        if notice.legal_id is not None:
            raise NoChange("This notice goes on at the card of its legal notice.")
        now = desk.clock()
        answered = replace(notice, outcome=outcome, answer=words, by_name=by.name, answered_at=now)
        if not tx.notices.answer(answered):
            raise NoChange(f"Notice {number} was answered before. Nothing was changed.")
        tell_of_notice(tx, answered, now)
        case = tx.cases.get(notice.case_id)
        if case is not None:
            tx.cases.touch(case, now)
        return answered

    return await desk.store.write(work)


async def due_notice(desk: Desk, reminder: Reminder) -> FollowedNotice | None:
    """Return the notice that a reminder is about, `None` if nobody need hear of it any more."""
    number, calls = reminder.notice_id or 0, reminder.kind is not ReminderKind.NOTICE_CARD

    def read(tx: Tx) -> FollowedNotice | None:
        notice = tx.notices.get(number)
        if notice is None:
            return None
        found = FollowedNotice(
            notice=notice, told=_told(tx, notice), until=notice.received_at + _kept_for(desk)
        )
        settled = found.told.is_over or notice.legal_id is not None
        return None if calls and (settled or _is_late(reminder, notice, desk)) else found

    return await desk.store.read(read)


def _is_late(reminder: Reminder, notice: Notice, desk: Desk) -> bool:
    """Whether a time of which it is to be said that it comes soon has come."""
    soon = reminder.kind is ReminderKind.NOTICE_SOON
    return soon and notice.act_by is not None and desk.clock() >= notice.act_by


async def erase_notices(desk: Desk) -> int:
    """Erase the words of notices whose time is over; return how many there were."""
    erased, before = 0, desk.clock() - _kept_for(desk)
    erase: Callable[[Tx], int] = partial(_erase, before)
    while True:
        gone = await desk.store.write(erase)
        erased += gone
        if gone < _AT_ONCE:
            return erased


def _kept_for(desk: Desk) -> timedelta:
    return desk.policy().retention.time(Kept.EMAILS)


def _erase(before: datetime, tx: Tx) -> int:
    return tx.notices.erase(before, limit=_AT_ONCE)


def _get(tx: Tx, number: int) -> Notice:
    found = tx.notices.get(number)
    if found is None:
        raise NotUnderstood(f"There is no notice {number}. Nothing was changed.")
    return found


def _remind(tx: Tx, notice: Notice, now: datetime) -> None:
    # Drawn once its comment was looked for, so that it need not be drawn again.
    draw_notice(tx, notice, now + LOOKED_FOR if notice.seek_at else now, "taken")
    if notice.act_by is not None:
        _want(tx, ReminderKind.NOTICE_SOON, notice, notice.act_by - _SOON)
        _want(tx, ReminderKind.NOTICE_OVER, notice, notice.act_by)


def _want(tx: Tx, kind: ReminderKind, notice: Notice, due_at: datetime) -> None:
    name = f"{kind}:{notice.id}"
    tx.outbox.want_reminder(Reminder(name=name, kind=kind, due_at=due_at, notice_id=notice.id))

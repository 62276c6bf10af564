"""Show what is held about one person, or erase it, wherever it stands.

What could go wrong, and why it does not:

What must be kept goes. Before anything is erased the cases are looked at: those of which nothing may
be forgotten, and those of which a site has still to be told, are named, and nothing is done.

Half of it. Each transaction erases some cases whole, and what leads to a person, their account or
their key, goes last; so whoever begins again after a power cut finds what is left.

It comes back. Whoever was erased is kept as a salted hash, here and in a file beside the database;
so a backup that is put back is made to forget the same people before it takes a report.

It is still there. The record says that something was erased and no more; the index of words, the
log beside the database and what waits for Discord are gone through as well.
"""

import logging
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.errors import DeskError
from bot.domain.ids import CaseId
from bot.domain.lines import count
from bot.domain.subject import SALT_BYTES, NoSubject, Subject, SubjectKind
from bot.services.desk import Desk
from bot.store.remembering import Forgotten
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_CASES_AT_ONCE: Final = 20
_DECISIONS_AT_ONCE: Final = 100
_NAMED_AT_MOST: Final = 20

Held = Mapping[str, Sequence[Mapping[str, Any]]]
"""What is held about somebody, by what it is."""


class UnderHold(DeskError):
    """Something about the person has to be kept, so nothing of theirs was erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure came to: the cases it touched, and the decisions it was entered for."""

    cases: int
    decisions: int


async def held_about(desk: Desk, subject: Subject) -> Held:
    """Return everything that is held about somebody.

    Raises:
        NoSubject: Nothing is.
    """
    known = await _known(desk, subject)
    found = await desk.store.read(lambda tx: tx.persons.held(known))
    if not found:
        raise NoSubject(f"Nothing is held about {subject.kind} {subject.words}.")
    return found


async def erase(desk: Desk, subject: Subject, forgotten: Forgotten, *, by: str) -> Erased:
    """Erase everything that is held about somebody, and see that it stays so.

    Raises:
        NoSubject: Nothing is held.
        UnderHold: Some of it may not go; the cases are named.
    """
    await held_about(desk, subject)
    known = await _known(desk, subject)
    cases = await desk.store.read(lambda tx: tx.persons.cases(known))
    await require_free(desk, subject, cases)
    erased = await _ERASE[subject.kind](desk, known, cases, by)
    salt, now = secrets.token_bytes(SALT_BYTES), desk.clock()
    key = known.key(salt)
    await desk.store.write(lambda tx: tx.persons.remember(key, salt, known.kind, now))
    await desk.store.write(lambda tx: tx.forgetting.told())
    forgotten.keep(await desk.store.read(lambda tx: tx.persons.forgotten()))
    await desk.store.let_go()
    return erased


async def require_free(desk: Desk, subject: Subject, cases: Sequence[CaseId]) -> None:
    """Return if nothing about a person has to be kept.

    Raises:
        UnderHold: It has; the cases are named.
    """
    now = desk.clock()
    kept, busy = await desk.store.read(
        lambda tx: (tx.persons.under_hold(cases, now), tx.persons.under_way(cases))
    )
    if kept and subject.kind is not SubjectKind.STAFF:
        raise UnderHold(
            f"Nothing was erased: {_named(kept)} must be kept as it is, because a legal notice is or "
            "was on it within a year, or a life may be in danger. Ask again once that is over."
        )
    if busy and subject.kind is SubjectKind.AUTHOR:
        raise UnderHold(
            f"Nothing was erased: the site has still to be told what was decided about "
            f"{_named(busy)}. Ask again once the card says that it was."
        )


async def forget_again(desk: Desk, forgotten: Forgotten) -> int:
    """Erase anew whom a database that was put back still knows; return how many that were."""
    done = {key for key, *_ in await desk.store.read(lambda tx: tx.persons.forgotten())}
    again = 0
    for key, salt, kind, _ in forgotten.all():
        if key not in done:
            again += await _erase_again(desk, key, salt, kind)
    if again:
        await desk.store.write(lambda tx: tx.forgetting.told())
        await desk.store.let_go()
        log.warning(
            "%s erased anew, as the database is of before", count(again, "person", "people")
        )
    forgotten.keep(await desk.store.read(lambda tx: tx.persons.forgotten()))
    return again


async def _erase_again(desk: Desk, key: bytes, salt: bytes, kind: SubjectKind) -> bool:
    """Erase whoever has that key, if they are known and may go; return whether anybody went."""
    found = await desk.store.read(lambda tx: _whose(tx, key, salt, kind))
    if found is not None:
        cases = await desk.store.read(lambda tx: tx.persons.cases(found))
        try:
            await require_free(desk, found, cases)
        except UnderHold as held:
            log.warning("somebody who was erased is in the database again. %s", held)
            return False
        await _ERASE[kind](desk, found, cases, "the desk, again")
    await desk.store.write(lambda tx: tx.persons.remember(key, salt, kind, desk.clock()))
    return found is not None


def _whose(tx: Tx, key: bytes, salt: bytes, kind: SubjectKind) -> Subject | None:
    return next((one for one in tx.persons.everybody(kind) if one.key(salt) == key), None)


async def _known(desk: Desk, subject: Subject) -> Subject:
    known = await desk.store.read(lambda tx: tx.persons.known(subject))
    if known is None:
        raise NoSubject(
            f"There is no report with the reference {subject.value}. Copy it again from what the "
            "reader was shown."
        )
    return known


async def _author(desk: Desk, subject: Subject, cases: Sequence[CaseId], by: str) -> Erased:
    author_id = await desk.store.read(lambda tx: tx.persons.goes_on_as(subject))
    name, quoted = await desk.store.read(lambda tx: tx.persons.quoted(subject))
    await _each(desk, cases, lambda tx, one: tx.persons.forget_case(one, author_id, desk.clock()))
    await _each(desk, quoted, lambda tx, one: tx.persons.unquote(one, name, desk.clock()))
    decisions = await _record(
        desk,
        lambda tx: tx.persons.erase_author_in_record(
            subject, author_id, desk.clock(), by=by, limit=_DECISIONS_AT_ONCE
        ),
    )
    now = desk.clock()
    await desk.store.write(lambda tx: tx.persons.forget_account(subject, author_id, cases, now))
    return Erased(cases=len(cases) + len(quoted), decisions=decisions)


async def _reader(desk: Desk, subject: Subject, cases: Sequence[CaseId], _by: str) -> Erased:
    await desk.store.write(lambda tx: tx.persons.forget_reader(subject, desk.clock()))
    return Erased(cases=len(cases), decisions=0)


async def _staff(desk: Desk, subject: Subject, cases: Sequence[CaseId], by: str) -> Erased:
    number = -1 - secrets.randbits(62)
    decisions = await _record(
        desk,
        lambda tx: tx.persons.erase_staff_in_record(
            subject, number, desk.clock(), by=by, limit=_DECISIONS_AT_ONCE
        ),
    )
    await desk.store.write(lambda tx: tx.persons.forget_staff(subject, number, cases, desk.clock()))
    return Erased(cases=len(cases), decisions=decisions)


async def _email(desk: Desk, subject: Subject, cases: Sequence[CaseId], _by: str) -> Erased:
    await desk.store.write(lambda tx: tx.persons.forget_email(subject, desk.clock()))
    return Erased(cases=len(cases), decisions=0)


_ERASE: Final = {
    SubjectKind.AUTHOR: _author,
    SubjectKind.READER: _reader,
    SubjectKind.STAFF: _staff,
    SubjectKind.EMAIL: _email,
}


async def _each(desk: Desk, cases: Sequence[CaseId], forget: Callable[[Tx, CaseId], None]) -> None:
    """Forget something of cases, some in each transaction."""

    def work(some: Sequence[CaseId], tx: Tx) -> None:
        for one in some:
            forget(tx, one)

    for start in range(0, len(cases), _CASES_AT_ONCE):
        some = cases[start : start + _CASES_AT_ONCE]
        await desk.store.write(lambda tx, some=some: work(some, tx))


async def _record(desk: Desk, erase_some: Callable[[Tx], int]) -> int:
    """Erase in the record until nothing is left to; return in how many decisions."""
    amount = 0
    while gone := await desk.store.write(erase_some):
        amount += gone
    return amount


def _named(cases: Iterable[CaseId]) -> str:
    numbers = [f"#{one}" for one in cases]
    shown = ", ".join(numbers[:_NAMED_AT_MOST])
    more = len(numbers) - _NAMED_AT_MOST
    return f"{'case' if len(numbers) == 1 else 'cases'} {shown}" + (
        f" and {more} more" if more > 0 else ""
    )

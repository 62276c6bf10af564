"""Notices of another kind than reports, with the hash of the secret by which each is followed."""

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.cases import NoticeKind, NoticeMark
from bot.domain.ids import CaseId, MessageRef
from bot.domain.readers.notice import Notice, NoticeText, Outcome, Road, spellings
from bot.store.engine.connection import Connection
from bot.store.times import moment, moment_if, new_token, stored

_SELECT = """
SELECT id, reference, notices.kind, road, case_id, legal_id, address, name, email, text, falsity,
       unknown, may_name, may_email, minor, good_faith, locale, received_at, taken_by, act_by,
       outcome, answer, by_name, answered_at, token, seek_at, channel_id, message_id, secret
FROM notices
LEFT JOIN messages ON messages.kind = 'notice' AND key = CAST(id AS TEXT)
"""
_GET = f"{_SELECT} WHERE id = ?"
_BY_SECRET = f"{_SELECT} WHERE secret = ?"
_OF_LEGAL = f"{_SELECT} WHERE legal_id = ?"
_OF_CASE = f"{_SELECT} WHERE case_id = ? ORDER BY id"
_ADD = """
INSERT INTO notices (reference, secret, kind, road, case_id, address, name, email, text, falsity,
                     unknown, may_name, may_email, minor, good_faith, locale, received_at, taken_by,
                     act_by, seek_at, token)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_TIE = "UPDATE notices SET case_id = ?, legal_id = ? WHERE id = ? AND legal_id IS NULL"
_ANSWER = """
UPDATE notices SET outcome = ?, answer = ?, by_name = ?, answered_at = ?
WHERE id = ? AND answered_at IS NULL
"""
_MARKS = """
SELECT id, kind, received_at, CASE WHEN answered_at IS NULL THEN act_by END FROM notices
WHERE case_id = ? AND legal_id IS NULL ORDER BY id
"""
_LEGAL_MARKS = "SELECT id, received_at, act_by FROM legal_notices WHERE case_id = ? ORDER BY id"
_TO_SEEK = f"{_SELECT} WHERE seek_at <= ? ORDER BY seek_at, id LIMIT ?"
_SEEK = "UPDATE notices SET seek_at = ? WHERE id = ?"
_SPELLINGS = 65
_AT_ADDRESS = f"""
SELECT DISTINCT case_id FROM revisions
WHERE permalink IN ({", ".join("?" * _SPELLINGS)}) ORDER BY case_id DESC LIMIT 2
"""  # noqa: S608 - only as many marks as there are spellings
# What is erased is who wrote and what; that there was a notice of its kind stays in the figures.
_ERASE = """
UPDATE notices SET secret = NULL, seek_at = NULL, address = '', name = '', email = '', text = '', falsity = '',
                   answer = ''
WHERE id IN (
    SELECT id FROM notices
    WHERE secret IS NOT NULL AND legal_id IS NULL AND COALESCE(answered_at, received_at) < ? LIMIT ?
)
"""


class Notices:
    """The notices of another kind than reports; what people wrote goes when its time is over."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._run = connection.run

    def add(self, notice: Notice, secret: bytes) -> Notice:
        """Keep a notice with the hash of its secret; it comes back with number and token.

        Raises:
            StoreTrouble: The reference or the secret is another's.
        """
        said = notice.said
        named = (notice.reference, secret, notice.kind, notice.road, notice.case_id)
        words = (said.address, said.name, said.email, said.text, said.falsity)
        marks = (int(said.unknown), _bit(said.may_name), _bit(said.may_email))
        more = (int(said.minor), int(said.good_faith), notice.locale, stored(notice.received_at))
        times = (stored(notice.act_by), stored(notice.seek_at))
        row = (*named, *words, *marks, *more, notice.taken_by, *times, new_token())
        number = self._connection.add(_ADD, row)
        return self.get(number) or notice

    def get(self, number: int | None) -> Notice | None:
        """Return a notice by its number; `None` is that of none."""
        row = self._run(_GET, (number,)).fetchone()
        return _notice(row) if row else None

    def by_secret(self, secret: bytes) -> Notice | None:
        """Return the notice whose secret has this hash, `None` if there is none."""
        row = self._run(_BY_SECRET, (secret,)).fetchone()
        # The index found it by its first bytes; all of them are compared here, in constant time.
        return _notice(row) if row and hmac.compare_digest(row[-1], secret) else None

    def of_legal(self, legal_id: int) -> Notice | None:
        """Return the notice that started a legal notice's clocks, `None` if staff took that in."""
        row = self._run(_OF_LEGAL, (legal_id,)).fetchone()
        return _notice(row) if row else None

    def of_case(self, case_id: CaseId) -> Sequence[Notice]:
        """Return a case's notices, the oldest first."""
        return [_notice(row) for row in self._run(_OF_CASE, (case_id,)).fetchall()]

    def tie(self, notice: Notice, case_id: CaseId, legal_id: int | None) -> bool:
        """Let a notice be about a case; false if its legal notice is about one already."""
        return self._run(_TIE, (case_id, legal_id, notice.id)).rowcount == 1

    def answer(self, notice: Notice) -> bool:
        """Keep what a notice was answered; false if it was before."""
        row = (notice.outcome, notice.answer, notice.by_name, stored(notice.answered_at), notice.id)
        return self._run(_ANSWER, row).rowcount == 1

    def case_at(self, address: str) -> CaseId | None:
        """Return the case of the one comment that is read at an address.

        `None` if none is known, or if several are read there, as on a platform whose addresses
        lead to all comments of a page.
        """
        tried = spellings(address)[:_SPELLINGS]
        rows = self._run(_AT_ADDRESS, (*tried, *[address] * (_SPELLINGS - len(tried)))).fetchall()
        return CaseId(rows[0][0]) if len(rows) == 1 else None

    def to_seek(self, now: datetime, *, limit: int) -> Sequence[Notice]:
        """Return those whose comment is to be looked for now, the longest due first."""
        return [_notice(row) for row in self._run(_TO_SEEK, (stored(now), limit)).fetchall()]

    def seek(self, notice: Notice, at: datetime | None) -> None:
        """Let a notice's comment be looked for at a time, or no more."""
        self._run(_SEEK, (stored(at), notice.id))

    def erase(self, before: datetime, *, limit: int) -> int:
        """Erase the words of some that were answered before that; return how many."""
        return self._run(_ERASE, (stored(before), limit)).rowcount


def marks_of(connection: Connection, case_id: CaseId) -> tuple[NoticeMark, ...]:
    """Return the notices on a case as its card tells of them, the oldest first."""
    rows = connection.run(_MARKS, (case_id,)).fetchall()
    legal = connection.run(_LEGAL_MARKS, (case_id,)).fetchall()
    found = [
        *((at, NoticeMark(id=one, kind=NoticeKind(kind), act_by=moment_if(by)))
          for one, kind, at, by in rows),
        *((at, NoticeMark(id=one, kind=NoticeKind.LEGAL, act_by=moment_if(by)))
          for one, at, by in legal),
    ]  # fmt: skip
    return tuple(mark for _, mark in sorted(found, key=lambda one: one[0]))


def _bit(said: bool | None) -> int | None:
    return None if said is None else int(said)


def _truth(bit: int | None) -> bool | None:
    return None if bit is None else bit == 1


def _notice(row: tuple[Any, ...]) -> Notice:
    number, reference, kind, road, case_id, legal_id, *words = row[:-1]
    address, name, email, text, falsity, unknown, may_name, may_email, minor, faith, *rest = words
    locale, received_at, taken_by, act_by, outcome, answer, by_name, answered_at, *place = rest
    token, seek_at, channel_id, message_id = place
    said = NoticeText(
        kind=NoticeKind(kind),
        address=address,
        name=name,
        email=email,
        text=text,
        falsity=falsity,
        unknown=unknown == 1,
        may_name=_truth(may_name),
        may_email=_truth(may_email),
        minor=minor == 1,
        good_faith=faith == 1,
    )
    return Notice(
        id=number,
        reference=reference,
        said=said,
        road=Road(road),
        locale=locale,
        received_at=moment(received_at),
        act_by=moment_if(act_by),
        case_id=CaseId(case_id) if case_id is not None else None,
        legal_id=legal_id,
        taken_by=taken_by,
        outcome=Outcome(outcome) if outcome else None,
        answer=answer,
        by_name=by_name,
        answered_at=moment_if(answered_at),
        token=token,
        seek_at=moment_if(seek_at),
        at=MessageRef(channel_id=channel_id, message_id=message_id) if message_id else None,
    )

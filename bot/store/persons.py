"""What is held about one person, and how it is taken out; what is in each place is in its tables."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot.domain.ids import CaseId, DecisionId
from bot.domain.seals import ERASED, NO_AUTHOR, Part
from bot.domain.subject import Subject, SubjectKind, is_key
from bot.store import persons_held as held
from bot.store.engine.connection import Connection
from bot.store.erasures import Erasures, Taken
from bot.store.forgetting import Forgetting
from bot.store.outbox import Outbox
from bot.store.purging import HELD, held_since
from bot.store.times import moment, stored

_CHANCE: Final = 8
"""Bytes of the id that an erased author's cases go on under."""

_KEY_OF = "SELECT reporter FROM reader_reports WHERE reference = ?"
_CASES_OF: Final[Mapping[SubjectKind, str]] = {
    SubjectKind.AUTHOR: "SELECT id FROM cases WHERE site = ? AND author_id = ? ORDER BY id",
    SubjectKind.READER: "SELECT DISTINCT case_id FROM reports WHERE reporter = ? ORDER BY case_id",
    SubjectKind.STAFF: """
SELECT DISTINCT case_id FROM decisions WHERE by_id = ? OR second_id = ? ORDER BY case_id
""",
    SubjectKind.EMAIL: """
SELECT case_id FROM legal_notices WHERE LOWER(email) = LOWER(?)
UNION SELECT case_id FROM notices WHERE LOWER(email) = LOWER(?) AND case_id IS NOT NULL
UNION SELECT reader_reports.case_id FROM correspondents
    JOIN reader_reports ON reader_reports.id = report_id WHERE LOWER(email) = LOWER(?)
ORDER BY case_id
""",
}
_IS_HELD = f"SELECT CAST(? AS BIGINT) IN ({HELD})"
_WAITS = "SELECT 1 FROM outbox WHERE case_id = ? AND kind = 'site' AND state = 'waiting' LIMIT 1"
_NAME = "SELECT name FROM authors WHERE site = ? AND external_id = ?"
_QUOTED = """
SELECT DISTINCT case_id FROM revisions JOIN cases ON cases.id = case_id
WHERE cases.site = ? AND parent_author = ? ORDER BY case_id
"""
_UNQUOTE = f"""
UPDATE revisions SET parent_author = '{ERASED}', parent_text = '{ERASED}'
WHERE case_id = ? AND parent_author = ?
"""  # noqa: S608 - as above
_TOUCH = "UPDATE cases SET touched = touched + 1 WHERE id = ?"
_OF_AUTHOR = "SELECT id FROM decisions WHERE site = ? AND author_id = ? ORDER BY id LIMIT ?"
_BY_STAFF = """
SELECT id, by_id, second_id FROM decisions WHERE by_id = ? OR second_id = ? ORDER BY id LIMIT ?
"""
_GOES_ON_AS = """
SELECT decisions.author_id FROM decisions JOIN cases ON cases.id = case_id
WHERE cases.site = ? AND cases.author_id = ? AND decisions.author_id LIKE 'erased-%' LIMIT 1
"""
_STAFF_NAMES = (
    "SELECT name FROM decider_names WHERE id = ? UNION SELECT name FROM shifts WHERE person_id = ?"
)

_FORGOTTEN = "SELECT key, salt, kind, at FROM forgotten ORDER BY at, key"
_REMEMBER = """
INSERT INTO forgotten (key, salt, kind, at) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING
"""
_ALL_AUTHORS = "SELECT site, external_id FROM authors"
_ALL_READERS = """
SELECT reporter FROM reports UNION SELECT reporter FROM sightings
UNION SELECT reporter FROM readers UNION SELECT reporter FROM reader_reports
UNION SELECT reporter FROM reader_standings UNION SELECT reporter FROM judged_reports
"""
_ALL_STAFF = "SELECT id FROM decider_names UNION SELECT person_id FROM shifts"
_ALL_EMAILS = """
SELECT email FROM legal_notices UNION SELECT email FROM notices
UNION SELECT email FROM correspondents
"""
_EVERYBODY = {
    SubjectKind.AUTHOR: _ALL_AUTHORS,
    SubjectKind.READER: _ALL_READERS,
    SubjectKind.STAFF: _ALL_STAFF,
    SubjectKind.EMAIL: _ALL_EMAILS,
}
_THEIR_MESSAGES = """
SELECT messages.kind, key, message_id FROM messages
WHERE messages.kind = 'legal'
AND key IN (SELECT CAST(id AS TEXT) FROM legal_notices WHERE LOWER(email) = LOWER(?))
OR messages.kind = 'notice'
AND key IN (SELECT CAST(id AS TEXT) FROM notices WHERE LOWER(email) = LOWER(?))
"""
_NO_MESSAGE = "DELETE FROM messages WHERE kind = ? AND key = ?"


class Persons:
    """Everything about somebody."""

    def __init__(self, connection: Connection, outbox: Outbox) -> None:
        self._run = connection.run
        self._outbox = outbox
        self._forgetting = Forgetting(connection, outbox)
        self._erasures = Erasures(connection)

    def known(self, subject: Subject) -> Subject | None:
        """Return the person by their own key, where a reference was given; `None` if there is none."""
        if subject.kind is not SubjectKind.READER or is_key(subject.value):
            return subject
        row = self._run(_KEY_OF, (subject.value,)).fetchone()
        return Subject(kind=subject.kind, value=bytes(row[0]).hex()) if row else None

    def held(self, subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Return everything that is held about somebody, by what it is."""
        values = _values(subject)
        return {
            section.name: found
            for section in held.SECTIONS[subject.kind]
            if (found := section.rows(self._run(section.sql, section.given(values)).fetchall()))
        }

    def cases(self, subject: Subject) -> Sequence[CaseId]:
        """Return the cases that somebody has to do with."""
        values = _values(subject)
        sql = _CASES_OF[subject.kind]
        given = values * (sql.count("?") // len(values))
        return [CaseId(row[0]) for row in self._run(sql, given).fetchall()]

    def under_hold(self, cases: Iterable[CaseId], now: datetime) -> Sequence[CaseId]:
        """Return the cases of which nothing may be forgotten now."""
        since = held_since(now)
        return [one for one in cases if self._run(_IS_HELD, (one, *since)).fetchone()[0]]

    def under_way(self, cases: Iterable[CaseId]) -> Sequence[CaseId]:
        """Return the cases of which the site has still to be told something."""
        return [one for one in cases if self._run(_WAITS, (one,)).fetchone()]

    # Authors.

    def goes_on_as(self, subject: Subject) -> str:
        """Return the id that an author's cases go on under: chance, or what an earlier try gave."""
        row = self._run(_GOES_ON_AS, _values(subject)).fetchone()
        return row[0] if row else f"{NO_AUTHOR}{secrets.token_hex(_CHANCE)}"

    def quoted(self, subject: Subject) -> tuple[str, Sequence[CaseId]]:
        """Return an author's name, and the cases of others in which a comment of theirs is quoted."""
        row = self._run(_NAME, _values(subject)).fetchone()
        name = row[0] if row else ""
        rows = self._run(_QUOTED, (subject.site, name)).fetchall() if name else []
        return name, [CaseId(row[0]) for row in rows]

    def unquote(self, case_id: CaseId, name: str, now: datetime) -> None:
        """Take what somebody of that name wrote out of what a case's comment answers."""
        self._run(_UNQUOTE, (case_id, name))
        self._run(_TOUCH, (case_id,))
        self._forgetting.unsay(case_id, now, threads=False)

    def forget_case(self, case_id: CaseId, author_id: str, now: datetime) -> None:
        """Forget all words on a case that is an author's."""
        self._forgetting.texts(case_id, author_id=author_id)
        self._forgetting.readers_notes(case_id)
        self._forgetting.staff_notes(case_id)
        self._forgetting.contests(case_id)
        self._forgetting.unsay(case_id, now)

    def erase_author_in_record(
        self, subject: Subject, author_id: str, now: datetime, *, by: str, limit: int
    ) -> int:
        """Take an author out of some decisions of the record; return of how many."""
        rows = self._run(_OF_AUTHOR, (*_values(subject), limit)).fetchall()
        tombstones = {Part.AUTHOR: {"author_id": author_id}, Part.NOTE: {"note": ERASED}}
        taken = [Taken(decision_id=DecisionId(row[0]), tombstones=tombstones) for row in rows]
        return self._erasures.erase(taken, at=now, by=by, why="request")

    def forget_account(
        self, subject: Subject, author_id: str, cases: Iterable[CaseId], now: datetime
    ) -> None:
        """Forget an account, once its cases and decisions name it no more.

        Cards that were drawn since their texts went have still the name, and are drawn once more.
        """
        for case_id in cases:
            self._run(_TOUCH, (case_id,))
            self._forgetting.redraw(case_id, now)
        for sql in held.OF_ACCOUNT:
            self._run(sql, held.account_values(sql, subject.site, subject.value, author_id))

    # Readers.

    def forget_reader(self, subject: Subject, now: datetime) -> None:
        """Forget a reader: what they wrote, and the key that tells their reports from others'."""
        for case_id in self.cases(subject):
            self._run(_TOUCH, (case_id,))
            self._outbox.want_card(case_id, now)
        chance, key = secrets.token_bytes(16), bytes.fromhex(subject.value)
        for sql in held.OF_READER:
            self._run(sql, (chance, key) if sql.count("?") == 2 else (key,))  # noqa: PLR2004 - both

    # Staff.

    def erase_staff_in_record(
        self, subject: Subject, number: int, now: datetime, *, by: str, limit: int
    ) -> int:
        """Take somebody of the staff out of some decisions of the record; return of how many."""
        who = subject.number
        rows = self._run(_BY_STAFF, (who, who, limit)).fetchall()
        taken = [
            Taken(decision_id=DecisionId(row[0]), tombstones=_by(row, who, number)) for row in rows
        ]
        return self._erasures.erase(taken, at=now, by=by, why="request")

    def forget_staff(
        self, subject: Subject, number: int, cases: Iterable[CaseId], now: datetime
    ) -> None:
        """Forget who somebody of the staff is, wherever a name or an id of theirs stands."""
        names = [row[0] for row in self._run(_STAFF_NAMES, (subject.number,) * 2).fetchall()]
        for sql in held.OF_STAFF:
            self._run(sql, (number, subject.number) if sql.count("?") == 2 else (subject.number,))  # noqa: PLR2004 - both
        for sql in held.OF_STAFF_NAME:
            for name in names:
                self._run(sql, (name,))
        for case_id in cases:
            self._run(_TOUCH, (case_id,))
            self._forgetting.unsay(case_id, now, threads=False)

    # Those who wrote by e-mail.

    def forget_email(self, subject: Subject, now: datetime) -> None:
        """Forget the notices that came from an address, and the address."""
        for case_id in self.cases(subject):
            self._run(_TOUCH, (case_id,))
            self._forgetting.unsay(case_id, now, threads=False)
        for kind, key, message_id in self._run(_THEIR_MESSAGES, (subject.value,) * 2).fetchall():
            self._outbox.want_gone(message_id, now)
            self._run(_NO_MESSAGE, (kind, key))
        for sql in held.OF_EMAIL:
            self._run(sql, (subject.value,))

    # What is to be forgotten again after a restore.

    def remember(self, key: bytes, salt: bytes, kind: SubjectKind, at: datetime) -> None:
        """Keep that somebody was forgotten here."""
        self._run(_REMEMBER, (key, salt, kind, stored(at)))

    def forgotten(self) -> Sequence[tuple[bytes, bytes, SubjectKind, datetime]]:
        """Return who was forgotten here: the key of each, its salt, the kind and when."""
        rows = self._run(_FORGOTTEN).fetchall()
        return [
            (bytes(key), bytes(salt), SubjectKind(kind), moment(at)) for key, salt, kind, at in rows
        ]

    def everybody(self, kind: SubjectKind) -> Iterator[Subject]:
        """Yield everybody of a kind of whom anything is held."""
        return (_subject(kind, row) for row in self._run(_EVERYBODY[kind]).fetchall())


def _subject(kind: SubjectKind, row: Sequence[Any]) -> Subject:
    """Return whom a row of everybody of a kind is about."""
    match kind:
        case SubjectKind.AUTHOR:
            return Subject(kind=kind, site=row[0], value=row[1])
        case SubjectKind.READER:
            return Subject(kind=kind, value=bytes(row[0]).hex())
        case SubjectKind.STAFF:
            return Subject(kind=kind, value=str(row[0]))
        case SubjectKind.EMAIL:
            return Subject(kind=kind, value=row[0].casefold())


def _values(subject: Subject) -> tuple[Any, ...]:
    """Return by what somebody is found in the tables."""
    match subject.kind:
        case SubjectKind.AUTHOR:
            return subject.site, subject.value
        case SubjectKind.READER:
            return (bytes.fromhex(subject.value),)
        case SubjectKind.STAFF:
            return (subject.number,)
        case SubjectKind.EMAIL:
            return (subject.value,)


def _by(row: Sequence[Any], who: int, number: int) -> dict[Part, Mapping[str, Any]]:
    _, by_id, second_id = row
    found: dict[Part, Mapping[str, Any]] = {}
    if by_id == who:
        found[Part.BY] = {"by_id": number, "by_name": ERASED}
    if second_id == who:
        found[Part.SECOND] = {"second_id": number, "second_name": ERASED}
    return found

"""Finds what was kept for as long as the policy says, and forgets it, a bit at a time.

What is found is found by reading, within a window of numbers, so that neither a long search nor a
long list holds up whoever writes; what is forgotten is looked at once more in the transaction that
forgets it, as a case may have been opened again meanwhile.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.ids import CaseId, DecisionId
from bot.domain.retention import HELD_FOR, Kept
from bot.domain.seals import ERASED
from bot.store.engine.connection import Connection
from bot.store.erasures import Erasures, Taken
from bot.store.forgetting import NOTE_GONE, Forgetting
from bot.store.outbox import Outbox
from bot.store.times import moment, stored

WINDOW: Final = 2_000
"""Numbers looked through in one reading."""

HELD: Final = """
SELECT case_id FROM preserved WHERE why <> 'legal' OR at >= ?
UNION SELECT case_id FROM legal_notices WHERE act_by IS NOT NULL OR stage_at >= ?
UNION SELECT case_id FROM notices
    WHERE case_id IS NOT NULL AND act_by IS NOT NULL AND answered_at IS NULL
"""
"""Cases of which nothing may be forgotten: a life may be in danger, a notice's clock runs, or a legal
one was settled since a moment that is asked for twice."""

_DECIDED = f"""
SELECT cases.id FROM cases
JOIN decisions AS stands ON stands.id = cases.decision_id
WHERE cases.id > ? AND cases.id <= ? AND cases.state = 'decided' AND cases.decided_at < ?
AND cases.id NOT IN ({HELD})
"""  # noqa: S608 - a constant of ours
_HAS_TEXT = f"""
AND EXISTS (SELECT 1 FROM revisions WHERE case_id = cases.id AND text <> '{ERASED}')
ORDER BY cases.id
"""  # noqa: S608 - as above
_KEPT_TEXTS = f"{_DECIDED} AND stands.action = 'keep' {_HAS_TEXT}"
_HIDDEN_TEXTS = f"{_DECIDED} AND stands.action <> 'keep' {_HAS_TEXT}"
_READERS_NOTES = f"""
{_DECIDED} AND EXISTS (
    SELECT 1 FROM reports
    WHERE case_id = cases.id AND note IS NOT NULL AND reports.at > -4611686018427387904
) ORDER BY cases.id
"""  # noqa: S608 - as above
_STAFF_NOTES = f"""
SELECT staff_notes.id FROM staff_notes JOIN cases ON cases.id = case_id
WHERE staff_notes.id > ? AND staff_notes.id <= ? AND at < ? AND cases.state = 'decided'
AND case_id NOT IN ({HELD}) ORDER BY staff_notes.id
"""  # noqa: S608 - as above
_AUTHOR_NOTES = """
SELECT id FROM author_notes WHERE id > ? AND id <= ? AND at < ? ORDER BY id
"""
_DECISION_NOTES = f"""
SELECT decisions.id FROM decisions JOIN cases ON cases.id = case_id
WHERE decisions.id > ? AND decisions.id <= ? AND at < ? AND note IS NOT NULL
AND note <> '{ERASED}' AND cases.state = 'decided' AND case_id NOT IN ({HELD})
ORDER BY decisions.id
"""  # noqa: S608 - as above
_EMAILS = f"""
SELECT id FROM legal_notices
WHERE id > ? AND id <= ? AND stage_at < ? AND act_by IS NULL AND email <> '{ERASED}'
AND case_id NOT IN ({HELD}) ORDER BY id
"""  # noqa: S608 - as above
_CONTESTS = f"""
SELECT id FROM contests
WHERE id > ? AND id <= ? AND answered_at < ? AND text <> '{ERASED}' AND case_id NOT IN ({HELD})
ORDER BY id
"""  # noqa: S608 - as above
_RECEIPTS = """
SELECT id FROM reader_reports WHERE id > ? AND id <= ? AND at < ? ORDER BY id
"""
# Accounts have no numbers; those that have keys are few, and each is looked at by its cases.
_ADDRESSES = """
SELECT DISTINCT site, author_id FROM author_keys AS kept
WHERE NOT EXISTS (
    SELECT 1 FROM cases WHERE cases.site = kept.site AND cases.author_id = kept.author_id
    AND (cases.reported_at >= ? OR cases.state <> 'decided')
) AND NOT EXISTS (
    SELECT 1 FROM standing WHERE standing.site = kept.site
    AND standing.author_id = kept.author_id AND standing.action = 'ban'
    AND (standing.until IS NULL OR standing.until > ?)
) ORDER BY site, author_id LIMIT ?
"""
_OLD_EVIDENCE = "SELECT COUNT(*) FROM evidence WHERE at < ?"
_OLD_SIGHTINGS = "SELECT COUNT(*) FROM sightings WHERE at < ? AND id <= ?"
_READ_UPTO = "SELECT COALESCE(MIN(upto), 0) FROM evidence"

_NEWEST_CASE = "SELECT COALESCE(MAX(id), 0) FROM cases"
_NEWEST_NOTE = "SELECT COALESCE(MAX(id), 0) FROM staff_notes"
_NEWEST_OF_AUTHOR = "SELECT COALESCE(MAX(id), 0) FROM author_notes"
_NEWEST_DECISION = "SELECT COALESCE(MAX(id), 0) FROM decisions"
_NEWEST_NOTICE = "SELECT COALESCE(MAX(id), 0) FROM legal_notices"
_NEWEST_CONTEST = "SELECT COALESCE(MAX(id), 0) FROM contests"
_NEWEST_RECEIPT = "SELECT COALESCE(MAX(id), 0) FROM reader_reports"

_CASE_OF_NOTE = "SELECT case_id FROM staff_notes WHERE id = ?"
_FORGET_NOTE = "DELETE FROM staff_notes WHERE id = ?"
_FORGET_OF_AUTHOR = "DELETE FROM author_notes WHERE id = ?"
_CASE_OF_DECISION = "SELECT case_id FROM decisions WHERE id = ?"
_CASE_OF_NOTICE = "SELECT case_id FROM legal_notices WHERE id = ?"
_FORGET_NOTICE = f"""
UPDATE legal_notices SET name = '{ERASED}', email = '{ERASED}', meaning = '{ERASED}',
    falsity = '{ERASED}'
WHERE id = ?
"""  # noqa: S608 - as above
_FORGET_NOTICE_AS_SENT = """
UPDATE notices SET secret = NULL, address = '', name = '', email = '', text = '', falsity = '',
    answer = ''
WHERE legal_id = ?
"""
_CASE_OF_CONTEST = "SELECT case_id FROM contests WHERE id = ?"
_FORGET_CONTEST = f"""
UPDATE contests SET text = '{ERASED}', salt = NULL, reasons = CASE WHEN reasons IS NULL THEN NULL ELSE '{ERASED}' END
WHERE id = ?
"""  # noqa: S608 - as above
_FORGET_RECEIPT = "DELETE FROM reader_reports WHERE id = ?"
_FORGET_KEYS = "DELETE FROM author_keys WHERE site = ? AND author_id = ?"
_FORGET_EVIDENCE = "DELETE FROM evidence WHERE at < ?"

_PURGED = "INSERT INTO purges (at, kind, amount) VALUES (?, ?, ?)"
_PURGES = "SELECT at, kind, amount FROM purges ORDER BY id DESC LIMIT ?"
_LAST = "SELECT MAX(at) FROM purges"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """One search by number: what is found between two numbers and older than a moment."""

    what: Kept
    newest: str
    find: str


SWEEPS: Final = (
    Sweep(what=Kept.KEPT_TEXTS, newest=_NEWEST_CASE, find=_KEPT_TEXTS),
    Sweep(what=Kept.HIDDEN_TEXTS, newest=_NEWEST_CASE, find=_HIDDEN_TEXTS),
    Sweep(what=Kept.READERS_NOTES, newest=_NEWEST_CASE, find=_READERS_NOTES),
    Sweep(what=Kept.STAFF_NOTES, newest=_NEWEST_NOTE, find=_STAFF_NOTES),
    Sweep(what=Kept.STAFF_NOTES, newest=_NEWEST_OF_AUTHOR, find=_AUTHOR_NOTES),
    Sweep(what=Kept.STAFF_NOTES, newest=_NEWEST_DECISION, find=_DECISION_NOTES),
    Sweep(what=Kept.EMAILS, newest=_NEWEST_NOTICE, find=_EMAILS),
    Sweep(what=Kept.CONTESTS, newest=_NEWEST_CONTEST, find=_CONTESTS),
    Sweep(what=Kept.RECEIPTS, newest=_NEWEST_RECEIPT, find=_RECEIPTS),
)


def held_since(now: datetime) -> tuple[int, int]:
    """Return the two moments that `HELD` asks for."""
    since = stored(now - HELD_FOR)
    return since, since


class Purging:
    """What is kept for too long."""

    def __init__(self, connection: Connection, outbox: Outbox) -> None:
        self._run = connection.run
        self._forgetting = Forgetting(connection, outbox)
        self._erasures = Erasures(connection)
        self._by_find: Mapping[str, Callable[[int, datetime], None]] = {
            _KEPT_TEXTS: self._text,
            _HIDDEN_TEXTS: self._text,
            _READERS_NOTES: self._readers_notes,
            _STAFF_NOTES: self._staff_note,
            _AUTHOR_NOTES: lambda number, _: self._forget(_FORGET_OF_AUTHOR, number),
            _EMAILS: self._notice,
            _CONTESTS: self._contest,
            _RECEIPTS: lambda number, _: self._forget(_FORGET_RECEIPT, number),
        }

    def newest(self, sweep: Sweep) -> int:
        """Return the highest number that a search may come to."""
        return int(self._run(sweep.newest).fetchone()[0])

    def find(
        self, sweep: Sweep, numbers: tuple[int, int], before: datetime, now: datetime
    ) -> Sequence[int]:
        """Return what is to go, of the numbers above one and up to another."""
        values = (*numbers, stored(before), *held_since(now))[: sweep.find.count("?")]
        return [row[0] for row in self._run(sweep.find, values).fetchall()]

    def forget(self, sweep: Sweep, numbers: Sequence[int], before: datetime, now: datetime) -> int:
        """Forget what still is to go of what was found; return how much that was."""
        due = [one for one in numbers if self.find(sweep, (one - 1, one), before, now)]
        if sweep.find == _DECISION_NOTES:
            return self._decision_notes(due, now)
        for number in due:
            self._by_find[sweep.find](number, now)
        return len(due)

    def addresses(
        self, before: datetime, now: datetime, *, limit: int
    ) -> Sequence[tuple[str, str]]:
        """Return whose keys are to go: the site and the account."""
        return self._run(_ADDRESSES, (stored(before), stored(now), limit)).fetchall()

    def forget_addresses(self, of: Sequence[tuple[str, str]]) -> int:
        """Forget the keys of some accounts; return of how many."""
        for account in of:
            self._run(_FORGET_KEYS, account)
        return len(of)

    def old_evidence(self, before: datetime) -> int:
        """Return of how many sites that send no more the detector still remembers something."""
        return int(self._run(_OLD_EVIDENCE, (stored(before),)).fetchone()[0])

    def forget_evidence(self, before: datetime) -> int:
        """Forget what the detector remembers of sites that send no more."""
        return self._run(_FORGET_EVIDENCE, (stored(before),)).rowcount

    def read_upto(self) -> int:
        """Return up to which report the detector never reads the list again."""
        return int(self._run(_READ_UPTO).fetchone()[0])

    def old_sightings(self, before: datetime, upto: int) -> int:
        """Return how many reports in the list are to go, of those up to a number."""
        return int(self._run(_OLD_SIGHTINGS, (stored(before), upto)).fetchone()[0])

    def record(self, amounts: Mapping[Kept, int], at: datetime) -> None:
        """Keep what a purge forgot, and how much of each."""
        for what, amount in amounts.items():
            self._run(_PURGED, (stored(at), what, amount))

    def recorded(self, *, limit: int) -> Sequence[tuple[datetime, Kept, int]]:
        """Return what purges forgot, the newest first."""
        rows = self._run(_PURGES, (limit,)).fetchall()
        return [(moment(at), Kept(kind), amount) for at, kind, amount in rows]

    def last(self) -> datetime | None:
        """Return when there was a purge last."""
        row = self._run(_LAST).fetchone()
        return None if row[0] is None else moment(row[0])

    def _text(self, number: int, now: datetime) -> None:
        self._forgetting.texts(CaseId(number))
        self._forgetting.unsay(CaseId(number), now)

    def _readers_notes(self, number: int, now: datetime) -> None:
        self._forgetting.readers_notes(CaseId(number))
        self._forgetting.unsay(CaseId(number), now)

    def _staff_note(self, number: int, now: datetime) -> None:
        self._unsay(_CASE_OF_NOTE, number, now)
        self._forget(_FORGET_NOTE, number)

    def _notice(self, number: int, now: datetime) -> None:
        self._unsay(_CASE_OF_NOTICE, number, now)
        self._forget(_FORGET_NOTICE, number)
        self._forget(_FORGET_NOTICE_AS_SENT, number)

    def _contest(self, number: int, now: datetime) -> None:
        self._unsay(_CASE_OF_CONTEST, number, now)
        self._forget(_FORGET_CONTEST, number)

    def _decision_notes(self, numbers: Sequence[int], now: datetime) -> int:
        for number in numbers:
            self._unsay(_CASE_OF_DECISION, number, now)
        taken = [Taken(decision_id=DecisionId(one), tombstones=NOTE_GONE) for one in numbers]
        return self._erasures.erase(taken, at=now, by="the desk", why="retention")

    def _unsay(self, whose: str, number: int, now: datetime) -> None:
        (case_id,) = self._run(whose, (number,)).fetchone()
        self._forgetting.unsay(CaseId(case_id), now)

    def _forget(self, statement: str, number: int) -> None:
        self._run(statement, (number,))

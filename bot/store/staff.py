"""Who is on shift, which cases wait for them, and what the desk got done."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.ids import CaseId, PersonId
from bot.domain.staff import Claimed
from bot.store.decisions import FIRSTS
from bot.store.engine.connection import Connection
from bot.store.times import moment, stored
from bot.store.triage import OLDEST_OF

_BEGIN = """
INSERT INTO shifts (person_id, name, since, until) VALUES (?, ?, ?, ?)
ON CONFLICT (person_id) DO UPDATE SET name = excluded.name, until = excluded.until
"""
_END = "DELETE FROM shifts WHERE person_id = ?"
_LEAVE = """
INSERT INTO absences (person_id, name, until) VALUES (?, ?, ?)
ON CONFLICT (person_id) DO UPDATE SET name = excluded.name, until = excluded.until
"""
_COME_BACK = "DELETE FROM absences WHERE person_id = ?"
# A row a person at most, so these tables stay as small as the desk.
_SHIFTS = "SELECT person_id, until FROM shifts WHERE until > ? ORDER BY since"
_ABSENT = "SELECT person_id, until FROM absences WHERE until > ?"

# An open case nobody is at. A case that was opened again waits since then.
_NOBODY_AT_IT = """
state IN ('open', 'reopened') AND NOT EXISTS (
    SELECT 1 FROM casework WHERE case_id = cases.id
    AND (claim_id IS NOT NULL OR snooze_id IS NOT NULL)
)
"""
_SINCE = "COALESCE((SELECT at FROM reopened WHERE case_id = cases.id), opened_at)"
_WAITING = f"""
SELECT id, {_SINCE} AS since
FROM cases WHERE {_NOBODY_AT_IT} AND state <> 'decided'
"""  # noqa: S608 - a constant of ours
_NOT_CALLED = "NOT EXISTS (SELECT 1 FROM called_out WHERE case_id = cases.id AND step = ?)"
_UNCALLED = f"""
{_WAITING} AND taken_back = 0 AND {_SINCE} <= ? AND {_NOT_CALLED} ORDER BY priority DESC, opened_at LIMIT ?
"""
_OLDEST = OLDEST_OF.format(those=_NOBODY_AT_IT)
_COUNT_WAITING = """
SELECT COALESCE((SELECT SUM(number) FROM case_counts WHERE state IN ('open', 'reopened')), 0) - (
    SELECT COUNT(*) FROM (
        SELECT case_id FROM casework WHERE claim_until IS NOT NULL
        UNION SELECT case_id FROM casework WHERE snooze_until IS NOT NULL
    ) AS taken JOIN cases ON cases.id = taken.case_id WHERE cases.state IN ('open', 'reopened')
)
"""
_COUNTS = """
SELECT COALESCE(SUM(number), 0), COALESCE(SUM(CASE state WHEN 'escalated' THEN number END), 0)
FROM case_counts WHERE state <> 'decided'
"""
_COUNT_SNOOZED = "SELECT COUNT(*) FROM casework WHERE snooze_until IS NOT NULL"
_CLAIMED = """
SELECT case_id, claim_name, claim_until FROM casework WHERE claim_until > ?
ORDER BY claim_until LIMIT ?
"""
_CALLED = """
INSERT INTO called_out (case_id, step, at) VALUES (?, ?, ?) ON CONFLICT (case_id, step) DO NOTHING
"""
_LAST_CALL = "SELECT MAX(at) FROM called_out WHERE step = ?"
_DECIDED_BY = f"""
SELECT COUNT(*) FROM ({FIRSTS}) AS firsts WHERE by_id = ? AND at >= ?
"""  # noqa: S608 - a constant of ours
_TIMES = f"""
SELECT firsts.at - cases.opened_at FROM ({FIRSTS}) AS firsts
JOIN cases ON cases.id = firsts.case_id WHERE firsts.at >= ?
"""  # noqa: S608 - a constant of ours


class Staff:
    """Who is on shift, and what waits for them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._run = connection.run

    def begin(self, person_id: PersonId, name: str, since: datetime, until: datetime) -> None:
        """Keep that somebody is on shift until then; their absence ends."""
        self._run(_BEGIN, (person_id, name, stored(since), stored(until)))
        self.come_back(person_id)

    def end(self, person_id: PersonId) -> None:
        """Keep that somebody's shift is over."""
        self._run(_END, (person_id,))

    def leave(self, person_id: PersonId, name: str, until: datetime) -> None:
        """Keep that somebody is not to be called until then."""
        self._run(_LEAVE, (person_id, name, stored(until)))

    def come_back(self, person_id: PersonId) -> None:
        """Keep that somebody may be called again."""
        self._run(_COME_BACK, (person_id,))

    def shifts(self, now: datetime) -> Mapping[PersonId, datetime]:
        """Return whose own shifts run, and until when; who began first stands first."""
        return self._people(_SHIFTS, now)

    def absent(self, now: datetime) -> Mapping[PersonId, datetime]:
        """Return who is not to be called, and until when."""
        return self._people(_ABSENT, now)

    def _people(self, query: str, now: datetime) -> dict[PersonId, datetime]:
        rows = self._run(query, (stored(now),)).fetchall()
        return {PersonId(person): moment(until) for person, until in rows}

    def uncalled(
        self, step: str, *, before: datetime, limit: int
    ) -> Sequence[tuple[CaseId, datetime]]:
        """Return open cases that nobody has and that were not called out; the worst first."""
        rows = self._run(_UNCALLED, (stored(before), step, limit)).fetchall()
        return [(CaseId(case_id), moment(since)) for case_id, since in rows]

    def called(self, step: str, cases: Sequence[CaseId], at: datetime) -> None:
        """Keep that these cases were called out."""
        for case_id in cases:
            self._run(_CALLED, (case_id, step, stored(at)))

    def last_call(self, step: str) -> datetime | None:
        """Return when cases were last called out at this step."""
        at = self._run(_LAST_CALL, (step,)).fetchone()[0]
        return None if at is None else moment(at)

    def decided_by(self, person_id: PersonId, *, since: datetime) -> int:
        """Return how many cases somebody was the first to decide since then."""
        return int(self._run(_DECIDED_BY, (person_id, stored(since))).fetchone()[0])

    def times_to_decide(self, *, since: datetime) -> Sequence[timedelta]:
        """Return how long each case took that somebody decided for the first time since then."""
        rows = self._run(_TIMES, (stored(since),)).fetchall()
        return [timedelta(microseconds=max(0, took)) for (took,) in rows]

    def claimed(self, now: datetime, *, limit: int) -> Sequence[Claimed]:
        """Return the claims that run, the soonest to end first."""
        return [
            Claimed(case_id=CaseId(case_id), by_name=name, until=moment(until))
            for case_id, name, until in self._run(_CLAIMED, (stored(now), limit)).fetchall()
        ]

    def counts(self) -> Mapping[str, int]:
        """Return how many cases are ``open``, ``waiting``, ``escalated`` and ``snoozed``."""
        total, escalated = self._run(_COUNTS).fetchone()
        return {
            "open": total,
            "waiting": self._run(_COUNT_WAITING).fetchone()[0],
            "escalated": escalated,
            "snoozed": self._run(_COUNT_SNOOZED).fetchone()[0],
        }

    def oldest_waiting(self) -> tuple[CaseId, datetime] | None:
        """Return the case that waits longest with nobody at it, and since when."""
        row = self._run(_OLDEST).fetchone()
        return (CaseId(row[0]), moment(row[1])) if row else None

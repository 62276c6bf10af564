"""What somebody did within a short time, counted from the record, and the runs beyond the brake."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.brake import ACTS, Act, Run
from bot.domain.decisions import Action
from bot.domain.ids import CaseId, DecisionId, PersonId
from bot.store.engine.connection import Connection
from bot.store.times import moment, moment_if, new_token, stored

# What takes a hold off overturns nobody's decision, and what takes a run back is no act of its own.
_ACTS = """
FROM decisions AS made LEFT JOIN decisions AS undone ON undone.id = made.reverses
WHERE made.at > ? AND made.at <= ? AND (made.by_id = ? OR made.second_id = ?)
AND made.action IN ('ban', 'hide', 'reopen', 'unhide', 'unban') AND made.amends IS NULL
AND made.door NOT IN ('desk', 'site', 'author', 'run')
AND (undone.id IS NULL OR (undone.action <> 'hold' AND undone.door <> 'desk'))
"""
_COUNT = f"SELECT made.action, COUNT(*) {_ACTS} GROUP BY made.action"
_MADE = f"SELECT made.id {_ACTS} ORDER BY made.id DESC"
_SELECT = """
SELECT id, person_id, name, act, most, since, at, last_at, token, taken_back_at FROM runs
"""
_GET = f"{_SELECT} WHERE id = ?"
_LAST = f"{_SELECT} WHERE person_id = ? ORDER BY id DESC LIMIT 1"
_BEGIN = """
INSERT INTO runs (person_id, name, act, most, since, at, last_at, token)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_GO_ON = "UPDATE runs SET last_at = ? WHERE id = ?"
_TAKEN_BACK = "UPDATE runs SET taken_back_at = ? WHERE id = ?"
_HOLD = "INSERT INTO run_holds (decision_id, run_id) VALUES (?, ?)"
_HOLDS = """
SELECT run_holds.decision_id FROM run_holds
JOIN cases ON cases.hold_id = run_holds.decision_id WHERE run_id = ? ORDER BY 1 DESC
"""
_IS_HOLD = "SELECT 1 FROM run_holds WHERE decision_id = ?"
_PROPOSED = "SELECT case_id FROM proposals WHERE by_id = ? AND at > ? AND at <= ? ORDER BY case_id"
_FAR = 2**62


class Runs:
    """What people did within a short time, and their runs beyond the brake."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._run = connection.run

    def counts(self, person_id: PersonId, since: datetime) -> Mapping[Act, int]:
        """Return how many of each act somebody had a part in after then, undone since or not."""
        rows = self._run(_COUNT, (stored(since), _FAR, person_id, person_id)).fetchall()
        found: Counter[Act] = Counter()
        for action, number in rows:
            found[ACTS[Action(action)]] += number
        return found

    def last(self, person_id: PersonId) -> Run | None:
        """Return somebody's newest run."""
        row = self._run(_LAST, (person_id,)).fetchone()
        return _of(row) if row else None

    def get(self, run_id: int) -> Run | None:
        """Return a run by its number."""
        row = self._run(_GET, (run_id,)).fetchone()
        return _of(row) if row else None

    def begin(self, run: Run) -> Run:
        """Keep a new run; it comes back with number and token."""
        token = new_token()
        what = (run.person_id, run.name, run.act, run.most)
        times = (stored(run.since), stored(run.at), stored(run.last_at))
        number = self._connection.add(_BEGIN, (*what, *times, token))
        return replace(run, id=number, token=token)

    def go_on(self, run_id: int, at: datetime) -> None:
        """Keep that somebody went beyond the brake once more."""
        self._run(_GO_ON, (stored(at), run_id))

    def taken_back(self, run_id: int, at: datetime) -> None:
        """Keep that a run was taken back."""
        self._run(_TAKEN_BACK, (stored(at), run_id))

    def hold(self, run_id: int, decision_id: DecisionId) -> None:
        """Keep that a hold stands in place of a hide."""
        self._run(_HOLD, (decision_id, run_id))

    def is_hold(self, decision_id: DecisionId) -> bool:
        """Whether a hold stands in place of somebody's hide."""
        return self._run(_IS_HOLD, (decision_id,)).fetchone() is not None

    def made(self, run: Run, until: datetime) -> Sequence[DecisionId]:
        """Return what the person had a part in, the newest first."""
        who = (run.person_id, run.person_id)
        rows = self._run(_MADE, (stored(run.since), stored(until), *who)).fetchall()
        return [DecisionId(number) for (number,) in rows]

    def holds(self, run_id: int) -> Sequence[DecisionId]:
        """Return the holds in place of hides under which comments still are, the newest first."""
        return [DecisionId(number) for (number,) in self._run(_HOLDS, (run_id,)).fetchall()]

    def proposed(self, run: Run, until: datetime) -> Sequence[CaseId]:
        """Return the cases on which something waits that the person proposed."""
        row = (run.person_id, stored(run.since), stored(until))
        return [CaseId(case_id) for (case_id,) in self._run(_PROPOSED, row).fetchall()]


def _of(row: tuple[Any, ...]) -> Run:
    return Run(
        id=row[0],
        person_id=row[1],
        name=row[2],
        act=Act(row[3]),
        most=row[4],
        since=moment(row[5]),
        at=moment(row[6]),
        last_at=moment(row[7]),
        token=row[8],
        taken_back_at=moment_if(row[9]),
    )

"""What decisions are explained by, and what is said against them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.domain.cases import Answer, Party
from bot.domain.ids import CaseId, DecisionId, PersonId
from bot.domain.readers.contest import About, Contest
from bot.store.engine.connection import Connection
from bot.store.times import moment, moment_if, stored

_COLUMNS = """
id, case_id, decision_id, party, report_id, text, locale, at, about, answer, reasons, by_id,
by_name, answered_at
"""
_STATE = """
INSERT INTO statements (decision_id, secret, at) VALUES (?, ?, ?)
ON CONFLICT (decision_id) DO NOTHING
"""
_STATED = "SELECT decision_id FROM statements WHERE secret = ?"
_ADD = """
INSERT INTO contests (case_id, decision_id, party, report_id, text, locale, at, about)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (decision_id, party, report_id) DO NOTHING
"""
_GET = f"SELECT {_COLUMNS} FROM contests WHERE id = ?"  # noqa: S608 - names of our own
_OF = f"""
SELECT {_COLUMNS} FROM contests WHERE decision_id = ? AND party = ? AND report_id = ?
"""  # noqa: S608 - names of our own
_OF_REPORT = f"""
SELECT {_COLUMNS} FROM contests
WHERE party = 'reporter' AND report_id = ? AND report_id <> 0 ORDER BY id
"""  # noqa: S608 - names of our own
_OF_CASE = f"SELECT {_COLUMNS} FROM contests WHERE case_id = ? ORDER BY id"  # noqa: S608 - names of our own
_WAITING = f"""
SELECT {_COLUMNS} FROM contests WHERE answer IS NULL ORDER BY at, id LIMIT ?
"""  # noqa: S608 - names of our own
_RECEIVED = f"SELECT {_COLUMNS} FROM contests WHERE at >= ? AND at < ? ORDER BY id"  # noqa: S608 - names of our own
_ANSWERED = f"""
SELECT {_COLUMNS} FROM contests WHERE answered_at >= ? AND answered_at < ? ORDER BY id
"""  # noqa: S608 - names of our own
_WAITING_OF = """
SELECT id FROM contests WHERE case_id = ? AND answer IS NULL ORDER BY id
"""
_COUNT_WAITING = """
SELECT COUNT(*), COUNT(CASE WHEN at <= ? THEN 1 END) FROM contests WHERE answer IS NULL
"""
# By the step: whom they are called out to, the shift first.
_UNCALLED = {
    step: f"""
SELECT id, case_id, at FROM contests
WHERE answer IS NULL AND at <= ? AND {step}_called_at IS NULL ORDER BY at, id LIMIT ?
"""  # noqa: S608 - names of our own
    for step in ("shift", "editors")
}
_CALLED = {
    step: f"UPDATE contests SET {step}_called_at = ? WHERE id = ?"  # noqa: S608 - as above
    for step in _UNCALLED
}
_LAST_CALL = {
    step: f"SELECT MAX({step}_called_at) FROM contests WHERE {step}_called_at IS NOT NULL"  # noqa: S608 - as above
    for step in _UNCALLED
}
_ANSWER = """
UPDATE contests SET answer = ?, reasons = ?, by_id = ?, by_name = ?, answered_at = ?
WHERE id = ? AND answer IS NULL
"""


class Contests:
    """The statements of decisions, and the contests."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def state(self, decision_id: DecisionId, secret: bytes, at: datetime) -> None:
        """Keep the hash of the secret by which a decision's statement is read."""
        self._run(_STATE, (decision_id, secret, stored(at)))

    def stated(self, secret: bytes) -> DecisionId | None:
        """Return the decision whose statement has the secret of this hash."""
        row = self._run(_STATED, (secret,)).fetchone()
        return DecisionId(row[0]) if row else None

    def add(self, contest: Contest) -> bool:
        """Keep a contest; false if the same person contested the decision before."""
        whose = (contest.case_id, contest.decision_id, contest.party, contest.report_id or 0)
        row = (*whose, contest.text, contest.locale, stored(contest.at), contest.about)
        return self._run(_ADD, row).rowcount == 1

    def get(self, contest_id: int | None) -> Contest | None:
        """Return a contest, `None` if there is none of that number; `None` is that of none."""
        row = self._run(_GET, (contest_id,)).fetchone()
        return _contest(row) if row else None

    def of(self, decision_id: DecisionId, party: Party, report_id: int | None) -> Contest | None:
        """Return what somebody said against a decision, `None` if nothing."""
        row = self._run(_OF, (decision_id, party, report_id or 0)).fetchone()
        return _contest(row) if row else None

    def of_case(self, case_id: CaseId) -> Sequence[Contest]:
        """Return what was said against decisions on a case, the oldest first."""
        return [_contest(row) for row in self._run(_OF_CASE, (case_id,)).fetchall()]

    def of_report(self, report_id: int) -> Sequence[Contest]:
        """Return what was contested on the page of a report, the oldest first."""
        return [_contest(row) for row in self._run(_OF_REPORT, (report_id,)).fetchall()]

    def waiting(self, *, limit: int) -> Sequence[Contest]:
        """Return the contests that wait for an answer, the oldest first."""
        return [_contest(row) for row in self._run(_WAITING, (limit,)).fetchall()]

    def received(self, start: datetime, end: datetime) -> Sequence[Contest]:
        """Return the contests that came from a moment to before another, the oldest first."""
        rows = self._run(_RECEIVED, (stored(start), stored(end))).fetchall()
        return [_contest(row) for row in rows]

    def answered(self, start: datetime, end: datetime) -> Sequence[Contest]:
        """Return the contests that were answered within that time, the oldest first."""
        rows = self._run(_ANSWERED, (stored(start), stored(end))).fetchall()
        return [_contest(row) for row in rows]

    def waiting_of(self, case_id: CaseId) -> Sequence[int]:
        """Return the numbers of a case's contests that wait for an answer."""
        return [number for (number,) in self._run(_WAITING_OF, (case_id,)).fetchall()]

    def count_waiting(self, *, late: datetime) -> tuple[int, int]:
        """Return how many wait for an answer, and how many of them came by the given time."""
        waiting, overdue = self._run(_COUNT_WAITING, (stored(late),)).fetchone()
        return waiting, overdue

    def uncalled(
        self, step: str, *, before: datetime, limit: int
    ) -> Sequence[tuple[int, CaseId, datetime]]:
        """Return those that wait and were not called out at a step, the longest waiting first."""
        rows = self._run(_UNCALLED[step], (stored(before), limit)).fetchall()
        return [(number, CaseId(case_id), moment(at)) for number, case_id, at in rows]

    def called(self, step: str, contests: Iterable[int], at: datetime) -> None:
        """Keep that these were called out."""
        for number in contests:
            self._run(_CALLED[step], (stored(at), number))

    def last_call(self, step: str) -> datetime | None:
        """Return when any were last called out at a step."""
        return moment_if(self._run(_LAST_CALL[step]).fetchone()[0])

    def answer(self, contest: Contest) -> bool:
        """Keep the answer to a contest; false if it was answered before."""
        at = stored(contest.answered_at) if contest.answered_at else None
        who = (contest.by_id, contest.by_name, at)
        return self._run(_ANSWER, (contest.answer, contest.reasons, *who, contest.id)).rowcount == 1


def _contest(row: tuple[Any, ...]) -> Contest:
    number, case_id, decision_id, party, report_id, text, locale, at, about, *answered = row
    answer, reasons, by_id, by_name, answered_at = answered
    return Contest(
        id=number,
        case_id=case_id,
        decision_id=decision_id,
        party=Party(party),
        report_id=report_id or None,
        text=text,
        locale=locale,
        at=moment(at),
        about=About(about),
        answer=Answer(answer) if answer else None,
        reasons=reasons,
        by_id=PersonId(by_id) if by_id is not None else None,
        by_name=by_name,
        answered_at=moment_if(answered_at),
    )

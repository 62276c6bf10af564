"""The record of decisions, which only grows, and what waits for a second person."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.cases import Case
from bot.domain.chain import GENESIS, holds
from bot.domain.decisions import (
    COLUMNS,
    Action,
    Decision,
    Door,
    Proposal,
    Verdict,
    from_row,
    to_row,
)
from bot.domain.ids import CaseId, DecisionId
from bot.domain.staff import Person
from bot.store.engine.connection import Connection
from bot.store.times import moment, moment_if, stored

_SELECT = f"SELECT {', '.join(COLUMNS)} FROM decisions"  # noqa: S608 - names of our own
_LAST = f"{_SELECT} ORDER BY id DESC LIMIT 1"
# An erasure that came after the newest decision is the newer line.
_HEAD = """
SELECT digest FROM erasures WHERE after = (SELECT COALESCE(MAX(id), 0) FROM decisions)
ORDER BY id DESC LIMIT 1
"""
_GET = f"{_SELECT} WHERE id = ?"
_AFTER = f"{_SELECT} WHERE id > ? ORDER BY id LIMIT ?"
_OF_CASE = f"{_SELECT} WHERE case_id = ? ORDER BY id"
_BETWEEN = f"{_SELECT} WHERE at >= ? AND at < ? ORDER BY id"
_OF_OPENED = f"""
{_SELECT} WHERE at < ?
AND case_id IN (SELECT cases.id FROM cases WHERE opened_at >= ? AND opened_at < ?) ORDER BY id
"""  # noqa: S608 - names of our own
_LAST_BEFORE = f"{_SELECT} WHERE at < ? ORDER BY id DESC LIMIT 1"
_NEWEST_NAME = "SELECT name FROM deciders WHERE id = ?"
_APPEND = f"""
INSERT INTO decisions ({", ".join(COLUMNS)}) VALUES ({", ".join("?" * len(COLUMNS))})
"""  # noqa: S608 - as above


FIRSTS = """
SELECT made.* FROM decisions AS made
WHERE made.action IN ('keep', 'hide', 'ban') AND made.door NOT IN ('desk', 'site', 'author')
AND made.amends IS NULL AND NOT EXISTS (
    SELECT 1 FROM decisions AS before
    WHERE before.case_id = made.case_id AND before.id < made.id
    AND before.action IN ('keep', 'hide', 'ban') AND before.door NOT IN ('desk', 'site', 'author')
    AND before.amends IS NULL
)
"""
"""What people at this desk first decided of each case, which is what all figures count.

Not what the desk did by itself, nor what was taken over from a site, undone or corrected.
"""


class Decisions:
    """The record."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def last(self) -> Decision | None:
        """Return the newest decision of all."""
        row = self._run(_LAST).fetchone()
        return _decision(row) if row else None

    def head(self) -> str:
        """Return the digest of the record's newest line, which the next one has to name."""
        row = self._run(_HEAD).fetchone()
        last = self.last() if row is None else None
        return row[0] if row else last.digest if last else GENESIS

    def append(self, decision: Decision) -> None:
        """Add a sealed decision.

        Raises:
            ValueError: Its digest is not that of what will be read back.
            StoreTrouble: It does not follow the newest decision.
        """
        row = to_row(decision)
        row |= {"at": stored(row["at"]), "until": stored(row["until"])}
        kept = [row[name] for name in COLUMNS]
        if not holds(_decision(kept)):
            raise ValueError("the decision is not sealed, or its times are not in UTC")
        self._run(_APPEND, kept)

    def get(self, decision_id: DecisionId | None) -> Decision | None:
        """Return one decision; `None` is the number of none."""
        row = self._run(_GET, (decision_id,)).fetchone()
        return _decision(row) if row else None

    def current(self, case: Case | None) -> Decision | None:
        """Return the decision on a case that counts now, `None` where there is none."""
        return self.get(case.decision_id) if case else None

    def after(self, decision_id: int, *, limit: int) -> list[Decision]:
        """Return decisions whose id is higher, in order; pages through the whole record."""
        return [_decision(row) for row in self._run(_AFTER, (decision_id, limit)).fetchall()]

    def newest_names(self, decisions: Iterable[Decision]) -> list[Decision]:
        """Return decisions for people to read: whoever made them is called as they are now.

        The record itself keeps the names as they then were, and is sealed with them.
        """
        return [
            replace(
                made,
                verdict=replace(made.verdict, by=self._called_now(made.verdict.by)),
                second=self._called_now(made.second) if made.second else None,
            )
            for made in decisions
        ]

    def _called_now(self, person: Person) -> Person:
        row = self._run(_NEWEST_NAME, (person.id,)).fetchone()
        return replace(person, name=row[0]) if row else person

    def of_case(self, case_id: CaseId) -> list[Decision]:
        """Return a case's decisions, oldest first."""
        return [_decision(row) for row in self._run(_OF_CASE, (case_id,)).fetchall()]

    def between(self, start: datetime, end: datetime) -> list[Decision]:
        """Return what was recorded from a moment to before another, oldest first."""
        rows = self._run(_BETWEEN, (stored(start), stored(end))).fetchall()
        return [_decision(row) for row in rows]

    def of_opened(self, start: datetime, end: datetime) -> list[Decision]:
        """Return what was recorded before `end` of the cases that came in from `start` on."""
        rows = self._run(_OF_OPENED, (stored(end), stored(start), stored(end))).fetchall()
        return [_decision(row) for row in rows]

    def last_before(self, end: datetime) -> Decision | None:
        """Return the newest of all that was recorded before then."""
        row = self._run(_LAST_BEFORE, (stored(end),)).fetchone()
        return _decision(row) if row else None


def _decision(kept: Sequence[Any]) -> Decision:
    row = dict(zip(COLUMNS, kept, strict=True))
    return from_row({**row, "at": moment(row["at"]), "until": moment_if(row["until"])})


_PROPOSALS_GET = """
SELECT case_id, action, rule, note, lasting, by_id, by_name, door, revision, at, expires_at, reason,
       braked
FROM proposals WHERE case_id = ?
"""
_PUT = """
INSERT INTO proposals (
    case_id, action, rule, note, lasting, by_id, by_name, door, revision, at, expires_at, reason,
    braked
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (case_id) DO UPDATE SET
    action = excluded.action, rule = excluded.rule, note = excluded.note,
    lasting = excluded.lasting, by_id = excluded.by_id, by_name = excluded.by_name,
    door = excluded.door, revision = excluded.revision, at = excluded.at,
    expires_at = excluded.expires_at, reason = excluded.reason, braked = excluded.braked
"""
_DROP = "DELETE FROM proposals WHERE case_id = ?"
_EXPIRED = "SELECT case_id FROM proposals WHERE expires_at <= ?"
_MICROSECOND = timedelta(microseconds=1)


class Proposals:
    """What waits for a second person."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._run = connection.run

    def get(self, case_id: CaseId) -> Proposal | None:
        """Return what waits on a case, expired or not."""
        return proposal_of(self._connection, case_id)

    def waiting(self, case_id: CaseId, now: datetime) -> Proposal | None:
        """Return what somebody may still agree to on a case."""
        found = self.get(case_id)
        return found if found is not None and found.waits_at(now) else None

    def put(self, proposal: Proposal) -> None:
        """Keep what was proposed, in place of an earlier proposal on the case."""
        verdict = proposal.verdict
        lasting = None if verdict.lasting is None else verdict.lasting // _MICROSECOND
        what = (proposal.case_id, verdict.action, verdict.rule, verdict.note, lasting)
        who = (verdict.by.id, verdict.by.name, verdict.door, proposal.revision)
        times = (stored(proposal.at), stored(proposal.expires_at))
        self._run(_PUT, (*what, *who, *times, verdict.reason, proposal.braked))

    def drop(self, case_id: CaseId) -> None:
        """Forget what waits on a case."""
        self._run(_DROP, (case_id,))

    def expired(self, now: datetime) -> Sequence[CaseId]:
        """Return the cases whose proposals nobody agreed to in time."""
        return [CaseId(one) for (one,) in self._run(_EXPIRED, (stored(now),)).fetchall()]


def proposal_of(connection: Connection, case_id: CaseId) -> Proposal | None:
    """Return what waits on a case, expired or not."""
    row = connection.run(_PROPOSALS_GET, (case_id,)).fetchone()
    if row is None:
        return None
    verdict = Verdict(
        action=Action(row[1]),
        by=Person(id=row[5], name=row[6]),
        door=Door(row[7]),
        rule=row[2],
        lasting=None if row[4] is None else timedelta(microseconds=row[4]),
        note=row[3],
        reason=row[11],
    )
    return Proposal(
        case_id=row[0],
        verdict=verdict,
        revision=row[8],
        at=moment(row[9]),
        expires_at=moment(row[10]),
        braked=bool(row[12]),
    )

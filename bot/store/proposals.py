"""Verdicts that wait for a second person."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.decision import Action, Door, Verdict
from bot.domain.ids import CaseId
from bot.domain.proposal import Proposal
from bot.domain.staff import Person
from bot.store.engine.connection import Connection
from bot.store.times import moment, stored

_GET = """
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
    row = connection.run(_GET, (case_id,)).fetchone()
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

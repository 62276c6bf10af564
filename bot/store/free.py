"""Which open cases somebody could take now, and which they have passed on."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.ids import CaseId, PersonId
from bot.store.engine.connection import Connection
from bot.store.times import stored

# What somebody put off is free to nobody, and what a colleague has only to them; but whoever
# proposed something waits for a second person, who is anybody else.
_FREE = """
SELECT id FROM cases
WHERE state <> 'decided' AND (state <> 'escalated' OR ? = 1)
AND NOT EXISTS (SELECT 1 FROM passes WHERE case_id = cases.id AND by_id = ? AND until > ?)
AND NOT EXISTS (
    SELECT 1 FROM proposals WHERE case_id = cases.id AND by_id = ? AND expires_at > ?
)
AND NOT EXISTS (
    SELECT 1 FROM casework WHERE case_id = cases.id AND (
        snooze_id IS NOT NULL
        OR claim_until > ? AND claim_id <> ? AND NOT EXISTS (
            SELECT 1 FROM proposals WHERE proposals.case_id = casework.case_id
            AND by_id = claim_id AND expires_at > ?
        )
    )
)
ORDER BY priority DESC, opened_at, id LIMIT ? OFFSET ?
"""
_PASSED = """
INSERT INTO passes (case_id, by_id, until) VALUES (?, ?, ?)
ON CONFLICT (case_id, by_id) DO UPDATE SET until = excluded.until
"""
_FORGET = "DELETE FROM passes WHERE until <= ?"


class FreeCases:
    """The cases that wait for whoever asks next."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def worst_first(
        self, by: PersonId, now: datetime, *, escalated: bool, limit: int, offset: int = 0
    ) -> Sequence[CaseId]:
        """Return cases that nobody else has and that the person has not passed on.

        What they have themselves is among them. `escalated` says whether what is with the editors
        is theirs to decide.
        """
        at = stored(now)
        asked = (int(escalated), by, at, by, at, at, by, at, limit, offset)
        return [CaseId(row[0]) for row in self._run(_FREE, asked).fetchall()]

    def pass_on(self, case_id: CaseId, by: PersonId, now: datetime, until: datetime) -> None:
        """Keep that a case is not to be offered to somebody until then."""
        self._run(_FORGET, (stored(now),))
        self._run(_PASSED, (case_id, by, stored(until)))

"""The durable list of messages to staff, and where the messages that stay are."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.errand import Errand, ErrandId, ErrandKind
from bot.domain.ids import CaseId, PersonId
from bot.store.engine.connection import Connection
from bot.store.times import moment_if, stored

_ADD = "INSERT INTO errands (kind, facts, asked_at, due_at) VALUES (?, ?, ?, ?)"
_WAITS = """
SELECT EXISTS (
    SELECT 1 FROM errands
    WHERE state = 'waiting' AND kind = ? AND facts LIKE ?
)
"""
_DUE = """
SELECT id, kind, facts, attempts FROM errands
WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ?
"""
_DONE = "UPDATE errands SET state = 'done', done_at = ? WHERE id = ?"
_RETRY = "UPDATE errands SET due_at = ?, trouble = ?, attempts = attempts + 1 WHERE id = ?"
_FAIL = """
UPDATE errands SET state = 'failed', done_at = ?, trouble = ?, attempts = attempts + 1 WHERE id = ?
"""
_FIXTURE = "SELECT channel_id, message_id FROM fixtures WHERE name = ?"
_UNFIX = "UPDATE fixtures SET channel_id = 0 WHERE channel_id = ? AND message_id = ?"
_FIX = """
INSERT INTO fixtures (name, channel_id, message_id) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET
    channel_id = excluded.channel_id, message_id = excluded.message_id
"""


class Errands:
    """Messages to staff."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def add(self, errand: Errand, at: datetime) -> None:
        """Ask for one."""
        self._run(_ADD, (errand.kind, _facts(errand), stored(at), stored(at)))

    def waits(self, kind: ErrandKind, case_id: CaseId) -> bool:
        """Whether one of the kind, about that case alone, is still to be carried out."""
        return bool(self._run(_WAITS, (kind, _about_alone(case_id))).fetchone()[0])

    def due(self, now: datetime, *, limit: int) -> Sequence[Errand]:
        """Return those that are due, the oldest first."""
        return [_errand(row) for row in self._run(_DUE, (stored(now), limit)).fetchall()]

    def done(self, errand_id: ErrandId, at: datetime) -> None:
        """Record that one was carried out."""
        self._run(_DONE, (stored(at), errand_id))

    def retry(self, errand_id: ErrandId, due_at: datetime, trouble: str) -> None:
        """Record a failed attempt and when the next one is due."""
        self._run(_RETRY, (stored(due_at), trouble, errand_id))

    def fail(self, errand_id: ErrandId, at: datetime, trouble: str) -> None:
        """Record that one is given up."""
        self._run(_FAIL, (stored(at), trouble, errand_id))

    def fixture(self, name: str) -> tuple[int, int] | None:
        """Return the channel and message of a message that stays, `None` if there is none."""
        row = self._run(_FIXTURE, (name,)).fetchone()
        return (row[0], row[1]) if row else None

    def unfix(self, channel_id: int, message_id: int) -> None:
        """Keep that a message that should stay was deleted: it stands in no channel, 0, then."""
        self._run(_UNFIX, (channel_id, message_id))

    def fix(self, name: str, channel_id: int, message_id: int) -> None:
        """Keep where a message that stays stands."""
        self._run(_FIX, (name, channel_id, message_id))


def _about_alone(case_id: CaseId) -> str:
    """Return the pattern of what `_facts` writes, the cases first, of an errand about one case."""
    return json.dumps({"cases": [case_id]}).removesuffix("}") + ",%"


def _facts(errand: Errand) -> str:
    return json.dumps(
        {
            "cases": errand.cases,
            "total": errand.total,
            "people": errand.people,
            "by_name": errand.by_name,
            "note": errand.note,
            "rule": errand.rule,
            "since": stored(errand.since),
            "quiet": errand.quiet,
        }
    )


def _errand(row: tuple[int, str, str, int]) -> Errand:
    number, kind, text, attempts = row
    facts: dict[str, Any] = json.loads(text)
    return Errand(
        id=ErrandId(number),
        kind=ErrandKind(kind),
        attempts=attempts,
        cases=tuple(CaseId(case_id) for case_id in facts["cases"]),
        total=facts["total"],
        people=tuple(PersonId(person) for person in facts["people"]),
        by_name=facts["by_name"],
        note=facts["note"],
        rule=facts["rule"],
        since=moment_if(facts["since"]),
        quiet=facts["quiet"],
    )

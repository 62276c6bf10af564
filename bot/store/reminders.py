"""The durable list of what the desk says of its own accord."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.reminder import Reminder, ReminderKind
from bot.store.engine.connection import Connection
from bot.store.outbox import Outbox
from bot.store.times import moment, stored

_WANT = """
INSERT INTO reminders (name, kind, case_id, site, story_id, legal_id, run_id, due_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING
"""
_DUE = """
SELECT id, name, kind, case_id, site, story_id, legal_id, due_at, attempts, run_id FROM reminders
WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at LIMIT ?
"""
_SETTLE = """
UPDATE reminders SET state = ?, due_at = COALESCE(?, due_at), done_at = ?,
    attempts = attempts + 1, trouble = ?
WHERE id = ?
"""


class Reminders:
    """What the desk says of its own accord."""

    def __init__(self, connection: Connection, outbox: Outbox) -> None:
        self._run = connection.run
        self._outbox = outbox

    def want(self, reminder: Reminder) -> None:
        """Ask for it to be said when it is due; a name that was used before changes nothing."""
        what = (reminder.name, reminder.kind, reminder.case_id)
        where = (reminder.site, reminder.story_id, reminder.legal_id, reminder.run_id)
        row = (*what, *where, stored(reminder.due_at))
        self._outbox.asked += self._run(_WANT, row).rowcount

    def due(self, now: datetime, *, limit: int) -> Sequence[Reminder]:
        """Return what is due, the longest due first."""
        return [
            Reminder(
                id=row[0],
                name=row[1],
                kind=ReminderKind(row[2]),
                case_id=row[3],
                site=row[4],
                story_id=row[5],
                legal_id=row[6],
                due_at=moment(row[7]),
                attempts=row[8],
                run_id=row[9],
            )
            for row in self._run(_DUE, (stored(now), limit)).fetchall()
        ]

    def done(self, reminder: Reminder, at: datetime) -> None:
        """Record that it was said, or need not be said any more."""
        self._run(_SETTLE, ("done", None, stored(at), None, reminder.id))

    def retry(self, reminder: Reminder, due_at: datetime, trouble: str) -> None:
        """Record a failed attempt and when the next one is due."""
        self._run(_SETTLE, ("waiting", stored(due_at), None, trouble, reminder.id))

    def fail(self, reminder: Reminder, at: datetime, trouble: str) -> None:
        """Record that it is given up."""
        self._run(_SETTLE, ("failed", None, stored(at), trouble, reminder.id))

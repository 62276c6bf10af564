"""When what waits in the outbox is due, where that is not for an attempt at it to say.

Discord takes messages again, or the clock was set: what waits is due earlier, and nothing else about
it changes. What people gave a date keeps it.
"""

from datetime import datetime, timedelta

from bot.store.engine.connection import Connection
from bot.store.outbox import Outbox
from bot.store.times import stored

# Each twice, as only what waits is then looked through, and not all that was ever asked for.
_BRING_NEAR = (
    "UPDATE outbox SET due_at = ? WHERE kind = 'card' AND state = 'waiting' AND due_at > ?",
    """
UPDATE outbox SET due_at = ?
WHERE kind IN ('site', 'closing', 'staff') AND kind <> 'card' AND state = 'waiting' AND due_at > ?
""",
)
_BRING_FORWARD = tuple(
    f"""
UPDATE outbox SET due_at = CASE WHEN due_at - ? > ? THEN due_at - ? ELSE ? END
WHERE {those} AND state = 'waiting' AND due_at > ?
"""  # noqa: S608 - words of our own
    for those in ("kind = 'card'", "kind <> 'card' AND kind <> 'reminder'")
)
_HURRY = tuple(
    f"""
UPDATE outbox SET due_at = ?, attempts = 0 WHERE id IN (
    SELECT id FROM outbox
    WHERE {those} AND state = 'waiting' AND trouble IS NOT NULL AND due_at > ?
    ORDER BY due_at LIMIT ?
)
"""  # noqa: S608 - words of our own
    for those in (
        "kind = 'card'",
        *(
            f"kind = '{kind}' AND kind <> 'card' AND site = ''"
            for kind in ("staff", "reminder", "alert", "reply", "bulletin", "thread")
        ),
    )
)


class DueTimes:
    """Brings what waits forward."""

    def __init__(self, connection: Connection, outbox: Outbox) -> None:
        self._run = connection.run
        self._outbox = outbox

    def hurry(self, now: datetime, *, limit: int) -> int:
        """Make due what Discord refused and waits, so many of each kind; return how many in all."""
        row = (stored(now), stored(now), limit)
        hurried = sum(self._run(statement, row).rowcount for statement in _HURRY)
        self._outbox.asked += hurried
        return hurried

    def bring_near(self, now: datetime, *, most: timedelta) -> None:
        """Make due now what is due when asked for, and would not be within the longest wait."""
        for statement in _BRING_NEAR:
            self._run(statement, (stored(now), stored(now + most)))

    def bring_forward(self, now: datetime, *, by: timedelta) -> None:
        """Make what waits be due so much earlier, but not before now; reminders have their date."""
        earlier = by // timedelta(microseconds=1)
        for statement in _BRING_FORWARD:
            self._run(statement, (earlier, stored(now), earlier, stored(now), stored(now)))

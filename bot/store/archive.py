"""What the log channel was told, and where the digest stands."""

from bot.domain.ids import DecisionId
from bot.store.engine.connection import Connection

_LOGGED = "SELECT decision_id FROM logged WHERE channel_id = ?"
_LOG = """
INSERT INTO logged (channel_id, decision_id) VALUES (?, ?)
ON CONFLICT (channel_id) DO UPDATE SET decision_id = excluded.decision_id
WHERE excluded.decision_id > logged.decision_id
"""
_DIGEST = "SELECT message_id FROM digests WHERE channel_id = ?"
_PLACE = """
INSERT INTO digests (channel_id, message_id) VALUES (?, ?)
ON CONFLICT (channel_id) DO UPDATE SET message_id = excluded.message_id
"""
_GONE = "DELETE FROM digests WHERE channel_id = ?"


class Archive:
    """What the log channel was told, and where the digest stands."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def logged(self, channel_id: int) -> DecisionId | None:
        """Return up to which decision a channel was told, `None` if it never was."""
        row = self._run(_LOGGED, (channel_id,)).fetchone()
        return DecisionId(row[0]) if row else None

    def log(self, channel_id: int, decision_id: int) -> None:
        """Record up to which decision a channel was told."""
        self._run(_LOG, (channel_id, decision_id))

    def digest(self, channel_id: int) -> int | None:
        """Return the message that is the digest, `None` if there is none."""
        row = self._run(_DIGEST, (channel_id,)).fetchone()
        return row[0] if row else None

    def place_digest(self, channel_id: int, message_id: int | None) -> None:
        """Record where the digest stands, or that it is gone."""
        if message_id is None:
            self._run(_GONE, (channel_id,))
        else:
            self._run(_PLACE, (channel_id, message_id))

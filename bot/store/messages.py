"""Where each message stands that the desk comes back to, and what the editors' bulletins say.

Cards and alerts are not among them: where they stand is kept with what they show, as both change
together and the queue is read by both.
"""

from datetime import datetime

from bot.domain.places import MessageKind, MessageRef
from bot.store.engine.connection import Connection
from bot.store.times import moment_if, stored

_AT = "SELECT channel_id, message_id FROM messages WHERE kind = ? AND key = ?"
_KEY = "SELECT key FROM messages WHERE kind = ? AND channel_id = ? AND message_id = ?"
_SINCE = "SELECT since FROM messages WHERE kind = ? AND key = ?"
_PLACE = """
INSERT INTO messages (kind, key, channel_id, message_id, since) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (kind, key) DO UPDATE SET
    channel_id = excluded.channel_id, message_id = excluded.message_id, since = excluded.since
"""
_FORGET = "DELETE FROM messages WHERE kind = ? AND key = ?"
_GONE = """
UPDATE messages SET channel_id = 0 WHERE kind = ? AND key = ? AND channel_id = ? AND message_id = ?
"""
_BULLETIN = "SELECT body FROM bulletins WHERE name = ?"
_PUT = """
INSERT INTO bulletins (name, body) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET body = excluded.body
"""


class Messages:
    """The messages that stay and are edited; of each kind one a `key`."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def at(self, kind: MessageKind, key: object = "") -> MessageRef | None:
        """Return where a message stands, `None` if there is none."""
        row = self._run(_AT, (kind, str(key))).fetchone()
        return MessageRef(channel_id=row[0], message_id=row[1]) if row else None

    def key_at(self, kind: MessageKind, at: MessageRef) -> str | None:
        """Return which message of its kind stands there, `None` if none does."""
        row = self._run(_KEY, (kind, at.channel_id, at.message_id)).fetchone()
        return row[0] if row else None

    def since(self, kind: MessageKind, key: object = "") -> datetime | None:
        """Return since when a message stands, `None` where that was not kept."""
        row = self._run(_SINCE, (kind, str(key))).fetchone()
        return moment_if(row[0]) if row else None

    def place(
        self, kind: MessageKind, at: MessageRef, key: object = "", *, since: datetime | None = None
    ) -> None:
        """Keep where a message stands, and since when if that is asked for later."""
        place = (at.channel_id, at.message_id, stored(since))
        self._run(_PLACE, (kind, str(key), *place))

    def forget(self, kind: MessageKind, key: object = "") -> None:
        """Keep that there is no such message any more."""
        self._run(_FORGET, (kind, str(key)))

    def gone(self, kind: MessageKind, at: MessageRef, key: object = "") -> None:
        """Keep that a message that should stay was deleted: it stands in no channel, 0, then."""
        self._run(_GONE, (kind, str(key), at.channel_id, at.message_id))

    def bulletin(self, name: str) -> str | None:
        """Return what a bulletin says, `None` if there is none."""
        row = self._run(_BULLETIN, (name,)).fetchone()
        return row[0] if row else None

    def put_bulletin(self, name: str, body: str) -> None:
        """Keep what a bulletin says."""
        self._run(_PUT, (name, body))

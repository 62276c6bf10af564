"""Messages that stay and are edited: the pinned overview, and the editors' bulletins."""

from bot.domain.places import MessageRef
from bot.store.engine.connection import Connection

_FIXTURE = "SELECT channel_id, message_id FROM fixtures WHERE name = ?"
_UNFIX = "UPDATE fixtures SET channel_id = 0 WHERE channel_id = ? AND message_id = ?"
_FIX = """
INSERT INTO fixtures (name, channel_id, message_id) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET
    channel_id = excluded.channel_id, message_id = excluded.message_id
"""
_BULLETIN = "SELECT body, channel_id, message_id FROM bulletins WHERE name = ?"
_PUT = """
INSERT INTO bulletins (name, body) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET body = excluded.body
"""
_PLACED = "UPDATE bulletins SET channel_id = ?, message_id = ? WHERE name = ?"


class Fixtures:
    """Messages that stay."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

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

    def bulletin(self, name: str) -> tuple[str, MessageRef | None] | None:
        """Return a bulletin's text and where it stands."""
        row = self._run(_BULLETIN, (name,)).fetchone()
        if row is None:
            return None
        body, channel, message = row
        return body, MessageRef(channel_id=channel, message_id=message) if message else None

    def put_bulletin(self, name: str, body: str) -> None:
        """Keep a bulletin's text."""
        self._run(_PUT, (name, body))

    def bulletin_posted(self, name: str, message: MessageRef) -> None:
        """Record where a bulletin stands."""
        self._run(_PLACED, (message.channel_id, message.message_id, name))

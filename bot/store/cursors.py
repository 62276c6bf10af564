"""How far everything was read that is read bit by bit, and what of a site could not be."""

from datetime import datetime

from bot.domain.ids import DecisionId, SiteId
from bot.domain.site import PollCursor
from bot.store.engine.connection import Connection
from bot.store.times import moment, stored

_GET = "SELECT value, at FROM cursors WHERE name = ?"
_PUT = """
INSERT INTO cursors (name, value, at) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at
"""
_ADVANCE = """
INSERT INTO cursors (name, value) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
WHERE CAST(excluded.value AS BIGINT) > CAST(cursors.value AS BIGINT)
"""
_BEGIN = "INSERT INTO cursors (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING"

# When it was last met: what is asked for again and again stays, what was dealt with goes.
_UNREAD = """
INSERT INTO unread (site, name, at) VALUES (?, ?, ?)
ON CONFLICT (site, name) DO UPDATE SET at = excluded.at
"""
_COUNT_UNREAD = "SELECT COUNT(*) FROM unread WHERE site = ? AND at >= ?"


class Cursors:
    """How far the sites, the record for the log channel, and typed lines were read."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def site(self, site: SiteId) -> PollCursor | None:
        """Return how far a site was read, `None` if it never was."""
        row = self._run(_GET, (f"site:{site}",)).fetchone()
        return PollCursor(text=row[0], at=moment(row[1])) if row else None

    def put_site(self, site: SiteId, mark: PollCursor) -> None:
        """Keep how far a site was read."""
        self._run(_PUT, (f"site:{site}", mark.text, stored(mark.at)))

    def pass_over(self, site: SiteId, name: str, at: datetime) -> None:
        """Keep that something of a site, by a name of its own, could not be read."""
        self._run(_UNREAD, (site, name, stored(at)))

    def passed_over(self, site: SiteId, since: datetime) -> int:
        """Return how much of a site could not be read since then."""
        return int(self._run(_COUNT_UNREAD, (site, stored(since))).fetchone()[0])

    def logged(self, channel_id: int) -> DecisionId | None:
        """Return up to which decision a log channel was told, `None` if it never was."""
        found = self._number(f"log:{channel_id}")
        return DecisionId(found) if found is not None else None

    def log(self, channel_id: int, decision_id: int) -> None:
        """Record up to which decision a log channel was told; it never goes back."""
        self._run(_ADVANCE, (f"log:{channel_id}", str(decision_id)))

    def typed(self, channel_id: int) -> int | None:
        """Return the id of the last message of a channel whose typed commands were handled."""
        return self._number(f"typed:{channel_id}")

    def read_typed(self, channel_id: int, message_id: int) -> None:
        """Record that a channel's messages up to this one were handled; it never goes back."""
        self._run(_ADVANCE, (f"typed:{channel_id}", str(message_id)))

    def begin_typed(self, channel_id: int, message_id: int) -> None:
        """Record that what is typed after this id is for the desk, unless more is known."""
        self._run(_BEGIN, (f"typed:{channel_id}", str(message_id)))

    def _number(self, name: str) -> int | None:
        row = self._run(_GET, (name,)).fetchone()
        return int(row[0]) if row else None

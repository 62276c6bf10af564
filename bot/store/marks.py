"""How far each polled site was read, and what of it could not be."""

from datetime import datetime

from bot.domain.ids import SiteId
from bot.domain.site import Mark
from bot.store.engine.connection import Connection
from bot.store.times import moment, stored

_GET = "SELECT mark, at FROM marks WHERE site = ?"
_PUT = """
INSERT INTO marks (site, mark, at) VALUES (?, ?, ?)
ON CONFLICT (site) DO UPDATE SET mark = excluded.mark, at = excluded.at
"""

# When it was last met: what is asked for again and again stays, what was dealt with goes.
_UNREAD = """
INSERT INTO unread (site, name, at) VALUES (?, ?, ?)
ON CONFLICT (site, name) DO UPDATE SET at = excluded.at
"""
_COUNT_UNREAD = "SELECT COUNT(*) FROM unread WHERE site = ? AND at >= ?"


class Marks:
    """How far the polled sites were read."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def get(self, site: SiteId) -> Mark | None:
        """Return how far a site was read, `None` if it never was."""
        row = self._run(_GET, (site,)).fetchone()
        return Mark(text=row[0], at=moment(row[1])) if row else None

    def put(self, site: SiteId, mark: Mark) -> None:
        """Keep how far a site was read."""
        self._run(_PUT, (site, mark.text, stored(mark.at)))

    def pass_over(self, site: SiteId, name: str, at: datetime) -> None:
        """Keep that something of a site, by a name of its own, could not be read."""
        self._run(_UNREAD, (site, name, stored(at)))

    def passed_over(self, site: SiteId, since: datetime) -> int:
        """Return how much of a site could not be read since then."""
        return int(self._run(_COUNT_UNREAD, (site, stored(since))).fetchone()[0])

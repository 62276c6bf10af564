"""How far each polled site was read."""

import sqlite3

from bot.domain.ids import SiteId
from bot.domain.site import Mark
from bot.store.times import moment, stored

_GET = "SELECT mark, at FROM marks WHERE site = ?"
_PUT = """
INSERT INTO marks (site, mark, at) VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET mark = excluded.mark, at = excluded.at
"""


class SqliteMarks:
    """`bot.ports.Marks` on one connection."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._run = cursor.execute

    def get(self, site: SiteId) -> Mark | None:
        """Return how far a site was read, `None` if it never was."""
        row = self._run(_GET, (site,)).fetchone()
        return Mark(text=row[0], at=moment(row[1])) if row else None

    def put(self, site: SiteId, mark: Mark) -> None:
        """Keep how far a site was read."""
        self._run(_PUT, (site, mark.text, stored(mark.at)))

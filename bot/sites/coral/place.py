"""How far Coral was read: first what waits in its queue, then flag by flag."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from bot.sites.base.json_value import JsonValue

_OVERLAP = timedelta(seconds=10)
"""What is asked for again at every turn: Coral's clock is not ours, and two flags may share a
moment that a page ended with. What was read before is known by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to go on.

    `since` is up to when flags were read. `queue` is the cursor in the queue while that is
    still being read, `after` the cursor between two pages of flags.
    """

    since: datetime
    queue: str | None = None
    after: str | None = None

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the place that was written, `None` if it cannot be read."""
        try:
            said = JsonValue(json.loads(text))
        except (ValueError, RecursionError):
            return None
        since = said["since"].time()
        if since is None:
            return None
        cursors = {name: said[name].text() or None for name in ("queue", "after")}
        return cls(since=since, **cursors)

    def written(self) -> str:
        """Return the place as text."""
        place = {"since": iso(self.since), "queue": self.queue, "after": self.after}
        return json.dumps({name: value for name, value in place.items() if value is not None})

    @property
    def cursor(self) -> str:
        """The moment after which flags are asked for, as Coral writes it."""
        return self.after or iso(self.since - _OVERLAP)


def iso(time: datetime) -> str:
    """Return a moment as Coral's cursors are written: to the millisecond, ending in Z."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def cursor_before(cursor: str, used: str) -> str:
    """Return the cursor a millisecond earlier, so that no flag of the page's last moment is lost.

    A page that lies within one millisecond is left behind, or it would be read for ever.
    """
    time = JsonValue(cursor).time()
    earlier = iso(time - timedelta(milliseconds=1)) if time is not None else cursor
    return cursor if earlier <= used else earlier

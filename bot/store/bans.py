"""The bans that stand, and those that the desk lifted itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.ban import Ban
from bot.domain.folding import folded
from bot.domain.ids import DecisionId, SiteId
from bot.store.engine.connection import Connection, Rows
from bot.store.search import like
from bot.store.times import moment, moment_if, stored

_FOR_GOOD = 2**62
_SELECT = """
SELECT made.id, made.case_id, made.site, made.author_id, author.name, made.rule,
       COALESCE(known.name, made.by_name),
       made.at, made.until, COALESCE(second.name, made.second_name)
FROM standing AS made
JOIN authors AS author ON author.site = made.site AND author.external_id = made.author_id
LEFT JOIN deciders AS known ON known.id = made.by_id
LEFT JOIN deciders AS second ON second.id = made.second_id
WHERE made.action = 'ban'
"""
# Of several bans of one author, the one that ends last: until then they are out.
_LAST = f"""
{_SELECT} AND (made.until IS NULL OR made.until > ?) AND NOT EXISTS (
    SELECT 1 FROM standing AS other
    WHERE other.site = made.site AND other.author_id = made.author_id AND other.action = 'ban'
    AND (COALESCE(other.until, {_FOR_GOOD}) > COALESCE(made.until, {_FOR_GOOD})
        OR (COALESCE(other.until, {_FOR_GOOD}) = COALESCE(made.until, {_FOR_GOOD})
            AND other.id > made.id))
)
"""  # noqa: S608 - only constants of this file are put together
_STANDING = f"{_LAST} ORDER BY made.id DESC LIMIT ? OFFSET ?"
_COUNT = """
SELECT COUNT(*) FROM (
    SELECT DISTINCT site, author_id FROM standing
    WHERE action = 'ban' AND (until IS NULL OR until > ?)
) AS authors
"""
_OF_AUTHOR = f"""
{_SELECT} AND made.site = ? AND made.author_id = ? AND (made.until IS NULL OR made.until > ?)
ORDER BY made.id DESC
"""
_ENDED = f"""
{_SELECT} AND made.site = ? AND made.until <= ?
AND NOT EXISTS (SELECT 1 FROM lifts WHERE lifts.decision_id = made.id)
ORDER BY made.id LIMIT 100
"""  # noqa: S608 - only constants of this file are put together
_NAMED = f"""
{_LAST} AND (author.folded LIKE ? ESCAPE '\\' OR author.folded LIKE ? ESCAPE '\\')
ORDER BY made.id DESC LIMIT 25
"""
_LIFT = """
INSERT INTO lifts (decision_id, at) VALUES (?, ?) ON CONFLICT (decision_id) DO NOTHING
"""


class Bans:
    """The bans that stand, and those that the desk lifted."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def standing(self, now: datetime, *, limit: int, offset: int = 0) -> Sequence[Ban]:
        """Return the bans in force, the newest first: of each author the one that ends last."""
        return _bans(self._run(_STANDING, (stored(now), limit, offset)))

    def count(self, now: datetime) -> int:
        """Return how many authors are banned."""
        return int(self._run(_COUNT, (stored(now),)).fetchone()[0])

    def of_author(self, site: SiteId, author_id: str, now: datetime) -> Sequence[Ban]:
        """Return the bans of one author in force, the newest first."""
        return _bans(self._run(_OF_AUTHOR, (site, author_id, stored(now))))

    def named(self, beginning: str, now: datetime) -> Sequence[Ban]:
        """Return bans in force of authors whose names, or words in them, begin so.

        One an author, at most 25.
        """
        plain = like(folded(beginning))
        return _bans(self._run(_NAMED, (stored(now), plain, f"% {plain}")))

    def ended(self, site: SiteId, now: datetime) -> Sequence[Ban]:
        """Return a site's bans that have ended and were not lifted yet, at most 100."""
        return _bans(self._run(_ENDED, (site, stored(now))))

    def lifted(self, decision_id: DecisionId, at: datetime) -> None:
        """Record that the desk lifted a ban that had ended."""
        self._run(_LIFT, (decision_id, stored(at)))


def _bans(rows: Rows) -> list[Ban]:
    return [_ban(row) for row in rows.fetchall()]


def _ban(row: tuple[Any, ...]) -> Ban:
    return Ban(
        decision_id=row[0],
        case_id=row[1],
        site=row[2],
        author_id=row[3],
        author_name=row[4],
        rule=row[5],
        by_name=row[6],
        at=moment(row[7]),
        until=moment_if(row[8]),
        second_name=row[9],
    )

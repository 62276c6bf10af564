"""Cases by their words and by what became of them."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from bot.domain.folding import begins, folded
from bot.domain.ids import CaseId
from bot.domain.search import Query, Stand
from bot.store.engine.connection import Connection, Words, places
from bot.store.times import stored

# Rows are read one by one until enough are found, so each way in is in the order of the answer.
# Some are found more than once: by several texts of a case, or several decisions on it.
_BY_DECIDER: Final = """
SELECT cases.id FROM decisions AS made CROSS JOIN cases
LEFT JOIN decisions AS stands ON stands.id = cases.decision_id
WHERE cases.id = made.case_id AND made.by_id = ? {filters} ORDER BY made.id DESC
"""
_BY_NUMBER: Final = """
SELECT cases.id FROM cases
LEFT JOIN decisions AS stands ON stands.id = cases.decision_id
WHERE cases.id <= ? {filters} ORDER BY cases.id DESC
"""
_DECIDERS: Final = "SELECT id, name FROM decider_names"

_STANDS: Final = {
    Stand.OPEN: "cases.state <> 'decided'",
    Stand.DECIDED: "cases.state = 'decided'",
    Stand.KEPT: "stands.action = 'keep'",
    Stand.HIDDEN: "stands.action IN ('hide', 'ban')",
    Stand.BANNED: "stands.action = 'ban'",
}
_DECIDED_BY: Final = """
EXISTS (SELECT 1 FROM decisions AS made WHERE made.case_id = cases.id AND +made.by_id IN ({who}))
"""
_NEWEST: Final = 2**62
# What was opened on a day or before it has no higher number.
_OPENED_BY: Final = "SELECT COALESCE(MAX(newest), 0) FROM case_days WHERE day <= ?"
_DAY: Final = 86_400_000_000
_SITE: Final = "SELECT 1 FROM case_counts WHERE LOWER(site) = LOWER(?) LIMIT 1"
LAST_LETTER: Final = "\U0010ffff"
"""Sorts behind all that begins like a text that it is put behind."""


def index_text(connection: Connection, case_id: CaseId, text: str, name: str, title: str) -> None:
    """Let a case be found by a text of its comment, with the names as they now are."""
    words = connection.words
    values = (case_id, words.indexed(text), words.indexed(name), words.indexed(title))
    connection.run(words.index, values)


class _Part(NamedTuple):
    sql: str
    values: tuple[Any, ...] = ()


class _Way(NamedTuple):
    template: str
    first: str | int
    further: tuple[_Part, ...] = ()


class Search:
    """Cases by their words and by what became of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._run = connection.run

    def cases(self, query: Query, *, limit: int, offset: int = 0) -> Sequence[CaseId]:
        """Return the cases that fit, newest first; by the newest decision where one is asked for.

        Nobody of that name having decided anything, there are none.
        """
        deciders = self._deciders(query.by) if query.by else []
        if (query.by and not deciders) or not self._has_site(query.site):
            return []
        found: dict[CaseId, None] = {}
        sql, values = statement(self._connection.words, query, deciders, self._newest(query))
        with self._connection.rows(sql, values) as rows:
            for (case_id,) in rows:
                found[case_id] = None
                if len(found) == offset + limit:
                    break
        return list(found)[offset:]

    def _has_site(self, site: str | None) -> bool:
        """Whether there are cases of a site, if one is asked for: a wrong name finds none at once."""
        return site is None or self._run(_SITE, (site,)).fetchone() is not None

    def _newest(self, query: Query) -> int | None:
        """Return the highest number that a case can have which is old enough; `None` for any."""
        if query.before is None:
            return None
        return int(self._run(_OPENED_BY, (stored(query.before) // _DAY,)).fetchone()[0])

    def _deciders(self, name: str) -> list[int]:
        """Return who of those who ever decided is or was called so; a name's beginning will do."""
        people = self._run(_DECIDERS).fetchall()
        exact = {number for number, known in people if folded(known) == folded(name)}
        return sorted(exact or {number for number, known in people if begins(name, known)})


def statement(
    words: Words, query: Query, deciders: Sequence[int], newest: int | None = None
) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL that finds a query's cases, and its values.

    No case with a higher number than `newest` is looked at.
    """
    way = _way_in(words, query, deciders, newest)
    parts = [*_filters(query), *way.further]
    filters = "".join(f"AND {part.sql} " for part in parts)
    values = [value for part in parts for value in part.values]
    return way.template.format(filters=filters), (way.first, *values)


def _way_in(words: Words, query: Query, deciders: Sequence[int], newest: int | None) -> _Way:
    """Choose by what the rows are read: words, else the one who decided, else case numbers."""
    match = words.matching(query)
    if not match and len(deciders) == 1:
        return _Way(_BY_DECIDER, deciders[0])
    decided = [_decided_by(deciders)] if deciders else []
    if match:
        # A case has room for so many texts in the index.
        old = [] if newest is None else [_Part("words.rowid < ?", ((newest + 1) << 16,))]
        return _Way(words.cases, match, (*old, *decided))
    most = _NEWEST if newest is None else newest
    return _Way(_BY_NUMBER, most if query.case_id is None else query.case_id, (*decided,))


def like(beginning: str) -> str:
    """Return the pattern of what begins so, for LIKE with a backslash to escape by."""
    return re.sub(r"([\\%_])", r"\\\1", beginning) + "%"


def _filters(query: Query) -> Iterator[_Part]:
    if query.rule is not None:
        yield _Part(
            "(stands.rule = ? OR cases.reasons LIKE ?)", (query.rule, f'%"{query.rule:d}":%')
        )
    if query.after is not None:
        yield _Part("cases.reported_at >= ?", (stored(query.after),))
    if query.before is not None:
        yield _Part("cases.opened_at < ?", (stored(query.before),))
    if query.stand is not None:
        yield _Part(_STANDS[query.stand])
    if query.site is not None:
        yield _Part("LOWER(cases.site) = LOWER(?)", (query.site,))
    if query.case_id is not None:
        yield _Part("cases.id = ?", (query.case_id,))


def _decided_by(deciders: Sequence[int]) -> _Part:
    return _Part(_DECIDED_BY.format(who=places(len(deciders))), tuple(deciders))

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
_LAST: Final = 2**62
_NEWEST: Final = "SELECT COALESCE(MAX(id), 0) FROM cases"
# What was opened on a day or before it has no higher number.
_OPENED_BY: Final = "SELECT COALESCE(MAX(newest), 0) FROM case_days WHERE day <= ?"
_DAY: Final = 86_400_000_000
_SITE: Final = "SELECT 1 FROM case_counts WHERE LOWER(site) = LOWER(?) LIMIT 1"
LAST_LETTER: Final = "\U0010ffff"
"""Sorts behind all that begins like a text that it is put behind."""


def index_text(connection: Connection, case_id: CaseId, text: str, name: str, title: str) -> None:
    """Let a case be found by a text of its comment, with the names as they now are."""
    words = connection.words
    connection.run(words.index, index_row(words, case_id, text, name, title))


def index_row(words: Words, case_id: CaseId, *texts: str) -> tuple[CaseId | str, ...]:
    """Return a text, its author's name and its story's title as the index takes them."""
    span = case_id // words.in_a_span
    return (case_id, *(words.within(words.indexed(text), span) for text in texts))


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
        self._words = connection.words
        self._run = connection.run

    def cases(self, query: Query, *, limit: int, offset: int = 0) -> Sequence[CaseId]:
        """Return the cases that fit, newest first; by the newest decision where one is asked for.

        Nobody of that name having decided anything, there are none.
        """
        deciders = self._deciders(query.by) if query.by else []
        if (query.by and not deciders) or not self._has_site(query.site):
            return []
        found: dict[CaseId, None] = {}
        for case_id in self._found(query, deciders):
            found[case_id] = None
            if len(found) == offset + limit:
                break
        return list(found)[offset:]

    def _found(self, query: Query, deciders: Sequence[int]) -> Iterator[CaseId]:
        newest = self._newest(query)
        for span in self._spans(query, newest):
            sql, values = statement(self._words, query, deciders, newest, span)
            with self._connection.rows(sql, values) as rows:
                for (case_id,) in rows:
                    yield case_id

    def _spans(self, query: Query, newest: int) -> Iterator[int]:
        """Yield the spans in which there may be something, the newest first.

        Of several words the rarest is asked for alone first: the index puts together what begins
        like each of them before it sees that one is not there.
        """
        if not _has_words(query):
            yield 0
            return
        spans, rarest = self._words.spans(newest), _rarest(query)
        match = self._words.matching(rarest) if rarest and len(spans) > 1 else ""
        for span in spans:
            if not match or self._has_any(self._words.within(match, span)):
                yield span

    def _has_any(self, match: str) -> bool:
        with self._connection.rows(self._words.cases.format(filters=""), (match,)) as rows:
            return next(rows, None) is not None

    def _has_site(self, site: str | None) -> bool:
        """Whether there are cases of a site, if one is asked for: a wrong name finds none at once."""
        return site is None or self._run(_SITE, (site,)).fetchone() is not None

    def _newest(self, query: Query) -> int:
        """Return the highest number that a case can have which is old enough."""
        if query.before is None:
            return int(self._run(_NEWEST).fetchone()[0])
        return int(self._run(_OPENED_BY, (stored(query.before) // _DAY,)).fetchone()[0])

    def _deciders(self, name: str) -> list[int]:
        """Return who of those who ever decided is or was called so; a name's beginning will do."""
        people = self._run(_DECIDERS).fetchall()
        exact = {number for number, known in people if folded(known) == folded(name)}
        return sorted(exact or {number for number, known in people if begins(name, known)})


def statement(
    words: Words,
    query: Query,
    deciders: Sequence[int],
    newest: int | None = None,
    span: int = 0,
) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL that finds a query's cases, and its values.

    No case with a higher number than `newest` is looked at, and words are looked for in one span.
    """
    way = _way_in(words, query, deciders, newest, span)
    parts = [*_filters(query), *way.further]
    filters = "".join(f"AND {part.sql} " for part in parts)
    values = [value for part in parts for value in part.values]
    return way.template.format(filters=filters), (way.first, *values)


def _way_in(
    words: Words, query: Query, deciders: Sequence[int], newest: int | None, span: int
) -> _Way:
    """Choose by what the rows are read: words, else the one who decided, else case numbers."""
    match = words.matching(query)
    if not match and len(deciders) == 1:
        return _Way(_BY_DECIDER, deciders[0])
    decided = [_decided_by(deciders)] if deciders else []
    if match:
        # A case has room for so many texts in the index.
        old = [] if newest is None else [_Part("words.rowid < ?", ((newest + 1) << 16,))]
        return _Way(words.cases, words.within(match, span), (*old, *decided))
    most = _LAST if newest is None else newest
    return _Way(_BY_NUMBER, most if query.case_id is None else query.case_id, (*decided,))


def _has_words(query: Query) -> bool:
    return bool(query.words or query.author or query.story)


def _rarest(query: Query) -> Query | None:
    """Return a query for what is likely the rarest of several words, `None` if there is but one.

    A name is rarer than a word, and a long one than a short one.
    """
    alone = [
        *(Query(words=(one,)) for one in sorted(query.words, key=len)),
        *(Query(story=(one,)) for one in sorted(query.story, key=len)),
        *(Query(author=(one,)) for one in sorted(query.author, key=len)),
    ]
    return alone[-1] if len(alone) > 1 else None


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

"""PostgreSQL: what it wants said otherwise than SQLite."""

import re
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bot.domain.folding import searchable
from bot.domain.search import Query
from bot.store.engine.connection import Words

_TOKEN: Final = re.compile(r"'[^']*'|\"[^\"]*\"|--[^\n]*|\?\d*")

_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST_WORD: Final = 500
"""Letters of a word that are looked at: the index takes 2,046 bytes of one."""
_LONGEST_TEXT: Final = 200_000
"""Letters of a text that it can be found by: the index takes a megabyte."""
_NOTHING: Final = "'-'"
"""What no text is found by."""

# As in SQLite, a case has room for 65,536 texts with neighbouring numbers.
_INDEX: Final = """
INSERT INTO words (rowid, text, author, story)
SELECT COALESCE(MAX(rowid) + 1, CAST(?1 AS bigint) << 16),
    CAST(?2 AS text), CAST(?3 AS text), CAST(?4 AS text)
FROM words WHERE rowid >= CAST(?1 AS bigint) << 16 AND rowid < (CAST(?1 AS bigint) + 1) << 16
"""
_CASES: Final = """
SELECT cases.id FROM words JOIN cases ON cases.id = words.rowid >> 16
LEFT JOIN decisions AS stands ON stands.id = cases.decision_id
WHERE words.found @@ CAST(? AS tsquery) {filters} ORDER BY words.rowid DESC
"""
_AUTHORS: Final = """
SELECT cases.site, cases.author_id FROM words JOIN cases ON cases.id = words.rowid >> 16
WHERE words.found @@ CAST(? AS tsquery) ORDER BY words.rowid DESC LIMIT 500
"""
_FORGET: Final = """
DELETE FROM words
WHERE rowid >= CAST(?1 AS bigint) << 16 AND rowid < (CAST(?1 AS bigint) + 1) << 16
"""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PostgresqlServer:
    """A database on a server, by an address that may hold a password and is never shown.

    `beside` is a path beside which the desk keeps what must not lie in the database.
    """

    url: str
    beside: Path = Path("desk.db")

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        return f"postgresql://{parts.hostname or ''}{parts.path}"

    __repr__ = __str__


def numbered(sql: str) -> str:
    """Return a statement with `$1`, `$2` and so on for `?`, and for `?1` and `?2`.

    Those within quotes and comments are no parameters, and stay.
    """
    numbers = count(1)

    def parameter(token: re.Match[str]) -> str:
        if not token[0].startswith("?"):
            return token[0]
        return f"${token[0][1:] or next(numbers)}"

    return _TOKEN.sub(parameter, sql)


def indexed(text: str) -> str:
    """Return the words of a text as the index takes them, with a space between each two.

    They are cut where SQLite cuts them, so that the same is found on both: PostgreSQL's own parser
    takes an address or a number with a sign for one word.
    """
    words = _WORD.findall(searchable(text[:_LONGEST_TEXT]))
    return " ".join(word[:_LONGEST_WORD] for word in words)[:_LONGEST_TEXT]


def matching(query: Query) -> str:
    """Return what the index is asked for, empty if it need not be asked."""
    wanted = [
        *(_phrase(words) for words in query.words),
        *(_phrase(words, "B") for words in query.author),
        *(_phrase(words, "C") for words in query.story),
    ]
    if not wanted:
        return ""
    return " & ".join([*wanted, *(f"!{_phrase(words)}" for words in query.without)])


def _phrase(words: str, weight: str = "") -> str:
    """Return words that follow one another, of which the last may go on."""
    *first, last = indexed(words).split() or [""]
    if not last:
        return _NOTHING
    parts = [f"'{word}':{weight}" if weight else f"'{word}'" for word in first]
    return "(" + " <-> ".join([*parts, f"'{last}':*{weight}"]) + ")"


WORDS: Final = Words(
    index=_INDEX,
    cases=_CASES,
    authors=_AUTHORS,
    matching=matching,
    forget=_FORGET,
    indexed=indexed,
)

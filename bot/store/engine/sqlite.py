"""SQLite: what only it says so."""

import re
import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Final

from bot.domain.folding import searchable
from bot.domain.search import Query
from bot.store.engine.connection import Words

IN_A_SPAN: Final = 32_768
"""Cases whose words are kept by themselves.

FTS5 puts together the lists of all words that begin like the one that is looked for before it gives
out the first case. So that this takes no longer the more cases there are, each word begins with a
letter that says in which span its case is, and the spans are asked one after another.
"""
# The first letter for private use: FTS5 takes it for a letter, and no folded text has one.
_FIRST_SPAN: Final = "\ue000"
_WORD: Final = re.compile(r"[^\W_]+")

# A case has room for 65,536 texts, which have neighbouring numbers in the index.
_INDEX: Final = """
INSERT INTO words (rowid, text, author, story)
VALUES (
    COALESCE(
        (SELECT MAX(rowid) + 1 FROM words WHERE rowid >= ?1 << 16 AND rowid < (?1 + 1) << 16),
        ?1 << 16
    ),
    ?2, ?3, ?4
)
"""
_CASES: Final = """
SELECT cases.id FROM words CROSS JOIN cases
LEFT JOIN decisions AS stands ON stands.id = cases.decision_id
WHERE cases.id = words.rowid >> 16 AND words MATCH ? {filters} ORDER BY words.rowid DESC
"""
_AUTHORS: Final = """
SELECT cases.site, cases.author_id FROM words CROSS JOIN cases
WHERE cases.id = words.rowid >> 16 AND words MATCH ? ORDER BY words.rowid DESC LIMIT 500
"""

_FORGET: Final = "DELETE FROM words WHERE rowid >= ?1 << 16 AND rowid < (?1 + 1) << 16"
# FTS5 marks a word as gone, and lets go of it when it merges what knows of it. That its option
# secure-delete does so at once is true of SQLite 3.42 and later only.
_MERGE: Final = "INSERT INTO words (words, rank) VALUES ('merge', ?)"
_CHANGES: Final = "SELECT total_changes()"
_PAGES: Final = 64  # of the index, in one go: some milliseconds


def indexed(text: str) -> str:
    """Return the words of a text, each with the first span's letter before it."""
    return " ".join([_FIRST_SPAN + word for word in _WORD.findall(searchable(text))])


def within(text: str, span: int) -> str:
    """Return words that have the first span's letter with that of another."""
    return text.replace(_FIRST_SPAN, chr(ord(_FIRST_SPAN) + span))


def matching(query: Query) -> str:
    """Return what FTS5 is asked for, empty if it need not be asked."""
    wanted = [
        *(_phrase(words) for words in query.words),
        *(f"author : {_phrase(words)}" for words in query.author),
        *(f"story : {_phrase(words)}" for words in query.story),
    ]
    if not wanted:
        return ""
    without = "".join(f" NOT {_phrase(words)}" for words in query.without)
    return f"({' AND '.join(wanted)}){without}"


def _phrase(words: str) -> str:
    """Quote words so that nothing in them is taken for FTS5's own; the last may go on."""
    return f'"{indexed(words)}" *'


WORDS: Final = Words(
    index=_INDEX,
    cases=_CASES,
    authors=_AUTHORS,
    matching=matching,
    forget=_FORGET,
    indexed=indexed,
    in_a_span=IN_A_SPAN,
    within=within,
)


class SqliteConnection:
    """A connection of the driver's, as the tables know it."""

    def __init__(self, driver: sqlite3.Connection) -> None:
        self._driver = driver
        self._cursor = driver.cursor()
        self.run = self._cursor.execute
        self.run_each = self._cursor.executemany
        self.words = WORDS
        self.claimer: int | None = None
        self.passing_over = ""

    def tell(self, word: str) -> None:
        """Return: nobody else listens."""

    def gone(self, claimers: Sequence[int]) -> Sequence[int]:  # noqa: ARG002 - as there are none
        """Return nothing: one process has the file."""
        return ()

    @contextmanager
    def rows(self, sql: str, values: Sequence[Any]) -> Generator[Iterator[Any]]:
        """Yield rows one by one, on a cursor of their own, until the block is left."""
        with closing(self._driver.execute(sql, values)) as cursor:
            yield cursor

    def add(self, sql: str, values: Sequence[Any]) -> int:
        """Insert one row, and return the id that it was given.

        Not by `RETURNING`, for which SQLite keeps a journal of each statement.
        """
        return self._cursor.execute(sql, values).lastrowid or 0

    def new_ids(self, table: str, number: int) -> Sequence[int]:
        """Return the ids that so many new rows of a table are to have, as SQLite counts them."""
        last = int(self.run(f"SELECT COALESCE(MAX(id), 0) FROM {table}").fetchone()[0])  # noqa: S608 - a name of our own
        return range(last + 1, last + 1 + number)

    def tidy(self, *, begins: bool) -> bool:
        """Merge some of the index of words; false once it is in one piece.

        A negative number begins with all pieces, however young; less than two changes are none.
        """
        before = self.run(_CHANGES).fetchone()[0]
        self.run(_MERGE, (-_PAGES if begins else _PAGES,))
        return self.run(_CHANGES).fetchone()[0] - before >= 2  # noqa: PLR2004 - as FTS5 says

    def begin(self) -> None:
        """Begin a transaction that will write, and take the lock for that at once."""
        self.run("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Keep what was written since `begin`."""
        self.run("COMMIT")

    def begin_reading(self) -> None:
        """Begin a transaction that reads the state at its first statement."""
        self.run("BEGIN")

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction goes on; on a full disk SQLite gives it up by itself."""
        return self._driver.in_transaction

"""Fills a new database on PostgreSQL with what a SQLite file holds."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any, Final

from bot.store.engine.migrate import migrations
from bot.store.engine.postgresql import indexed
from bot.store.engine.postgresql_connection import PostgresqlConnection, translating
from bot.store.engine.postgresql_schema import mark, number_on, require_empty, rest, tables
from bot.store.errors import StoreTrouble

Tell = Callable[[int, int], None]
"""Hears of how many rows have been copied, out of how many."""

_TABLES: Final = """
SELECT name FROM sqlite_master
WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'words%' ORDER BY name
"""
_COLUMNS: Final = "SELECT name FROM pragma_table_info(?) ORDER BY cid"
_WORDS: Final = ("rowid", "text", "author", "story")
_TOLD_EVERY: Final = 1_000


def fill(source: sqlite3.Connection, target: PostgresqlConnection, tell: Tell) -> int:
    """Copy everything in the transaction that goes on, and return how many rows there were.

    Keys, indexes and triggers are made once the rows are there; that a key leads somewhere is
    checked then.

    Args:
        source: A file that is up to date, on one state of it.
        target: An empty database.
        tell: Hears how far it is.

    Raises:
        StoreTrouble: The database is not empty, or does not hold afterwards what the file does.
    """
    version = len(migrations())
    require_empty(target)
    for statement in tables(version):
        target.run(statement)
    columns = _columns(source)
    counts = {table: _count(source.execute, table) for table in columns}
    copied, total = 0, sum(counts.values())
    for table, names in columns.items():
        for _ in _copied(source, target, table, names):
            copied += 1
            if copied % _TOLD_EVERY == 0 or copied == total:
                tell(copied, total)
    for statement in rest(version):
        target.run(statement)
    number_on(target)
    mark(target, version)
    _compare(target, counts)
    return total


def _columns(source: sqlite3.Connection) -> Mapping[str, tuple[str, ...]]:
    found = {
        name: tuple(column for (column,) in source.execute(_COLUMNS, (name,)).fetchall())
        for (name,) in source.execute(_TABLES).fetchall()
    }
    return {**found, "words": _WORDS}


def _copied(
    source: sqlite3.Connection, target: PostgresqlConnection, table: str, names: tuple[str, ...]
) -> Iterator[None]:
    """Copy a table, and yield after each row."""
    listed = ", ".join(names)
    copying = f"COPY {table} ({listed}) FROM STDIN".encode()
    reading = f"SELECT {listed} FROM {table}"  # noqa: S608 - a table of ours
    with (
        translating(),
        target.driver.cursor().copy(copying) as copy,
        closing(source.execute(reading)) as rows,
    ):
        for row in rows:
            copy.write_row(_cut(row) if table == "words" else row)
            yield


def _cut(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a line of the index with its words cut as PostgreSQL's index takes them."""
    number, *texts = row
    return (number, *map(indexed, texts))


def _compare(target: PostgresqlConnection, counts: Mapping[str, int]) -> None:
    for table, expected in counts.items():
        found = _count(target.run, table)
        if found != expected:
            raise StoreTrouble(
                f"The file has {expected:,} rows in {table} and the server {found:,}, so nothing "
                "was kept on the server. Try again; if it stays so, report it."
            )


def _count(run: Callable[[str], Any], table: str) -> int:
    return int(run(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608 - a table of ours

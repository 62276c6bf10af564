"""Brings a database file up to this program's version, and refuses one that is not ours."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.domain.folding import folded, searchable
from bot.store.errors import StoreTooNew, StoreTrouble

APPLICATION_ID = 0x434F4D44
"""Marks a database file as this program's: the letters COMD."""

OLDEST_SQLITE = (3, 37, 0)
"""The first SQLite with STRICT tables."""

_FOLDER = Path(__file__).parent / "migrations"
_NAME = re.compile(r"(\d{4})_\w+\.sql")


def migrations(folder: Path = _FOLDER) -> Mapping[int, str]:
    """Return the migrations' SQL by number, from 1 without gaps.

    Raises:
        ValueError: A number is missing, used twice or malformed.
    """
    found: dict[int, str] = {}
    for path in sorted(folder.glob("*.sql")):
        name = _NAME.fullmatch(path.name)
        if name is None or int(name[1]) != len(found) + 1:
            raise ValueError(f"{path.name} does not follow migration {len(found)}")
        found[len(found) + 1] = path.read_text(encoding="utf-8")
    return found


def check_ours(connection: sqlite3.Connection, known: int) -> None:
    """Refuse a file that is not this program's database, before anything in it is changed.

    Raises:
        StoreTooNew: A newer version of the program wrote it.
        StoreTrouble: It is another program's database, or SQLite is too old.
        sqlite3.DatabaseError: It is no database at all.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreTrouble(
            f"SQLite {sqlite3.sqlite_version} is too old. Version 3.37 or newer is needed."
        )
    version = _number(connection, "PRAGMA user_version")
    mark = _number(connection, "PRAGMA application_id")
    tables = _number(connection, "SELECT COUNT(*) FROM sqlite_master")
    if mark != APPLICATION_ID and (mark or version or tables):
        raise StoreTrouble("The file is a database, but another program's. Name another file.")
    if version > known:
        raise StoreTooNew(
            f"The database is at version {version} and this program knows {known}. "
            "Update the program, or restore a backup from before the update."
        )


def migrate(connection: sqlite3.Connection, scripts: Mapping[int, str]) -> None:
    """Run the migrations that the database has not seen, each in a transaction of its own.

    Raises:
        sqlite3.Error: A migration failed; the database is as it was before that one.
    """
    for function in (folded, searchable):
        connection.create_function(function.__name__, 1, function, deterministic=True)
    for number, script in scripts.items():
        if number <= _number(connection, "PRAGMA user_version"):
            continue
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Asked again under the lock: another process may have been faster.
            if number > _number(connection, "PRAGMA user_version"):
                _apply(connection, number, script)
            connection.execute("COMMIT")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _apply(connection: sqlite3.Connection, number: int, script: str) -> None:
    for statement in _statements(script):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    """Cut a script where SQLite says a statement ends: `executescript` would commit first."""
    gathered = ""
    for line in script.splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""
    if gathered.strip():
        yield gathered


def _number(connection: sqlite3.Connection, sql: str) -> int:
    return int(connection.execute(sql).fetchone()[0])

"""Brings a database file up to this program's version, and refuses one that is not ours."""

import re
import sqlite3
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.domain.decisions import Decision, from_row
from bot.domain.erasure import Erasure, latest
from bot.domain.folding import folded
from bot.domain.record import RecordWalk, in_order
from bot.domain.record_faults import kind_of
from bot.store.engine.sqlite import indexed, within
from bot.store.erased import read_erasures
from bot.store.errors import StoreTooNew, StoreTrouble
from bot.store.times import moment, moment_if

APPLICATION_ID = 0x434F4D44
"""Marks a database file as this program's: the letters COMD."""

OLDEST_SQLITE = (3, 37, 0)
"""The first SQLite with STRICT tables."""

_FOLDER = Path(__file__).parents[1] / "migrations"
_NAME = re.compile(r"(\d{4})_\w+\.sql")
_REBUILDS: Final = "-- Rebuilds the record"
"""Begins a migration that puts another table in the place of the decisions'."""
OF_SQLITE: Final = "-- Of SQLite alone"
"""Begins a migration of which other engines have nothing."""
_RECORD: Final = "SELECT COUNT(*), MAX(id) FROM decisions"


@cache
def migrations(folder: Path = _FOLDER) -> Mapping[int, str]:
    """Return the migrations' SQL by number, from 1 without gaps; they are read once.

    Raises:
        ValueError: A number is missing, used twice or malformed.
    """
    found: dict[int, str] = {}
    for path in sorted(folder.glob("*.sql")):
        name = _NAME.fullmatch(path.name)
        if name is None or int(name[1]) != len(found) + 1:
            raise ValueError(f"{path.name} does not follow migration {len(found)}")
        found[len(found) + 1] = path.read_text(encoding="utf-8")
    return MappingProxyType(found)


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
        StoreTrouble: The record of decisions does not verify, so it is not rebuilt.
        sqlite3.Error: A migration failed; the database is as it was before that one.
    """
    connection.create_function("folded", 1, folded, deterministic=True)
    # As what is searched for is looked up, also in an index that an earlier migration makes.
    connection.create_function("searchable", 1, indexed, deterministic=True)
    connection.create_function("within", 2, within, deterministic=True)
    for number, script in scripts.items():
        if number <= _number(connection, "PRAGMA user_version"):
            continue
        with _unreferenced(connection, script):
            connection.execute("BEGIN IMMEDIATE")
            try:
                # Asked again under the lock: another process may have been faster.
                if number > _number(connection, "PRAGMA user_version"):
                    _apply(connection, number, script)
                connection.execute("COMMIT")
            except (sqlite3.Error, StoreTrouble):
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise


@contextmanager
def _unreferenced(connection: sqlite3.Connection, script: str) -> Generator[None]:
    """Let a migration drop the table that others refer to; only outside a transaction is that."""
    were_on = _number(connection, "PRAGMA foreign_keys")
    if not script.startswith(_REBUILDS) or not were_on:
        yield
        return
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _apply(connection: sqlite3.Connection, number: int, script: str) -> None:
    rebuilds = script.startswith(_REBUILDS)
    before = connection.execute(_RECORD).fetchone() if rebuilds else None
    for statement in statements(script):
        connection.execute(statement)
    if rebuilds:
        _verify(connection, before)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {number}")


def _verify(connection: sqlite3.Connection, before: object) -> None:
    """See that the record is whole: numbered from 1 and as long as before, so what refers to it holds.

    Raises:
        StoreTrouble: It is not, or somebody has edited it.
    """
    erasures = _erasures(connection)
    walk = RecordWalk(latest(erasures))
    record = in_order(_whole_record(connection), erasures)
    broken = next((line for line in record if not walk.accepts(line)), None)
    if broken is None and connection.execute(_RECORD).fetchone() == before:
        return
    where = f"from {kind_of(broken)} {broken.id} on" if broken is not None else "to its end"
    raise StoreTrouble(
        f"The record of decisions does not verify {where}: a line was edited, or is missing. The "
        "database is left as it was, and this version does not work with it. Restore a backup "
        "from before that, or find out who changed the file."
    )


def statements(script: str) -> Iterator[str]:
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


def _whole_record(connection: sqlite3.Connection) -> Iterator[Decision]:
    """Yield every decision, oldest first, of a table that may lack what later versions added."""
    rows = connection.execute("SELECT * FROM decisions ORDER BY id")
    names = [column[0] for column in rows.description]
    for row in rows:
        kept = dict(zip(names, row, strict=True))
        yield from_row({**kept, "at": moment(kept["at"]), "until": moment_if(kept["until"])})


def _erasures(connection: sqlite3.Connection) -> list[Erasure]:
    """Return what was erased in the record, of which earlier versions knew nothing."""
    if not _number(connection, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'erasures'"):
        return []
    return read_erasures(lambda sql: connection.execute(sql).fetchall())

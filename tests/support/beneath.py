"""What tests do to a record beneath the desk, on whichever engine it is kept."""

import shutil
import sqlite3
import subprocess
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bot.store.engine.postgresql import PostgresqlServer
from bot.store.store import Place
from tests.support.databases import made_anew
from tests.support.postgresql import programs

_TABLES = {
    "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


@contextmanager
def connected(place: Place) -> Generator[Any]:
    """Yield a connection of the driver's, on which each statement is kept by itself."""
    if isinstance(place, PostgresqlServer):
        import psycopg  # noqa: PLC0415 - it may not be installed

        with closing(psycopg.connect(place.url, autocommit=True)) as connection:
            yield connection
    else:
        with closing(sqlite3.connect(place, isolation_level=None)) as connection:
            yield connection


def rows(place: Place, question: str) -> list[tuple[Any, ...]]:
    """Return what a question finds."""
    with connected(place) as connection:
        return connection.execute(question).fetchall()


def tables(place: Place) -> list[str]:
    """Return the names of all tables but those by which the engine finds words."""
    asked = _TABLES["postgresql" if isinstance(place, PostgresqlServer) else "sqlite"]
    names = [str(name) for (name,) in rows(place, asked)]
    return [one for one in names if "words" not in one and not one.startswith("sqlite_")]


def forge(place: Place, *statements: str) -> None:
    """Run statements with nothing of what guards the record, as its attacker would."""
    with connected(place) as attacker:
        if isinstance(place, PostgresqlServer):
            attacker.execute("SET session_replication_role = replica")
        else:
            attacker.execute("PRAGMA foreign_keys = OFF")
            named = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
            for (name,) in attacker.execute(named).fetchall():
                attacker.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            attacker.execute(statement)


@contextmanager
def held(place: Place) -> Generator[None]:
    """Keep everybody from writing."""
    with connected(place) as holder:
        if isinstance(place, PostgresqlServer):
            from bot.store.engine.postgresql_connection import WRITING  # noqa: PLC0415 - as above

            holder.execute("SELECT pg_advisory_lock(%s, %s)", WRITING)
        else:
            holder.execute("BEGIN IMMEDIATE")
        yield


def copy(place: Place, to: Path) -> None:
    """Copy a record, as those who run the engine do."""
    if isinstance(place, PostgresqlServer):
        _run("pg_dump", "--format=custom", f"--file={to}", place.url)
        return
    with closing(sqlite3.connect(place)) as here, closing(sqlite3.connect(to)) as there:
        here.backup(there)


def put_back(place: Place, copied: Path | None) -> None:
    """Put a copy, or nothing at all, in the place of a record that nobody has open."""
    if isinstance(place, PostgresqlServer):
        made_anew(place)
        if copied is not None:
            _run("pg_restore", f"--dbname={place.url}", str(copied))
        return
    for left in place.parent.glob(place.name + "*"):
        left.unlink()
    if copied is not None:
        shutil.copy(copied, place)


def _run(name: str, *said: str) -> None:
    subprocess.run([programs() / name, *said], check=True)  # noqa: S603 - PostgreSQL's own

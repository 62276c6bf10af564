"""New desks' databases on the engine that the tests run on: `DESK_TEST_DATABASE` names it."""

import asyncio
import atexit
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, closing
from dataclasses import replace
from functools import cache, partial
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.store.engine.postgresql import PostgresqlServer
from bot.store.sqlite import open_store
from bot.store.store import Place, Store
from tests.support.fresh import new_desk
from tests.support.postgresql import PostgreSQL, running

ENGINE = os.environ.get("DESK_TEST_DATABASE", "sqlite")
"""The engine, sqlite or postgresql."""

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_numbers = count(1)


sqlite_only = pytest.mark.skipif(ENGINE != "sqlite", reason="says how SQLite in particular does it")
"""Marks what is promised of one engine only."""

Opens = Callable[[], AbstractAsyncContextManager[Store]]


@asynccontextmanager
async def new_store(folder: Path) -> AsyncGenerator[Store]:
    """Open the store of a new desk, which is made in the folder where the engine keeps files."""
    async with new_place(folder) as opens, opens() as store:
        yield store


@asynccontextmanager
async def where_tests_say() -> AsyncGenerator[PostgresqlServer | None]:
    """Make a new desk's database on the server that the tests are to use, if they are."""
    if ENGINE == "postgresql":
        async with new_database() as server:
            yield server
    else:
        yield None


@asynccontextmanager
async def new_place(folder: Path) -> AsyncGenerator[Opens]:
    """Make the database of a new desk, and yield what opens it, as often as it is asked to."""
    if ENGINE == "postgresql":
        async with new_postgresql(folder) as opens:
            yield opens
    else:
        yield partial(open_store, new_desk(folder / "desk.db"))


@asynccontextmanager
async def new_postgresql(folder: Path) -> AsyncGenerator[Opens]:
    """Make one on PostgreSQL; the test is skipped where there is none."""
    from bot.store import postgresql  # noqa: PLC0415 - its driver may not be installed

    async with new_database() as server:
        yield partial(postgresql.open_store, replace(server, beside=folder / "desk.db"))


@asynccontextmanager
async def new_database(*, empty: bool = False) -> AsyncGenerator[PostgresqlServer]:
    """Make a database on PostgreSQL, as the first start of a desk leaves it or empty."""
    name = f"desk_{os.getpid()}_{next(_numbers)}"
    like = "template0" if empty else _migrated()
    await asyncio.to_thread(_do, f"CREATE DATABASE {name} TEMPLATE {like}")
    try:
        yield PostgresqlServer(url=_url(name))
    finally:
        await asyncio.to_thread(_do, f"DROP DATABASE {name} WITH (FORCE)")


def made_anew(server: PostgresqlServer) -> None:
    """Let an empty database take the place of one that nobody has open."""
    name = urlsplit(server.url).path.removeprefix("/")
    _do(f"DROP DATABASE {name} WITH (FORCE)")
    _do(f"CREATE DATABASE {name} TEMPLATE template0")


def contents(place: Place) -> bytes:
    """Return all that is in a database, with what SQLite keeps in the log beside it."""
    if isinstance(place, Path):
        files = [place, place.with_name(f"{place.name}-wal")]
        return b"".join(one.read_bytes() for one in files if one.exists())
    import psycopg  # noqa: PLC0415 - it may not be installed

    with closing(psycopg.connect(place.url)) as connection:
        tables = connection.execute(_TABLES).fetchall()
        rows = [
            row
            for (name,) in tables
            for row in connection.execute(f"SELECT t::text FROM {name} t")  # noqa: S608 - tables of ours
        ]
    return "\n".join(text for (text,) in rows).encode()


@cache
def whole_server() -> PostgreSQL:
    """Return the server of this process; it ends with the process."""
    pytest.importorskip("psycopg", reason="comment-desk[postgres] is not installed")
    stack = ExitStack()
    server = stack.enter_context(running())
    atexit.register(stack.close)  # registered last, so it ends before its folder goes
    return server


def _url(name: str) -> str:
    return f"postgresql://desk@/{name}?host={whole_server().folder}"


def _do(statement: str) -> None:
    import psycopg  # noqa: PLC0415 - it may not be installed

    with closing(psycopg.connect(_url("postgres"), autocommit=True)) as connection:
        connection.execute(statement.encode())


@cache
def _migrated() -> str:
    """Return the name of a database that holds a new desk's tables."""
    from bot.store.engine.postgresql_connection import (  # noqa: PLC0415 - as above
        PostgresqlConnection,
        connect,
    )
    from bot.store.engine.postgresql_database import make_ready  # noqa: PLC0415 - as above

    name = f"desk_{os.getpid()}"
    _do(f"CREATE DATABASE {name} TEMPLATE template0")
    with closing(PostgresqlConnection(partial(connect, PostgresqlServer(url=_url(name))))) as made:
        make_ready(made)
    return name

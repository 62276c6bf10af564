"""What the store needs of aiosqlite beyond its public interface; see `bot.store.engine.database`."""

import ast
import asyncio
import sqlite3
import threading
from pathlib import Path

import aiosqlite
import pytest

from bot.store.engine.database import open_database
from bot.store.errors import StoreTrouble


async def test_a_function_runs_whole_in_the_connections_own_thread():
    async with aiosqlite.connect(":memory:") as connection:
        where = [await connection._execute(threading.get_ident) for _ in "ab"]
    assert where[0] == where[1] != threading.get_ident()


async def test_functions_run_one_after_another_with_their_arguments_in_order():
    done = []
    async with aiosqlite.connect(":memory:") as connection:
        await asyncio.gather(*(connection._execute(done.append, number) for number in range(50)))
    assert done == list(range(50))


async def test_what_a_function_raises_is_raised_to_its_caller_and_the_thread_lives_on():
    def fail():
        raise sqlite3.OperationalError("no")

    async with aiosqlite.connect(":memory:") as connection:
        with pytest.raises(sqlite3.OperationalError, match="no"):
            await connection._execute(fail)
        assert await connection._execute(lambda: 7) == 7


async def test_a_function_runs_to_its_end_though_its_caller_leaves():
    begun, gate, ended = threading.Event(), threading.Event(), threading.Event()

    def slow():
        begun.set()
        gate.wait()
        ended.set()

    async with aiosqlite.connect(":memory:") as connection:
        task = asyncio.create_task(connection._execute(slow))
        await asyncio.to_thread(begun.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        gate.set()
        await connection._execute(lambda: None)
        assert ended.is_set()


async def test_a_connection_is_made_and_used_in_one_thread():
    where = []

    def connect():
        where.append(threading.get_ident())
        return sqlite3.connect(":memory:")

    async with open_database(connect) as database:
        assert await database.run(lambda c: c.execute("SELECT 7").fetchone()) == (7,)
        where.append(await database.run(lambda _: threading.get_ident()))
    assert where[0] == where[1] != threading.get_ident()


async def test_a_connection_that_cannot_be_made_leaves_no_thread_behind():
    def connect():
        raise sqlite3.OperationalError("unable to open database file")

    before = set(threading.enumerate())
    with pytest.raises(StoreTrouble):
        async with open_database(connect):
            pass
    assert set(threading.enumerate()) <= before


DRIVERS = {"sqlite3", "aiosqlite", "psycopg"}


def test_only_the_engine_names_the_driver():
    root = Path(__file__).parents[3]
    named = {
        path.relative_to(root).as_posix()
        for room in ("bot", "cogs", "config")
        for path in (root / room).rglob("*.py")
        if any(driver in (text := path.read_text("utf-8")) for driver in DRIVERS)
        for node in ast.walk(ast.parse(text))
        if (isinstance(node, ast.Import) and DRIVERS & {one.name for one in node.names})
        or (isinstance(node, ast.ImportFrom) and node.module in DRIVERS)
    }
    assert named
    assert [path for path in named if not path.startswith("bot/store/engine/")] == []

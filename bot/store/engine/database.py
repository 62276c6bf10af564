"""One SQLite connection in a thread of its own, reached through aiosqlite."""

import logging
import sqlite3
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from threading import Thread, current_thread
from typing import TypeVar

import aiosqlite

from bot.store.engine.backup import keep_before_update
from bot.store.engine.connection import Database
from bot.store.engine.errors import translated
from bot.store.engine.migrate import check_ours, migrate, migrations
from bot.store.errors import StoreDamaged

log = logging.getLogger(__name__)

T = TypeVar("T")

_ROWS_AT_ONCE = 64  # how many rows aiosqlite fetches a hop; it asks for a number, we never iterate

_SETTINGS = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",
)

# What is read is in the system's cache as well: with four times as much, nothing is found sooner.
_READS_FROM = "PRAGMA cache_size = -16384"


class SqliteDatabase(Database):
    """A connection in a thread of aiosqlite's."""

    def __init__(self, connection: aiosqlite.Connection, driver: sqlite3.Connection) -> None:
        super().__init__()
        self._connection = connection
        self._driver = driver

    async def _run(self, function: Callable[[sqlite3.Connection], T], /) -> T:
        # aiosqlite offers statements one by one, a thread hop each, which halves the intake. Its
        # only way to run a whole batch in its thread is this private one; a test pins what we
        # need of it, and the dependency is held to 0.22.
        return await self._connection._execute(function, self._driver)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType]

    async def _close(self) -> None:
        await self._connection.close()


@asynccontextmanager
async def open_database(
    connect: Callable[[], sqlite3.Connection],
) -> AsyncGenerator[SqliteDatabase]:
    """Open a connection in a new thread; at the end what was asked is finished, then closed.

    Args:
        connect: Makes the connection; called in the new thread, which alone may use it.

    Raises:
        StoreTrouble: The file cannot be opened or is not the desk's.
    """
    threads: list[Thread] = []
    opened: list[sqlite3.Connection] = []

    def connector() -> sqlite3.Connection:
        threads.append(current_thread())
        opened.append(connect())
        return opened[0]

    connection = aiosqlite.Connection(connector, _ROWS_AT_ONCE)
    with ExitStack() as unopened:
        # aiosqlite tells its thread to end, and that it still answers to this loop: see it end
        # before the loop may close. It has nothing left to do, so this takes no time.
        unopened.callback(_see_end, threads)
        try:
            await connection
        except sqlite3.Error as error:
            raise translated(error) from error
        unopened.pop_all()
    database = SqliteDatabase(connection, opened[0])
    try:
        yield database
    finally:
        await database.close()


def _see_end(threads: Sequence[Thread]) -> None:
    for thread in threads:
        thread.join()


def connect_writer(path: Path) -> sqlite3.Connection:
    """Return a connection that may write, to a database that is up to date.

    Raises:
        StoreTrouble: The file is not the desk's, or is newer than this program.
        sqlite3.Error: The file cannot be opened, or is no database.
    """
    connection = _connect(path)
    with ExitStack() as unusable:
        unusable.callback(connection.close)
        scripts = migrations()
        check_ours(connection, len(scripts))
        connection.execute("PRAGMA journal_mode = WAL")
        if 0 < connection.execute("PRAGMA user_version").fetchone()[0] < len(scripts):
            log.info("the database is brought up to date; with a million cases that takes minutes")
            keep_before_update(path, connection)
        migrate(connection, scripts)
        unusable.pop_all()
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """Return a connection that cannot write."""
    connection = _connect(path)
    connection.execute("PRAGMA query_only = ON")
    connection.execute(_READS_FROM)
    return connection


def empty_log(connection: sqlite3.Connection) -> bool:
    """Bring all of the write-ahead log into the file, and the log to nothing; false if it is in use.

    Nobody is kept waiting: whoever asks comes again.
    """
    connection.execute("PRAGMA busy_timeout = 0")
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def check(connection: sqlite3.Connection) -> None:
    """Read the whole file.

    Raises:
        StoreDamaged: It does not hold what was written to it.
    """
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise StoreDamaged from error
    if found != "ok":
        raise StoreDamaged


def _connect(path: Path) -> sqlite3.Connection:
    # Transactions are begun and ended by hand; the driver must not begin its own.
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    with ExitStack() as unusable:
        unusable.callback(connection.close)
        for setting in _SETTINGS:
            connection.execute(setting)
        unusable.pop_all()
    return connection

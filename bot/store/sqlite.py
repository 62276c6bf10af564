"""The store on SQLite."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.store import health
from bot.store.engine.backup import copy_to
from bot.store.engine.database import (
    connect_reader,
    connect_writer,
    empty_log,
    open_database,
)
from bot.store.engine.sqlite import SqliteConnection
from bot.store.errors import StoreTrouble
from bot.store.health import Whereabouts
from bot.store.store import Keeper, Store
from bot.store.writer import ROOM, Batches, open_writer

T = TypeVar("T")

_LOG_TRIES = 100
_LOG_WAIT = 0.05
"""Seconds between two tries to empty the log; a reader is through in a few milliseconds."""

_ASKED = "SELECT COALESCE(MAX(id), 0) FROM outbox"


class SqliteKeeper(Keeper):
    """Looks after one SQLite file."""

    def __init__(self, path: Path, whereabouts: Whereabouts) -> None:
        self._path = path
        self._whereabouts = whereabouts

    def require_there(self) -> None:
        """Return if the file is the one that was opened, and where it was.

        Raises:
            StoreTrouble: It is not.
        """
        self._whereabouts.require()

    async def look_through(self) -> None:
        """Read a small database from the disk, whatever of it is still remembered.

        Raises:
            StoreTrouble: It cannot be read, or is damaged.
        """
        await health.look_through(self._path)

    async def let_go(self) -> None:
        """See that nothing of what was taken out is left in the file or in the log beside it.

        Raises:
            StoreTrouble: Another program reads an old state of the database and does not end.
        """
        async with open_database(partial(connect_reader, self._path)) as database:
            for _ in range(_LOG_TRIES):
                if await database.run(empty_log):
                    return
                await asyncio.sleep(_LOG_WAIT)
        raise StoreTrouble(
            f"What was erased may still stand in {self._path.name}-wal, as another program reads the "
            "database. Close it; the next purge empties that file."
        )

    async def backup(self, target: Path) -> None:
        """Copy the database to a new file; the desk goes on meanwhile.

        Raises:
            StoreTrouble: The file exists, or cannot be written.
        """
        # A connection of its own: copying takes a while, and readers should not wait for it.
        async with open_database(partial(connect_reader, self._path)) as source:
            await source.run(partial(copy_to, target))


@asynccontextmanager
async def open_store(path: Path, *, create: bool = True, room: int = ROOM) -> AsyncGenerator[Store]:
    """Open the database and bring it up to date; at the end what was accepted is finished.

    Args:
        path: The file; its folder is made if it is not there.
        create: Whether a file that is not there is made.
        room: How many works may wait before those who write have to wait.

    Raises:
        StoreTooNew: A newer version of the program wrote the file.
        StoreTrouble: The file is not the desk's, cannot be opened, or is not there.
    """
    _prepare(path, create=create)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(partial(connect_writer, path)))
        reader = await stack.enter_async_context(open_database(partial(connect_reader, path)))
        whereabouts = Whereabouts(path)
        whereabouts.require()
        connection = await database.run(SqliteConnection)
        batches = Batches(connection, whereabouts)
        asked = await database.run(lambda _: int(connection.run(_ASKED).fetchone()[0]))
        queue = open_writer(database, batches, asked=asked, room=room)
        writer = await stack.enter_async_context(queue)
        reading = await reader.run(SqliteConnection)
        yield Store(path, writer, reader, reading, SqliteKeeper(path, whereabouts))


def _prepare(path: Path, *, create: bool) -> None:
    """Make the file, for its owner's eyes only: it holds what readers wrote in confidence."""
    if path.exists():
        return
    if not create:
        raise StoreTrouble(f"There is no database at {path}.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise StoreTrouble(f"{path} cannot be made: {error.strerror}.") from error

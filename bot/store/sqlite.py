"""The store on SQLite: one connection that writes in groups, and one that reads."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.store import health
from bot.store.engine.backup import copy_to
from bot.store.engine.connection import Connection
from bot.store.engine.database import (
    Database,
    connect_reader,
    connect_writer,
    empty_log,
    open_database,
)
from bot.store.engine.errors import DriverError, translated
from bot.store.engine.sqlite import SqliteConnection
from bot.store.errors import StoreDamaged, StoreTrouble
from bot.store.health import Whereabouts
from bot.store.prune import prune_effects, prune_receipts, prune_tries
from bot.store.tx import Tx
from bot.store.writer import ROOM, Batches, Writer, open_writer

T = TypeVar("T")

_LOG_TRIES = 100
_LOG_WAIT = 0.05
"""Seconds between two tries to empty the log; a reader is through in a few milliseconds."""

_ASKED = "SELECT COALESCE(MAX(id), 0) FROM outbox"


class Store:
    """The store on one SQLite file; made by `open_store`."""

    def __init__(
        self,
        path: Path,
        writer: Writer,
        reader: Database,
        reading: Connection,
        whereabouts: Whereabouts,
    ) -> None:
        self.path = path
        self._whereabouts = whereabouts
        self._damaged: StoreDamaged | None = None
        self._writer = writer
        self._reader = reader
        self._reading = reading
        self._tx = Tx(reading)

    async def write(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a transaction and return its result once that is on disk.

        Works that wait share one transaction, and a work is run again if another one in it
        failed. The work of a caller that is cancelled may be kept all the same.

        Raises:
            StoreTrouble: The store is closing, or the database could not keep it.
        """
        try:
            return await self._writer.write(work)
        except StoreDamaged as damaged:
            self._damaged = damaged
            raise

    async def read(self, query: Callable[[Tx], T]) -> T:
        """Run `query` on one state, in which every answered write stands; it cannot write.

        Raises:
            StoreTrouble: The database could not be read, or the query tried to write.
        """
        try:
            return await self._reader.run(partial(_read, self._reading, self._tx, query))
        except (DriverError, OverflowError) as error:
            trouble = translated(error)
            if isinstance(trouble, StoreDamaged):
                self._damaged = trouble
            raise trouble from error

    def require_there(self) -> None:
        """Return if the file is still the one that was opened.

        Raises:
            StoreTrouble: It was moved, deleted or replaced.
        """
        self._whereabouts.require()

    async def require_well(self) -> None:
        """Return if a report could be stored now: something of its size was, and read back.

        Damage that was met once is not forgotten, for the next report may meet it again.

        Raises:
            StoreTrouble: It could not; the sentence says why.
        """
        await self._writer.write(health.beat)
        await self._writer.write(health.rest)
        await health.look_through(self.path)
        if self._damaged is not None:
            raise self._damaged

    async def changed(self, seen: int, *, within: float) -> int:
        """Return how many effects were ever asked for, those made due again counted again.

        That is once they are more than `seen`, or after `within` seconds.
        """
        return await self._writer.changed(seen, within=within)

    async def prune(self, before: datetime) -> int:
        """Forget the receipts, and the effects of drawn cards, that are older; return how many.

        A delivery that comes again after that is still not counted twice, as its reader has
        given that reason already. Two weeks is well past any site's last retry.
        """
        receipts = await prune_receipts(self._writer, before)
        effects = await prune_effects(self._writer, before)
        return receipts + effects + await prune_tries(self._writer, before)

    async def let_go(self) -> None:
        """See that nothing of what was erased is left in the file or in the log beside it.

        Raises:
            StoreTrouble: Another program reads an old state of the database and does not end.
        """
        begins = True
        while await self._writer.write(partial(_tidied, begins)):
            begins = False
        async with open_database(partial(connect_reader, self.path)) as database:
            for _ in range(_LOG_TRIES):
                if await database.run(empty_log):
                    return
                await asyncio.sleep(_LOG_WAIT)
        raise StoreTrouble(
            f"What was erased may still stand in {self.path.name}-wal, as another program reads the "
            "database. Close it; the next purge empties that file."
        )

    async def backup(self, target: Path) -> None:
        """Copy the database, as it now is, to a new file; the desk goes on meanwhile.

        Raises:
            StoreTrouble: The file exists, or cannot be written.
        """
        # A connection of its own: copying takes a while, and readers should not wait for it.
        async with open_database(partial(connect_reader, self.path)) as source:
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
        yield Store(path, writer, reader, await reader.run(SqliteConnection), whereabouts)


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


def _tidied(begins: bool, tx: Tx) -> bool:
    return tx.connection.tidy(begins=begins)


def _read(connection: Connection, tx: Tx, query: Callable[[Tx], T], _: object) -> T:
    tx.run("BEGIN")
    try:
        return query(tx)
    finally:
        if connection.in_transaction:
            tx.run("COMMIT")

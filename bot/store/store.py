"""The store: one connection that writes in groups, and one that reads, on whichever engine."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.store import health
from bot.store.engine.connection import Connection, Database
from bot.store.engine.errors import DriverError, translated
from bot.store.engine.postgresql import PostgresqlServer
from bot.store.errors import StoreDamaged, TakenOver
from bot.store.news import ANYTHING, WORK
from bot.store.prune import prune_effects, prune_receipts, prune_tries
from bot.store.tx import Tx
from bot.store.writer import Together, Writer

T = TypeVar("T")

Place = Path | PostgresqlServer
"""Where a store is: a file, or a database on a server."""


class Keeper(ABC):
    """Looks after a database as a whole, as far as its engine does not do that by itself."""

    def require_there(self) -> None:  # noqa: B027 - an engine may see to it by itself
        """Return if the database is still the one that was opened.

        Raises:
            StoreTrouble: It is not.
        """

    async def look_through(self) -> None:  # noqa: B027 - an engine may see to it by itself
        """Read what can be read in a moment.

        Raises:
            StoreTrouble: It cannot be read, or is damaged.
        """

    @abstractmethod
    async def let_go(self) -> None:
        """See that nothing is left of what was taken out of the tables.

        Raises:
            StoreTrouble: Another program keeps an old state.
        """

    @abstractmethod
    async def backup(self, target: Path) -> None:
        """Copy the database, as it now is, to a new file.

        Raises:
            StoreTrouble: The file exists, or cannot be written.
        """


class Asking:
    """A connection beside the one that writes, and its thread."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self.database = database
        self.connection = connection
        self.tx = Tx(connection)


class Store:
    """The store on one database; made by an engine's `open_store`."""

    def __init__(
        self,
        path: Place,
        writer: Writer,
        reader: Database,
        reading: Connection,
        keeper: Keeper,
        claiming: Asking | None = None,
    ) -> None:
        self.path = path
        self._keeper = keeper
        self._damaged: StoreDamaged | None = None
        self._writer = writer
        self._reading = Asking(reader, reading)
        self._claiming = claiming or self._reading
        self._taken = asyncio.Event()
        self._listeners: list[Callable[[str], None]] = []

    async def taken_over(self) -> None:
        """Return once another desk has taken over, which on a file none can."""
        await self._taken.wait()

    async def write(self, work: Callable[[Tx], T] | Together[T]) -> T:
        """Run `work` in a transaction and return its result once that is on disk.

        Works that wait share one transaction, and a work is run again if another one in it
        failed. The work of a caller that is cancelled may be kept all the same.

        Raises:
            StoreTrouble: The store is closing, or the database could not keep it.
        """
        return await self._heard(self._writer.write(work))

    async def write_together(self, work: Together[T]) -> T:
        """Run a work as `write` does, at once with those like it that wait.

        Raises:
            StoreBusy: So much waits that there is no room for it now; nothing was done.
            StoreTrouble: The store is closing, or the database could not keep it.
        """
        return await self._heard(self._writer.write_together(work))

    async def _heard(self, written: Awaitable[T]) -> T:
        try:
            return await written
        except StoreDamaged as damaged:
            self._damaged = damaged
            raise
        except TakenOver:
            self._taken.set()
            raise

    async def read(self, query: Callable[[Tx], T]) -> T:
        """Run `query` on one state, in which every answered write stands; it cannot write.

        Raises:
            StoreTrouble: The database could not be read, or the query tried to write.
        """
        return await self._ask(self._reading, query)

    async def claim(self, query: Callable[[Tx], T]) -> T:
        """Run `query`, which may claim work for this process; it waits for nobody who writes.

        Raises:
            StoreTrouble: The database could not be asked.
        """
        return await self._ask(self._claiming, query)

    async def _ask(self, asking: Asking, query: Callable[[Tx], T]) -> T:
        try:
            return await asking.database.run(partial(_read, asking, query))
        except TakenOver:
            self._taken.set()
            raise
        except StoreDamaged as damaged:
            self._damaged = damaged
            raise
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
        self._keeper.require_there()

    async def tell(self, word: str) -> None:
        """Say a word to the other processes of the desk, if there are any.

        Raises:
            StoreTrouble: It could not be said.
        """
        await self.write(lambda tx: tx.connection.tell(word))

    def on_news(self, act: Callable[[str], None]) -> None:
        """Call `act` with each word that another process says from now on."""
        self._listeners.append(act)

    def heard(self, word: str) -> None:
        """Take note of what another process said."""
        if word in {WORK, ANYTHING}:
            self._writer.hear()
        for act in self._listeners:
            act(word)

    async def require_well(self) -> None:
        """Return if a report could be stored now: something of its size was, and read back.

        Damage that was met once is not forgotten, for the next report may meet it again.

        Raises:
            StoreTrouble: It could not; the sentence says why.
        """
        await self._writer.write(health.beat)
        await self._writer.write(health.rest)
        await self._keeper.look_through()
        if self._damaged is not None:
            raise self._damaged

    @property
    def asked(self) -> int:
        """How many effects were ever asked for; what a later read finds was asked for by then."""
        return self._writer.asked

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
        await self._keeper.let_go()

    async def backup(self, target: Path) -> None:
        """Copy the database, as it now is, to a new file; the desk goes on meanwhile.

        Raises:
            StoreTrouble: The file exists, or cannot be written.
        """
        await self._keeper.backup(target)


def _tidied(begins: bool, tx: Tx) -> bool:
    return tx.connection.tidy(begins=begins)


def _read(asking: Asking, query: Callable[[Tx], T], _: object) -> T:
    asking.connection.begin_reading()
    try:
        return query(asking.tx)
    finally:
        if asking.connection.in_transaction:
            asking.tx.run("COMMIT")

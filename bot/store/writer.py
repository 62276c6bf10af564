"""Group commit: works queue up, and one hop to the database runs all that wait.

What could go wrong, and why it does not:

Confirmed and not on disk. A caller's answer is set only once the batch it was in has come back from
the database's thread, and `Batches.run` returns only after COMMIT. A caller that was cancelled is
told nothing; its work is kept or not as if it had waited.

Several at once. There is one writer for one connection, and a work is a plain function that waits for
nothing, so no other work runs between what it reads and what it writes. That is why a decision may
read the newest line of the record and append the next.

One takes the others along. Works share a transaction only while all go well. When one raises, all
are undone and run again, each within a savepoint; so a work must be one that can run twice, which it
is as long as all it does is in its `Tx`. What fails whole, as a full disk does, fails all of them,
and each caller hears of it.

Left waiting for ever. Whatever happens in the thread, each job's answer is set: a failure of the
database itself becomes the outcome of every work in the batch. `finish` takes no more works, and
ends only when those that were taken are answered, with those that waited to be let in among them.

News that nobody hears. How many effects were ever asked for only grows, and is read before it is
waited for, so who looks too late sees the number and does not wait. What is undone takes its part of
that number back before anybody is told.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import groupby
from typing import Any, Generic, NamedTuple, TypeVar, cast

from bot.domain.errors import apart
from bot.store.engine.connection import Connection, Database
from bot.store.engine.errors import DriverError, is_of_the_disk, translated
from bot.store.errors import STOPPING, StoreBusy, StoreTrouble
from bot.store.health import Whereabouts
from bot.store.news import WORK
from bot.store.tx import Tx

T = TypeVar("T")


class Together(NamedTuple, Generic[T]):
    """A work that is done at once with all like it that wait behind it.

    `all` is given the parts of each, and returns for each what came of it: an error is raised to
    its caller, and nothing of that part may have been written. `size` is how much of the writer's
    room it takes.
    """

    all: Callable[[Tx, Sequence[Any]], Sequence[T | Exception]]
    part: Any
    size: int = 1


Work = Callable[[Tx], Any] | Together[Any]


class Outcome(NamedTuple):
    """What a work returned, or what it raised; then nothing of it was kept.

    One that `spoils` the transaction takes the other works in it along.
    """

    value: Any = None
    error: BaseException | None = None
    spoils: bool = False


class Batches:
    """Runs works on one connection, which must be used from its own thread only."""

    def __init__(self, connection: Connection, whereabouts: Whereabouts | None = None) -> None:
        self._connection = connection
        self._whereabouts = whereabouts
        self._tx = Tx(connection)
        self._run = connection.run

    @property
    def asked(self) -> int:
        """How many effects were asked for by what was kept."""
        return self._tx.outbox.asked

    def run(self, works: Sequence[Work]) -> list[Outcome]:
        """Run the works in one transaction; when this returns, what did not fail is on disk.

        If one raises, all are undone and run again, each inside a savepoint, so that one bad
        work fails alone and the others still share one commit. If the transaction itself fails,
        as on a full disk, all of them fail.
        """
        try:
            if self._whereabouts is not None:
                self._whereabouts.require()
        except StoreTrouble as trouble:
            return [Outcome(error=trouble)] * len(works)
        outcomes = self._transaction(self._tried, _alike(works))
        if isinstance(outcomes, list):
            return outcomes
        if len(works) > 1:
            outcomes = self._transaction(self._apart, ([work] for work in works))
        return outcomes if isinstance(outcomes, list) else [outcomes] * len(works)

    def _transaction(
        self, each: Callable[[Sequence[Work]], list[Outcome]], works: Iterable[Sequence[Work]]
    ) -> list[Outcome] | Outcome:
        """Return what came of the works, or what undid them all."""
        asked = self._tx.outbox.asked
        outcomes: list[Outcome] = []
        try:
            self._connection.begin()
            for some in works:
                done = each(some)
                outcomes += done
                if done[-1].spoils:
                    return self._undone(done[-1], asked)
            if self._tx.outbox.asked != asked:
                self._connection.tell(WORK)
            self._connection.commit()
        except (DriverError, StoreTrouble) as error:
            return self._undone(Outcome(error=translated(error)), asked)
        return outcomes

    def _undone(self, outcome: Outcome, asked: int) -> Outcome:
        # The engine may have rolled back by itself, as SQLite does when the disk is full.
        if self._connection.in_transaction:
            self._run("ROLLBACK")
        self._tx.outbox.asked = asked
        return outcome

    def _tried(self, works: Sequence[Work]) -> list[Outcome]:
        try:
            return _done(self._tx, works)
        except Exception as error:  # noqa: BLE001 - a work's boundary: what it raises is its caller's
            return [Outcome(error=translated(error), spoils=True)] * len(works)

    def _apart(self, works: Sequence[Work]) -> list[Outcome]:
        asked = self._tx.outbox.asked
        self._run("SAVEPOINT work")
        (outcome,) = self._tried(works)
        if outcome.spoils:
            if not self._connection.in_transaction or is_of_the_disk(outcome.error):
                return [outcome]  # the whole transaction is given up, not this work alone
            self._run("ROLLBACK TO work")
            self._tx.outbox.asked = asked
            outcome = Outcome(error=outcome.error)
        self._run("RELEASE work")
        return [outcome]


def _alike(works: Sequence[Work]) -> Iterator[Sequence[Work]]:
    """Yield the works in their order, those of them at once that are done together."""
    for kind, some in groupby(works, lambda one: one.all if isinstance(one, Together) else None):
        if kind is None:
            yield from ([work] for work in some)
        else:
            yield [*some]


def _done(tx: Tx, works: Sequence[Work]) -> list[Outcome]:
    """Return what came of works that are done together, or of one."""
    first = works[0]
    if not isinstance(first, Together):
        return [Outcome(first(tx))]
    alike = cast("Sequence[Together[Any]]", works)
    values = alike[0].all(tx, [work.part for work in alike])
    return [
        Outcome(error=value) if isinstance(value, Exception) else Outcome(value) for value in values
    ]


BATCH = 512
"""Works in one transaction at most; more gains nothing and makes the first wait longer."""

ROOM = 4096
"""Works that may wait, and reports among them; beyond that, those who write wait to be let in, and
reports are turned away."""


class _Job(NamedTuple):
    work: Work
    answer: asyncio.Future[Outcome]


class Writer:
    """The queue before the one connection that writes."""

    def __init__(self, database: Database, batches: Batches, *, asked: int, room: int) -> None:
        self._database = database
        self._batches = batches
        self._queue = asyncio.Queue[_Job](room)
        self._room = room
        self._taken = 0
        self._closing = False
        self._asked_before = asked
        self._asked = asked
        self._news = asyncio.Event()

    async def write(self, work: Callable[[Tx], T] | Together[T]) -> T:
        """Run a work in a transaction and return its result once that is on disk.

        Raises:
            StoreTrouble: The store is closing, or the database could not keep it.
        """
        if self._closing:
            raise StoreTrouble(STOPPING)
        answer = asyncio.get_running_loop().create_future()
        await self._queue.put(_Job(work, answer))
        outcome = await answer
        if outcome.error is not None:
            raise outcome.error
        return outcome.value

    async def write_together(self, work: Together[T]) -> T:
        """Run a work that is done together with others like it, if there is room for it now.

        One that is larger than all the room is let in once nothing else of its kind waits.

        Raises:
            StoreBusy: There is none; nothing of it waits, and nothing was done.
            StoreTrouble: The store is closing, or the database could not keep it.
        """
        if self._queue.full() or (self._taken and self._taken + work.size > self._room):
            raise StoreBusy
        self._taken += work.size
        try:
            return await self.write(work)
        finally:
            self._taken -= work.size

    @property
    def asked(self) -> int:
        """How many effects were ever asked for."""
        return self._asked

    async def changed(self, seen: int, *, within: float) -> int:
        """Return how many effects were ever asked for.

        That is once they are more than `seen`, or after `within` seconds.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self._asked <= seen:
                    await self._news.wait()
        return self._asked

    def hear(self) -> None:
        """Wake those who wait for news: another process has asked for something."""
        self._asked_before += 1
        self._tell_news()

    async def serve(self) -> None:
        """Run what is queued, for ever."""
        while True:
            jobs = [await self._queue.get()]
            while len(jobs) < BATCH and not self._queue.empty():
                jobs.append(self._queue.get_nowait())
            outcomes = await self._outcomes([job.work for job in jobs])
            for job, outcome in zip(jobs, outcomes, strict=True):
                self._queue.task_done()
                if not job.answer.done():  # the caller may have been cancelled
                    job.answer.set_result(outcome)
            self._tell_news()

    async def finish(self) -> None:
        """Take no more works, and return when those that were taken are done."""
        self._closing = True
        # Those who wait to be let in count as taken: they are let in while others are served.
        await self._queue.join()

    async def _outcomes(self, works: Sequence[Work]) -> Sequence[Outcome]:
        with apart() as part:  # all who wait must hear
            return await self._database.run(lambda _: self._batches.run(works))
        # The connection is closed, which aiosqlite says by a ValueError, or it is beyond even
        # a rollback. What the works themselves raise is in their outcomes.
        return [Outcome(error=part.fault and translated(part.fault))] * len(works)

    def _tell_news(self) -> None:
        asked = self._asked_before + self._batches.asked
        if asked != self._asked:
            self._asked = asked
            self._news.set()
            self._news = asyncio.Event()


@asynccontextmanager
async def open_writer(
    database: Database, batches: Batches, *, asked: int, room: int = ROOM
) -> AsyncGenerator[Writer]:
    """Serve a queue while the block lasts; what was taken is finished before it ends.

    Args:
        database: The connection's thread.
        batches: What runs in it.
        asked: How many effects were asked for before.
        room: How many works may wait.
    """
    writer = Writer(database, batches, asked=asked, room=room)
    serving = asyncio.create_task(writer.serve(), name="store writer")
    try:
        yield writer
    finally:
        await writer.finish()
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving

"""The store on PostgreSQL."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final

from bot.store.engine.postgresql import PostgresqlServer
from bot.store.engine.postgresql_connection import (
    WRITING,
    Driver,
    PostgresqlConnection,
    connect,
    translating,
)
from bot.store.engine.postgresql_database import (
    connect_reader,
    make_ready,
    open_database,
)
from bot.store.engine.postgresql_news import listen
from bot.store.errors import StoreAway, StoreTrouble
from bot.store.guard import AnotherDesk
from bot.store.store import Asking, Keeper, Store
from bot.store.writer import ROOM, Batches, open_writer

_ASKED: Final = "SELECT COALESCE(MAX(id), 0) FROM outbox"
_SETTLE: Final = "VACUUM"
# The server notices in some ten seconds that a desk's machine is gone without a word.
_NOTICED_SOON: Final = (
    b"SET tcp_keepalives_idle = 4",
    b"SET tcp_keepalives_interval = 2",
    b"SET tcp_keepalives_count = 2",
    b"SET tcp_user_timeout = 8000",
)
_WHICH: Final = b"SELECT CAST(pg_postmaster_start_time() AS text), current_database()"
_RUNNING: Final = (WRITING[0], 2)
_CUT_OFF: Final = (
    "The desk was cut off from its PostgreSQL server. Nothing of this was kept; the desk tries again "
    "by itself. If that lasts, see whether another desk has taken over."
)
_RUN: Final = b"SELECT pg_try_advisory_lock(%d, %d)" % _RUNNING


class PostgresqlKeeper(Keeper):
    """Looks after a database on a server, which looks after most of it by itself."""

    def __init__(self, server: PostgresqlServer) -> None:
        self._server = server

    async def let_go(self) -> None:
        """Have the server let go of what was taken out of the tables.

        Raises:
            StoreTrouble: The server cannot be reached.
        """
        async with open_database(partial(connect, self._server)) as database:
            await database.run(lambda _: database.connection.run(_SETTLE))

    async def backup(self, target: Path) -> None:
        """Say what makes a copy of a database on a server.

        Raises:
            StoreTrouble: Always.
        """
        raise StoreTrouble(
            f"{self._server} is not copied to {target}: PostgreSQL's own pg_dump makes copies of it."
        )


@asynccontextmanager
async def open_store(
    server: PostgresqlServer, *, alone: bool = False, room: int = ROOM
) -> AsyncGenerator[Store]:
    """Open the database and bring it up to date; at the end what was accepted is finished.

    Args:
        server: Where it is.
        alone: Whether this is the desk that runs on it, of which there is one.
        room: How many works may wait before those who write have to wait.

    Raises:
        AnotherDesk: Another desk runs on it.
        StoreTooNew: A newer version of the program wrote the database.
        StoreTrouble: The server cannot be reached, or the database is not the desk's.
    """
    async with AsyncExitStack() as stack:
        writing = open_database(_Alone(server) if alone else partial(connect, server))
        database = await stack.enter_async_context(writing)
        connection = database.connection
        await database.run(lambda _: make_ready(connection))
        reading = open_database(partial(connect_reader, server))
        reader = await stack.enter_async_context(reading)
        claimer = await stack.enter_async_context(open_database(partial(connect, server)))
        claimer.connection.be_for_claims()
        if alone:
            number = await database.run(lambda _: connection.take_over())
            for other in (reader, claimer):
                other.connection.be_desk(number)
        asked = await database.run(lambda _: int(connection.run(_ASKED).fetchone()[0]))
        queue = open_writer(database, Batches(connection), asked=asked, room=room)
        writer = await stack.enter_async_context(queue)
        claiming = Asking(claimer, claimer.connection)
        keeper = PostgresqlKeeper(server)
        store = Store(server, writer, reader, reader.connection, keeper, claiming)
        own = partial(_number_of, connection)
        hearing = asyncio.create_task(listen(server, own, store.heard), name="store news")
        try:
            yield store
        finally:
            hearing.cancel()
            with suppress(asyncio.CancelledError):
                await hearing


@contextmanager
def reading(server: PostgresqlServer) -> Generator[PostgresqlConnection]:
    """Open a database, which is left as it is, and read one state of it while the block lasts.

    Raises:
        StoreTrouble: The server cannot be reached, or is none for a desk.
    """
    with closing(PostgresqlConnection(partial(connect_reader, server))) as connection:
        connection.begin_reading()
        yield connection


async def which(server: PostgresqlServer) -> tuple[str, str]:
    """Return what tells a database from any other, by whichever address it is reached.

    Raises:
        StoreTrouble: The server cannot be reached, or is none for a desk.
    """
    return await asyncio.to_thread(_which, server)


def _which(server: PostgresqlServer) -> tuple[str, str]:
    with closing(connect(server)) as driver, translating():
        started, name = driver.execute(_WHICH).fetchone() or ("", "")
        return started, name


def _number_of(connection: PostgresqlConnection) -> int:
    return connection.driver.info.backend_pid


class _Alone:
    """Makes the connection of the one desk that runs.

    Once it was that one, its place may be taken by itself: the server has to notice that its last
    connection was lost. If another has taken over, whoever reads finds that.
    """

    def __init__(self, server: PostgresqlServer) -> None:
        self._server = server
        self._ran = False

    def __call__(self) -> Driver:
        try:
            driver = _connect_alone(self._server)
        except AnotherDesk:
            if self._ran:
                raise StoreAway(_CUT_OFF) from None
            raise
        self._ran = True
        return driver


def _connect_alone(server: PostgresqlServer) -> Driver:
    """Return a connection with the lock of the one desk that runs.

    The server ends the lock with the connection, however that ends; a desk that lost it asks again
    before it writes anything more, and is refused if another has taken over.

    Raises:
        AnotherDesk: Another has it.
        StoreTrouble: The server cannot be reached, or is none for a desk.
    """
    driver = connect(server)
    with translating():
        for noticing in _NOTICED_SOON:
            driver.execute(noticing)
        row = driver.execute(_RUN).fetchone()
    if not row or not row[0]:
        driver.close()
        raise AnotherDesk(
            f"Another desk runs on {server} already. Two would post every card twice. Stop that one "
            "first, or give this one a database of its own in DESK_DATABASE_URL."
        )
    return driver

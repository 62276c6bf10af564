"""PostgreSQL connections, each in a thread of its own."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from bot.store.engine.connection import Database
from bot.store.engine.postgresql import PostgresqlServer
from bot.store.engine.postgresql_connection import (
    Driver,
    PostgresqlConnection,
    connect,
    translating,
)
from bot.store.engine.postgresql_schema import bring_up_to_date

T = TypeVar("T")

_READING: Final = (
    b"SET default_transaction_read_only = on",
    # Who reads keeps nobody waiting, and may have to wait for a slow pipe.
    b"SET idle_in_transaction_session_timeout = 0",
)


class PostgresqlDatabase(Database):
    """A connection in a thread of an executor's."""

    def __init__(self, thread: ThreadPoolExecutor, connection: PostgresqlConnection) -> None:
        super().__init__()
        self.connection = connection
        self._thread = thread

    async def _run(self, function: Callable[[Any], T], /) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, function, self.connection.driver)

    async def _close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self.connection.close)


@asynccontextmanager
async def open_database(anew: Callable[[], Driver]) -> AsyncGenerator[PostgresqlDatabase]:
    """Open a connection in a new thread; at the end what was asked is finished, then closed.

    Args:
        anew: Makes the connection, and makes it again once it is lost; called in the new thread.

    Raises:
        StoreTrouble: The server cannot be reached, or is none for a desk.
    """
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="postgresql")
    try:
        opening = asyncio.get_running_loop().run_in_executor(thread, PostgresqlConnection, anew)
        database = PostgresqlDatabase(thread, await opening)
        try:
            yield database
        finally:
            await database.close()
    finally:
        thread.shutdown()


def make_ready(connection: PostgresqlConnection) -> None:
    """Make the tables, or bring them up to date, once nobody writes.

    Raises:
        StoreTooNew: A newer version of the program wrote the database.
        StoreTrouble: It is another program's.
    """
    connection.begin()
    try:
        bring_up_to_date(connection)
        connection.run("COMMIT")
    finally:
        if connection.in_transaction:
            connection.run("ROLLBACK")


def connect_reader(server: PostgresqlServer) -> Driver:
    """Return a connection that cannot write.

    Raises:
        StoreTrouble: The server cannot be reached, or is none for a desk.
    """
    driver = connect(server)
    with translating():
        for setting in _READING:
            driver.execute(setting)
    return driver

"""Moves a desk's record from a file to a server."""

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from bot.store.engine.database import connect_writer
from bot.store.engine.errors import DriverError, translated
from bot.store.engine.postgresql import PostgresqlServer
from bot.store.engine.postgresql_connection import PostgresqlConnection, connect
from bot.store.engine.postgresql_filling import Tell, fill
from bot.store.errors import StoreTrouble
from bot.store.guard import only_desk
from bot.store.tx import Tx


def move(
    source: Path, server: PostgresqlServer, tell: Tell, look: Callable[[Tx], str | None]
) -> int:
    """Copy all of a file into an empty database, and return how many rows that were.

    It is one transaction: whatever goes wrong, nothing is left on the server. The file is brought
    up to date first, as at any start, and stays.

    Args:
        source: The file; no desk may run on it.
        server: Where to.
        tell: Hears how far it is.
        look: Looks over what has arrived, and returns what is wrong with it, if anything.

    Raises:
        StoreTrouble: A desk runs on the file, it cannot be read, the database is not empty, or
            what has arrived is not what was there.
    """
    if not source.exists():
        raise StoreTrouble(f"There is no database at {source}.")
    with only_desk(source):
        try:
            with closing(connect_writer(source)) as file:
                file.execute("BEGIN")
                with closing(PostgresqlConnection(partial(connect, server))) as target:
                    return _moved(target, look, lambda: fill(file, target, tell))
        except DriverError as error:
            raise translated(error) from error


def _moved(
    target: PostgresqlConnection, look: Callable[[Tx], str | None], filling: Callable[[], int]
) -> int:
    target.begin()
    try:
        rows = filling()
        wrong = look(Tx(target))
        if wrong is not None:
            raise StoreTrouble(f"{wrong} Nothing was kept on the server.")
        target.run("COMMIT")
    finally:
        if target.in_transaction:
            target.run("ROLLBACK")
    return rows

"""Opens the store where the settings say it is."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from importlib.util import find_spec
from pathlib import Path

from bot.store import sqlite
from bot.store.engine.postgresql import PostgresqlServer
from bot.store.errors import StoreTrouble
from bot.store.guard import AnotherDesk, only_desk, remember, require_known
from bot.store.store import Place, Store

log = logging.getLogger(__name__)

_AGAIN_AFTER = 1.0
"""Seconds from one look whether the desk that runs is gone to the next."""


def place_of(database: Path, url: str | None) -> Place:
    """Return where the record is: on the server if one is named, in the file otherwise."""
    return PostgresqlServer(url=url, beside=database) if url else database


def require_shared(place: Place) -> None:
    """Return if several processes may do a desk's work on a store.

    Raises:
        StoreTrouble: It is a file.
    """
    if isinstance(place, Path):
        raise StoreTrouble(
            f"The record is in the file {place}, which one process writes to, so --only cannot be "
            "used. Run the desk without it, or move the record to PostgreSQL and name that in "
            "DESK_DATABASE_URL; docs/scaling.md says how."
        )


async def require_apart(places: Mapping[str, Place]) -> None:
    """Return if no two newsrooms have one database on a server, though each names it otherwise.

    Raises:
        StoreTrouble: Two have, or one cannot be reached.
    """
    owners = dict[tuple[str, str], str]()
    servers = [(name, place) for name, place in places.items() if not isinstance(place, Path)]
    if len(servers) < 2:  # noqa: PLR2004 - one is apart from all others
        return
    require_driver()
    from bot.store import postgresql  # noqa: PLC0415 - only who uses it has its driver

    for name, server in servers:
        other = owners.setdefault(await postgresql.which(server), name)
        if other != name:
            raise StoreTrouble(
                f"Newsrooms {other} and {name} have the database in common, though they name it "
                "otherwise. Give each its own."
            )


def beside(place: Place) -> Path:
    """Return beside which path the files lie that are kept outside the database."""
    return place if isinstance(place, Path) else place.beside


def open_store(place: Place, *, create: bool = True) -> AbstractAsyncContextManager[Store]:
    """Open the store, beside others that may have it open.

    Args:
        place: Where it is.
        create: Whether a file that is not there is made; on a server the tables always are.

    Raises:
        StoreTrouble: It cannot be opened; the sentence says why.
    """
    if isinstance(place, Path):
        return sqlite.open_store(place, create=create)
    return _open_server(place, alone=False)


@asynccontextmanager
async def open_alone(
    place: Place, *, anew: bool = False, stands_by: bool = False
) -> AsyncGenerator[Store]:
    """Open the store for the one desk that runs on it.

    Args:
        place: Where it is.
        anew: Whether a new file may take the place of one that is gone.
        stands_by: Whether to wait while another desk runs on it, and take over once that is gone.

    Raises:
        AnotherDesk: Another desk runs on it.
        StoreTrouble: It cannot be opened; the sentence says why.
    """
    async with AsyncExitStack() as stack:
        said = False
        while True:
            try:
                store = await stack.enter_async_context(_open_alone(place, anew=anew))
                break
            except AnotherDesk:
                if not stands_by:
                    raise
            if not said:
                log.info("another desk runs; this one stands by")
                said = True
            await asyncio.sleep(_AGAIN_AFTER)
        yield store


@asynccontextmanager
async def _open_alone(place: Place, *, anew: bool) -> AsyncGenerator[Store]:
    if not isinstance(place, Path):
        async with _open_server(place, alone=True) as store:
            yield store
        return
    if not anew:
        require_known(place)
    with only_desk(place):
        async with sqlite.open_store(place) as store:
            remember(place)
            yield store


def require_driver() -> None:
    """Return if what speaks to PostgreSQL is installed.

    Raises:
        StoreTrouble: It is not.
    """
    if find_spec("psycopg") is None:
        raise StoreTrouble(
            "The record is to be on a PostgreSQL server, and what speaks to it is not installed. "
            "Install it: make postgres"
        )


def _open_server(server: PostgresqlServer, *, alone: bool) -> AbstractAsyncContextManager[Store]:
    require_driver()
    from bot.store import postgresql  # noqa: PLC0415 - only who uses it has its driver

    return postgresql.open_store(server, alone=alone)

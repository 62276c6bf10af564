"""What processes on one PostgreSQL tell each other, so that none has to ask all the time."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import psycopg

from bot.store.engine.postgresql import PostgresqlServer
from bot.store.engine.postgresql_connection import CHANNEL, KEEPING
from bot.store.news import ANYTHING

_AGAIN_AFTER = 1.0
"""Seconds before a connection that was lost is made anew."""


async def listen(
    server: PostgresqlServer, own: Callable[[], int], heard: Callable[[str], None]
) -> None:
    """Pass on what others say, for ever; what was said while nobody listened counts as anything.

    `own` is the number of the connection that this process itself speaks on.
    """
    while True:
        with suppress(psycopg.Error):
            connecting = psycopg.AsyncConnection.connect(server.url, autocommit=True, **KEEPING)
            async with await connecting as connection:
                await connection.execute(f"LISTEN {CHANNEL}".encode())
                heard(ANYTHING)
                async for said in connection.notifies():
                    if said.pid != own():
                        heard(said.payload)
        await asyncio.sleep(_AGAIN_AFTER)

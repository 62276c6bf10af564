"""Closing a gateway's sockets that discord.py let go of, as it does before the gateway's hello."""

import asyncio
from contextlib import suppress
from typing import Any

import aiohttp
from discord.http import HTTPClient

_GOOD_BYE = 1.0
"""Seconds that the other end has to answer a good-bye; after that the socket is just dropped."""


class Sockets:
    """Every socket that a client opened.

    discord.py keeps a socket only once the gateway has said hello on it. One on which something
    else was said, or nothing, stayed open for as long as the process.
    """

    def __init__(self, http: HTTPClient) -> None:
        self._opened: list[aiohttp.ClientWebSocketResponse] = []
        connect = http.ws_connect

        async def ws_connect(url: str, **more: Any) -> aiohttp.ClientWebSocketResponse:
            socket = await connect(url, **more)
            self._opened = [one for one in self._opened if not one.closed]
            self._opened.append(socket)
            return socket

        setattr(http, "ws_connect", ws_connect)  # noqa: B010 - discord.py offers no other place

    async def close(self) -> None:
        """Close those that are open; nothing is waited for long."""
        for socket in self._opened:
            with suppress(TimeoutError):
                async with asyncio.timeout(_GOOD_BYE):
                    await socket.close()

"""Whether Discord can be spoken to: through which client, and until when it wants to hear nothing."""

import asyncio
import time
from collections.abc import Callable

import discord

_LONGEST_HOLD = 3600.0
"""Seconds: whatever Discord says, it is asked again after an hour."""


class Hold:
    """Until when Discord takes no request of the whole bot.

    It outlives the client: Discord counts by bot and address, not by connection.
    """

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def left(self) -> float:
        """Seconds for which nothing is to be asked, 0 if anything may be."""
        return max(0.0, self._until - time.monotonic())

    def extend(self, seconds: float) -> None:
        """Ask nothing for at least so long from now."""
        self._until = max(self._until, time.monotonic() + min(seconds, _LONGEST_HOLD))

    async def over(self) -> None:
        """Return when something may be asked."""
        while (left := self.left) > 0:  # noqa: ASYNC110 - a time, which may be put off meanwhile
            await asyncio.sleep(left)


HearTime = Callable[[str | None], None]


class Presence:
    """Whether Discord can be spoken to, and through which client.

    `hear_time` is told what time Discord says it is, with each of its answers.
    """

    def __init__(self, hear_time: HearTime = lambda _date: None) -> None:
        self.hear_time = hear_time
        self._client: discord.Client | None = None
        self._here = asyncio.Event()
        self.hold = Hold()

    @property
    def is_here(self) -> bool:
        """Whether a client is connected."""
        return self._here.is_set()

    def arrive(self, client: discord.Client) -> None:
        """A client has connected and knows its guild."""
        self._client = client
        self._here.set()

    def leave(self) -> None:
        """The client is gone; who waits, waits for the next one."""
        self._client = None
        self._here.clear()

    @property
    def current(self) -> discord.Client | None:
        """The connected client, `None` if there is none now."""
        return self._client

    async def client(self) -> discord.Client:
        """Return the connected client, waiting for one if need be."""
        while self._client is None:
            await self._here.wait()
        return self._client

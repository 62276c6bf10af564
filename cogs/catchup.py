"""What moderators did while the desk was down: typed lines first, then reactions."""

import asyncio
import logging
from collections.abc import Mapping

import discord
from discord.ext import commands

from bot.client import DeskClient
from bot.services.desk import Desk
from bot.services.routing import channels
from cogs import failures
from cogs.missed import Missed
from cogs.typed import TypedLines

log = logging.getLogger(__name__)

_MOST_MESSAGES = 500
_TRIES_AFTER = (0.0, 2.0, 10.0, 60.0)
"""Seconds before each try: Discord often has trouble yet just after an outage."""


class CatchUp(commands.Cog):
    """Goes through the channel once after every connection."""

    def __init__(self, client: DeskClient, typed: TypedLines, missed: Missed) -> None:
        self._client = client
        self._desk: Desk = client.desk
        self._typed = typed
        self._missed = missed
        self._read_to: dict[int, int | None] = {}

    async def cog_load(self) -> None:
        """Note how far lines were read, before there is a connection.

        A line typed just after it is made moves that on, past those that were missed.
        """
        for channel_id in self._channels():
            self._read_to[channel_id] = await self._cursor(channel_id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Handle what was missed; a trouble here must not keep new cards from coming."""
        read_to, self._read_to = self._read_to, {}
        for wait in _TRIES_AFTER:
            await asyncio.sleep(wait)
            if self._client.is_closed():
                return
            try:
                await self._lines(read_to)
                await self._missed.look()
            except failures.UNHEARD as error:
                log.warning("what was done while the desk was down is read later: %s", error)
            else:
                return

    def _channels(self) -> list[int]:
        return sorted(channels(self._desk.policy(), self._client.place.channel_id))

    async def _cursor(self, channel_id: int) -> int | None:
        return await self._desk.store.read(lambda tx: tx.cards.cursor(channel_id))

    async def _lines(self, read_to: Mapping[int, int | None]) -> None:
        for channel_id in self._channels():
            known = channel_id in read_to
            cursor = read_to[channel_id] if known else await self._cursor(channel_id)
            try:
                await self._lines_in(channel_id, cursor)
            except (discord.Forbidden, discord.NotFound):
                log.warning("channel %s is not there, or the bot cannot read it", channel_id)

    async def _lines_in(self, channel_id: int, cursor: int | None) -> None:
        channel = self._client.get_partial_messageable(channel_id)
        newest = cursor or 0
        if cursor is not None:
            after = discord.Object(cursor)
            async for message in channel.history(
                limit=_MOST_MESSAGES, after=after, oldest_first=True
            ):
                await self._typed.handle(message)
                newest = message.id
        else:
            # The first start: what was typed before the desk came is not for it.
            async for message in channel.history(limit=1):
                newest = message.id
        await self._desk.store.write(lambda tx: tx.cards.advance(channel_id, newest))


async def setup(client: DeskClient) -> None:
    """Called by discord.py when the extension is loaded, after those it builds upon."""
    typed, missed = client.get_cog("TypedLines"), client.get_cog("Missed")
    if isinstance(typed, TypedLines) and isinstance(missed, Missed):
        await client.add_cog(CatchUp(client, typed, missed))

"""What moderators did while the desk was down: typed lines first, then reactions."""

import asyncio
import logging
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, repeat

import discord
from discord.ext import commands

from bot.client import DeskClient
from bot.services.desk import Desk
from bot.store.errors import StoreTrouble
from cogs import failures
from cogs.cases.missed import Missed
from cogs.cases.typed import TypedLines

log = logging.getLogger(__name__)

_TRIES_AFTER = (0.0, 2.0, 10.0, 60.0)
"""Seconds before each try, the last for as long as it takes: lines wait to be read."""


@dataclass(slots=True, kw_only=True)
class _Since:
    """What stands in a channel since a line: those typed, those that were answered, the newest."""

    newest: int
    lines: list[discord.Message] = field(default_factory=list[discord.Message])
    answered: set[int | None] = field(default_factory=set[int | None])


class CatchUp(commands.Cog):
    """Goes through the channel once after every connection."""

    def __init__(self, client: DeskClient, typed: TypedLines, missed: Missed) -> None:
        self._client = client
        self._desk: Desk = client.desk
        self._typed = typed
        self._missed = missed

    @commands.Cog.listener()
    async def on_connect(self) -> None:
        """Note that lines may have been missed, before any that are typed from now on."""
        self._typed.reading.new_session()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Handle what was missed; a trouble here must not keep new cards from coming."""
        session = self._typed.reading.session
        for wait in chain(_TRIES_AFTER, repeat(_TRIES_AFTER[-1])):
            await asyncio.sleep(wait)
            if self._is_over(session):
                return
            try:
                await self._typed.answer_again()
                await self._lines()
                self._typed.reading.caught_up(session)
                unknown = await self._missed.look()
                await self._missed.follow(unknown, partial(self._is_over, session))
            except (*failures.UNHEARD, StoreTrouble) as error:
                log.warning("what was done while the desk was down is read later: %s", error)
            else:
                return

    def _is_over(self, session: int) -> bool:
        return self._client.is_closed() or session != self._typed.reading.session

    async def _lines(self) -> None:
        for place, parent in self._places().items():
            cursor = await self._cursor(place)
            if cursor is None and place != parent:
                # A thread that began while the desk was down, or in which nothing was typed yet.
                cursor = await self._cursor(parent)
            try:
                await self._lines_in(place, cursor)
            except (discord.Forbidden, discord.NotFound):
                log.warning("channel %s is not there, or the bot cannot read it", place)

    def _places(self) -> dict[int, int]:
        """Return where lines are read, each thread with the channel it is in."""
        places = {channel_id: channel_id for channel_id in sorted(self._typed.channels())}
        guild = self._client.get_guild(self._client.place.guild_id)
        return places | {
            thread.id: thread.parent_id
            for thread in (guild.threads if guild else ())
            if self._typed.is_read(thread)
        }

    async def _cursor(self, channel_id: int) -> int | None:
        return await self._desk.store.read(lambda tx: tx.cursors.typed(channel_id))

    async def _lines_in(self, channel_id: int, cursor: int | None) -> None:
        """Read what was typed since; what the desk has answered there is done with.

        The newest line goes first, so that one which its author has overtaken is known to be so.
        """
        channel = self._client.get_partial_messageable(channel_id)
        if cursor is None:
            await self._typed.reading.keep(channel_id, await _newest(channel))
            return
        since = await self._since(channel, cursor)
        for message in reversed(since.lines):
            if message.id not in since.answered:
                await self._typed.handle(message, late=True)
        await self._typed.reading.keep(channel_id, since.newest)

    async def _since(self, channel: discord.PartialMessageable, cursor: int) -> _Since:
        found = _Since(newest=cursor)
        after = discord.Object(cursor)
        async for message in channel.history(limit=None, after=after, oldest_first=True):
            found.newest = message.id
            if self._client.is_me(message.author.id) and message.reference is not None:
                found.answered.add(message.reference.message_id)
            elif await self._typed.is_line(message):
                found.lines.append(message)
        return found


async def _newest(channel: discord.PartialMessageable) -> int:
    """Return where a first start begins: what was typed before the desk came is not for it."""
    async for message in channel.history(limit=1):
        return message.id
    return 0


async def setup(client: DeskClient) -> None:
    """Called by discord.py when the extension is loaded, after those it builds upon."""
    typed, missed = client.get_cog("TypedLines"), client.get_cog("Missed")
    if isinstance(typed, TypedLines) and isinstance(missed, Missed):
        await client.add_cog(CatchUp(client, typed, missed))

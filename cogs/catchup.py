"""What moderators did while the desk was down: typed lines first, then reactions."""

import asyncio
import logging
from collections.abc import Mapping

import discord
from discord.ext import commands

from bot.client import DeskClient
from bot.domain.case import CardRef
from bot.services.desk import Desk
from bot.services.routing import channels
from cogs import failures
from cogs.people import with_roles
from cogs.reactions import Reactions, action_of
from cogs.typed import TypedLines

log = logging.getLogger(__name__)

_MOST_MESSAGES = 500
_TRIES_AFTER = (0.0, 2.0, 10.0, 60.0)
"""Seconds before each try: Discord often has trouble yet just after an outage."""


class CatchUp(commands.Cog):
    """Goes through the channel once after every connection."""

    def __init__(self, client: DeskClient, typed: TypedLines, reactions: Reactions) -> None:
        self._client = client
        self._desk: Desk = client.desk
        self._typed = typed
        self._reactions = reactions
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
                await self._reacted()
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

    async def _reacted(self) -> None:
        for ref in await self._desk.store.read(lambda tx: tuple(tx.cards.open_ones())):
            await self._reactions_on(ref)

    async def _reactions_on(self, ref: CardRef) -> None:
        channel = self._client.get_partial_messageable(ref.channel_id)
        try:
            message = await channel.fetch_message(ref.message_id)
        except discord.NotFound:
            return
        for reaction in message.reactions:
            emoji = discord.PartialEmoji.from_str(str(reaction.emoji))
            action = action_of(emoji.name, self._desk.policy())
            if action is None or reaction.count <= int(reaction.me):
                continue
            async for user in reaction.users():
                if user.id != getattr(self._client.user, "id", None):
                    member = await with_roles(self._client, self._client.place.guild_id, user)
                    await self._reactions.handle(ref, member, emoji, action)


async def setup(client: DeskClient) -> None:
    """Called by discord.py when the extension is loaded, after those it builds upon."""
    typed, reactions = client.get_cog("TypedLines"), client.get_cog("Reactions")
    if isinstance(typed, TypedLines) and isinstance(reactions, Reactions):
        await client.add_cog(CatchUp(client, typed, reactions))

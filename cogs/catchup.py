"""What moderators did while the desk was down: typed lines first, then reactions."""

import logging

import discord
from discord.ext import commands

from bot.client import DeskClient
from bot.domain.case import CardRef
from bot.services.desk import Desk
from bot.services.routing import channels
from cogs.people import with_roles
from cogs.reactions import Reactions, action_of
from cogs.typed import TypedLines

log = logging.getLogger(__name__)

_MOST_MESSAGES = 500


class CatchUp(commands.Cog):
    """Goes through the channel once after every connection."""

    def __init__(self, client: DeskClient, typed: TypedLines, reactions: Reactions) -> None:
        self._client = client
        self._desk: Desk = client.desk
        self._typed = typed
        self._reactions = reactions

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Handle what was missed; a trouble here must not keep new cards from coming."""
        try:
            await self._lines()
            await self._reacted()
        except discord.HTTPException as error:
            log.warning("what was done while the desk was down is read later: %s", error)

    async def _lines(self) -> None:
        for channel_id in sorted(channels(self._desk.policy(), self._client.place.channel_id)):
            try:
                await self._lines_in(channel_id)
            except (discord.Forbidden, discord.NotFound):
                log.warning("channel %s is not there, or the bot cannot read it", channel_id)

    async def _lines_in(self, channel_id: int) -> None:
        cursor = await self._desk.store.read(lambda tx: tx.cards.cursor(channel_id))
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

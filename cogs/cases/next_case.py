"""Working through what waits, the worst first: Next, `/next`, and the overview that offers it."""

import logging
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.cases import case_card
from bot.cards.press_table import Pressed, answers
from bot.cards.presses.cases import NextCase, SkipCase
from bot.cards.staff import staff_messages
from bot.client import DeskClient
from bot.domain.staff import Person
from bot.services.cases import lookup
from bot.services.cases.next_case import hand_out, skip
from bot.services.desk import Desk
from cogs import failures
from cogs.people import person

_Interaction = discord.Interaction[Any]

log = logging.getLogger(__name__)


class NextCases(commands.Cog):
    """Hands out one case after the other, each to one person."""

    def __init__(self, client: DeskClient) -> None:
        self._client = client
        self._desk: Desk = client.desk

    @app_commands.command(name="next", description="Take the worst case that is free")
    async def next_case(self, interaction: _Interaction) -> None:
        """Hand out a case."""
        work = partial(self._handed, person(interaction.user), interaction)
        await failures.reply(interaction, self._desk, work, passing=True)

    @answers(NextCase)
    async def _next(self, _press: NextCase, at: Pressed) -> discord.ui.LayoutView:
        return await self._handed(at.by, at.interaction)

    @answers(SkipCase)
    async def _skip(self, press: SkipCase, at: Pressed) -> discord.ui.LayoutView:
        await skip(self._desk, press.case, at.by)
        return await self._handed(at.by, at.interaction)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Take away what Discord writes when the overview is pinned: it is pinned often."""
        is_notice = message.type is discord.MessageType.pins_add
        if not is_notice or not self._client.is_me(message.author.id):
            return
        try:
            await message.delete()
        except failures.UNHEARD as error:
            log.warning("that the overview was pinned stays in the channel: %s", error)

    async def _handed(self, by: Person, interaction: _Interaction) -> discord.ui.LayoutView:
        desk, where = self._desk, _channel(interaction)
        made = await hand_out(desk, by, where=where, own=self._client.place.channel_id)
        if made.case_id is None:
            return staff_messages.nothing_free(waits=made.waits, elsewhere=made.elsewhere)
        view = await lookup.view(desk, made.case_id, by, where=where)
        can = desk.site_can(view.case.site)
        return case_card.render(view, desk.policy(), now=desk.clock(), site_can=can, skip=True)


def _channel(interaction: _Interaction) -> int | None:
    """Return the channel that somebody is in; of a thread, the one it belongs to."""
    channel = interaction.channel
    return channel.parent_id if isinstance(channel, discord.Thread) else interaction.channel_id


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(NextCases(client))

"""The answers to whether a reaction is meant to ban."""

from functools import partial
from typing import Any

import discord
from discord.ext import commands

from bot.cards import answers
from bot.cards.buttons import Kind, Press
from bot.cards.text import reactions as reaction_text
from bot.client import DeskClient
from bot.domain.staff import Person
from bot.services import reacting
from bot.services.desk import Desk
from bot.services.shift import a_lot_today
from cogs import failures
from cogs.people import person
from cogs.replies import ban_form

_Interaction = discord.Interaction[Any]


class Hammer(commands.Cog):
    """Bans, shows the form or does nothing, as whoever reacted says."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @commands.Cog.listener()
    async def on_desk_press(self, interaction: _Interaction, press: Press) -> None:
        """Carry out what was answered."""
        by = person(interaction.user)
        match press.kind:
            case Kind.HAMMER:
                await failures.reply(interaction, self._desk, partial(self._ban, press, by))
            case Kind.HAMMER_CHANGE:
                await failures.ask(interaction, self._desk, partial(self._form, press, by))
            case Kind.HAMMER_CANCEL:
                await failures.reply(interaction, self._desk, partial(self._cancel, press, by))
            case _:
                return

    async def _ban(self, press: Press, by: Person) -> discord.ui.LayoutView:
        ruling = await reacting.confirm(self._desk, press.extra, press.case_id, by)
        return answers.ruled(
            ruling,
            self._desk.policy(),
            site_can=self._desk.site_can,
            a_lot=await a_lot_today(self._desk, by),
        )

    async def _form(self, press: Press, by: Person) -> discord.ui.Modal | discord.ui.LayoutView:
        question = await reacting.asked(self._desk, press.extra, press.case_id, by)
        return await ban_form(self._desk, press.case_id, question.card.revision, by)

    async def _cancel(self, press: Press, by: Person) -> discord.ui.LayoutView:
        question = await reacting.asked(self._desk, press.extra, press.case_id, by)
        await reacting.cancel(self._desk, question.id)
        return answers.saying(reaction_text.CANCELLED)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Hammer(client.desk))

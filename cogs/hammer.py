"""The answers to whether a reaction is meant to ban."""

import discord
from discord.ext import commands

from bot.cards import answers as said
from bot.cards.case_presses import BanAsAsked, BanNobody, BanOtherwise
from bot.cards.press_table import Pressed, answers, opens
from bot.cards.text import reactions as reaction_text
from bot.client import DeskClient
from bot.services import reacting
from bot.services.desk import Desk
from bot.services.shift import a_lot_today
from cogs.replies import ban_form


class Hammer(commands.Cog):
    """Bans, shows the form or does nothing, as whoever reacted says."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @answers(BanAsAsked)
    async def _ban(self, press: BanAsAsked, at: Pressed) -> discord.ui.LayoutView:
        ruling = await reacting.confirm(self._desk, press.question, press.case, at.by)
        return said.ruled(
            ruling,
            self._desk.policy(),
            site_can=self._desk.site_can,
            a_lot=await a_lot_today(self._desk, at.by),
        )

    @opens(BanOtherwise)
    async def _form(
        self, press: BanOtherwise, at: Pressed
    ) -> discord.ui.Modal | discord.ui.LayoutView:
        question = await reacting.asked(self._desk, press.question, press.case, at.by)
        return await ban_form(self._desk, press.case, question.card.revision, at.by)

    @answers(BanNobody)
    async def _cancel(self, press: BanNobody, at: Pressed) -> discord.ui.LayoutView:
        question = await reacting.asked(self._desk, press.question, press.case, at.by)
        await reacting.cancel(self._desk, question.id)
        return said.saying(reaction_text.CANCELLED)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Hammer(client.desk))

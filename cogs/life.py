"""The checklist on the card of a threat to life."""

from typing import Any

import discord
from discord.ext import commands

from bot.cards import life_card
from bot.cards.buttons import Kind, Press
from bot.client import DeskClient
from bot.domain.errors import NotUnderstood
from bot.services.desk import Desk
from bot.services.life import tick
from cogs import failures
from cogs.people import person


class LifeSteps(commands.Cog):
    """Logs what was done."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @commands.Cog.listener()
    async def on_desk_press(self, interaction: discord.Interaction[Any], press: Press) -> None:
        """Log the step that was picked."""
        if press.kind is not Kind.LIFE_STEP:
            return
        by = person(interaction.user)

        async def work() -> discord.ui.LayoutView:
            place = press.picked
            if place is None or place >= len(life_card.STEPS):
                raise NotUnderstood("Pick a step from the list.")
            life = await tick(self._desk, press.case_id, life_card.STEPS[place], by)
            return life_card.ticked(life, press.case_id)

        await failures.reply(interaction, self._desk, work)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(LifeSteps(client.desk))

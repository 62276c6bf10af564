"""The checklist on the card of a threat to life."""

import discord
from discord.ext import commands

from bot.cards import life_card
from bot.cards.case_presses import TickLifeStep
from bot.cards.press_table import Pressed, answers
from bot.client import DeskClient
from bot.domain.errors import NotUnderstood
from bot.services.desk import Desk
from bot.services.life import tick


class LifeSteps(commands.Cog):
    """Logs what was done."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @answers(TickLifeStep)
    async def _tick(self, press: TickLifeStep, at: Pressed) -> discord.ui.LayoutView:
        """Log the step that was picked."""
        place = at.number
        if place is None or place >= len(life_card.STEPS):
            raise NotUnderstood("Pick a step from the list.")
        life = await tick(self._desk, press.case, life_card.STEPS[place], at.by)
        return life_card.ticked(life, press.case)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(LifeSteps(client.desk))

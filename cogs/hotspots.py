"""The few behind the many reports."""

import asyncio
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import links
from bot.cards.hotspots_card import headings, hotspots_card, nothing
from bot.client import DeskClient, Place
from bot.domain.hotspots import Hotspots as Found
from bot.domain.staff import Person
from bot.services import hotspots
from bot.services.desk import Desk
from cogs import failures
from cogs.people import person

_Interaction = discord.Interaction[Any]


class Hotspots(commands.Cog):
    """`/hotspots`."""

    def __init__(self, desk: Desk, place: Place) -> None:
        self._desk = desk
        self._place = place

    @app_commands.command(description="Show the authors, stories and quarrels behind most reports")
    @app_commands.describe(days="How many days to look back; a week if left out")
    async def hotspots(
        self, interaction: _Interaction, days: app_commands.Range[int, 1, 31] = 7
    ) -> None:
        """Show the few behind the many."""
        work = partial(self._shown, person(interaction.user), days)
        await failures.reply(interaction, self._desk, work)

    async def _shown(self, by: Person, days: int) -> discord.ui.LayoutView:
        found, refs = await hotspots.week(self._desk, by, days=days)
        if not found.reports:
            return nothing(days)
        image = await asyncio.to_thread(_drawn, found)
        there = {number: links.jump(self._place.guild_id, ref) for number, ref in refs.items()}
        return hotspots_card(found, days=days, links=there, image=image)


def _drawn(found: Found) -> bytes:
    from bot.cards.hotspots_chart import draw  # noqa: PLC0415 - matplotlib takes its time to load

    return draw(found, headings())


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Hotspots(client.desk, client.place))

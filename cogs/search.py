"""Finding cases by what is remembered of them."""

from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.case_presses import ShowFound
from bot.cards.press_table import Pressed, answers
from bot.cards.search_list import search_list
from bot.client import DeskClient, Place
from bot.domain.search import LONGEST
from bot.domain.staff import Person
from bot.services.desk import Desk
from bot.services.search import search
from cogs import failures
from cogs.people import person
from cogs.replies import links_to

_Interaction = discord.Interaction[Any]


class Search(commands.Cog):
    """`/search`, and looking through what it found."""

    def __init__(self, desk: Desk, place: Place) -> None:
        self._desk = desk
        self._place = place

    @app_commands.command(description="Find cases by words, author, story, rule, moderator or day")
    @app_commands.describe(
        text="Such as: author:salty rule:3 by:ana after:1/11 on:monday is:hidden stolen bike"
    )
    async def search(
        self, interaction: _Interaction, text: app_commands.Range[str, 1, LONGEST]
    ) -> None:
        """Find cases."""
        work = partial(self._list, text, person(interaction.user), 0)
        await failures.reply(interaction, self._desk, work)

    @answers(ShowFound)
    async def _further(self, press: ShowFound, at: Pressed) -> discord.ui.LayoutView:
        return await self._list(press.line, at.by, press.offset)

    async def _list(self, text: str, by: Person, offset: int) -> discord.ui.LayoutView:
        line = " ".join(text.split())
        found = await search(self._desk, line, by, offset=offset)
        links = links_to(self._place, found.views)
        return search_list(found, line, self._desk.policy(), links=links)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Search(client.desk, client.place))

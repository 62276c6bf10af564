"""Answers for who is new on the desk."""

from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.help_pages import help_page
from bot.cards.press_table import Pressed, answers
from bot.cards.staff_presses import ShowHelp
from bot.cards.text import help as help_text
from bot.client import DeskClient
from bot.domain.staff import Person
from bot.services.desk import Desk
from cogs import failures
from cogs.people import person

_Interaction = discord.Interaction[Any]

_TOPICS = [
    app_commands.Choice(name=help_text.TITLES[topic], value=str(topic)) for topic in help_text.Topic
]


class Help(commands.Cog):
    """`/help`, a page a question."""

    def __init__(self, client: DeskClient) -> None:
        self._client = client
        self._desk: Desk = client.desk

    @app_commands.command(description="How the desk works, and what you may do")
    @app_commands.describe(about="What you want to know; leave empty to start at the beginning")
    @app_commands.choices(about=_TOPICS)
    async def help(
        self, interaction: _Interaction, about: app_commands.Choice[str] | None = None
    ) -> None:
        """Show a page of the help."""
        topic = help_text.Topic(about.value) if about else help_text.Topic.START
        work = partial(self._page, person(interaction.user), topic)
        await failures.reply(interaction, self._desk, work)

    @answers(ShowHelp)
    async def _further(self, press: ShowHelp, at: Pressed) -> discord.ui.LayoutView:
        topic = (
            help_text.Topic(press.topic)
            if press.topic in list(help_text.Topic)
            else help_text.Topic.START
        )
        return await self._page(at.by, topic)

    async def _page(self, by: Person, topic: help_text.Topic) -> discord.ui.LayoutView:
        rank = self._desk.authority.rank(by)
        return help_page(topic, rank, self._desk.policy(), self._commands())

    def _commands(self) -> list[tuple[str, str]]:
        return [
            (command.qualified_name, command.description)
            for command in self._client.tree.walk_commands()
            if isinstance(command, app_commands.Command)
        ]


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Help(client))

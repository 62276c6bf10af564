"""Legal notices: `/legal notice`, `/legal list`, and what is pressed on their cards."""

from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import legal_card, legal_modal
from bot.cards.buttons import Kind, Press
from bot.client import DeskClient
from bot.domain.errors import NotUnderstood
from bot.domain.ids import CaseId
from bot.domain.staff import Person
from bot.services import legal
from bot.services.desk import Desk
from cogs import failures
from cogs.people import person

_Interaction = discord.Interaction[Any]


class Legal(commands.Cog):
    """Takes in notices and says what was done about them."""

    legal = app_commands.Group(name="legal", description="Legal notices, for senior moderators")

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @legal.command(description="Record a legal notice about a comment")
    @app_commands.describe(case="The number on the comment's card")
    async def notice(
        self, interaction: _Interaction, case: app_commands.Range[int, 1, 10**15]
    ) -> None:
        """Show the form, to whoever may take a notice in."""
        case_id, by = CaseId(case), person(interaction.user)

        async def form() -> discord.ui.Modal:
            view = await legal.case_for(self._desk, case_id, by)
            return legal_modal.LegalModal(view.case)

        await failures.ask(interaction, self._desk, form)

    @legal.command(name="list", description="Legal notices with a deadline running")
    async def running(self, interaction: _Interaction) -> None:
        """List the running notices."""
        by = person(interaction.user)

        async def work() -> discord.ui.LayoutView:
            return legal_card.listed(await legal.running(self._desk, by))

        await failures.reply(interaction, self._desk, work)

    @commands.Cog.listener()
    async def on_desk_form(self, interaction: _Interaction) -> None:
        """Take the form; read here, it is understood after a restart too."""
        said = legal_modal.read(interaction)
        if said is None:
            return
        by = person(interaction.user)

        async def work() -> discord.ui.LayoutView:
            return legal_card.taken_in(await legal.take_in(self._desk, said, by=by))

        await failures.reply(interaction, self._desk, work)

    @commands.Cog.listener()
    async def on_desk_press(self, interaction: _Interaction, press: Press) -> None:
        """Say what was done, or show the letters."""
        by = person(interaction.user)
        if press.kind is Kind.LEGAL_STEP:
            await failures.reply(interaction, self._desk, partial(self._step, press, by))
        elif press.kind is Kind.LEGAL_LETTERS:
            await failures.reply(interaction, self._desk, partial(self._letters, press, by))

    async def _step(self, press: Press, by: Person) -> discord.ui.LayoutView:
        place = press.picked
        if place is None or place >= len(legal_card.STAGES):
            raise NotUnderstood("Pick what was done from the list.")
        stage = legal_card.STAGES[place]
        return legal_card.stepped(await legal.step(self._desk, press.extra, stage, by=by))

    async def _letters(self, press: Press, by: Person) -> discord.ui.LayoutView:
        notice = await legal.get(self._desk, press.extra, by)
        view = await legal.case_for(self._desk, notice.case_id, by)
        return legal_card.letters(notice, view)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Legal(client.desk))

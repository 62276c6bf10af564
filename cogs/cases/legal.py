"""Legal notices and threats to life: `/legal`, and what is pressed on their cards."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.cases import legal_card, life_card
from bot.cards.press_table import Pressed, answers
from bot.cards.presses.cases import LegalForm, ShowLetters, TakeLegalStep, TickLifeStep
from bot.client import DeskClient
from bot.domain.errors import NotUnderstood
from bot.domain.ids import CaseId
from bot.services.cases import legal
from bot.services.cases.auto_hide import tick
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
            return legal_card.LegalModal(view.case)

        await failures.ask(interaction, self._desk, form)

    @legal.command(name="list", description="Legal notices with a deadline running")
    async def running(self, interaction: _Interaction) -> None:
        """List the running notices."""
        by = person(interaction.user)

        async def work() -> discord.ui.LayoutView:
            return legal_card.listed(await legal.running(self._desk, by))

        await failures.reply(interaction, self._desk, work)

    @answers(LegalForm)
    async def _take_in(self, form: LegalForm, at: Pressed) -> discord.ui.LayoutView:
        said = legal_card.read(form, at.fields)
        return legal_card.taken_in(await legal.take_in(self._desk, said, by=at.by))

    @answers(TakeLegalStep)
    async def _step(self, press: TakeLegalStep, at: Pressed) -> discord.ui.LayoutView:
        place = at.number
        if place is None or place >= len(legal_card.STAGES):
            raise NotUnderstood("Pick what was done from the list.")
        stage = legal_card.STAGES[place]
        return legal_card.stepped(await legal.step(self._desk, press.notice, stage, by=at.by))

    @answers(ShowLetters)
    async def _letters(self, press: ShowLetters, at: Pressed) -> discord.ui.LayoutView:
        notice = await legal.get(self._desk, press.notice, at.by)
        view = await legal.case_for(self._desk, notice.case_id, at.by)
        return legal_card.letters(notice, view)


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
    await client.add_cog(Legal(client.desk))
    await client.add_cog(LifeSteps(client.desk))

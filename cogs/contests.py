"""Contests of decisions: `/contests` lists them, `/contest` answers one."""

from datetime import timedelta
from functools import partial
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import answers
from bot.cards.contest_list import contest_list
from bot.cards.text import contests as contest_text
from bot.client import DeskClient, Place
from bot.domain.ids import RuleNumber
from bot.domain.readers.contest import LONGEST_TEXT, Answer
from bot.domain.staff import Person
from bot.services.desk import Desk
from bot.services.readers.contest import answer_contest, waiting_contests
from cogs import failures
from cogs.people import person
from cogs.replies import links_to

_Interaction = discord.Interaction[Any]
_ANSWERS = {
    "stands": Answer.UPHELD,
    "is changed": Answer.OVERTURNED,
    "is shortened": Answer.SHORTENED,
}


class Contests(commands.Cog):
    """`/contests` and `/contest`."""

    def __init__(self, desk: Desk, place: Place) -> None:
        self._desk = desk
        self._place = place

    @app_commands.command(description="List the decisions that somebody contests")
    async def contests(self, interaction: _Interaction) -> None:
        """List contests."""
        work = partial(self._list, person(interaction.user), interaction.channel_id)
        await failures.reply(interaction, self._desk, work)

    @app_commands.command(description="Answer somebody who contests a decision you had no part in")
    @app_commands.describe(
        number="The number of the contest",
        decision="What becomes of the decision",
        reasons="Why; whoever contests reads this",
        rule="The rule to cite, if a comment that was kept is hidden after all",
        days="How long a shortened ban is in all, from when it was given",
    )
    async def contest(
        self,
        interaction: _Interaction,
        number: app_commands.Range[int, 1, 10**15],
        decision: Literal["stands", "is changed", "is shortened"],
        reasons: app_commands.Range[str, 1, LONGEST_TEXT],
        rule: app_commands.Range[int, 1, 999] | None = None,
        days: app_commands.Range[int, 1, 3650] | None = None,
    ) -> None:
        """Answer a contest."""
        answer, by = _ANSWERS[decision], person(interaction.user)

        async def work() -> discord.ui.LayoutView:
            await answer_contest(
                self._desk,
                number,
                answer,
                by=by,
                reasons=reasons,
                rule=RuleNumber(rule) if rule is not None else None,
                lasting=timedelta(days=days) if days is not None else None,
            )
            return answers.saying(contest_text.answered(number, answer))

        await failures.reply(interaction, self._desk, work)

    async def _list(self, by: Person, where: int | None) -> discord.ui.LayoutView:
        waiting = await waiting_contests(self._desk, by, where=where)
        links = links_to(self._place, [(one.view, one.card) for one in waiting])
        return contest_list(waiting, self._desk.policy(), links=links)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Contests(client.desk, client.place))

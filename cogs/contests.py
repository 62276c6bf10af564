"""Contested decisions: `/contests` lists them; `/contest` and a card's buttons answer one."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import answers, contest_modal
from bot.cards.contest_card import contest_words
from bot.cards.contest_list import contest_list
from bot.cards.contest_presses import (
    ContestForm,
    OfContest,
    OverturnDecision,
    ReadContest,
    ShortenBan,
    UpholdDecision,
)
from bot.cards.press_table import Pressed, opens
from bot.cards.press_table import answers as replies_to
from bot.cards.text import contests as contest_text
from bot.cards.text import decisions as decision_text
from bot.client import DeskClient, Place
from bot.domain.contested import Answer
from bot.domain.errors import NotUnderstood
from bot.domain.ids import RuleNumber
from bot.domain.readers.contest import LONGEST_TEXT
from bot.domain.staff import Person
from bot.services.desk import Desk
from bot.services.readers.contest import answer_contest
from bot.services.readers.contest_view import read_contest, to_answer, waiting_contests
from cogs import failures
from cogs.people import person
from cogs.replies import links_to

_Interaction = discord.Interaction[Any]
_ANSWERS = {
    "stands": Answer.UPHELD,
    "is changed": Answer.OVERTURNED,
    "is shortened": Answer.SHORTENED,
}
_PRESSED: Mapping[type[OfContest], Answer] = {
    UpholdDecision: Answer.UPHELD,
    OverturnDecision: Answer.OVERTURNED,
    ShortenBan: Answer.SHORTENED,
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

    @opens(UpholdDecision, OverturnDecision, ShortenBan)
    async def _form(self, press: OfContest, at: Pressed) -> discord.ui.Modal:
        """Show the form to whoever may answer, and only to them."""
        seen = await to_answer(self._desk, press.contest, at.by)
        answer = _PRESSED[type(press)]
        return contest_modal.ContestModal(seen, answer, self._desk.policy())

    @replies_to(ContestForm)
    async def _answer(self, form: ContestForm, at: Pressed) -> discord.ui.LayoutView:
        filled = contest_modal.read(form, at.fields)
        if filled is None:
            raise NotUnderstood(decision_text.FORM_UNREAD)
        await answer_contest(
            self._desk,
            form.contest,
            filled.answer,
            by=at.by,
            reasons=filled.reasons,
            rule=filled.rule,
            lasting=filled.lasting,
        )
        return answers.saying(contest_text.answered(form.contest, filled.answer))

    @replies_to(ReadContest)
    async def _read(self, press: ReadContest, at: Pressed) -> discord.ui.LayoutView:
        seen = await read_contest(self._desk, press.contest, at.by, where=at.where)
        return contest_words(seen, self._desk.policy(), page=press.page)

    async def _list(self, by: Person, where: int | None) -> discord.ui.LayoutView:
        waiting = await waiting_contests(self._desk, by, where=where)
        links = links_to(self._place, [(one.view, one.card) for one in waiting])
        return contest_list(waiting, self._desk.policy(), links=links)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Contests(client.desk, client.place))

"""Deciding, looking and searching by slash command."""

from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.cases.case_lines import search_list
from bot.cards.press_table import Pressed, answers
from bot.cards.presses.cases import ShowFound
from bot.client import DeskClient, Place
from bot.domain import bans
from bot.domain.decisions import Action, Door, Verdict
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.search import LONGEST
from bot.domain.staff import Person
from bot.services.cases.lookup import search
from bot.services.desk import Desk
from cogs import failures
from cogs.cases.case_menu import details, link_to
from cogs.cases.replies import decided, links_to, queue_answer, seen_then
from cogs.choices import case_choices, rule_choices
from cogs.people import person

_NOTE_LENGTH = 500

_LENGTHS = [
    *(
        app_commands.Choice(name=bans.in_words(lasting), value=lasting.days)
        for lasting in bans.OFFERED
    ),
    app_commands.Choice(name=bans.in_words(None), value=0),
]

_Interaction = discord.Interaction[Any]
_CaseNumber = app_commands.Range[int, 1, 10**15]
_Note = app_commands.Range[str, 1, _NOTE_LENGTH]


class Slash(commands.Cog):
    """`/keep`, `/hide`, `/ban`, `/queue` and `/case`."""

    def __init__(self, desk: Desk, place: Place) -> None:
        self._desk = desk
        self._place = place

    @app_commands.command(description="Let a reported comment stand")
    @app_commands.describe(case="The number on the card", note="For the record")
    async def keep(
        self, interaction: _Interaction, case: _CaseNumber, note: _Note | None = None
    ) -> None:
        """Keep a comment."""
        await self._decide(interaction, Action.KEEP, case, note=note)

    @app_commands.command(description="Take a reported comment off the site")
    @app_commands.describe(
        case="The number on the card",
        rule="The house rule to cite; the most reported one if left out",
        note="For the record",
    )
    async def hide(
        self,
        interaction: _Interaction,
        case: _CaseNumber,
        rule: int | None = None,
        note: _Note | None = None,
    ) -> None:
        """Hide a comment."""
        await self._decide(interaction, Action.HIDE, case, rule=rule, note=note)

    @app_commands.command(description="Take a comment off the site and ban its author")
    @app_commands.describe(
        case="The number on the card",
        duration="For how long",
        rule="The house rule to cite; the most reported one if left out",
        note="For the record",
    )
    @app_commands.choices(duration=_LENGTHS)
    async def ban(
        self,
        interaction: _Interaction,
        case: _CaseNumber,
        duration: app_commands.Choice[int],
        rule: int | None = None,
        note: _Note | None = None,
    ) -> None:
        """Ban an author."""
        lasting = bans.of_days(duration.value)
        await self._decide(interaction, Action.BAN, case, rule=rule, note=note, lasting=lasting)

    @app_commands.command(description="List the open cases, worst first")
    async def queue(self, interaction: _Interaction) -> None:
        """List the queue."""
        by = person(interaction.user)
        await failures.reply(
            interaction, self._desk, partial(queue_answer, self._desk, self._place, by)
        )

    @app_commands.command(description="Show everything about one case")
    @app_commands.describe(case="The number on the card")
    async def case(self, interaction: _Interaction, case: _CaseNumber) -> None:
        """Show a case."""
        by = person(interaction.user)
        work = partial(self._details, CaseId(case), by, interaction.channel_id)
        await failures.reply(interaction, self._desk, work)

    @keep.autocomplete("case")
    @hide.autocomplete("case")
    @ban.autocomplete("case")
    @case.autocomplete("case")
    async def _cases(
        self, interaction: _Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        return await case_choices(self._desk, person(interaction.user), current)

    @hide.autocomplete("rule")
    @ban.autocomplete("rule")
    async def _rules(
        self, interaction: _Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        return await rule_choices(self._desk, person(interaction.user), current)

    async def _decide(
        self, interaction: _Interaction, action: Action, case: int, **details: Any
    ) -> None:
        rule = details.pop("rule", None)
        verdict = Verdict(
            action=action,
            by=person(interaction.user),
            door=Door.SLASH,
            rule=RuleNumber(rule) if rule is not None else None,
            **details,
        )

        async def work() -> discord.ui.LayoutView:
            seen = await seen_then(self._desk, CaseId(case), interaction.created_at)
            return await decided(self._desk, CaseId(case), verdict, seen=seen)

        await failures.reply(interaction, self._desk, work)

    async def _details(
        self, case_id: CaseId, by: Person, where: int | None
    ) -> discord.ui.LayoutView:
        link = await link_to(self._desk, self._place, case_id)
        return await details(self._desk, case_id, by, where=where, link=link)


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
    await client.add_cog(Slash(client.desk, client.place))
    await client.add_cog(Search(client.desk, client.place))

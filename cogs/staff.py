"""The desk itself: going on and off shift, the rules and the policy, and help for who is new."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.cases import case_answers
from bot.cards.members import still_staff
from bot.cards.press_table import Pressed, answers
from bot.cards.presses.others import ShowHelp
from bot.cards.staff import policy_card
from bot.cards.staff.help_pages import help_page
from bot.cards.text import help as help_text
from bot.cards.text import staff as staff_text
from bot.cards.text import status as status_text
from bot.client import DeskClient
from bot.domain.errors import NotUnderstood
from bot.domain.ids import RuleNumber
from bot.domain.staff import Person, Rank
from bot.services import rules
from bot.services.desk import Desk
from bot.services.staff.shift import OnShift, end_shift, start_shift, take_break, who_is_on
from bot.services.staff.status import status
from cogs import failures
from cogs.choices import rule_choices
from cogs.people import person

_Interaction = discord.Interaction[Any]


class Shift(commands.Cog):
    """Who is called when a case waits too long."""

    shift = app_commands.Group(name="shift", description="Go on or off shift, or see who is on")

    def __init__(self, client: DeskClient) -> None:
        self._client = client
        self._desk: Desk = client.desk

    @shift.command(description="Start your shift: overdue cases ping you")
    @app_commands.describe(hours="How many hours until it ends by itself; 8 if left out")
    async def start(
        self, interaction: _Interaction, hours: app_commands.Range[int, 1, 16] = 8
    ) -> None:
        """Go on shift."""

        async def work(by: Person) -> str:
            return staff_text.on_shift_until(
                await start_shift(self._desk, by, timedelta(hours=hours))
            )

        await self._answer(interaction, work)

    @shift.command(description="End your shift: no more calls")
    async def end(self, interaction: _Interaction) -> None:
        """Go off shift."""

        async def work(by: Person) -> str:
            return staff_text.SHIFT_OVER if await end_shift(self._desk, by) else staff_text.NOT_ON

        await self._answer(interaction, work)

    @shift.command(description="See who is on shift now")
    async def who(self, interaction: _Interaction) -> None:
        """Show who is on shift."""

        async def work(by: Person) -> str:
            on = await self._there(await who_is_on(self._desk, by))
            return _who(on, self._desk.authority.holding(Rank.MODERATOR))

        await self._answer(interaction, work)

    @app_commands.command(name="break", description="Take a break: no calls")
    @app_commands.describe(minutes="How many minutes; 30 if left out, 0 ends a break")
    async def rest(
        self, interaction: _Interaction, minutes: app_commands.Range[int, 0, 480] = 30
    ) -> None:
        """Take a break."""

        async def work(by: Person) -> str:
            until = await take_break(self._desk, by, timedelta(minutes=minutes))
            return staff_text.resting_until(until) if until else staff_text.BREAK_OVER

        await self._answer(interaction, work)

    async def _there(self, on: OnShift) -> OnShift:
        """Leave out who has left, or is no moderator any more."""
        everybody = [*on.people, *(one for one, _ in on.resting)]
        guild_id, authority = self._client.place.guild_id, self._desk.authority
        there = await still_staff(self._client, guild_id, authority, everybody)
        return OnShift(
            people=tuple(one for one in on.people if one in there),
            resting=tuple(one for one in on.resting if one[0] in there),
        )

    async def _answer(
        self, interaction: _Interaction, work: Callable[[Person], Awaitable[str]]
    ) -> None:
        by = person(interaction.user)

        async def said() -> discord.ui.LayoutView:
            return case_answers.saying(await work(by))

        await failures.reply(interaction, self._desk, said)


def _who(on: OnShift, roles: Sequence[int]) -> str:
    if not on.people and not on.resting:
        return staff_text.nobody_on(" ".join(f"<@&{role}>" for role in roles))
    people = [f"<@{one}>" for one in on.people]
    people += [staff_text.resting(f"<@{one}>", until) for one, until in on.resting]
    return staff_text.on_shift(", ".join(people))


class Status(commands.Cog):
    """Says how the desk stands."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @app_commands.command(description="See how the desk stands: what waits, what is in the way")
    async def status(self, interaction: _Interaction) -> None:
        """Show what waits and what is refused now."""
        by = person(interaction.user)

        async def said() -> discord.ui.LayoutView:
            return case_answers.saying(status_text.status(await status(self._desk, by)))

        await failures.reply(interaction, self._desk, said)


class Rules(commands.Cog):
    """Shows the rules and the policy, and takes a changed one."""

    policy = app_commands.Group(name="policy", description="The newsroom's policy")

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @app_commands.command(description="List the house rules, or show one")
    @app_commands.describe(rule="The rule to show; all of them if left out")
    async def rules(self, interaction: _Interaction, rule: int | None = None) -> None:
        """List the house rules, or show one."""
        by = person(interaction.user)

        async def work() -> discord.ui.LayoutView:
            policy = await rules.shown(self._desk, by)
            if rule is None:
                return policy_card.rules(policy)
            found = policy.by_number.get(RuleNumber(rule))
            if found is None:
                raise NotUnderstood(f"There is no house rule {rule}. /rules lists them.")
            return policy_card.rule(found)

        await failures.reply(interaction, self._desk, work)

    @rules.autocomplete("rule")
    async def _rules(
        self, interaction: _Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        return await rule_choices(self._desk, person(interaction.user), current)

    @policy.command(description="Show the policy in force")
    async def show(self, interaction: _Interaction) -> None:
        """Show the policy."""
        by = person(interaction.user)

        async def work() -> discord.ui.LayoutView:
            return policy_card.policy(await rules.shown(self._desk, by))

        await failures.reply(interaction, self._desk, work)

    @policy.command(description="Reload the policy file; editors only")
    async def reload(self, interaction: _Interaction) -> None:
        """Take a changed policy, or say which line of it is wrong."""
        by = person(interaction.user)

        async def work() -> discord.ui.LayoutView:
            return policy_card.reloaded(await rules.reload(self._desk, by))

        await failures.reply(interaction, self._desk, work)


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
    await client.add_cog(Shift(client))
    await client.add_cog(Status(client.desk))
    await client.add_cog(Rules(client.desk))
    await client.add_cog(Help(client))

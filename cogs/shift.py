"""Going on and off shift: `/shift` and `/break`."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import answers
from bot.cards.members import still_staff
from bot.cards.text import staff as staff_text
from bot.client import DeskClient
from bot.domain.staff import Person, Rank
from bot.services.desk import Desk
from bot.services.shift import OnShift, end_shift, start_shift, take_break, who_is_on
from cogs import failures
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
            return answers.saying(await work(by))

        await failures.reply(interaction, self._desk, said)


def _who(on: OnShift, roles: Sequence[int]) -> str:
    if not on.people and not on.resting:
        return staff_text.nobody_on(" ".join(f"<@&{role}>" for role in roles))
    people = [f"<@{one}>" for one in on.people]
    people += [staff_text.resting(f"<@{one}>", until) for one, until in on.resting]
    return staff_text.on_shift(", ".join(people))


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Shift(client))

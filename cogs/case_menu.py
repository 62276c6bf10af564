"""What is done with a case besides deciding it: the rows under More, and `/claim`."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import note_forms, parts
from bot.cards.buttons import Kind, Press
from bot.cards.case_menu import Assigning, AssignMenu
from bot.cards.text import staff as staff_text
from bot.client import DeskClient, Place
from bot.domain.errors import NotUnderstood
from bot.domain.ids import CaseId
from bot.domain.staff import Person
from bot.services import lookup
from bot.services.assign import assign
from bot.services.case_notes import add_note
from bot.services.claim import claim, release
from bot.services.desk import Desk
from bot.services.escalate import escalate, take_back
from bot.services.snooze import snooze, wake
from bot.services.threads import ask_thread
from cogs import failures
from cogs.choices import case_choices
from cogs.details import details, link_to
from cogs.people import person

_Interaction = discord.Interaction[Any]
_Handler = Callable[[Person, Press], Awaitable[str | None]]


class CaseMenu(commands.Cog):
    """Turns a press under More into one service call, and shows the case as it then is."""

    def __init__(self, desk: Desk, place: Place) -> None:
        self._desk = desk
        self._place = place
        self._handlers: dict[Kind, _Handler] = {
            Kind.MORE: self._nothing,
            Kind.OPEN: self._nothing,
            Kind.CLAIM: self._claim,
            Kind.TAKE_OVER: self._claim,
            Kind.RELEASE: self._release,
            Kind.TAKE_BACK: self._take_back,
            Kind.SNOOZE: self._snooze,
            Kind.WAKE: self._wake,
            Kind.THREAD: self._thread,
        }

    @app_commands.command(description="Claim a case, so that nobody else works on it")
    @app_commands.describe(
        case="The number on the card",
        take_over="Take it from whoever has it",
    )
    async def claim(
        self,
        interaction: _Interaction,
        case: app_commands.Range[int, 1, 10**15],
        take_over: bool = False,
    ) -> None:
        """Claim a case."""
        kind = Kind.TAKE_OVER if take_over else Kind.CLAIM
        press = Press(kind=kind, case_id=CaseId(case), where=interaction.channel_id or 0)
        by = person(interaction.user)

        async def work() -> discord.ui.LayoutView:
            said = await self._claim(by, press)
            link = await link_to(self._desk, self._place, press.case_id)
            return await self._shown(by, press.case_id, press.where, said, link)

        await failures.reply(interaction, self._desk, work)

    @claim.autocomplete("case")
    async def _cases(
        self, interaction: _Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        return await case_choices(self._desk, person(interaction.user), current)

    @commands.Cog.listener()
    async def on_desk_press(self, interaction: _Interaction, press: Press) -> None:
        """Carry out what was pressed."""
        if press.kind in {Kind.STAFF_NOTE, Kind.ESCALATE}:
            form = partial(self._form, person(interaction.user), press)
            await failures.ask(interaction, self._desk, form)
            return
        handler = self._handlers.get(press.kind)
        if handler is None:
            return  # another cog's
        by = person(interaction.user)

        async def work() -> discord.ui.LayoutView:
            said = await handler(by, press)
            return await self._shown(by, press.case_id, press.where, said)

        await failures.reply(interaction, self._desk, work)

    @commands.Cog.listener()
    async def on_desk_assign(self, interaction: _Interaction, asked: Assigning) -> None:
        """Ask the colleague who was picked, or nobody any more."""
        by, case_id = person(interaction.user), asked.case_id
        to = person(asked.picked) if asked.picked is not None else None

        async def work() -> discord.ui.LayoutView:
            await assign(self._desk, case_id, to, by)
            said = staff_text.assigned(parts.name(to.name)) if to else staff_text.UNASSIGNED
            return await self._shown(by, case_id, interaction.channel_id, said)

        await failures.reply(interaction, self._desk, work)

    @commands.Cog.listener()
    async def on_desk_form(self, interaction: _Interaction) -> None:
        """Take the two forms; read here, they are understood after a restart too."""
        form = note_forms.read(interaction)
        if form is None:
            return
        by = person(interaction.user)

        async def work() -> discord.ui.LayoutView:
            if form.kind is Kind.STAFF_NOTE:
                await add_note(self._desk, form.case_id, by, form.text)
                said = staff_text.NOTED
            else:
                await escalate(self._desk, form.case_id, by, form.text)
                said = staff_text.ESCALATED
            return await self._shown(by, form.case_id, interaction.channel_id, said)

        await failures.reply(interaction, self._desk, work)

    async def _form(self, by: Person, press: Press) -> discord.ui.Modal:
        """Return a form, unless the person could not send it off."""
        view = await lookup.view(self._desk, press.case_id, by)
        return note_forms.WordsModal(press.kind, view.case)

    async def _shown(
        self,
        by: Person,
        case_id: CaseId,
        where: int | None,
        said: str | None,
        link: str | None = None,
    ) -> discord.ui.LayoutView:
        return await details(self._desk, case_id, by, where=where, link=link, said=said)

    async def _nothing(self, by: Person, press: Press) -> None:
        """Only look."""

    async def _claim(self, by: Person, press: Press) -> str:
        take_over = press.kind is Kind.TAKE_OVER
        made = await claim(self._desk, press.case_id, by, take_over=take_over)
        return staff_text.claimed_by_me(made.until)

    async def _release(self, by: Person, press: Press) -> str:
        await release(self._desk, press.case_id, by)
        return staff_text.RELEASED

    async def _take_back(self, by: Person, press: Press) -> str:
        await take_back(self._desk, press.case_id, by)
        return staff_text.TAKEN_BACK

    async def _snooze(self, by: Person, press: Press) -> str:
        until = self._until(press.picked)
        await snooze(self._desk, press.case_id, by, until)
        return staff_text.snoozed(until)

    def _until(self, minutes: int | None) -> datetime:
        if minutes is None:
            raise NotUnderstood("Pick how long the case is to wait from the list.")
        now = self._desk.clock()
        if minutes:
            return now + timedelta(minutes=minutes)
        return self._desk.policy().shift.morning_after(now)

    async def _wake(self, by: Person, press: Press) -> str:
        await wake(self._desk, press.case_id, by)
        return staff_text.AWAKE

    async def _thread(self, by: Person, press: Press) -> str:
        await ask_thread(self._desk, press.case_id, by)
        return staff_text.THREAD_COMES


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    client.add_dynamic_items(AssignMenu)
    await client.add_cog(CaseMenu(client.desk, client.place))

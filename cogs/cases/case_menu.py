"""What is done with a case besides deciding it: the rows under More, `/claim`, its details."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import links, parts
from bot.cards.cases import case_answers, case_menu, facts
from bot.cards.press_table import Pressed, answers, first, opens
from bot.cards.presses.cases import (
    AskColleague,
    AskThread,
    ClaimCase,
    EscalateForm,
    NoteForm,
    OpenCase,
    PutOff,
    ReleaseCase,
    TakeBackCase,
    TakeOver,
    WakeCase,
    WriteNote,
    WriteToEditors,
)
from bot.cards.presses.scheme import OfCase
from bot.cards.text import staff as staff_text
from bot.client import DeskClient, Place
from bot.domain.cases import Case
from bot.domain.errors import NotUnderstood
from bot.domain.ids import CaseId
from bot.domain.staff import Person
from bot.services.cases import lookup
from bot.services.cases.claim import assign, claim, release
from bot.services.cases.escalate import escalate, take_back
from bot.services.cases.notes import add_note, ask_thread, look_in
from bot.services.cases.reverse import may_change
from bot.services.cases.snooze import snooze, wake
from bot.services.desk import Desk
from cogs import failures
from cogs.choices import case_choices
from cogs.people import person


async def details(
    desk: Desk,
    case_id: CaseId,
    by: Person,
    *,
    where: int | None,
    link: str | None = None,
    said: str | None = None,
) -> discord.ui.LayoutView:
    """Return the answer behind More; `said` stands first and tells what was just done.

    Raises:
        DeskError: The person is no moderator, or there is no such case.
    """
    view = await lookup.view(desk, case_id, by, where=where)
    around = facts.lookers(await look_in(desk, case_id, by))
    policy, now = desk.policy(), desk.clock()
    can = desk.site_can(view.case.site)
    card = await lookup.card_of(desk, case_id)
    # One that cannot show the text has nothing to decide with: that is offered beside the text.
    has_card = card is not None and card.revision > 0
    menu = partial(case_menu.rows, view, policy, now=now, by_id=by.id, can=can, has_card=has_card)
    return case_answers.details(
        view,
        policy,
        now=now,
        link=link,
        site_can=desk.site_can,
        said=(said, around),
        may_change=view.decision is not None and await may_change(desk, view.decision, by),
        further=menu,
    )


async def link_to(desk: Desk, place: Place, case_id: CaseId) -> str | None:
    """Return the address of a case's card, where it has one."""
    ref = await lookup.card_of(desk, case_id)
    return links.jump(place.guild_id, ref) if ref else None


_Interaction = discord.Interaction[Any]
_View = discord.ui.LayoutView


class CaseMenu(commands.Cog):
    """Turns a press under More into one service call, and shows the case as it then is."""

    def __init__(self, desk: Desk, place: Place) -> None:
        self._desk = desk
        self._place = place

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
        by, case_id, where = person(interaction.user), CaseId(case), interaction.channel_id

        async def work() -> _View:
            made = await claim(self._desk, case_id, by, take_over=take_over)
            link = await link_to(self._desk, self._place, case_id)
            said = staff_text.claimed_by_me(made.until)
            return await details(self._desk, case_id, by, where=where, link=link, said=said)

        await failures.reply(interaction, self._desk, work)

    @claim.autocomplete("case")
    async def _cases(
        self, interaction: _Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        return await case_choices(self._desk, person(interaction.user), current)

    @answers(OpenCase)
    async def _open(self, press: OpenCase, at: Pressed) -> _View:
        return await self._shown(press, at, None)

    @answers(ClaimCase, TakeOver)
    async def _claim(self, press: ClaimCase | TakeOver, at: Pressed) -> _View:
        take_over = isinstance(press, TakeOver)
        made = await claim(self._desk, press.case, at.by, take_over=take_over)
        return await self._shown(press, at, staff_text.claimed_by_me(made.until))

    @answers(ReleaseCase)
    async def _release(self, press: ReleaseCase, at: Pressed) -> _View:
        await release(self._desk, press.case, at.by)
        return await self._shown(press, at, staff_text.RELEASED)

    @answers(TakeBackCase)
    async def _take_back(self, press: TakeBackCase, at: Pressed) -> _View:
        await take_back(self._desk, press.case, at.by)
        return await self._shown(press, at, staff_text.TAKEN_BACK)

    @answers(PutOff)
    async def _put_off(self, press: PutOff, at: Pressed) -> _View:
        until = self._until(at.number)
        await snooze(self._desk, press.case, at.by, until)
        return await self._shown(press, at, staff_text.snoozed(until))

    @answers(WakeCase)
    async def _wake(self, press: WakeCase, at: Pressed) -> _View:
        await wake(self._desk, press.case, at.by)
        return await self._shown(press, at, staff_text.AWAKE)

    @answers(AskThread)
    async def _thread(self, press: AskThread, at: Pressed) -> _View:
        await ask_thread(self._desk, press.case, at.by)
        return await self._shown(press, at, staff_text.THREAD_COMES)

    @answers(AskColleague)
    async def _ask(self, press: AskColleague, at: Pressed) -> _View:
        """Ask the colleague who was picked, or nobody any more."""
        if at.people is None:
            raise NotUnderstood("Pick a colleague from the list.")
        to = next(map(person, at.people), None)
        await assign(self._desk, press.case, to, at.by)
        said = staff_text.assigned(parts.name(to.name)) if to else staff_text.UNASSIGNED
        return await self._shown(press, at, said)

    @opens(WriteNote)
    async def _write_note(self, press: WriteNote, at: Pressed) -> discord.ui.Modal:
        return case_menu.staff_note(await self._case(press, at))

    @opens(WriteToEditors)
    async def _write_to_editors(self, press: WriteToEditors, at: Pressed) -> discord.ui.Modal:
        return case_menu.to_editors(await self._case(press, at))

    @answers(NoteForm)
    async def _note(self, press: NoteForm, at: Pressed) -> _View:
        await add_note(self._desk, press.case, at.by, first(at.fields, case_menu.TEXT))
        return await self._shown(press, at, staff_text.NOTED)

    @answers(EscalateForm)
    async def _escalate(self, press: EscalateForm, at: Pressed) -> _View:
        await escalate(self._desk, press.case, at.by, first(at.fields, case_menu.TEXT))
        return await self._shown(press, at, staff_text.ESCALATED)

    async def _case(self, press: OfCase, at: Pressed) -> Case:
        """Return the case that a form is about, unless the person could not send that off."""
        return (await lookup.view(self._desk, press.case, at.by)).case

    async def _shown(self, press: OfCase, at: Pressed, said: str | None) -> _View:
        return await details(self._desk, press.case, at.by, where=at.where, said=said)

    def _until(self, minutes: int | None) -> datetime:
        if minutes is None:
            raise NotUnderstood("Pick how long the case is to wait from the list.")
        now = self._desk.clock()
        if minutes:
            return now + timedelta(minutes=minutes)
        return self._desk.policy().shift.morning_after(now)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(CaseMenu(client.desk, client.place))

"""Commenters: one's record, the bans, and hiding all that an author posted of late."""

from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import authors, escape, parts
from bot.cards.authors import author_card
from bot.cards.cases import case_answers
from bot.cards.parts import name as inert_name
from bot.cards.press_table import Pressed, answers
from bot.cards.presses.cases import HideAll
from bot.cards.presses.others import DenyLikeness, ShowAuthor
from bot.cards.presses.persistent_items import button, presses_on
from bot.cards.presses.scheme import OfCase
from bot.cards.text import authors as author_text
from bot.cards.text import common as common_text
from bot.client import DeskClient
from bot.domain.authors import AuthorSheet, Known
from bot.domain.bans import Ban
from bot.domain.errors import DeskError
from bot.domain.ids import CaseId, DecisionId
from bot.domain.staff import Person
from bot.services.authors import author as record
from bot.services.authors import ban_evasion
from bot.services.authors.bans import bans, bans_named, lift
from bot.services.cases import lookup
from bot.services.cases.bulk import mark_of, reported_of_late
from bot.services.cases.reverse import after
from bot.services.desk import Desk
from cogs import failures
from cogs.cases.replies import links_to
from cogs.gate import check_press
from cogs.people import person

_CHOICE_LENGTH = 100

_Interaction = discord.Interaction[Any]
_Name = app_commands.Range[str, 1, 80]
_Note = app_commands.Range[str, 1, record.LONGEST_NOTE]


class Authors(commands.Cog):
    """`/author show`, `/author note` and "Author's record" on a card."""

    author = app_commands.Group(name="author", description="What the desk knows about a commenter")

    def __init__(self, client: DeskClient) -> None:
        self._client = client
        self._desk: Desk = client.desk
        self._place = client.place

    @author.command(description="Show a commenter's cases, strikes, bans and staff notes")
    @app_commands.describe(name="The beginning of the name, or a case of theirs, such as #1042")
    async def show(self, interaction: _Interaction, name: _Name) -> None:
        """Show an author's record."""
        work = partial(self._found, name, person(interaction.user))
        await failures.reply(interaction, self._desk, work)

    @author.command(description="Note something about a commenter, for staff only")
    @app_commands.describe(
        name="The beginning of the name, or a case of theirs, such as #1042",
        text="What others on the desk should know",
    )
    async def note(self, interaction: _Interaction, name: _Name, text: _Note) -> None:
        """Note something about an author."""
        work = partial(self._noted, name, text, person(interaction.user))
        await failures.reply(interaction, self._desk, work)

    @show.autocomplete("name")
    @note.autocomplete("name")
    async def _names(
        self, interaction: _Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the authors whose name begins so; nothing to whoever may not know them."""
        try:
            found = await record.named(self._desk, current.strip(), person(interaction.user))
        except DeskError:
            return []
        return [
            app_commands.Choice(name=_in_one_line(known), value=f"#{known.case_id}")
            for known in found
        ]

    @answers(ShowAuthor)
    async def _further(self, press: ShowAuthor, at: Pressed) -> discord.ui.LayoutView:
        return await self._page(press.case, at.by, press.page)

    @answers(DenyLikeness)
    async def _deny(self, press: DenyLikeness, at: Pressed) -> discord.ui.LayoutView:
        number = await ban_evasion.deny(self._desk, press.case, at.by)
        said = author_text.denied(number) if number else author_text.NOTHING_DENIED
        return self._drawn(await record.sheet(self._desk, press.case, at.by), said)

    async def of_card(self, interaction: _Interaction, message: discord.Message) -> None:
        """Show the record of who wrote what a card is about."""
        work = partial(self._of_message, message, person(interaction.user))
        await failures.reply(interaction, self._desk, work)

    async def _found(self, name: str, by: Person) -> discord.ui.LayoutView:
        return await self._page(await record.find(self._desk, name, by), by, 0)

    async def _of_message(self, message: discord.Message, by: Person) -> discord.ui.LayoutView:
        ref = await lookup.card_at(self._desk, message.id)
        case_id = ref.case_id if ref else await self._case_in(message, by)
        if case_id is None:
            return case_answers.saying(author_text.NO_CARD)
        return await self._page(case_id, by, 0)

    async def _case_in(self, message: discord.Message, by: Person) -> CaseId | None:
        """Return the one case that the buttons of a message of ours are about.

        Raises:
            NotAllowed: The person is no moderator.
            ForeignCard: It is a case of another record.
        """
        if not self._client.is_me(message.author.id):
            return None
        about = {press.case: press for press in presses_on(message) if isinstance(press, OfCase)}
        if len(about) != 1:
            return None
        [press] = about.values()
        await check_press(self._desk, press, by, message.id)
        return press.case

    async def _page(self, case_id: CaseId, by: Person, page: int) -> discord.ui.LayoutView:
        return self._drawn(await record.sheet(self._desk, case_id, by, page=page))

    async def _noted(self, name: str, text: str, by: Person) -> discord.ui.LayoutView:
        case_id = await record.find(self._desk, name, by)
        sheet = await record.add_note(self._desk, case_id, text, by)
        return self._drawn(sheet, author_text.noted(inert_name(sheet.author.name)))

    def _drawn(self, sheet: AuthorSheet, said: str | None = None) -> discord.ui.LayoutView:
        found = links_to(self._place, sheet.views)
        return author_card(
            sheet, self._desk.policy(), now=self._desk.clock(), links=found, said=said
        )


def _in_one_line(known: Known) -> str:
    name = escape.label(known.name, 50) or common_text.NO_NAME
    return f"{name} · {common_text.capital(known.ref.site)} · #{known.case_id}"[:_CHOICE_LENGTH]


_LISTED = 20


class Bans(commands.Cog):
    """`/bans`, `/unban` and `/hide-author`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @app_commands.command(description="List who is banned")
    async def bans(self, interaction: _Interaction) -> None:
        """List bans."""
        work = partial(self._list, person(interaction.user))
        await failures.reply(interaction, self._desk, work)

    @app_commands.command(description="Lift a ban early; the comment stays as it is")
    @app_commands.describe(author="Whose ban", reason="For the record")
    async def unban(
        self, interaction: _Interaction, author: int, reason: app_commands.Range[str, 1, 500]
    ) -> None:
        """Lift a ban."""
        work = partial(self._lift, DecisionId(author), person(interaction.user), reason)
        await failures.reply(interaction, self._desk, work)

    @unban.autocomplete("author")
    async def _authors(
        self, interaction: _Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """Offer authors who are banned; nothing to whoever may not lift it."""
        try:
            found = await bans_named(self._desk, person(interaction.user), current)
        except DeskError:
            return []
        now, zone = self._desk.clock(), self._desk.policy().shift.zone
        return [
            app_commands.Choice(name=_bans_in_one_line(ban, now, zone), value=int(ban.decision_id))
            for ban in found
        ]

    @app_commands.command(
        name="hide-author", description="Hide all of an author's recent reported comments"
    )
    @app_commands.describe(case="One of the author's cases", hours="How far back")
    async def hide_author(
        self,
        interaction: _Interaction,
        case: app_commands.Range[int, 1, 10**15],
        hours: app_commands.Range[int, 1, 168] = 24,
    ) -> None:
        """Ask before hiding much at once."""
        work = partial(self._count, CaseId(case), hours, person(interaction.user))
        await failures.reply(interaction, self._desk, work)

    async def _list(self, by: Person) -> discord.ui.LayoutView:
        page = await bans(self._desk, by, limit=authors.PAGE)
        return authors.ban_list(page, self._desk.policy(), now=self._desk.clock())

    async def _lift(self, decision: DecisionId, by: Person, note: str) -> discord.ui.LayoutView:
        lifted = await lift(self._desk, decision, by=by, note=note)
        author = (await lookup.view(self._desk, lifted.case_id, by)).author.name
        return case_answers.lifted(lifted, await after(self._desk, lifted, by), author=author)

    async def _count(self, case_id: CaseId, hours: int, by: Person) -> discord.ui.LayoutView:
        found = await reported_of_late(self._desk, case_id, timedelta(hours=hours), by=by)
        if not found:
            return case_answers.saying(author_text.nothing_recent(hours))
        listed = ", ".join(f"#{case.id}" for case in found[:_LISTED])
        named = await lookup.view(self._desk, case_id, by)
        # What stands beside the button is the list, with the texts as they are now.
        press = HideAll(case=case_id, token=named.case.token, seen=mark_of(found), hours=hours)
        return parts.plain(
            parts.text(author_text.would_hide(len(found), listed, len(found[_LISTED:]))),
            parts.row(button(press, author_text.hide(len(found)), discord.ButtonStyle.danger)),
        )


def _bans_in_one_line(ban: Ban, now: datetime, zone: tzinfo) -> str:
    end = common_text.ban_end(ban.until, now, zone)
    name = escape.label(ban.author_name, 32) or common_text.NO_NAME
    by = escape.label(ban.by_name, 20)
    return f"{name} {end}, by {by}, #{ban.case_id}"[:_CHOICE_LENGTH]


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    cog = Authors(client)
    await client.add_cog(cog)
    client.tree.add_command(app_commands.ContextMenu(name=author_text.RECORD, callback=cog.of_card))
    await client.add_cog(Bans(client.desk))

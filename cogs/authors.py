"""One commenter's record: by command, from a card's menu, and looking through it."""

from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import answers as answer
from bot.cards import escape
from bot.cards.author_card import author_card
from bot.cards.author_presses import DenyLikeness, ShowAuthor
from bot.cards.drawing import custom_ids
from bot.cards.parts import name as inert_name
from bot.cards.press_table import Pressed, answers
from bot.cards.presses import OfCase, read
from bot.cards.text import authors as author_text
from bot.cards.text import common as common_text
from bot.client import DeskClient
from bot.domain.author import AuthorSheet, Known
from bot.domain.errors import DeskError
from bot.domain.ids import CaseId
from bot.domain.staff import Person
from bot.services import author as record
from bot.services import lookup, returning
from bot.services.desk import Desk
from cogs import failures
from cogs.gate import check_press
from cogs.people import person
from cogs.replies import links_to

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
        number = await returning.deny(self._desk, press.case, at.by)
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
            return answer.saying(author_text.NO_CARD)
        return await self._page(case_id, by, 0)

    async def _case_in(self, message: discord.Message, by: Person) -> CaseId | None:
        """Return the one case that the buttons of a message of ours are about.

        Raises:
            NotAllowed: The person is no moderator.
            ForeignCard: It is a case of another record.
        """
        if self._client.user is None or message.author.id != self._client.user.id:
            return None
        presses = map(read, custom_ids(message.components))
        about = {press.case: press for press in presses if isinstance(press, OfCase)}
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


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    cog = Authors(client)
    await client.add_cog(cog)
    client.tree.add_command(app_commands.ContextMenu(name=author_text.RECORD, callback=cog.of_card))

"""Bans: the list, lifting one, and hiding all that an author posted of late."""

from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import answers, ban_list, escape, parts
from bot.cards.case_presses import HideAll
from bot.cards.persistent_items import button
from bot.cards.text import bans as ban_text
from bot.cards.text import common as common_text
from bot.client import DeskClient
from bot.domain.ban import Ban
from bot.domain.errors import DeskError
from bot.domain.ids import CaseId, DecisionId
from bot.domain.staff import Person
from bot.services import lookup
from bot.services.aftermath import after
from bot.services.bans import bans, bans_named, lift
from bot.services.desk import Desk
from bot.services.sweep import mark_of, reported_of_late
from cogs import failures
from cogs.people import person

_CHOICE_LENGTH = 100
_LISTED = 20

_Interaction = discord.Interaction[Any]


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
            app_commands.Choice(name=_in_one_line(ban, now, zone), value=int(ban.decision_id))
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
        page = await bans(self._desk, by, limit=ban_list.PAGE)
        return ban_list.ban_list(page, self._desk.policy(), now=self._desk.clock())

    async def _lift(self, decision: DecisionId, by: Person, note: str) -> discord.ui.LayoutView:
        lifted = await lift(self._desk, decision, by=by, note=note)
        author = (await lookup.view(self._desk, lifted.case_id, by)).author.name
        return answers.lifted(lifted, await after(self._desk, lifted, by), author=author)

    async def _count(self, case_id: CaseId, hours: int, by: Person) -> discord.ui.LayoutView:
        found = await reported_of_late(self._desk, case_id, timedelta(hours=hours), by=by)
        if not found:
            return answers.saying(ban_text.nothing_recent(hours))
        listed = ", ".join(f"#{case.id}" for case in found[:_LISTED])
        named = await lookup.view(self._desk, case_id, by)
        # What stands beside the button is the list, with the texts as they are now.
        press = HideAll(case=case_id, token=named.case.token, seen=mark_of(found), hours=hours)
        return parts.plain(
            parts.text(ban_text.would_hide(len(found), listed, len(found[_LISTED:]))),
            parts.row(button(press, ban_text.hide(len(found)), discord.ButtonStyle.danger)),
        )


def _in_one_line(ban: Ban, now: datetime, zone: tzinfo) -> str:
    end = common_text.ban_end(ban.until, now, zone)
    name = escape.label(ban.author_name, 32) or common_text.NO_NAME
    by = escape.label(ban.by_name, 20)
    return f"{name} {end}, by {by}, #{ban.case_id}"[:_CHOICE_LENGTH]


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Bans(client.desk))

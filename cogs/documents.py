"""What editors take away as files: the figures of a month, and a case's pack."""

import asyncio
import io
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import parts
from bot.cards.cases import case_answers
from bot.cards.text import figures as figure_text
from bot.cards.text import pack as pack_text
from bot.client import DeskClient
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.readers.figures import MonthFacts
from bot.domain.readers.months import month_of
from bot.domain.readers.pack import Pack
from bot.domain.readers.published import published
from bot.domain.staff import Person
from bot.services.desk import Desk
from bot.services.readers.pack import pack_for
from bot.services.readers.transparency import month_facts
from cogs import failures
from cogs.choices import case_choices
from cogs.people import person

_Interaction = discord.Interaction[Any]


class Documents(commands.Cog):
    """`/transparency` and `/pack`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @app_commands.command(description="Count a month for the public; for editors")
    @app_commands.describe(month="The month, as 2026-11; the last whole one if left out")
    async def transparency(
        self, interaction: _Interaction, month: app_commands.Range[str, 1, 20] | None = None
    ) -> None:
        """Hand out the figures of a month."""
        work = partial(self._figures, month or self._last_month(), person(interaction.user))
        await failures.reply(interaction, self._desk, work)

    @app_commands.command(description="Everything on record of a case, as a file; for editors")
    @app_commands.describe(case="The number on the card")
    async def pack(
        self, interaction: _Interaction, case: app_commands.Range[int, 1, 10**15]
    ) -> None:
        """Hand out a case's pack."""
        by, where = person(interaction.user), interaction.channel_id
        most = interaction.filesize_limit
        work = partial(self.pack_answer, CaseId(case), by, where, most)
        await failures.reply(interaction, self._desk, work)

    @pack.autocomplete("case")
    async def _cases(
        self, interaction: _Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        return await case_choices(self._desk, person(interaction.user), current)

    async def _figures(self, month: str, by: Person) -> discord.ui.LayoutView:
        facts = await month_facts(self._desk, month, by)
        files = await asyncio.to_thread(_figure_files, facts, self._desk.policy())
        over = facts.month.is_over(facts.until)
        return _handed_out(figure_text.here(facts.month.name, over=over), files)

    async def pack_answer(
        self, case_id: CaseId, by: Person, where: int | None, most: int
    ) -> discord.ui.LayoutView:
        """Return a case's pack as files of at most so many bytes each, or how else to get it."""
        found = await pack_for(self._desk, case_id, by, where=where)
        files = await asyncio.to_thread(_pack_files, found, self._desk.policy())
        if any(len(content) > most for content in files.values()):
            return case_answers.saying(pack_text.too_large(case_id))
        return _handed_out(pack_text.here(case_id, withheld=found.withheld), files)

    def _last_month(self) -> str:
        zone = self._desk.policy().alerts.zone
        this = month_of(self._desk.clock(), zone)
        return month_of(this.start - timedelta(microseconds=1), zone).written


def _figure_files(facts: MonthFacts, policy: Policy) -> Mapping[str, bytes]:
    from bot.cards.documents import figures  # noqa: PLC0415 - jinja2 is loaded once it is needed

    found = published(facts, policy.by_number)
    name = f"figures-{facts.month.written}"
    return {
        f"{name}.html": figures.as_page(found, policy).encode(),
        f"{name}.csv": figures.as_table(found, policy).encode(),
        f"{name}.json": figures.as_json(found, policy).encode(),
    }


def _pack_files(found: Pack, policy: Policy) -> Mapping[str, bytes]:
    from bot.cards.documents import pack  # noqa: PLC0415 - as above

    name = f"pack-{found.view.case.id}"
    return {
        f"{name}.html": pack.as_page(found, policy).encode(),
        f"{name}.json": pack.as_json(found, policy).encode(),
    }


def _handed_out(words: str, files: Mapping[str, bytes]) -> discord.ui.LayoutView:
    attached = tuple(
        discord.File(io.BytesIO(content), filename=name) for name, content in files.items()
    )
    shown = (discord.ui.File[Any](f"attachment://{name}") for name in files)
    return parts.Pictured(parts.text(words), *shown, files=attached)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Documents(client.desk))

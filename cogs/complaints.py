"""Notices of another kind than reports: `/complaint`, and what is pressed on their cards."""

from datetime import UTC, datetime
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import notice_card, notice_modal
from bot.cards.notice_presses import (
    AnswerForm,
    ComplaintForm,
    PickCase,
    ReadNotice,
    TieForm,
    WriteAnswer,
)
from bot.cards.press_table import Pressed, answers, opens
from bot.client import DeskClient
from bot.domain.errors import NotUnderstood
from bot.domain.ids import CaseId
from bot.domain.notice_kind import NoticeKind
from bot.domain.readers.notice import Road
from bot.services.desk import Desk
from bot.services.readers import complaint, notice
from cogs import failures
from cogs.people import person

_Interaction = discord.Interaction[Any]
_KINDS = {
    "illegal content": NoticeKind.ILLEGAL,
    "legal notice": NoticeKind.LEGAL,
    "personal data": NoticeKind.DATA,
    "to the newsroom": NoticeKind.NEWSROOM,
}
_LATEST = 2**40
"""More seconds since 1970 than any moment that the desk can keep has."""


class Complaints(commands.Cog):
    """Takes in what came by another road, and answers whoever gave notice."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @app_commands.command(description="Enter a complaint that came by e-mail, telephone or letter")
    @app_commands.describe(
        kind="What they complain of",
        about="The comment's address, or the number on its card as #1042",
        by="How it came",
        received="When it came: 3h ago, yesterday, 2026-11-26; now without it",
    )
    async def complaint(
        self,
        interaction: _Interaction,
        kind: Literal["illegal content", "legal notice", "personal data", "to the newsroom"],
        by: Literal["e-mail", "telephone", "letter"],
        about: app_commands.Range[str, 1, 300] | None = None,
        received: app_commands.Range[str, 1, 40] | None = None,
    ) -> None:
        """Show the form of that kind."""
        who, named = person(interaction.user), about or ""

        async def form() -> discord.ui.Modal:
            case = await complaint.find_case(self._desk, _KINDS[kind], named, who)
            at = complaint.came_at(self._desk, received or "")
            press = ComplaintForm(
                kind=notice_modal.KINDS.index(_KINDS[kind]),
                road=notice_modal.ROADS.index(Road(by)),
                case=case or 0,
                received=int(at.timestamp()),
            )
            return notice_modal.ComplaintModal(press, _KINDS[kind], named)

        await failures.ask(interaction, self._desk, form)

    @answers(ComplaintForm)
    async def _enter(self, form: ComplaintForm, at: Pressed) -> discord.ui.LayoutView:
        kinds, roads = notice_modal.KINDS, notice_modal.ROADS
        if form.kind >= len(kinds) or form.road >= len(roads) or form.received > _LATEST:
            raise NotUnderstood("This form was not drawn here. Open it anew with /complaint.")
        taken = await notice.enter_notice(
            self._desk,
            notice_modal.read(kinds[form.kind], at.fields),
            roads[form.road],
            by=at.by,
            about=CaseId(form.case) if form.case else None,
            received=min(datetime.fromtimestamp(form.received, UTC), self._desk.clock()),
        )
        return notice_card.taken(taken.notice)

    @answers(ReadNotice)
    async def _read(self, press: ReadNotice, at: Pressed) -> discord.ui.LayoutView:
        found = await notice.read_notice(self._desk, press.notice, at.by)
        return notice_card.in_full(found.notice, found.told)

    @opens(WriteAnswer)
    async def _write(self, press: WriteAnswer, at: Pressed) -> discord.ui.Modal:
        found = await notice.read_notice(self._desk, press.notice, at.by)
        return notice_modal.AnswerModal(found.notice)

    @answers(AnswerForm)
    async def _answer(self, form: AnswerForm, at: Pressed) -> discord.ui.LayoutView:
        outcome = notice_modal.outcome(at.fields)
        if outcome is None:
            raise NotUnderstood("Pick what came of it. Nothing was changed.")
        words = next(iter(at.fields.get("words", ())), "")
        made = await notice.answer_notice(self._desk, form.notice, outcome, words, by=at.by)
        return notice_card.answered(made)

    @opens(PickCase)
    async def _pick(self, press: PickCase, at: Pressed) -> discord.ui.Modal:
        found = await notice.read_notice(self._desk, press.notice, at.by)
        return notice_modal.TieModal(found.notice)

    @answers(TieForm)
    async def _tie(self, form: TieForm, at: Pressed) -> discord.ui.LayoutView:
        typed = next(iter(at.fields.get("case", ())), "").strip().lstrip("#")
        if not typed.isdecimal() or not typed.isascii() or len(typed) > 15:  # noqa: PLR2004 - as commands take
            raise NotUnderstood("Write the number on the comment's card, such as 1042.")
        case = CaseId(int(typed))
        tied = await notice.tie_notice(self._desk, form.notice, case, by=at.by)
        return notice_card.tied(tied, case)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Complaints(client.desk))

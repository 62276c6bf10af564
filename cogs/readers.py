"""The doors for what readers say: contests of decisions, and notices of another kind than reports."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.cases import case_answers
from bot.cards.press_table import Pressed, answers, opens
from bot.cards.press_table import answers as replies_to
from bot.cards.presses.readers import (
    AnswerForm,
    ComplaintForm,
    ContestForm,
    OfContest,
    OverturnDecision,
    PickCase,
    ReadContest,
    ReadNotice,
    ShortenBan,
    TieForm,
    UpholdDecision,
    WriteAnswer,
)
from bot.cards.readers import contest_modal, notice_card, notice_modal
from bot.cards.readers.contest_card import contest_list, contest_words
from bot.cards.text import contests as contest_text
from bot.cards.text import decisions as decision_text
from bot.client import DeskClient, Place
from bot.domain.cases import Answer, NoticeKind
from bot.domain.errors import NotUnderstood
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.readers.contest import LONGEST_TEXT
from bot.domain.readers.notice import Road
from bot.domain.staff import Person
from bot.services.desk import Desk
from bot.services.readers import complaint, notice
from bot.services.readers.contest import answer_contest
from bot.services.readers.contest_view import read_contest, to_answer, waiting_contests
from cogs import failures
from cogs.cases.replies import links_to
from cogs.people import person

_Interaction = discord.Interaction[Any]
_ANSWERS = {
    "stands": Answer.UPHELD,
    "is changed": Answer.OVERTURNED,
    "is shortened": Answer.SHORTENED,
}
_PRESSED: Mapping[type[OfContest], Answer] = {
    UpholdDecision: Answer.UPHELD,
    OverturnDecision: Answer.OVERTURNED,
    ShortenBan: Answer.SHORTENED,
}


class Contests(commands.Cog):
    """`/contests` and `/contest`."""

    def __init__(self, desk: Desk, place: Place) -> None:
        self._desk = desk
        self._place = place

    @app_commands.command(description="List the decisions that somebody contests")
    async def contests(self, interaction: _Interaction) -> None:
        """List contests."""
        work = partial(self._list, person(interaction.user), interaction.channel_id)
        await failures.reply(interaction, self._desk, work)

    @app_commands.command(description="Answer somebody who contests a decision you had no part in")
    @app_commands.describe(
        number="The number of the contest",
        decision="What becomes of the decision",
        reasons="Why; whoever contests reads this",
        rule="The rule to cite, if a comment that was kept is hidden after all",
        days="How long a shortened ban is in all, from when it was given",
    )
    async def contest(
        self,
        interaction: _Interaction,
        number: app_commands.Range[int, 1, 10**15],
        decision: Literal["stands", "is changed", "is shortened"],
        reasons: app_commands.Range[str, 1, LONGEST_TEXT],
        rule: app_commands.Range[int, 1, 999] | None = None,
        days: app_commands.Range[int, 1, 3650] | None = None,
    ) -> None:
        """Answer a contest."""
        answer, by = _ANSWERS[decision], person(interaction.user)

        async def work() -> discord.ui.LayoutView:
            await answer_contest(
                self._desk,
                number,
                answer,
                by=by,
                reasons=reasons,
                rule=RuleNumber(rule) if rule is not None else None,
                lasting=timedelta(days=days) if days is not None else None,
            )
            return case_answers.saying(contest_text.answered(number, answer))

        await failures.reply(interaction, self._desk, work)

    @opens(UpholdDecision, OverturnDecision, ShortenBan)
    async def _form(self, press: OfContest, at: Pressed) -> discord.ui.Modal:
        """Show the form to whoever may answer, and only to them."""
        seen = await to_answer(self._desk, press.contest, at.by)
        answer = _PRESSED[type(press)]
        return contest_modal.ContestModal(seen, answer, self._desk.policy())

    @replies_to(ContestForm)
    async def _answer(self, form: ContestForm, at: Pressed) -> discord.ui.LayoutView:
        filled = contest_modal.read(form, at.fields)
        if filled is None:
            raise NotUnderstood(decision_text.FORM_UNREAD)
        await answer_contest(
            self._desk,
            form.contest,
            filled.answer,
            by=at.by,
            reasons=filled.reasons,
            rule=filled.rule,
            lasting=filled.lasting,
        )
        return case_answers.saying(contest_text.answered(form.contest, filled.answer))

    @replies_to(ReadContest)
    async def _read(self, press: ReadContest, at: Pressed) -> discord.ui.LayoutView:
        seen = await read_contest(self._desk, press.contest, at.by, where=at.where)
        return contest_words(seen, self._desk.policy(), page=press.page)

    async def _list(self, by: Person, where: int | None) -> discord.ui.LayoutView:
        waiting = await waiting_contests(self._desk, by, where=where)
        links = links_to(self._place, [(one.view, one.card) for one in waiting])
        return contest_list(waiting, self._desk.policy(), links=links)


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
    await client.add_cog(Contests(client.desk, client.place))
    await client.add_cog(Complaints(client.desk))

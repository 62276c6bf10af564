"""The buttons and menus on cards and answers, and the ban form."""

import logging
from datetime import timedelta

import discord
from discord.ext import commands

from bot.cards import authors
from bot.cards.cases import case_answers as said
from bot.cards.cases import proposals
from bot.cards.press_table import Pressed, answers
from bot.cards.presses.cases import (
    AddReason,
    Agree,
    CiteInstead,
    Decline,
    HideAll,
    HideCase,
    HideUnder,
    KeepCase,
    OtherRule,
    ReadNotes,
    ReadText,
    ShowQueue,
    TakeRunBack,
    TryNow,
    UndoDecision,
)
from bot.cards.presses.others import ShowBans
from bot.cards.presses.scheme import OfText
from bot.cards.text import authors as author_text
from bot.cards.text import decisions as decision_text
from bot.client import DeskClient, Place
from bot.domain.decisions import Action, Door, Verdict
from bot.domain.errors import NoChange, NotUnderstood
from bot.domain.ids import RuleNumber
from bot.services.authors.bans import bans
from bot.services.cases import lookup, two_person
from bot.services.cases.bulk import hide_all, run_of, take_back
from bot.services.cases.lines import Done
from bot.services.cases.reverse import after, amend, reverse
from bot.services.desk import Desk
from cogs import failures
from cogs.cases.replies import decided, queue_answer, ruled

_MOST_HOURS = 168
"""As many as the command takes."""

log = logging.getLogger(__name__)


class Buttons(commands.Cog):
    """Turns a press into one service call, and answers whoever pressed."""

    def __init__(self, desk: Desk, place: Place) -> None:
        self._desk = desk
        self._place = place

    @answers(KeepCase)
    async def _keep(self, press: KeepCase, at: Pressed) -> discord.ui.LayoutView:
        return await self._decide(Action.KEEP, press, at)

    @answers(HideCase)
    async def _hide(self, press: HideCase, at: Pressed) -> discord.ui.LayoutView:
        return await self._decide(Action.HIDE, press, at, press.rule or None)

    @answers(HideUnder)
    async def _hide_under(self, press: HideUnder, at: Pressed) -> discord.ui.LayoutView:
        return await self._decide(Action.HIDE, press, at, _picked_rule(at))

    @answers(UndoDecision)
    async def _undo(self, press: UndoDecision, at: Pressed) -> discord.ui.LayoutView:
        meant = press.decision or None
        ruling = await reverse(self._desk, press.case, by=at.by, door=Door.BUTTON, meant=meant)
        return await ruled(self._desk, ruling, at.by)

    @answers(OtherRule)
    async def _other_rule(self, press: OtherRule, at: Pressed) -> discord.ui.LayoutView:
        view = await lookup.view(self._desk, press.case, at.by)
        if view.decision is None or view.decision.id != press.decision:
            raise NoChange(
                f"That decision on case #{press.case} no longer stands. Look at the card."
            )
        return said.other_rule(
            view.decision, self._desk.policy(), view.case.token, site_can=self._desk.site_can
        )

    @answers(CiteInstead)
    async def _cite(self, press: CiteInstead, at: Pressed) -> discord.ui.LayoutView:
        meant, rule, by = press.decision or None, _picked_rule(at), at.by
        amended = await amend(self._desk, press.case, rule, by=by, door=Door.BUTTON, meant=meant)
        return said.amended(amended, self._desk.policy(), site_can=self._desk.site_can)

    @answers(AddReason)
    async def _add_reason(self, press: AddReason, at: Pressed) -> discord.ui.LayoutView:
        view = await lookup.view(self._desk, press.case, at.by)
        if not at.picks or view.decision is None or view.decision.verdict.rule is None:
            raise NotUnderstood(
                "There is no hide or ban on this case that it could be added to. Hide or ban first."
            )
        added = await amend(
            self._desk,
            press.case,
            view.decision.verdict.rule,
            by=at.by,
            door=Door.BUTTON,
            reason=at.picks[0],
            meant=press.decision or None,
        )
        return await ruled(self._desk, added, at.by)

    @answers(ReadText)
    async def _read(self, press: ReadText, at: Pressed) -> discord.ui.LayoutView:
        view = await lookup.view(self._desk, press.case, at.by, where=at.where)
        return said.full_text(view, self._desk.policy(), page=press.page)

    @answers(ReadNotes)
    async def _notes(self, press: ReadNotes, at: Pressed) -> discord.ui.LayoutView:
        view = await lookup.view(self._desk, press.case, at.by, where=at.where)
        found = await lookup.notes(self._desk, press.case, at.by, where=at.where)
        return said.notes(view.case, found, self._desk.policy(), page=press.page)

    @answers(TryNow)
    async def _retry(self, press: TryNow, at: Pressed) -> discord.ui.LayoutView:
        await lookup.retry(self._desk, press.case, at.by)
        return said.saying(decision_text.RETRYING)

    @answers(Agree)
    async def _agree(self, press: Agree, at: Pressed) -> discord.ui.LayoutView:
        seen, meant = press.seen or None, press.proposal or None
        decision = await two_person.agree(self._desk, press.case, by=at.by, seen=seen, meant=meant)
        return await ruled(self._desk, decision, at.by)

    @answers(Decline)
    async def _decline(self, press: Decline, at: Pressed) -> discord.ui.LayoutView:
        declined = await two_person.decline(self._desk, press.case, by=at.by)
        return proposals.declined(declined, self._desk.policy())

    @answers(ShowBans)
    async def _bans(self, press: ShowBans, at: Pressed) -> discord.ui.LayoutView:
        page = await bans(self._desk, at.by, limit=authors.PAGE, offset=press.offset)
        now = self._desk.clock()
        return authors.ban_list(page, self._desk.policy(), now=now, offset=press.offset)

    @answers(HideAll)
    async def _hide_all(self, press: HideAll, at: Pressed) -> discord.ui.LayoutView:
        within, by = timedelta(hours=min(press.hours, _MOST_HOURS)), at.by
        made = await hide_all(
            self._desk, press.case, within, by=by, door=Door.BUTTON, listed=press.seen
        )
        if not made:
            return said.saying(author_text.NOTHING_LEFT)
        done = [
            Done(case_id=one.case_id, outcome=one, after=await after(self._desk, one, by))
            for one in made
        ]
        return said.typed(done, self._desk.policy(), site_can=self._desk.site_can, asked_by=by.id)

    @answers(TakeRunBack)
    async def _take_run_back(self, press: TakeRunBack, at: Pressed) -> discord.ui.LayoutView:
        """Take a run back, and let everybody read under the call who did."""
        taken = await take_back(self._desk, press.run, by=at.by)
        run, call = await run_of(self._desk, press.run), at.interaction.message
        if run is not None and call is not None:
            policy, now = self._desk.policy(), self._desk.clock()
            quiet = discord.AllowedMentions.none()
            try:
                await call.edit(
                    view=proposals.over(run, policy, at.by.name, taken, now), allowed_mentions=quiet
                )
            except failures.UNHEARD as error:
                log.warning("the call does not say that it was answered: %s", error)
        return proposals.taken_back(taken)

    @answers(ShowQueue)
    async def _queue(self, press: ShowQueue, at: Pressed) -> discord.ui.LayoutView:
        return await queue_answer(self._desk, self._place, at.by, offset=press.offset)

    async def _decide(
        self, action: Action, press: OfText, at: Pressed, rule: RuleNumber | None = None
    ) -> discord.ui.LayoutView:
        verdict = Verdict(action=action, by=at.by, door=Door.BUTTON, rule=rule)
        return await decided(self._desk, press.case, verdict, seen=press.seen or None)


def _picked_rule(at: Pressed) -> RuleNumber:
    if at.number is None:
        raise NotUnderstood("Pick a rule from the list. Nothing was done.")
    return RuleNumber(at.number)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Buttons(client.desk, client.place))

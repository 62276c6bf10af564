"""The buttons and menus on cards and answers, and the ban form."""

import logging
from datetime import timedelta

import discord
from discord.ext import commands

from bot.cards import answers as said
from bot.cards import ban_list, ban_modal, proposals, run_card
from bot.cards.author_presses import ShowBans
from bot.cards.case_presses import (
    AddReason,
    Agree,
    BanAuthor,
    BanForm,
    CiteInstead,
    Decline,
    HideAll,
    HideCase,
    HideUnder,
    KeepCase,
    ReadNotes,
    ReadText,
    ShowQueue,
    TakeRunBack,
    TryNow,
    UndoDecision,
)
from bot.cards.press_table import Pressed, answers, opens
from bot.cards.presses import OfText
from bot.cards.text import bans as ban_text
from bot.cards.text import decisions as decision_text
from bot.client import DeskClient, Place
from bot.domain.decision import Action, Door, Verdict
from bot.domain.errors import NotUnderstood
from bot.domain.ids import RuleNumber
from bot.services import lookup, second
from bot.services.aftermath import after
from bot.services.amend import amend
from bot.services.bans import bans
from bot.services.desk import Desk
from bot.services.lines import Done
from bot.services.reverse import reverse
from bot.services.run_back import run_of, take_back
from bot.services.sweep import hide_all
from cogs import failures
from cogs.replies import ban_form, decided, queue_answer, ruled

_MOST_HOURS = 168
"""As many as the command takes."""

log = logging.getLogger(__name__)


class Buttons(commands.Cog):
    """Turns a press into one service call, and answers whoever pressed."""

    def __init__(self, desk: Desk, place: Place) -> None:
        self._desk = desk
        self._place = place

    @opens(BanAuthor)
    async def _ban(self, press: BanAuthor, at: Pressed) -> discord.ui.Modal | discord.ui.LayoutView:
        return await ban_form(self._desk, press.case, press.seen, at.by)

    @answers(BanForm)
    async def _ban_as_filled_in(self, press: BanForm, at: Pressed) -> discord.ui.LayoutView:
        form = ban_modal.read(at.fields)
        if form is None:
            raise NotUnderstood(decision_text.FORM_UNREAD)
        verdict = Verdict(
            action=Action.BAN,
            by=at.by,
            door=Door.BUTTON,
            rule=form.rule,
            lasting=form.lasting,
            note=form.note,
            reason=form.reason,
        )
        return await decided(self._desk, press.case, verdict, seen=press.seen)

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

    @answers(CiteInstead)
    async def _cite(self, press: CiteInstead, at: Pressed) -> discord.ui.LayoutView:
        meant, rule, by = press.decision or None, _picked_rule(at), at.by
        amended = await amend(self._desk, press.case, rule, by=by, door=Door.BUTTON, meant=meant)
        return said.amended(amended, self._desk.policy(), site_can=self._desk.site_can)

    @answers(AddReason)
    async def _add_reason(self, press: AddReason, at: Pressed) -> discord.ui.LayoutView:
        view = await lookup.view(self._desk, press.case, at.by)
        if not at.picks or view.decision is None or view.decision.verdict.rule is None:
            raise NotUnderstood("There is no hide or ban on this case that it could be added to.")
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
        decision = await second.agree(self._desk, press.case, by=at.by, seen=seen, meant=meant)
        return await ruled(self._desk, decision, at.by)

    @answers(Decline)
    async def _decline(self, press: Decline, at: Pressed) -> discord.ui.LayoutView:
        declined = await second.decline(self._desk, press.case, by=at.by)
        return proposals.declined(declined, self._desk.policy())

    @answers(ShowBans)
    async def _bans(self, press: ShowBans, at: Pressed) -> discord.ui.LayoutView:
        page = await bans(self._desk, at.by, limit=ban_list.PAGE, offset=press.offset)
        now = self._desk.clock()
        return ban_list.ban_list(page, self._desk.policy(), now=now, offset=press.offset)

    @answers(HideAll)
    async def _hide_all(self, press: HideAll, at: Pressed) -> discord.ui.LayoutView:
        within, by = timedelta(hours=min(press.hours, _MOST_HOURS)), at.by
        made = await hide_all(
            self._desk, press.case, within, by=by, door=Door.BUTTON, listed=press.seen
        )
        if not made:
            return said.saying(ban_text.NOTHING_LEFT)
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
                    view=run_card.over(run, policy, at.by.name, taken, now), allowed_mentions=quiet
                )
            except failures.UNHEARD as error:
                log.warning("the call does not say that it was answered: %s", error)
        return run_card.taken_back(taken)

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

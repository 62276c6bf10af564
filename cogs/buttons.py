"""The buttons and menus on cards and answers, and the ban form."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import discord
from discord.ext import commands

from bot.cards import answers, ban_list, ban_modal, proposals, run_card
from bot.cards.buttons import ITEMS, Kind, Press
from bot.cards.text import bans as ban_text
from bot.cards.text import decisions as decision_text
from bot.client import DeskClient, Place
from bot.domain.brake import TakenBack
from bot.domain.decision import Action, Door, Verdict
from bot.domain.errors import NotUnderstood
from bot.domain.ids import RuleNumber
from bot.domain.staff import Person
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
from cogs.people import person
from cogs.replies import ban_form, decided, queue_answer, ruled

_MOST_HOURS = 168
"""As many as the command takes."""

Answer = Awaitable[discord.ui.LayoutView]

log = logging.getLogger(__name__)


class Buttons(commands.Cog):
    """Turns a press into one service call, and answers whoever pressed."""

    def __init__(self, desk: Desk, place: Place) -> None:
        self._desk = desk
        self._place = place
        self._handlers: dict[Kind, Callable[[Person, Press], Answer]] = {
            Kind.KEEP: self._keep,
            Kind.HIDE: self._hide,
            Kind.HIDE_AS: self._hide,
            Kind.UNDO: self._undo,
            Kind.AMEND: self._amend,
            Kind.REASON: self._add_reason,
            Kind.READ: self._read,
            Kind.NOTES: self._notes,
            Kind.RETRY: self._retry,
            Kind.QUEUE: self._queue,
            Kind.AGREE: self._agree,
            Kind.DECLINE: self._decline,
            Kind.BANS: self._bans,
            Kind.SWEEP: self._sweep,
        }

    @commands.Cog.listener()
    async def on_desk_press(self, interaction: discord.Interaction[Any], press: Press) -> None:
        """Carry out what was pressed."""
        if press.kind is Kind.BAN:
            form = partial(
                ban_form, self._desk, press.case_id, press.seen, person(interaction.user)
            )
            await failures.ask(interaction, self._desk, form)
            return
        if press.kind is Kind.RUN_BACK:
            await self._take_run_back(interaction, press)
            return
        handler = self._handlers.get(press.kind)
        if handler is None:
            return  # another cog's
        await failures.reply(
            interaction, self._desk, partial(handler, person(interaction.user), press)
        )

    @commands.Cog.listener()
    async def on_desk_form(self, interaction: discord.Interaction[Any]) -> None:
        """Take the ban form; read here, it is understood after a restart too."""
        form = ban_modal.read(interaction)
        if form is None:
            return
        verdict = Verdict(
            action=Action.BAN,
            by=person(interaction.user),
            door=Door.BUTTON,
            rule=form.rule,
            lasting=form.lasting,
            note=form.note,
            reason=form.reason,
        )
        await failures.reply(
            interaction,
            self._desk,
            partial(decided, self._desk, form.case_id, verdict, seen=form.seen),
        )

    async def _decide(
        self, action: Action, by: Person, press: Press, rule: RuleNumber | None = None
    ) -> discord.ui.LayoutView:
        verdict = Verdict(action=action, by=by, door=Door.BUTTON, rule=rule)
        return await decided(self._desk, press.case_id, verdict, seen=press.seen or None)

    async def _keep(self, by: Person, press: Press) -> discord.ui.LayoutView:
        return await self._decide(Action.KEEP, by, press)

    async def _hide(self, by: Person, press: Press) -> discord.ui.LayoutView:
        rule = RuleNumber(press.extra) if press.extra else None
        if press.kind is Kind.HIDE_AS:
            rule = _picked_rule(press)
        return await self._decide(Action.HIDE, by, press, rule)

    async def _undo(self, by: Person, press: Press) -> discord.ui.LayoutView:
        ruling = await reverse(
            self._desk, press.case_id, by=by, door=Door.BUTTON, meant=press.extra or None
        )
        return await ruled(self._desk, ruling, by)

    async def _amend(self, by: Person, press: Press) -> discord.ui.LayoutView:
        rule = _picked_rule(press)
        meant = press.extra or None
        amended = await amend(self._desk, press.case_id, rule, by=by, door=Door.BUTTON, meant=meant)
        return answers.amended(amended, self._desk.policy(), site_can=self._desk.site_can)

    async def _add_reason(self, by: Person, press: Press) -> discord.ui.LayoutView:
        view = await lookup.view(self._desk, press.case_id, by)
        if not press.values or view.decision is None or view.decision.verdict.rule is None:
            raise NotUnderstood("There is no hide or ban on this case that it could be added to.")
        added = await amend(
            self._desk,
            press.case_id,
            view.decision.verdict.rule,
            by=by,
            door=Door.BUTTON,
            reason=press.values[0],
            meant=press.extra or None,
        )
        return await ruled(self._desk, added, by)

    async def _read(self, by: Person, press: Press) -> discord.ui.LayoutView:
        view = await lookup.view(self._desk, press.case_id, by, where=press.where)
        return answers.full_text(view, self._desk.policy(), page=press.extra)

    async def _notes(self, by: Person, press: Press) -> discord.ui.LayoutView:
        view = await lookup.view(self._desk, press.case_id, by, where=press.where)
        found = await lookup.notes(self._desk, press.case_id, by, where=press.where)
        return answers.notes(view.case, found, self._desk.policy(), page=press.extra)

    async def _retry(self, by: Person, press: Press) -> discord.ui.LayoutView:
        await lookup.retry(self._desk, press.case_id, by)
        return answers.saying(decision_text.RETRYING)

    async def _agree(self, by: Person, press: Press) -> discord.ui.LayoutView:
        seen, meant = press.seen or None, press.extra or None
        decision = await second.agree(self._desk, press.case_id, by=by, seen=seen, meant=meant)
        return await ruled(self._desk, decision, by)

    async def _decline(self, by: Person, press: Press) -> discord.ui.LayoutView:
        declined = await second.decline(self._desk, press.case_id, by=by)
        return proposals.declined(declined, self._desk.policy())

    async def _bans(self, by: Person, press: Press) -> discord.ui.LayoutView:
        page = await bans(self._desk, by, limit=ban_list.PAGE, offset=press.extra)
        now = self._desk.clock()
        return ban_list.ban_list(page, self._desk.policy(), now=now, offset=press.extra)

    async def _sweep(self, by: Person, press: Press) -> discord.ui.LayoutView:
        within = timedelta(hours=min(press.extra, _MOST_HOURS))
        made = await hide_all(
            self._desk, press.case_id, within, by=by, door=Door.BUTTON, listed=press.seen
        )
        if not made:
            return answers.saying(ban_text.NOTHING_LEFT)
        done = [
            Done(case_id=one.case_id, outcome=one, after=await after(self._desk, one, by))
            for one in made
        ]
        return answers.typed(
            done, self._desk.policy(), site_can=self._desk.site_can, asked_by=by.id
        )

    async def _take_run_back(self, interaction: discord.Interaction[Any], press: Press) -> None:
        """Take a run back, and let everybody read under the call who did."""
        by, taken = person(interaction.user), list[TakenBack]()

        async def work() -> discord.ui.LayoutView:
            taken.append(await take_back(self._desk, press.extra, by=by))
            return run_card.taken_back(taken[0])

        await failures.reply(interaction, self._desk, work)
        run = await run_of(self._desk, press.extra) if taken else None
        if run is None or interaction.message is None:
            return
        at, policy = self._desk.clock(), self._desk.policy()
        quiet = discord.AllowedMentions.none()
        try:
            said = run_card.over(run, policy, by.name, taken[0], at)
            await interaction.message.edit(view=said, allowed_mentions=quiet)
        except failures.UNHEARD as error:
            log.warning("the call does not say that it was answered: %s", error)

    async def _queue(self, by: Person, press: Press) -> discord.ui.LayoutView:
        return await queue_answer(self._desk, self._place, by, offset=press.extra)


def _picked_rule(press: Press) -> RuleNumber:
    if press.picked is None:
        raise NotUnderstood("Pick a rule from the list. Nothing was done.")
    return RuleNumber(press.picked)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    client.add_dynamic_items(*ITEMS)
    await client.add_cog(Buttons(client.desk, client.place))

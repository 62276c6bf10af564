"""Carry out what was asked of the outside world: draw cards, and give sites their orders."""

import asyncio
import logging
import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from bot.domain.bans import whole
from bot.domain.decisions import Action
from bot.domain.effects import Effect, Order, Outcome
from bot.domain.ids import EffectId, SiteId
from bot.domain.policy import Policy
from bot.domain.routing import home
from bot.ports import Messenger, Site
from bot.services.cases import backlog
from bot.services.cases.decision_log import DecisionWriter
from bot.services.cases.revise import overtaken
from bot.services.desk import Desk
from bot.services.drawing import draw
from bot.services.outbox_worker import Attempt, Lane, keep_on, turn
from bot.services.readers.contest_card import want_contest_cards
from bot.services.readers.statement import state
from bot.store.deliveries import order_from
from bot.store.messages import DuePlace
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_BATCH = 25
_LOOKED_THROUGH = 2_500
"""How many cards that wait are looked through for those of one channel: a busy hour's."""
_REST, _LONGEST_REST = 4.0, 0.5
"""Of the time that a look for channels took, how much passes before the next; and seconds at most."""
_CARDS_A_TURN = 5
"""Few, so that a worse case that comes in the meantime does not wait behind a long backlog."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPlace:
    """What Discord counts requests by: a channel, and whether cards are posted there or edited."""

    channel_id: int
    is_new: bool


def card_lane(
    desk: Desk, messenger: Messenger, *, site_answers_within: timedelta = timedelta()
) -> Lane:
    """Draw cards, the worst case's first, one after another wherever they stand.

    A card waits so long for what its site says to what was just decided, and is then edited once
    for both; whoever decided has their answer meanwhile.
    """
    return Drawer(desk, messenger, site_answers_within).lane(None)


async def keep_drawing(
    desk: Desk, messenger: Messenger, *, site_answers_within: timedelta = timedelta()
) -> None:
    """Draw cards for ever as `card_lane` does, but in each channel by itself.

    The post that takes the last of what Discord allows a channel for now returns once it allows
    more. Meanwhile cards are posted in the other channels, and those that stand are edited.
    """
    drawer = Drawer(desk, messenger, site_answers_within)
    busy = set[CardPlace]()

    async def draw_all(place: CardPlace) -> None:
        lane = drawer.lane(place)
        try:
            while await turn(lane):
                pass
        finally:
            busy.discard(place)

    async with asyncio.TaskGroup() as channels:

        async def look() -> bool:
            await messenger.ready()
            now, began = desk.clock(), time.monotonic()
            for place in await desk.store.read(lambda tx: drawer.places(tx, now, but=busy)):
                busy.add(place)
                channels.create_task(draw_all(place))
            if drawer.waiting > _BATCH:
                # Reports in a flood bring news all the time, and each look takes longer then.
                await asyncio.sleep(min(_LONGEST_REST, _REST * (time.monotonic() - began)))
            return False

        await keep_on(desk, look)


def _show_contests(desk: Desk, tx: Tx, effect: Effect, _outcome: Outcome) -> None:
    """Have the cards of those who contest a decision on a case show what has changed."""
    want_contest_cards(tx, effect.case_id, desk.clock())


class Drawer:
    """Draws cards, in lanes.

    Reactions to press are put under new ones only while few wait, for each costs a request. What
    one lane has taken no other takes until it looks again, for then how each drawing ended is kept:
    where a card belongs may change while it is drawn.
    """

    def __init__(
        self, desk: Desk, messenger: Messenger, site_answers_within: timedelta = timedelta()
    ) -> None:
        self._desk = desk
        self._messenger = messenger
        self._site_answers_within = site_answers_within
        self._calm = False
        self.waiting = 0
        self._taken = dict[CardPlace | None, frozenset[EffectId]]()

    def lane(self, place: CardPlace | None) -> Lane:
        """Return the lane of the cards of one place, or of all."""
        return Lane(
            desk=self._desk,
            due=partial(self._due, place),
            carry_out=lambda effect: draw(self._desk, self._messenger, effect, seed=self._calm),
            after=partial(_show_contests, self._desk),
            ready=self._messenger.ready,
        )

    def places(self, tx: Tx, now: datetime, *, but: Collection[CardPlace]) -> list[CardPlace]:
        """Return where else cards are to be drawn now, where the worst is first."""
        found = dict[CardPlace, None]()
        for one, place in self._placed(tx, now):
            if place not in but and place not in found and not self._waits_for_site(tx, one, now):
                found[place] = None
        return list(found)

    def _due(self, place: CardPlace | None, tx: Tx, now: datetime) -> list[Effect]:
        self._taken.pop(place, None)
        waiting = self._placed(tx, now)
        here = (one for one, its in waiting if place in (None, its))
        ready = (one for one in here if not self._waits_for_site(tx, one, now))
        due = list(islice(ready, _CARDS_A_TURN))
        if due:
            self._taken[place] = frozenset(one.id for one in due)
        return due

    def _placed(self, tx: Tx, now: datetime) -> list[tuple[Effect, CardPlace]]:
        """Return what waits and nobody has taken, the worst first, each with its place."""
        policy = self._desk.policy()
        held = backlog.holds(tx, policy)
        due = tx.outbox.due_cards(now, limit=_LOOKED_THROUGH, held=held)
        self.waiting = len(due)
        self._calm = not held and self.waiting <= policy.calm_backlog
        places = (
            tx.cards.due_places(now, limit=_LOOKED_THROUGH) if due else dict[EffectId, DuePlace]()
        )
        own = self._messenger.places.channel_id
        taken = set[EffectId]().union(*self._taken.values())
        return [
            (one, _place(policy, places.get(one.id), own)) for one in due if one.id not in taken
        ]

    def _waits_for_site(self, tx: Tx, effect: Effect, now: datetime) -> bool:
        """Whether a card that stands is about to say what its site did."""
        asked = tx.deliveries.delivery(effect.case_id)
        if asked is None or asked.due_at is None or asked.attempts:
            return False
        is_new = now - asked.due_at < self._site_answers_within
        return is_new and tx.cards.get(effect.case_id) is not None


def _place(policy: Policy, due: DuePlace | None, own: int) -> CardPlace:
    """Return where a card is drawn: where it stands, or where it is to stand."""
    if due is None:
        return CardPlace(channel_id=own, is_new=True)
    if due.stands_in is not None:
        return CardPlace(channel_id=due.stands_in, is_new=False)
    to = home(
        policy.routes, site=due.site, section=due.section, state=due.state, reasons=due.reasons
    )
    return CardPlace(channel_id=to.channel_id or own, is_new=True)


def order_lane(desk: Desk, name: SiteId, site: Site) -> Lane:
    """Give one site its orders, side by side; of each case one at a time."""
    return Lane(
        desk=desk,
        due=lambda tx, now: tx.claims.orders(name, now, limit=_BATCH),
        shared=True,
        carry_out=partial(_carry_out, desk, site),
        after=partial(_after, desk),
        together=True,
    )


async def _carry_out(desk: Desk, site: Site, effect: Effect) -> Attempt:
    order = order_from(effect.payload)
    if order.banned is not None:
        order = await desk.store.read(partial(_with_all_bans, desk, order))
    order = replace(order, statement_url=await state(desk, order.decision_id))
    outcome = await site.carry_out(order)
    log.info("case %s: site %s says %s", effect.case_id, effect.site, outcome.verb)
    return Attempt(outcome=outcome)


def _after(desk: Desk, tx: Tx, effect: Effect, outcome: Outcome) -> None:
    """Show on the case's card what came of an order."""
    if outcome.placed:
        tx.outbox.place(effect)
    if outcome.found is not None:
        order = order_from(effect.payload)
        overtaken(desk, tx, DecisionWriter.of(desk), effect, order, outcome.found)
    case = tx.cases.get(effect.case_id)
    if case is not None:
        tx.cases.touch(case, desk.clock())


def _with_all_bans(desk: Desk, order: Order, tx: Tx) -> Order:
    """Let an order leave the author as all bans in force would have it, not the one case's alone.

    Orders of several cases may come in any order, as when a site was down meanwhile: an undo of
    one ban must not end another, nor a short one cut a long one off.
    """
    out = whole(tx.bans.of_author(order.site, order.author_id, desk.clock()))
    if out is not None:
        return replace(order, banned=True, until=out.until)
    # A ban that is over by now, as the site was down for long, is not begun any more.
    return replace(order, banned=False if order.action is Action.UNBAN else None, until=None)

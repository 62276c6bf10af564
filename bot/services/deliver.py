"""Carry out what was asked of the outside world: draw cards, and give sites their orders."""

import asyncio
import logging
import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.domain.bans import whole
from bot.domain.decisions import Action
from bot.domain.effects import Effect, Order, Outcome
from bot.domain.ids import CaseId, EffectId, SiteId
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
_LONGEST_KEPT = 3.0
"""Seconds for which the order of what waits is good at most."""
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
        self._order = _Order()
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
        order = self._worst_first(tx, now)
        taken = self._taken_by_any()
        return [
            place
            for place, cards in order.by_place.items()
            if place not in but and any(self._is_ready(tx, card, taken, now) for card in cards)
        ]

    def _due(self, place: CardPlace | None, tx: Tx, now: datetime) -> list[Effect]:
        self._taken.pop(place, None)
        # Only where each channel has a lane of its own may many wait for long.
        order = self._worst_first(tx, now, anew=place is None)
        cards = order.all if place is None else order.by_place.get(place, {})
        taken = self._taken_by_any()
        due: list[Effect] = []
        for card in list(cards):
            if len(due) == _CARDS_A_TURN:
                break
            if self._is_ready(tx, card, taken, now):
                effect = tx.outbox.due_card(card[0], now)
                if effect is None:
                    del cards[card]
                else:
                    due.append(effect)
        if due:
            self._taken[place] = frozenset(one.id for one in due)
        return due

    def _worst_first(self, tx: Tx, now: datetime, *, anew: bool = False) -> "_Order":
        """Return what waits.

        Of many it is kept while nothing is asked for, and else for a moment: the next few cards of
        each channel would cost a look at all that wait. Something worse is seen after that.
        """
        policy, asked = self._desk.policy(), self._desk.store.asked
        if not anew and self._order.is_good(policy, asked, now):
            return self._order
        began = time.thread_time()
        held = backlog.holds(tx, policy)
        due = tx.cards.due(now, held=held)
        self.waiting = tx.cards.count_waiting(most=_BATCH + 1) if held else len(due)
        self._calm = not held and self.waiting <= policy.calm_backlog
        own = self._messenger.places.channel_id
        places = {at: _place(policy, at, own) for at in {at for *_, at in due}}
        self._order = _Order()
        for effect_id, case_id, at in due:
            self._order.add((effect_id, case_id), places[at])
        if self.waiting > _BATCH:
            known = _Known(policy=policy, asked=asked, until=tx.cards.next_due(now))
            self._order.keep(known, took=time.thread_time() - began)
        return self._order

    def _taken_by_any(self) -> set[EffectId]:
        return set[EffectId]().union(*self._taken.values())

    def _is_ready(
        self, tx: Tx, card: "_Waiting", taken: Collection[EffectId], now: datetime
    ) -> bool:
        effect_id, case_id = card
        return effect_id not in taken and not self._waits_for_site(tx, case_id, now)

    def _waits_for_site(self, tx: Tx, case_id: CaseId, now: datetime) -> bool:
        """Whether a card that stands is about to say what its site did."""
        asked = tx.deliveries.delivery(case_id)
        if asked is None or asked.due_at is None or asked.attempts:
            return False
        is_new = now - asked.due_at < self._site_answers_within
        return is_new and tx.cards.get(case_id) is not None


_Waiting = tuple[EffectId, CaseId]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What an order was made by: the policy, what was asked for, and when the next card is due."""

    policy: Policy
    asked: int
    until: datetime | None


class _Order:
    """The cards that wait, the worst first, in all and of each place."""

    def __init__(self) -> None:
        self._known: _Known | None = None
        self._busy_until = self._calm_until = 0.0
        self.all: dict[_Waiting, None] = {}
        self.by_place: dict[CardPlace, dict[_Waiting, None]] = {}

    def add(self, card: _Waiting, place: CardPlace) -> None:
        """Add the next one."""
        self.all[card] = None
        self.by_place.setdefault(place, {})[card] = None

    def keep(self, known: _Known, *, took: float) -> None:
        """Let it be good for a while; to make it took so many seconds."""
        now = time.monotonic()
        self._known = known
        self._busy_until = now + min(_LONGEST_KEPT, _REST * took)
        self._calm_until = now + _LONGEST_KEPT

    def is_good(self, policy: Policy, asked: int, now: datetime) -> bool:
        """Whether it need not be made anew."""
        known = self._known
        if known is None or known.policy is not policy:
            return False
        is_calm = known.asked == asked and (known.until is None or now < known.until)
        return time.monotonic() < (self._calm_until if is_calm else self._busy_until)


def _place(policy: Policy, due: DuePlace, own: int) -> CardPlace:
    """Return where a card is drawn: where it stands, or where it is to stand."""
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

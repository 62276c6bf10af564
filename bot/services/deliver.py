"""Carry out what was asked of the outside world: draw cards, and give sites their orders."""

import asyncio
import logging
import random
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.domain.ban import whole
from bot.domain.case import CardRef, CaseState, CaseView
from bot.domain.decision import Action
from bot.domain.effect import ASK_AGAIN, TRIES, Effect, Order, Outcome, Verb, wait_before
from bot.domain.errors import BoardBarred, CardGone
from bot.domain.ids import CaseId, SiteId
from bot.ports import Board, Site
from bot.services import backlog
from bot.services.cards import want_card_again
from bot.services.desk import REDRAW_AFTER, Desk
from bot.services.due import LATER, OURS, again_at, each, keep_on
from bot.services.edited import overtaken
from bot.services.lookup import look
from bot.services.record import Recorder
from bot.services.routing import home_of
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_LOOK_EVERY = 0.5
"""Seconds between looks at the list when nothing new is asked for; retries are due by time."""

_BATCH = 25
_CARDS_A_TURN = 5
"""Few, so that a worse case that comes in the meantime does not wait behind a long backlog."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One card being drawn: what asked for it, what it shows, and since when."""

    effect: Effect
    view: CaseView
    since: datetime


async def deliver_cards(desk: Desk, board: Board) -> None:
    """Draw cards as they fall due, worst case first, for ever."""

    async def turn() -> bool:
        await board.ready()
        return await draw_due(desk, board)

    await keep_on(desk, turn, look_every=_LOOK_EVERY)


async def deliver_orders(desk: Desk, name: SiteId, site: Site) -> None:
    """Give one site its orders as they fall due, for ever."""
    await keep_on(desk, partial(carry_out_due, desk, name, site), look_every=_LOOK_EVERY)


async def draw_due(desk: Desk, board: Board) -> bool:
    """Draw the cards that are due now; false if there were none.

    Reactions to press are put under new cards only while few wait, for each costs a request.
    """
    now = desk.clock()
    held = await backlog.is_held(desk)
    due = await desk.store.read(lambda tx: tx.outbox.due_cards(now, limit=_BATCH, held=held))
    calm = not held and len(due) <= desk.policy().calm_backlog
    draw = partial(_draw_one, desk, board, seed=calm)
    return await each(due[:_CARDS_A_TURN], draw, partial(_later, desk))


async def _draw_one(desk: Desk, board: Board, effect: Effect, *, seed: bool) -> None:
    try:
        await _draw(desk, board, effect, seed=seed)
    except LATER as trouble:
        await _put_off(desk, effect, trouble)


async def _later(desk: Desk, effect: Effect) -> None:
    await _put_off(desk, effect, None)


async def _put_off(desk: Desk, effect: Effect, trouble: Exception | None) -> None:
    due_at, words = again_at(desk, effect.attempts, trouble), str(trouble or OURS)
    await desk.store.write(lambda tx: tx.outbox.retry(effect.id, due_at, words))
    log.info("card %s is drawn later: %s", effect.case_id, words)


async def _draw(desk: Desk, board: Board, effect: Effect, *, seed: bool) -> None:
    view = await look(desk, effect.case_id)
    # From now on, for somebody may see it before its answer is here.
    drawing = Drawing(effect=effect, view=view, since=desk.clock())
    ref = await desk.store.read(lambda tx: tx.cards.get(effect.case_id))
    channel_id = home_of(desk.policy(), view).channel_id or board.channel_id
    if ref is None and not view.case.is_open and await _needs_none(desk, view.case.id):
        await desk.store.write(lambda tx: tx.outbox.done(effect.id, desk.clock()))
    elif ref is None:
        await _draw_new(desk, board, drawing, channel_id, seed=seed)
    elif ref.channel_id != channel_id:
        # First of all the text leaves the channel where it may not be read any more.
        await board.retire(ref, channel_id)
        await _draw_new(desk, board, drawing, channel_id, seed=seed)
    else:
        await _draw_again(desk, board, drawing, ref, seed=seed)


async def _needs_none(desk: Desk, case_id: CaseId) -> bool:
    """Whether a decided case stays without a card.

    Decided from the digest, a card now would only say so once more; and one that somebody
    deleted is not wanted back, as /case shows what it said.
    """
    if await desk.store.read(lambda tx: tx.cards.was_lost(case_id)):
        return True
    return await backlog.is_held(desk)


async def _draw_new(
    desk: Desk, board: Board, drawing: Drawing, channel_id: int, *, seed: bool
) -> None:
    posted = await _post(desk, board, drawing.view, channel_id)
    await _record(desk, drawing, posted)
    # Only now, for a card that is not recorded yet cannot be replied to.
    if seed and drawing.view.case.is_open and posted.revision:
        await _seed(desk, board, posted, seeded=True)


async def _draw_again(
    desk: Desk, board: Board, drawing: Drawing, ref: CardRef, *, seed: bool
) -> None:
    case = drawing.view.case
    if ref.decided and case.is_open:
        # What was meant for the decided card must not decide the open one.
        await board.unseed(ref)
    try:
        ref = await _redraw(desk, board, drawing, ref)
    except CardGone:
        # Somebody deleted the message: an open case gets a new card on the next turn.
        await want_card_again(desk, ref)
        return
    await _record(desk, drawing, ref)
    if ref.seeded and not (case.is_open and ref.revision):
        await _seed(desk, board, ref, seeded=False)
    elif seed and not ref.seeded and ref.revision and case.state is CaseState.REOPENED:
        await _seed(desk, board, ref, seeded=True)


async def _redraw(desk: Desk, board: Board, drawing: Drawing, ref: CardRef) -> CardRef:
    """Edit a card; a new text counts as shown from the start, as it is answered to at once."""
    case = drawing.view.case
    if case.revision == ref.revision:
        return await board.redraw(drawing.view, ref)
    await desk.store.write(lambda tx: tx.cases.shown(case.id, case.revision, drawing.since))
    try:
        drawn = await board.redraw(drawing.view, ref)
    except LATER:
        await desk.store.write(lambda tx: tx.cases.shown(case.id, case.revision, None))
        raise
    if not drawn.revision:
        await desk.store.write(lambda tx: tx.cases.shown(case.id, case.revision, None))
    return drawn


async def _seed(desk: Desk, board: Board, ref: CardRef, *, seeded: bool) -> None:
    """Put the reactions to press under a card, or take them off one that is decided."""
    await desk.store.write(lambda tx: tx.cards.seed(ref.case_id, seeded=seeded))
    await (board.seed(ref) if seeded else board.unseed(ref))


async def _record(desk: Desk, drawing: Drawing, ref: CardRef) -> None:
    """Record what the card shows, and ask for it again if the case changed meanwhile."""
    drawn, now = drawing.view.case, desk.clock()
    shown = replace(ref, decided=not drawn.is_open)
    listed = drawn.is_open and drawing.view.work.snooze is None

    def work(tx: Tx) -> None:
        tx.cards.drawn(shown, drawn.touched, listed=listed, at=now)
        if shown.revision:
            tx.cases.shown(drawn.id, drawn.revision, drawing.since)
        tx.outbox.done(drawing.effect.id, now)
        case = tx.cases.get(drawn.id)
        if case is not None and case.touched != drawn.touched:
            tx.outbox.want_card(case.id, now + REDRAW_AFTER)

    await desk.store.write(work)


async def _post(desk: Desk, board: Board, view: CaseView, channel_id: int) -> CardRef:
    """Post the card, unless an earlier try whose end we did not see has posted it already."""
    case, now = view.case, desk.clock()
    tried = await desk.store.write(lambda tx: tx.cards.intend(case.id, now))
    found = None
    if tried is not None:
        found = await board.find(case, tried, channel_id=channel_id)
    if found is not None:
        return await board.redraw(view, found)
    # To the millisecond, as a card may leave a channel and come back within a second.
    nonce = f"{case.id}-{int((tried or now).timestamp() * 1000)}"
    try:
        return await board.post(view, nonce=nonce, channel_id=channel_id)
    except BoardBarred:
        if tried is None:
            # It is known that no card was posted, so none need be looked for the next time.
            await desk.store.write(lambda tx: tx.cards.lost(case.id))
        raise


async def carry_out_due(desk: Desk, name: SiteId, site: Site) -> bool:
    """Give the site the orders that are due now; false if there were none."""
    now = desk.clock()
    due = await desk.store.read(lambda tx: tx.outbox.due_orders(name, now, limit=_BATCH))
    async with asyncio.TaskGroup() as tasks:
        for effect in due:
            tasks.create_task(_carry_out(desk, site, effect))
    return bool(due)


async def _carry_out(desk: Desk, site: Site, effect: Effect) -> None:
    order = await desk.store.read(lambda tx: tx.outbox.order(effect.id))
    if order is None:
        return
    kept = order
    if kept.banned is not None:
        order = await desk.store.read(lambda tx: _with_all_bans(desk, tx, kept))
    outcome = await site.carry_out(order)
    await desk.store.write(lambda tx: _settle(desk, tx, effect, kept, outcome))
    log.info("case %s: site %s says %s", effect.case_id, effect.site, outcome.verb)


def _with_all_bans(desk: Desk, tx: Tx, order: Order) -> Order:
    """Let an order leave the author as all bans in force would have it, not the one case's alone.

    Orders of several cases may come in any order, as when a site was down meanwhile: an undo of
    one ban must not end another, nor a short one cut a long one off.
    """
    out = whole(tx.bans.of_author(order.site, order.author_id, desk.clock()))
    if out is not None:
        return replace(order, banned=True, until=out.until)
    # A ban that is over by now, as the site was down for long, is not begun any more.
    return replace(order, banned=False if order.action is Action.UNBAN else None, until=None)


def _settle(desk: Desk, tx: Tx, effect: Effect, order: Order, outcome: Outcome) -> None:
    now = desk.clock()
    if outcome.found is not None:
        overtaken(desk, tx, Recorder.of(desk), effect, order, outcome.found)
    else:
        _record_outcome(tx, effect, outcome, now)
    case = tx.cases.get(effect.case_id)
    if case is not None:
        tx.cases.touch(case, now)


def _record_outcome(tx: Tx, effect: Effect, outcome: Outcome, now: datetime) -> None:
    tried = effect.attempts + 1
    words = outcome.words or ""
    if outcome.verb is Verb.DONE:
        tx.outbox.done(effect.id, now)
    elif outcome.verb in ASK_AGAIN and tried < TRIES:
        wait = wait_before(tried + 1, jitter=_jitter(), asked=outcome.after)
        tx.outbox.retry(effect.id, now + wait, words)
    else:
        tx.outbox.fail(effect.id, now, words)


def _jitter() -> float:
    return random.random()  # noqa: S311 - spreads retries, guards nothing

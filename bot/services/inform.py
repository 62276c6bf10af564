"""Carry out what editors are to be told: cards, lines and threads in Discord, and other roads."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.domain.alert import AlertEffect, AlertEffectKind, AlertView
from bot.domain.effect import TRIES
from bot.domain.errors import BoardDown, BoardRefused, CardGone
from bot.domain.spikes.incidents import Kind
from bot.ports import AlertBoard, Pager
from bot.services.alert_views import NoSuchAlert, look
from bot.services.desk import Desk
from bot.services.due import LATER, OURS, again_at, each, keep_on
from bot.services.held import HELD, line
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_LOOK_EVERY = 0.5
_BATCH = 10
_IN_DISCORD = (
    AlertEffectKind.ALERT,
    AlertEffectKind.REPLY,
    AlertEffectKind.BULLETIN,
    AlertEffectKind.THREAD,
)
_LATER = timedelta(seconds=5)
_AGAIN = timedelta(seconds=1)

Carry = Callable[[AlertEffect], Awaitable[None]]
PlainText = Callable[[AlertView | None, str | None], tuple[str, str]]
"""Turns an alert, or a bulletin's facts, into a title and a text."""


async def deliver_alerts(desk: Desk, board: AlertBoard) -> None:
    """Post and edit alerts as they fall due, for ever."""

    async def turn() -> bool:
        await board.ready()
        return await show_due(desk, board)

    await keep_on(desk, turn, look_every=_LOOK_EVERY)


async def deliver_roads(desk: Desk, pager: Pager, text: PlainText) -> None:
    """Send alerts along every other road as they fall due, for ever."""
    await keep_on(desk, partial(send_due, desk, pager, text), look_every=_LOOK_EVERY)


async def show_due(desk: Desk, board: AlertBoard) -> bool:
    """Carry out what is due in Discord; false if there was nothing."""

    async def carry(effect: AlertEffect) -> None:
        await _show(desk, board, effect)

    return await _carry_due(desk, _IN_DISCORD, carry)


async def send_due(desk: Desk, pager: Pager, text: PlainText) -> bool:
    """Send what is due along the other roads; false if there was nothing."""

    async def carry(effect: AlertEffect) -> None:
        view = await look(desk, effect.alert_id) if effect.alert_id is not None else None
        if view is None or not _slept_through(desk, effect, view):
            body = effect.body if effect.name is None else await _line(desk, effect.name)
            if body is not None:
                await pager.send(*text(view, body))
        await _done(desk, effect)

    return await _carry_due(desk, (AlertEffectKind.ROAD,), carry)


def _slept_through(desk: Desk, effect: AlertEffect, view: AlertView) -> bool:
    """Whether it began and ended while nobody was to be woken, and came to little.

    Then the morning's summary has it, if there is one.
    """
    alert, rules = view.alert, desk.policy().alerts
    waited = rules.is_quiet(effect.asked_at) and not alert.urgent
    small = alert.told <= 1 and effect.body != Kind.CLOSED
    return waited and small and not alert.is_live and rules.digest_at is not None


async def _line(desk: Desk, name: str) -> str | None:
    """Return the facts of the line for what was not told one by one, `None` if all was."""
    found = await desk.store.read(lambda tx: line(tx, name))
    return found.to_json() if found is not None and found.more else None


async def _carry_due(desk: Desk, kinds: Sequence[AlertEffectKind], carry: Carry) -> bool:
    now = desk.clock()
    due = await desk.store.read(lambda tx: tx.alert_effects.due(kinds, now, limit=_BATCH))
    return await each(due, partial(_carry_one, desk, carry), partial(_later, desk))


async def _carry_one(desk: Desk, carry: Carry, effect: AlertEffect) -> None:
    try:
        await carry(effect)
    except LATER as trouble:
        await _put_off(desk, effect, trouble)
    except (BoardRefused, NoSuchAlert) as nothing:
        await _give_up(desk, effect, str(nothing))


async def _show(desk: Desk, board: AlertBoard, effect: AlertEffect) -> None:
    match effect.kind:
        case AlertEffectKind.ALERT:
            await _card(desk, board, effect)
        case AlertEffectKind.REPLY:
            await _reply(desk, board, effect)
        case AlertEffectKind.THREAD:
            await _thread(desk, board, effect)
        case _:
            await _bulletin(desk, board, effect)


async def _card(desk: Desk, board: AlertBoard, effect: AlertEffect) -> None:
    view = await _view(desk, effect)
    alert, now = view.alert, desk.clock()
    if alert.message is None:
        tried = await desk.store.write(lambda tx: tx.alerts.intend(alert.id, now))
        message = await board.find(alert, tried) if tried is not None else None
        if message is None:
            nonce = f"alert-{alert.id}-{int((tried or now).timestamp())}"
            message = await board.post(view, nonce=nonce[-25:], silent=_is_silent(desk, view))
        placed = message
        await desk.store.write(lambda tx: tx.alerts.posted(alert.id, placed))
    else:
        try:
            await board.redraw(view, alert.message)
        except CardGone:
            # Somebody deleted it: an alert that goes on gets a new card, one that is over none.
            await desk.store.write(lambda tx: tx.alerts.posted(alert.id, None))
            if alert.is_live:
                return
    await _drawn(desk, effect, view)


async def _drawn(desk: Desk, effect: AlertEffect, view: AlertView) -> None:
    """Record that the card was drawn, and ask for it again when it will be out of date.

    That is now, if the alert changed meanwhile; and when its mute ends.
    """
    now = desk.clock()

    def work(tx: Tx) -> None:
        tx.alert_effects.done(effect.id, now)
        alert = tx.alerts.get(view.alert.id)
        stale = alert is not None and alert.touched != view.alert.touched
        due_at = now + _AGAIN if stale else view.mute.until if view.mute else None
        if due_at is not None:
            tx.alert_effects.want(
                AlertEffectKind.ALERT, alert_id=view.alert.id, due_at=due_at, now=now
            )

    await desk.store.write(work)


async def _reply(desk: Desk, board: AlertBoard, effect: AlertEffect) -> None:
    view = await _view(desk, effect)
    if view.alert.message is None:
        raise BoardDown("The alert's card is not posted yet.", _LATER)
    kind = Kind(effect.body or Kind.DOUBLED)
    silent = kind is Kind.CLOSED or _is_silent(desk, view)
    await board.reply(view, kind, nonce=f"alert-reply-{effect.id}", silent=silent)
    await _done(desk, effect)


async def _thread(desk: Desk, board: AlertBoard, effect: AlertEffect) -> None:
    view = await _view(desk, effect)
    cases = [top.case_id for top in view.tally.tops]
    cards = await desk.store.read(
        lambda tx: {case: ref for case in cases if (ref := tx.cards.get(case)) is not None}
    )
    thread = await board.thread(
        view, cards, asked_by=effect.body or "", nonce=f"alert-thread-{effect.id}"
    )
    now = desk.clock()

    def work(tx: Tx) -> None:
        tx.alerts.threaded(view.alert.id, thread)
        tx.alert_effects.done(effect.id, now)
        tx.alert_effects.want(AlertEffectKind.ALERT, alert_id=view.alert.id, due_at=now, now=now)

    await desk.store.write(work)


async def _bulletin(desk: Desk, board: AlertBoard, effect: AlertEffect) -> None:
    name = effect.name or ""
    found = await desk.store.read(lambda tx: tx.alert_effects.bulletin(name))
    if found is None:
        raise BoardRefused("There is nothing to post.")
    body, at = found
    if name.startswith(HELD):
        held = await desk.store.read(lambda tx: line(tx, name))
        if held is None or not (held.more or at):
            await _done(desk, effect)
            return
        body = held.to_json()
    silent = desk.policy().alerts.is_quiet(desk.clock()) or name.startswith(HELD)
    nonce = f"bulletin-{effect.id}"
    try:
        message = await board.bulletin(name, body, at, nonce=nonce, silent=silent)
    except CardGone:
        message = await board.bulletin(name, body, None, nonce=nonce, silent=silent)
    now = desk.clock()

    def work(tx: Tx) -> None:
        tx.alert_effects.bulletin_posted(name, message)
        tx.alert_effects.done(effect.id, now)

    await desk.store.write(work)


async def _view(desk: Desk, effect: AlertEffect) -> AlertView:
    if effect.alert_id is None:
        raise BoardRefused("There is no alert to show.")
    return await look(desk, effect.alert_id)


def _is_silent(desk: Desk, view: AlertView) -> bool:
    """Whether nobody is to be woken by it."""
    return not view.alert.urgent and desk.policy().alerts.is_quiet(desk.clock())


async def _done(desk: Desk, effect: AlertEffect) -> None:
    now = desk.clock()
    await desk.store.write(lambda tx: tx.alert_effects.done(effect.id, now))


async def _later(desk: Desk, effect: AlertEffect) -> None:
    await _put_off(desk, effect, None)


async def _put_off(desk: Desk, effect: AlertEffect, trouble: Exception | None) -> None:
    words = str(trouble or OURS)
    if effect.kind is AlertEffectKind.ROAD and effect.attempts + 1 >= TRIES:
        await _give_up(desk, effect, words)
        return
    now, due_at = desk.clock(), again_at(desk, effect.attempts, trouble)

    def work(tx: Tx) -> None:
        tx.alert_effects.retry(effect.id, due_at, words)
        if effect.kind is AlertEffectKind.THREAD and effect.attempts == 0:
            _redraw(tx, effect, now)

    await desk.store.write(work)
    log.info("an alert is told later: %s", words)


async def _give_up(desk: Desk, effect: AlertEffect, words: str) -> None:
    now = desk.clock()

    def work(tx: Tx) -> None:
        tx.alert_effects.fail(effect.id, now, words)
        if effect.kind is AlertEffectKind.THREAD:
            _redraw(tx, effect, now)

    await desk.store.write(work)
    log.warning("an alert is not told: %s", words)


def _redraw(tx: Tx, effect: AlertEffect, now: datetime) -> None:
    """Have the card say that the thread is not there yet, and why."""
    if effect.alert_id is not None:
        tx.alert_effects.want(AlertEffectKind.ALERT, alert_id=effect.alert_id, due_at=now, now=now)

"""Carry out what editors are to be told: cards, lines and threads in Discord, and other roads."""

from datetime import datetime, timedelta
from functools import partial

from bot.domain.alerts import AlertView
from bot.domain.detection.incidents import Kind
from bot.domain.effects import Effect, EffectKind, Outcome, Verb
from bot.domain.errors import BoardDown, BoardRefused, CardGone
from bot.domain.ids import MessageKind, MessageRef
from bot.domain.sayings import AlertNews, AlertOpening, Bulletin
from bot.ports import Messenger, Pager
from bot.services import messages
from bot.services.alerts.notifications import HELD, line
from bot.services.alerts.views import NoSuchAlert, look
from bot.services.cases.anchoring import ANCHOR
from bot.services.desk import Desk
from bot.services.outbox_worker import DONE, Attempt, Lane
from bot.store.deliveries import asking_from
from bot.store.tx import Tx

_BATCH = 10
_LATER = timedelta(seconds=5)
_AGAIN = timedelta(seconds=1)


def alert_lane(desk: Desk, messenger: Messenger) -> Lane:
    """Post and edit alerts, and what belongs to them, in Discord."""
    carry = {
        EffectKind.ALERT: _card,
        EffectKind.REPLY: _reply,
        EffectKind.BULLETIN: _bulletin,
        EffectKind.THREAD: _thread,
    }

    def due(tx: Tx, now: datetime) -> list[Effect]:
        found = [one for kind in carry for one in tx.outbox.due(kind, now, limit=_BATCH)]
        return sorted(found, key=lambda effect: effect.id)[:_BATCH]

    async def carry_out(effect: Effect) -> Attempt:
        return await carry[effect.kind](desk, messenger, effect)

    return Lane(
        desk=desk, due=due, carry_out=carry_out, after=partial(_after, desk), ready=messenger.ready
    )


def road_lane(desk: Desk, pager: Pager) -> Lane:
    """Send alerts along every other road."""
    return Lane(
        desk=desk,
        due=lambda tx, now: tx.outbox.due(EffectKind.ROAD, now, limit=_BATCH),
        carry_out=partial(_send, desk, pager),
    )


async def _send(desk: Desk, pager: Pager, effect: Effect) -> Attempt:
    if effect.alert_id is not None:
        view = await _view(desk, effect)
        if not _slept_through(desk, effect, view):
            await pager.send(view)
        return DONE
    body = effect.payload if effect.key is None else await _line(desk, effect.key)
    if body:
        await pager.send(Bulletin(name=effect.key or "", body=body))
    return DONE


def _slept_through(desk: Desk, effect: Effect, view: AlertView) -> bool:
    """Whether it began and ended while nobody was to be woken, and came to little.

    Then the morning's summary has it, if there is one.
    """
    alert, rules = view.alert, desk.policy().alerts
    waited = rules.is_quiet(effect.asked_at or effect.due_at) and not alert.urgent
    small = alert.told <= 1 and effect.payload != Kind.CLOSED
    return waited and small and not alert.is_live and rules.digest_at is not None


async def _line(desk: Desk, name: str) -> str | None:
    """Return the facts of the line for what was not told one by one, `None` if all was."""
    found = await desk.store.read(lambda tx: line(tx, name))
    return found.to_json() if found is not None and found.more else None


async def _card(desk: Desk, messenger: Messenger, effect: Effect) -> Attempt:
    view = await _view(desk, effect)
    alert = view.alert
    if alert.message is None:
        placed = await _post(desk, messenger, view)
        await desk.store.write(lambda tx: tx.alerts.posted(alert.id, placed))
    elif not await _edited(messenger, alert.message, view):
        # Somebody deleted it: an alert that goes on gets a new card, one that is over none.
        await desk.store.write(lambda tx: tx.alerts.posted(alert.id, None))
        if alert.is_live:
            return await _card(desk, messenger, effect)
    return Attempt(keep=partial(_drawn, view, desk.clock()))


async def _post(desk: Desk, messenger: Messenger, view: AlertView) -> MessageRef:
    """Post the card, unless an earlier try whose end we did not see has posted it already."""
    alert, now, editors = view.alert, desk.clock(), messenger.places.editors
    tried = await desk.store.write(lambda tx: tx.alerts.intend(alert.id, now))
    found = await messenger.find(editors, alert, tried) if tried is not None else None
    if found is not None:
        return found
    nonce = f"alert-{alert.id}-{int((tried or now).timestamp())}"
    silent = _is_silent(desk, view)
    posted = await messenger.post(editors, view, nonce=nonce, silent=silent, looked=True)
    return posted.at


async def _edited(messenger: Messenger, at: MessageRef, view: AlertView) -> bool:
    """Draw the card again; false if it is gone, or stands where editors are no more."""
    if at.channel_id != messenger.places.editors:
        return False
    try:
        await messenger.edit(at, view)
    except CardGone:
        return False
    return True


def _drawn(view: AlertView, now: datetime, tx: Tx) -> None:
    """Ask for the card again when it will be out of date.

    That is now, if the alert changed meanwhile; and when its mute ends.
    """
    alert = tx.alerts.get(view.alert.id)
    stale = alert is not None and alert.touched != view.alert.touched
    due_at = now + _AGAIN if stale else view.mute.until if view.mute else None
    if due_at is not None:
        tx.outbox.want_alert(EffectKind.ALERT, alert_id=view.alert.id, due_at=due_at, now=now)


async def _reply(desk: Desk, messenger: Messenger, effect: Effect) -> Attempt:
    view = await _view(desk, effect)
    under, editors = view.alert.message, messenger.places.editors
    if under is None:
        raise BoardDown("The alert's card is not posted yet.", _LATER)
    kind = Kind(effect.payload or Kind.DOUBLED)
    silent = kind is Kind.CLOSED or _is_silent(desk, view)
    if under.channel_id == editors:
        line = AlertNews(view=view, kind=kind)
        await messenger.post(editors, line, nonce=effect.nonce, silent=silent, under=under)
    return DONE


async def _thread(desk: Desk, messenger: Messenger, effect: Effect) -> Attempt:
    view = await _view(desk, effect)
    cases = [top.case_id for top in view.tally.tops]
    cards = await desk.store.read(
        lambda tx: {case: ref for case in cases if (ref := tx.cards.get(case)) is not None}
    )
    by_name, question = asking_from(effect.payload)
    opening = AlertOpening(view=view, cards=cards, asked_by=by_name, question=question)
    posted = await messenger.post(messenger.places.channel_id, opening, nonce=effect.nonce)
    thread = await messenger.thread(posted.at, view)
    return Attempt(keep=lambda tx: tx.alerts.threaded(view.alert.id, thread))


async def _bulletin(desk: Desk, messenger: Messenger, effect: Effect) -> Attempt:
    name = effect.key or ""
    body = await desk.store.read(lambda tx: tx.messages.bulletin(name))
    if body is None:
        raise BoardRefused("There is nothing to post.")
    at = await desk.store.read(lambda tx: tx.messages.at(MessageKind.BULLETIN, name))
    if name.startswith(HELD):
        held = await desk.store.read(lambda tx: line(tx, name))
        if held is None or not (held.more or at):
            return DONE
        body = held.to_json()
    silent = desk.policy().alerts.is_quiet(desk.clock()) or name.startswith((HELD, ANCHOR))
    said, editors = Bulletin(name=name, body=body), messenger.places.editors
    message = await messages.show(messenger, editors, said, at, nonce=effect.nonce, silent=silent)
    return Attempt(keep=lambda tx: tx.messages.place(MessageKind.BULLETIN, message, name))


async def _view(desk: Desk, effect: Effect) -> AlertView:
    if effect.alert_id is None:
        raise BoardRefused("There is no alert to show.")
    try:
        return await look(desk, effect.alert_id)
    except NoSuchAlert as nothing:
        raise BoardRefused(str(nothing)) from nothing


def _is_silent(desk: Desk, view: AlertView) -> bool:
    """Whether nobody is to be woken by it."""
    return not view.alert.urgent and desk.policy().alerts.is_quiet(desk.clock())


def _after(desk: Desk, tx: Tx, effect: Effect, outcome: Outcome) -> None:
    """Have the card show the thread; or, the first time, that it is not there yet, and why."""
    if effect.kind is not EffectKind.THREAD or effect.alert_id is None:
        return
    now = desk.clock()
    if not effect.attempts or outcome.verb in (Verb.DONE, Verb.REFUSED):
        tx.outbox.want_alert(EffectKind.ALERT, alert_id=effect.alert_id, due_at=now, now=now)

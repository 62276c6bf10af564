"""The pinned message that shows how the desk stands; it is edited in place, and not often."""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.cases import CardRef
from bot.domain.ids import CaseId, MessageKind, MessageRef
from bot.domain.sayings import PinnedOverview
from bot.domain.staff import Overview, percentile
from bot.ports import Messenger
from bot.services import messages
from bot.services.desk import Desk
from bot.services.outbox_worker import LATER
from bot.services.staff.overdue_contests import waiting_in_all
from bot.services.staff.shift import on_shift
from bot.store.tx import Tx

log = logging.getLogger(__name__)

EVERY = 60.0
"""Seconds between edits of the message at least, which only what has changed brings about."""

_LOOK_EVERY = 3.0
"""Seconds between looks whether anything has."""

_STANDS_FOR = timedelta(minutes=50)
"""How long it is edited: Discord lets a message older than an hour be edited a few times only."""

_CLAIMS_SHOWN = 8
_SLOWEST = 0.9


async def keep_overview(desk: Desk, messenger: Messenger) -> None:
    """Keep the pinned message as the desk stands, for ever."""
    shown: Overview | None = None
    edited = float("-inf")
    while True:
        await messenger.ready()
        if time.monotonic() - edited >= EVERY:
            before, stood = shown, await desk.store.read(_place_of)
            shown = await refresh(desk, messenger, shown)
            # One that was just posted may be edited soon: cards come in as the desk starts.
            if shown is not before and stood is not None:
                edited = time.monotonic()
        await asyncio.sleep(min(EVERY, _LOOK_EVERY))


async def refresh(desk: Desk, messenger: Messenger, shown: Overview | None) -> Overview | None:
    """Bring the message up to date if it differs from what it shows; return what it shows now."""
    overview = await desk.store.read(lambda tx: stands(tx, desk))
    at = await desk.store.read(_place_of)
    if overview == shown and at is not None and at.channel_id:
        return shown
    try:
        await _show(desk, messenger, overview, at)
    except LATER as trouble:
        log.info("the overview is drawn later: %s", trouble)
        return shown
    return overview


async def forget(desk: Desk, at: MessageRef) -> None:
    """Let the message be posted anew at the next look, if it is the one that was deleted."""
    await desk.store.write(lambda tx: tx.messages.gone(MessageKind.OVERVIEW, at))


async def _show(
    desk: Desk, messenger: Messenger, overview: Overview, at: MessageRef | None
) -> None:
    cards = await desk.store.read(lambda tx: _cards(tx, overview))
    there = tuple(await messenger.still_staff(overview.on_shift))
    first = await desk.store.read(lambda tx: _first_contest(tx, overview))
    shown = replace(overview, on_shift=there)
    pinned = PinnedOverview(overview=shown, cards=cards, contest=first)
    # No two overviews of the same channel are ever tried, so its nonce is new with each.
    nonce, place = f"overview-{at.message_id if at else 0}", messenger.places.channel_id
    now = desk.clock()
    since = await desk.store.read(lambda tx: tx.messages.since(MessageKind.OVERVIEW)) or now
    young = at
    if at is not None and now - since >= _STANDS_FOR:
        await messenger.delete(at)
        young = None
    stands = await messages.show(messenger, place, pinned, young, nonce=nonce, silent=True)
    if stands != at:
        since = now
        await messenger.pin(stands)
    await desk.store.write(lambda tx: _place(tx, stands, since))


def _place(tx: Tx, at: MessageRef, since: datetime) -> None:
    if (
        tx.messages.since(MessageKind.OVERVIEW) is None
        or tx.messages.at(MessageKind.OVERVIEW) != at
    ):
        tx.messages.place(MessageKind.OVERVIEW, at, since=since)


def _first_contest(tx: Tx, overview: Overview) -> MessageRef | None:
    waiting = overview.contests
    return tx.messages.at(MessageKind.CONTEST, waiting.first) if waiting else None


def _place_of(tx: Tx) -> MessageRef | None:
    return tx.messages.at(MessageKind.OVERVIEW)


def stands(tx: Tx, desk: Desk) -> Overview:
    """Return how the desk stands now."""
    now = desk.clock()
    counts = tx.staff.counts()
    raised = tx.triage.count_raised()
    front = tx.cases.queue(limit=1) if raised else ()
    times = tx.staff.times_to_decide(since=desk.policy().shift.day_began(now))
    return Overview(
        open=counts["open"],
        waiting=counts["waiting"],
        escalated=counts["escalated"],
        snoozed=counts["snoozed"],
        oldest=tx.staff.oldest_waiting(),
        claimed=tuple(tx.staff.claimed(now, limit=_CLAIMS_SHOWN)),
        on_shift=on_shift(tx, desk).people,
        decided=len(times),
        median=percentile(times, 0.5),
        slowest=percentile(times, _SLOWEST),
        raised=raised,
        contests=waiting_in_all(tx, desk),
        front=next((case.id for case in front if case.raised), None),
    )


def _cards(tx: Tx, overview: Overview) -> Mapping[CaseId, CardRef]:
    found = ((case_id, tx.cards.get(case_id)) for case_id in overview.cases)
    return {case_id: ref for case_id, ref in found if ref is not None}

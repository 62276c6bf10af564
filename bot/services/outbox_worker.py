"""Carry out what the outbox asks for: one loop for every kind, a lane for each that must not wait.

What could go wrong, and why it does not:

Lost. A lane sees all that is due each time it looks, so nothing depends on being told: news only
ends its wait early. News that comes between a look and the wait ends the wait at once, as it is
counted and not signalled. What an attempt ends in is written before the next begins; where that
cannot be written, or the process ends first, the effect still waits. A fault of ours is one
more way for an attempt to end, so that an effect which cannot even be read is put off like one
that Discord refuses, and `RETRY` says of each kind whether anything but success ever ends it.

Doubled. A lane makes one attempt at an effect at a time, and there is one lane for each, so the
same is never under way twice. After a stop within an attempt it is made again, for which see
`bot.store.outbox`. What a success brings is written in one transaction with it.

Overtaken. In a lane all that was due is through before the next look. Only one that is `together`
makes its attempts side by side, and what it is given at once are orders of different cases.

Starved. A lane waits for nothing but what it speaks to: each site has its own, and so do the cards,
the calls, the alerts and the roads beside Discord. In a lane a failure is put off, which takes a
moment, and the next is tried. What is taken at a look is limited, so that something worse which
has come meanwhile is seen soon.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.domain.effects import RETRY, Effect, Outcome, Verb
from bot.domain.errors import BoardBarred, BoardDown, BoardRefused, CardGone, PagerDown, apart
from bot.services.about import about
from bot.services.desk import Desk
from bot.store.errors import StoreAway
from bot.store.tx import Tx

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5
"""Seconds between looks when nothing new is asked for; retries are due by time."""

_KEEPS_AGAIN_AFTER = 1.0
"""Seconds from one try to keep how an attempt ended to the next, where the database is away."""
_KEEPING = 240
"""Tries of that: as long as nobody else begins what is under way, even a mail."""

LATER = (BoardDown, PagerDown, CardGone)
"""What is tried again for as long as it takes: an outage, a right that is missing, a message or
a channel that was deleted while something was to be said there."""

_SUCCESS = Outcome(verb=Verb.DONE)
_OURS = "Comment Desk failed at it, by a fault of its own that stands in its log."


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How an attempt ended.

    `keep` writes what came of it, in one transaction with its end; `then` runs once that is on
    disk. Both may be missed where the desk ends in between, so nothing but help may hang on `then`.
    """

    outcome: Outcome = _SUCCESS
    keep: Callable[[Tx], object] | None = None
    then: Callable[[], Awaitable[None]] | None = None


DONE = Attempt()


async def _at_once() -> None:
    return


def _nothing(_tx: Tx, _effect: Effect, _outcome: Outcome) -> None:
    return


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Effects that are carried out one after another, or `together`.

    `due` returns those to take now. `carry_out` makes an attempt, or returns `None` if another process
    makes it; it may raise what `LATER` and `BoardRefused` are for. `after` is run at the end of each attempt's transaction, however it
    ended: where the comment was found edited, it alone says what becomes of the effect. `ready`
    returns once there is somebody to speak to. Of a lane that is `shared` several processes may each
    carry out a part, which `due` claims.
    """

    desk: Desk
    due: Callable[[Tx, datetime], Sequence[Effect]]
    carry_out: Callable[[Effect], Awaitable[Attempt | None]]
    after: Callable[[Tx, Effect, Outcome], None] = _nothing
    ready: Callable[[], Awaitable[None]] = _at_once
    together: bool = False
    shared: bool = False


async def work(lane: Lane) -> None:
    """Carry out what falls due, for ever."""

    async def look() -> bool:
        await lane.ready()
        return await turn(lane)

    await keep_on(lane.desk, look)


async def keep_on(
    desk: Desk, look: Callable[[], Awaitable[bool]], *, look_every: float = LOOK_EVERY
) -> None:
    """Look for ever; after a look that found nothing, wait for news or `look_every` seconds."""
    seen = 0
    while True:
        if not await look():
            seen = await desk.store.changed(seen, within=look_every)


async def turn(lane: Lane) -> bool:
    """Carry out what is due now; false if there was nothing."""
    now = lane.desk.clock()
    store = lane.desk.store
    asked = store.claim if lane.shared else store.read
    due = await asked(lambda tx: lane.due(tx, now))
    if lane.together:
        async with asyncio.TaskGroup() as tasks:
            for effect in due:
                tasks.create_task(_carry_out(lane, effect))
    else:
        for effect in due:
            await _carry_out(lane, effect)
    return bool(due)


async def _carry_out(lane: Lane, effect: Effect) -> None:
    with about(effect.case_id):
        await _attempt(lane, effect)


async def _attempt(lane: Lane, effect: Effect) -> None:
    attempt: Attempt | None = Attempt(outcome=Outcome(verb=Verb.FAULT, words=_OURS))
    began = time.monotonic()
    try:
        with apart(*LATER, BoardRefused) as part:
            attempt = await lane.carry_out(effect)
        if part.fault is not None:
            kind = effect.kind
            log.error("effect %s, %s, was not carried out", effect.id, kind, exc_info=part.fault)
    except (*LATER, BoardRefused) as trouble:
        attempt = Attempt(outcome=_of(trouble))
    if attempt is None:
        return
    took = time.monotonic() - began
    lane.desk.counts.attempted(effect.kind, attempt.outcome.verb, took)
    await _keep(lane, partial(_settle, lane, effect, attempt))
    if attempt.then is not None:
        await attempt.then()


async def _keep(lane: Lane, end: Callable[[Tx], None]) -> None:
    """Write how an attempt ended, once the database lets us: else it would be made again.

    Raises:
        StoreTrouble: The database does not come back, or it is not for us to write any more.
    """
    for again in range(_KEEPING):
        try:
            await lane.desk.store.write(end)
        except StoreAway as trouble:
            if again == 0:
                log.warning("how an attempt ended is kept once that can be: %s", trouble)
        else:
            return
        await asyncio.sleep(_KEEPS_AGAIN_AFTER)
    await lane.desk.store.write(end)


def _of(trouble: Exception) -> Outcome:
    """Return what a refusal of Discord's, or of a road's, comes to."""
    verb = Verb.LATER
    if isinstance(trouble, BoardBarred):
        verb = Verb.MISCONFIGURED
    elif isinstance(trouble, BoardRefused):
        verb = Verb.REFUSED
    return Outcome(verb=verb, words=str(trouble), after=getattr(trouble, "after", None))


def _settle(lane: Lane, effect: Effect, attempt: Attempt, tx: Tx) -> None:
    if attempt.outcome.found is None:
        _end(tx, effect, attempt.outcome, lane.desk.clock())
    if attempt.keep is not None:
        attempt.keep(tx)
    lane.after(tx, effect, attempt.outcome)


def _end(tx: Tx, effect: Effect, outcome: Outcome, now: datetime) -> None:
    rule, tried, words = RETRY[effect.kind], effect.attempts + 1, outcome.words or ""
    if outcome.verb is Verb.DONE:
        tx.outbox.done(effect, now)
        return
    if rule.goes_on(outcome.verb, tried):
        chance = random.random()  # noqa: S311 - spreads retries, guards nothing
        due_at = now + rule.wait(tried + 1, chance=chance, asked=outcome.after)
        tx.outbox.retry(effect, due_at, words)
        log.info("effect %s, %s, is tried later: %s", effect.id, effect.kind, words)
    else:
        tx.outbox.fail(effect, now, words)
        log.warning("effect %s, %s, is given up: %s", effect.id, effect.kind, words)

"""Do what is due, one thing after another, for ever: what all lists of things to do share."""

import logging
import random
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import TypeVar

from bot.domain.effect import wait_before
from bot.domain.errors import BoardDown, CardGone, PagerDown
from bot.services.desk import Desk

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between looks at a list when nothing new is asked for; retries are due by time."""

OURS = "a fault of ours"
"""What a list says of a try that failed at no fault of the outside world."""

LATER = (BoardDown, PagerDown, CardGone)
"""What is tried again for as long as it takes: an outage, a right that is missing, a message or
a channel that was deleted while something was to be said there."""

T = TypeVar("T")


async def keep_on(
    desk: Desk, turn: Callable[[], Awaitable[bool]], *, look_every: float = LOOK_EVERY
) -> None:
    """Take turns for ever; after one that found nothing, wait for news or `look_every` seconds."""
    seen = 0
    while True:
        if not await turn():
            seen = await desk.store.changed(seen, within=look_every)


async def each(
    things: Collection[T],
    carry_out: Callable[[T], Awaitable[None]],
    put_off: Callable[[T], Awaitable[None]],
) -> bool:
    """Carry out things one by one; false if there were none.

    `carry_out` settles what the outside world answers. What it raises is a fault of ours: it is
    logged, and `put_off` keeps the thing for a later try.
    """
    for thing in things:
        try:
            await carry_out(thing)
        except Exception:  # each is a task of its own: a fault in one must not hold up the rest
            log.exception("%s could not be carried out", type(thing).__name__.lower())
            await put_off(thing)
    return bool(things)


def again_at(desk: Desk, attempts: int, trouble: Exception | None = None) -> datetime:
    """Return when to try again what was tried `attempts` times before this one.

    Sooner comes whatever Discord refused, once it is known that it does not any more.
    """
    jitter = random.random()  # noqa: S311 - spreads retries, guards nothing
    asked: timedelta | None = getattr(trouble, "after", None)
    return desk.clock() + wait_before(attempts + 2, jitter=jitter, asked=asked)

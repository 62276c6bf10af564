"""Do what is due, one thing after another, for ever: what all lists of things to do share."""

import logging
from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

from bot.services.desk import Desk

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between looks at a list when nothing new is asked for; retries are due by time."""

OURS = "a fault of ours"
"""What a list says of a try that failed at no fault of the outside world."""

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

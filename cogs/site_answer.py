"""Wait for what the sites make of what was decided, for answers that say it is being told."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from bot.domain.effects import EffectState
from bot.services.cases.lines import Done, with_site
from bot.services.desk import Desk

_FOR: Final = 900.0
"""Seconds: what the site has not answered by then is told by the cards alone."""
_LOOK_EVERY: Final = 1.0


async def heard(
    desk: Desk, done: Sequence[Done], is_over: Callable[[], bool]
) -> tuple[Done, ...] | None:
    """Return how orders ended with what the site made of them; `None` if it has nothing to say.

    Raises:
        StoreTrouble: The record cannot be read.
    """
    begun, seen = time.monotonic(), 0
    new = await with_site(desk, done)
    while new is None and time.monotonic() - begun < _FOR and not is_over():
        seen = await desk.store.changed(seen, within=_LOOK_EVERY)
        new = await with_site(desk, done)
    return None if new == tuple(done) else new


def was_not_done(one: Done) -> bool:
    """Whether a site did not do what was decided, and will not by itself."""
    failed = one.delivery is not None and one.delivery.state is EffectState.FAILED
    return one.overtaken or failed

"""How long the tests wait for something to happen before they say that it does not."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.standin.driver import PATIENCE

T = TypeVar("T")
_POLL_SECONDS = 0.01


async def eventually(ask: Callable[[], Awaitable[T | None]], what: str) -> T:
    """Ask until the answer is true, as `bot.standin.driver.until` looks, and return it.

    Raises:
        AssertionError: It did not become true; `what` says what did not.
    """
    end = time.monotonic() + PATIENCE
    while not (answer := await ask()):
        if time.monotonic() > end:
            raise AssertionError(f"Waited {PATIENCE:.0f} s for {what}.")
        await asyncio.sleep(_POLL_SECONDS)
    return answer

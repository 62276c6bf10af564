"""How long the tests wait for something to happen before they say that it does not."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 60.0
"""Seconds. Nothing waits so long but on a crowded machine, or for what never comes."""
_POLL_SECONDS = 0.005


async def until(
    condition: Callable[[], T | None],
    timeout: float = PATIENCE,  # noqa: ASYNC109 - polls, so nothing is left to cancel
    what: str = "it to happen",
) -> T:
    """Wait for a condition and return what it returns.

    Args:
        condition: Called every 5 milliseconds until it is true.
        timeout: Seconds to wait at most.
        what: What is waited for, for the failure's text.

    Raises:
        AssertionError: It did not become true.
    """

    async def ask() -> T | None:
        return condition()

    return await eventually(ask, what, timeout)


async def eventually(
    ask: Callable[[], Awaitable[T | None]],
    what: str,
    timeout: float = PATIENCE,  # noqa: ASYNC109 - as `until`
) -> T:
    """Ask until the answer is true, as `until` looks, and return it.

    Raises:
        AssertionError: It did not become true; `what` says what did not.
    """
    end = time.monotonic() + timeout
    while not (answer := await ask()):
        if time.monotonic() > end:
            raise AssertionError(f"Waited {timeout:.0f} s for {what}.")
        await asyncio.sleep(_POLL_SECONDS)
    return answer

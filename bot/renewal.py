"""Reading the settings anew while the desk runs, as after a secret was changed."""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from bot.domain.errors import DeskError

log = logging.getLogger(__name__)

T = TypeVar("T")


class Renewal(Generic[T]):
    """Reads settings anew once that is `asked`; settings that cannot be used change nothing."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self.asked = asyncio.Event()

    def hear_hangups(self) -> None:
        """Let the system's HUP ask for it, as ``systemctl reload`` sends."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self.asked.set)

    async def settings(self, is_over: Callable[[], bool]) -> T | None:
        """Return the new settings, once it was asked for them and they can be used.

        `None` if it is over when it is asked.
        """
        while True:
            await self.asked.wait()
            self.asked.clear()
            if is_over():
                return None
            try:
                return self._read()
            except DeskError as wrong:
                log.error("the settings were not read anew, so nothing has changed: %s", wrong)  # noqa: TRY400 - the sentence says where


async def next_settings(renewal: Renewal[T] | None, end: Coroutine[Any, Any, None]) -> T | None:
    """Return the settings to go on with, `None` once that has come to its end."""
    if renewal is None:
        await end
        return None

    def ask(_ended: asyncio.Task[None]) -> None:
        renewal.asked.set()

    ending = asyncio.create_task(end)
    ending.add_done_callback(ask)
    try:
        return await renewal.settings(ending.done)
    finally:
        ending.remove_done_callback(ask)
        ending.cancel()

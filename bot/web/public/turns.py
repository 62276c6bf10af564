"""Keeps a flood of readers from filling a turn of the loop, in which moderators wait as well."""

import asyncio
from collections import deque
from typing import Final

_MOST: Final = 4
"""Requests begun in one turn of the loop; each takes about a millisecond of it."""


class Turns:
    """Lets so many through in each turn of the loop, and the others in the turns after.

    A press needs several turns until it is answered. Two hundred requests that came at once would
    make each of these as long as all of them take.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._begun = 0
        self._waiting = deque[asyncio.Future[None]]()

    async def wait(self) -> None:
        """Return in this turn if there is room in it, and else in a later one, as they came."""
        loop = asyncio.get_running_loop()
        if self._begun < self._most:
            if not self._begun:
                loop.call_soon(self._begin_anew)
            self._begun += 1
            return
        waits = loop.create_future()
        self._waiting.append(waits)
        await waits

    def _begin_anew(self) -> None:
        self._begun = 0
        while self._waiting and self._begun < self._most:
            waits = self._waiting.popleft()
            if not waits.done():  # whoever left meanwhile takes nobody's turn
                waits.set_result(None)
                self._begun += 1
        if self._begun:
            asyncio.get_running_loop().call_soon(self._begin_anew)

"""What Discord refuses for now: one list, which every way out adds to and takes from."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.trouble import Trouble

log = logging.getLogger(__name__)

_FIRST_WAIT = 2.0
LONGEST_WAIT = 60.0
"""Seconds before what was refused is tried again, doubling: soon after the right is back, and
far from the 10,000 refusals in ten minutes for which Discord shuts a bot out."""

_UNDER_WAY = 5.0
"""Seconds that one try has before another may find out whether the trouble is over."""


@dataclass(slots=True)
class _Standing:
    trouble: Trouble
    wait: float
    try_at: float
    met_at: float


class Troubles:
    """What stands. Each is logged once when it comes, and once when it is over."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._standing: dict[str, _Standing] = {}
        self._news = asyncio.Event()
        self._reopened = False

    @property
    def standing(self) -> Sequence[Trouble]:
        """Return what is refused at this moment, the oldest first."""
        return tuple(one.trouble for one in self._standing.values())

    def met(self, trouble: Trouble) -> timedelta:
        """Note that something was refused, again or anew; return when it may be tried again."""
        known = self._standing.get(trouble.name)
        wait = min(known.wait * 2, LONGEST_WAIT) if known else _FIRST_WAIT
        self._standing[trouble.name] = _Standing(trouble, wait, self._now() + wait, self._now())
        if known is None or known.trouble != trouble:
            log.warning("%s", trouble.said)
            self._news.set()
        return timedelta(seconds=wait)

    def remember(self, trouble: Trouble) -> None:
        """Take up one that stood before this start; what it is about may be tried at once."""
        self._standing.setdefault(trouble.name, _Standing(trouble, _FIRST_WAIT, 0.0, self._now()))

    def idle(self, seconds: float) -> Sequence[Trouble]:
        """Return what nobody has been refused for so long; it may be over unnoticed."""
        since = self._now() - seconds
        return tuple(one.trouble for one in self._standing.values() if one.met_at < since)

    def over(self, *names: str) -> None:
        """Note that something is not refused any more; nothing happens if it was not."""
        for name in names:
            ended = self._standing.pop(name, None)
            if ended is not None:
                log.warning("%s", ended.trouble.over)
                self._news.set()

    def leave_alone(self, name: str) -> tuple[Trouble, timedelta] | None:
        """Return what stands and for how long to leave it alone, `None` if it may be tried now.

        Of several who ask at once, only the first is let through to try.
        """
        known = self._standing.get(name)
        if known is None:
            return None
        left = known.try_at - self._now()
        if left > 0:
            return known.trouble, timedelta(seconds=left)
        known.try_at = self._now() + _UNDER_WAY
        return None

    def reopen(self) -> None:
        """Let everything be tried now: somebody changed a right, a role or a channel."""
        for known in self._standing.values():
            known.try_at, known.wait = 0.0, _FIRST_WAIT
        if self._standing:
            self._reopened = True
            self._news.set()

    async def news(self, *, within: float) -> bool:
        """Return at the next change, or after so many seconds; true if all may be tried anew."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._news.wait()
        self._news.clear()
        reopened, self._reopened = self._reopened, False
        return reopened

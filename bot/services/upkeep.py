"""What keeps the desk well by itself: a small database, a file that is there, a right clock."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.domain.errors import DeskError
from bot.domain.staff import Trouble
from bot.ports import Clock
from bot.services.desk import Desk
from bot.services.readers.mail import forget_mail
from bot.services.readers.notice import erase_notices
from bot.services.readers.report import forget_reports

log = logging.getLogger(__name__)

_RECEIPTS_KEPT = timedelta(days=14)
_PRUNE_EVERY = timedelta(hours=6)
_LOOK_EVERY = 2.0


async def keep_pruning(desk: Desk) -> None:
    """Forget what is of no use any more, for ever."""
    while True:
        forgotten = await desk.store.prune(desk.clock() - _RECEIPTS_KEPT)
        forgotten += (
            await forget_reports(desk) + await erase_notices(desk) + await forget_mail(desk)
        )
        log.debug("forgot %s old receipts", forgotten)
        await asyncio.sleep(_PRUNE_EVERY.total_seconds())


async def watch_file(desk: Desk) -> None:
    """Notice within seconds that the database's file was taken away, also when nobody writes."""
    said = ""
    while True:
        try:
            desk.store.require_there()
        except DeskError as trouble:
            words = str(trouble)
        else:
            words = ""
        if words != said:
            log.error("%s", words or "The database is back in its place.")
        said = words
        await asyncio.sleep(_LOOK_EVERY)


async def watch_server(desk: Desk) -> None:
    """Notice within seconds that another desk has taken over, also when nobody does anything."""
    while True:
        with suppress(DeskError):  # what cannot be reached is said by whoever needs it
            await desk.store.read(lambda _: None)
        await asyncio.sleep(_LOOK_EVERY)


DISCORD = "Discord"
CLOCK = "clock"
"""The name of the trouble with the clock, which is not Discord's."""

WRONG = timedelta(minutes=2)
"""How far the clock may be off before that is said; at five minutes signatures are refused."""

_JUMP = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(hours=1)
"""No try is put off for longer, whatever a site asks for."""


def steady() -> float:
    """Return seconds by a clock that nobody sets, and that goes on while the machine sleeps."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class ClockWatch:
    """Knows how far the desk's clock is off.

    What is heard once goes on by the steady clock, so that a jump shows at once. Discord is
    believed; the sites only where it was not heard and all of them say the same.
    """

    def __init__(self, clock: Clock, steadily: Callable[[], float] = steady) -> None:
        self._clock = clock
        self._steadily = steadily
        self._heard: dict[str, tuple[datetime, float]] = {}

    def hear(self, who: str, date: str | None) -> None:
        """Take note of a Date header."""
        try:
            told = parsedate_to_datetime(date or "")
        except ValueError:
            return
        if told.tzinfo is not None:
            self._heard[who] = (told, self._steadily())

    @property
    def ahead(self) -> timedelta:
        """How far the desk's clock is ahead of the time, less than nothing if it is behind."""
        now, steadily = self._clock(), self._steadily()
        off = {
            who: now - told - timedelta(seconds=steadily - then)
            for who, (told, then) in self._heard.items()
        }
        if DISCORD in off:
            return off[DISCORD]
        least, most = min(off.values(), default=timedelta()), max(off.values(), default=timedelta())
        return least if most - least <= WRONG else timedelta()

    @property
    def is_wrong(self) -> bool:
        """Whether the desk's own clock is known to be wrong."""
        return abs(self.ahead) > WRONG

    @property
    def words(self) -> str:
        """What is wrong, and what to do; empty if nothing is."""
        ahead = self.ahead
        if abs(ahead) <= WRONG:
            return ""
        side = "ahead" if ahead > timedelta() else "behind"
        return (
            f"This machine's clock is {_about(abs(ahead))} {side}. Reports are answered 503, so sites send them "
            "again. Set the clock right, best by a time service such as chrony."
        )


def _about(time: timedelta) -> str:
    minutes = round(time / timedelta(minutes=1))
    if minutes < 2 * 60:
        return f"{minutes} minutes"
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 2 * 24 else f"{round(hours / 24)} days"


async def watch_clock(
    desk: Desk, watch: ClockWatch, steadily: Callable[[], float] = steady
) -> None:
    """Notice jumps of the clock for ever; tell that it is wrong, and that it is right again."""
    before, then = desk.clock(), steadily()
    while True:
        await bring_near(desk)
        await asyncio.sleep(_LOOK_EVERY)
        now, at = desk.clock(), steadily()
        jump = now - before - timedelta(seconds=at - then)
        before, then = now, at
        if jump < -_JUMP:
            await set_back(desk, -jump)
        if watch.is_wrong:
            desk.troubles.met(
                Trouble(
                    name=CLOCK,
                    words=watch.words,
                    over="This machine's clock is right again.",
                    grave=True,
                )
            )
        else:
            desk.troubles.over(CLOCK)


async def bring_near(desk: Desk) -> None:
    """Make due what waits for longer than anything may: the clock was set back unseen."""
    now = desk.clock()
    await desk.store.write(lambda tx: tx.due_times.bring_near(now, most=_LONGEST_WAIT))


async def set_back(desk: Desk, by: timedelta) -> None:
    """Let what waits, wait no longer for the clock having been set back."""
    now = desk.clock()
    log.warning("the clock was set back by %s; what waits is tried when it would have been", by)
    await desk.store.write(lambda tx: tx.due_times.bring_forward(now, by=by))

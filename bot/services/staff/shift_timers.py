"""What a shift's time brings by itself: claims run out, cases come back, late ones are called."""

import asyncio
from datetime import timedelta

from bot.services.cases.claim import release_expired
from bot.services.cases.snooze import bring_back
from bot.services.desk import Desk
from bot.services.staff.overdue import page_overdue
from bot.services.staff.overdue_contests import call_out_contests

_EVERY = 1.0
_CLOCKS_EVERY = timedelta(seconds=10)


async def run_shift_timers(desk: Desk) -> None:
    """Do all of that as it falls due, for ever."""
    clocks_at = desk.clock()
    while True:
        await release_expired(desk)
        await bring_back(desk)
        if desk.clock() >= clocks_at:
            clocks_at = desk.clock() + _CLOCKS_EVERY
            await page_overdue(desk)
            await call_out_contests(desk)
        await asyncio.sleep(_EVERY)

"""Copy the database on a schedule, say when that fails, and let only the newest copies stay.

What could go wrong, and why it does not:

It does not hold. Each copy is opened and read whole, and only then gets its name.

It takes the room that reports need. Nothing is copied where too little would be left.

It stops unnoticed. A copy that fails is said in the channels and along the log like what Discord
refuses, `/readyz` names the newest copy, and the metrics its time.

A wrong clock. A copy that is named by a later time than now counts for nothing here, so that a clock
that was ahead for an hour keeps no backup away; only its name stays wrong.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.errors import DeskError
from bot.domain.staff import Trouble
from bot.services.desk import Desk
from bot.store.backups import Backups
from bot.store.store import Store

log = logging.getLogger(__name__)

BACKUP = "backup"
"""The name of the trouble with backups, which is not Discord's."""
_LOOK_EVERY = 60.0
"""Seconds; the first look comes as long after the start, when everything else is under way."""
_AGAIN_AFTER = timedelta(minutes=10)


async def keep_copying(desk: Desk, backups: Backups) -> None:
    """Copy the database whenever it is due, for ever; never where that is not wanted."""
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        if not backups.every:
            desk.troubles.over(BACKUP)
            return
        if not await look(desk, backups):
            await asyncio.sleep(_AGAIN_AFTER.total_seconds())


async def look(desk: Desk, backups: Backups) -> bool:
    """Copy the database if it is time to; false if that failed, which staff are told of."""
    try:
        backups.take_forgotten()
        if backups.are_due(desk.clock()):
            await copy_now(desk.store, backups, desk.clock())
    except DeskError as trouble:
        desk.troubles.met(_trouble(str(trouble)))
        return False
    desk.troubles.over(BACKUP)
    return True


async def copy_now(store: Store, backups: Backups, now: datetime) -> Path:
    """Make one more backup, take away those that are too many, and return where it is.

    Raises:
        StoreTrouble: It cannot be made, or does not hold what it should.
    """
    target = backups.place(now)
    await store.backup(target)
    backups.take_forgotten()
    backups.tidy(now)
    log.info("copied the database to %s", target)
    return target


def _trouble(words: str) -> Trouble:
    return Trouble(
        name=BACKUP,
        words=f"The database was not backed up. {words}",
        mend="Tell whoever runs the desk; cases and decisions go on meanwhile.",
        over="The database is backed up again.",
    )

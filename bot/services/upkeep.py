"""What keeps the database small, and whoever runs it from writing into a file that is gone."""

import asyncio
import logging
from datetime import timedelta

from bot.domain.errors import DeskError
from bot.services.desk import Desk
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
        forgotten += await forget_reports(desk) + await erase_notices(desk)
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

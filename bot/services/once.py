"""Messages that must not stand twice: when each was first tried, until that is of no use."""

from datetime import datetime

from bot.services.desk import Desk


async def first_tried(desk: Desk, nonce: str) -> tuple[datetime, bool]:
    """Note that a message is about to be posted.

    Returns when that was first noted, and whether it was before.
    """
    now = desk.clock()
    before = await desk.store.write(lambda tx: tx.channels.try_now(nonce, now))
    return (now, False) if before is None else (before, True)


async def not_sent(desk: Desk, nonce: str) -> None:
    """Forget that a message was tried, as it is known that it was not posted."""
    await desk.store.write(lambda tx: tx.channels.untry(nonce))

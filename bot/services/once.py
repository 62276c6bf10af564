"""Messages that must not stand twice: when each was first tried, until that is of no use."""

from datetime import datetime

from bot.services.desk import Desk


async def first_tried(desk: Desk, nonce: str) -> datetime | None:
    """Note that a message is about to be posted; return when that was noted before, if it was."""
    now = desk.clock()
    return await desk.store.write(lambda tx: tx.channels.try_now(nonce, now))


async def not_sent(desk: Desk, nonce: str) -> None:
    """Forget that a message was tried, as it is known that it was not posted."""
    await desk.store.write(lambda tx: tx.channels.untry(nonce))

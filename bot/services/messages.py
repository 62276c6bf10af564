"""Messages that stay where they are and are edited, and those that must not stand twice."""

from contextlib import suppress
from datetime import datetime

from bot.domain.errors import CardGone
from bot.domain.ids import MessageRef
from bot.domain.sayings import Saying
from bot.ports import Messenger
from bot.services.desk import Desk


async def show(
    messenger: Messenger,
    channel_id: int,
    what: Saying,
    at: MessageRef | None,
    *,
    nonce: str,
    silent: bool = False,
) -> MessageRef:
    """Edit the message that stands `at` some place, or post it where it stands no more.

    `nonce` has to be another one for each message that is posted.
    """
    if at is not None and at.channel_id == channel_id:
        with suppress(CardGone):
            await messenger.edit(at, what)
            return at
    posted = await messenger.post(channel_id, what, nonce=nonce, silent=silent)
    return posted.at


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

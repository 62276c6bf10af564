"""Messages that stay where they are and are edited."""

from contextlib import suppress

from bot.domain.errors import CardGone
from bot.domain.places import MessageRef
from bot.domain.sayings import Saying
from bot.ports import Messenger


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

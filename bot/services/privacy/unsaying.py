"""Take away what the desk said in Discord and does not keep any more."""

import logging
from collections.abc import Callable, Collection
from functools import partial

from bot.domain.effects import Effect, EffectKind
from bot.domain.errors import BoardBarred
from bot.domain.ids import MessageRef
from bot.ports import Messenger
from bot.services.desk import Desk
from bot.services.outbox_worker import DONE, Attempt, Lane
from bot.store.deliveries import gone_from

log = logging.getLogger(__name__)

_BATCH = 10


def forget_lane(desk: Desk, messenger: Messenger, channels: Callable[[], Collection[int]]) -> Lane:
    """Take messages away; `channels` are those that the desk speaks in now."""
    return Lane(
        desk=desk,
        due=lambda tx, now: tx.outbox.due(EffectKind.FORGET, now, limit=_BATCH),
        carry_out=partial(_carry_out, messenger, channels),
        ready=messenger.ready,
    )


async def _carry_out(
    messenger: Messenger, channels: Callable[[], Collection[int]], effect: Effect
) -> Attempt:
    number, is_thread = gone_from(effect.payload)
    if is_thread:
        await _drop_thread(messenger, number)
    else:
        await _drop_message(messenger, number, channels())
    return DONE


async def _drop_thread(messenger: Messenger, number: int) -> None:
    """Take a thread away, with all that was written in it.

    Not every desk was given the right to; it works without, so nobody is called for that.
    """
    try:
        await messenger.drop_thread(number)
    except BoardBarred:
        log.warning(
            "thread %s is to be deleted by hand, as the bot lacks Manage Threads there", number
        )


async def _drop_message(messenger: Messenger, number: int, channels: Collection[int]) -> None:
    """Take a message away wherever it stands: where it does not, Discord says that it is gone."""
    barred: BoardBarred | None = None
    for channel_id in channels:
        try:
            await messenger.delete(
                MessageRef(channel_id=channel_id, message_id=number), noted=False
            )
        except BoardBarred as trouble:  # the others are no worse for it
            barred = trouble
    if barred is not None:
        raise barred

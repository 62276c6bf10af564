"""What a message of Discord is as a line that was typed to the desk."""

from datetime import datetime, timedelta
from typing import Final

import discord

from bot.domain.errors import NotUnderstood
from bot.domain.lines import TypedLine
from bot.domain.staff import Person

WRITTEN: Final = frozenset({discord.MessageType.default, discord.MessageType.reply})
"""What people type; Discord tells of threads, pins and members by messages of other types."""


def line_of(message: discord.Message, by: Person, arrived: datetime, *, late: bool) -> TypedLine:
    """Return the line; of one that is read late, `arrived` is when it is read."""
    at = message.edited_at or message.created_at
    age = discord.utils.utcnow() - at if late else timedelta()
    return TypedLine(
        message_id=message.id,
        channel_id=message.channel.id,
        by=by,
        at=at,
        then=arrived - age,
        answers=_answered(message),
        late=late,
    )


def _answered(message: discord.Message) -> int | None:
    """Return the message that a line replies to, 0 for one that is gone."""
    reference = message.reference
    if reference is None or message.type is not discord.MessageType.reply:
        return None
    gone = isinstance(reference.resolved, discord.DeletedReferencedMessage)
    return 0 if gone or reference.message_id is None else reference.message_id


def check_mentions(text: str) -> None:
    """Refuse a line that begins with somebody else: a person is no case.

    Raises:
        NotUnderstood: It does.
    """
    if text.startswith("<@"):
        raise NotUnderstood(
            "Your line begins with the mention of somebody else, which names no case, so nothing "
            "was done. Write the case's number, such as h 3 #1042, or reply to its card."
        )

"""Reactions: adding and removing them, by the bot or by a person."""

from http import HTTPStatus

from bot.standin.emoji import is_emoji
from bot.standin.errors import ApiError, Code, unknown
from bot.standin.messages import check_open
from bot.standin.permissions import Permission
from bot.standin.wire import Json
from bot.standin.world import World, emoji

MOST = 20
"""Different emoji that one message can carry."""


def add(world: World, user_id: str, channel_id: str, message_id: str, key: str) -> None:
    """React to a message; a second time changes nothing.

    Args:
        world: Where it is.
        user_id: Who reacts.
        channel_id: The message's channel.
        message_id: The message.
        key: A Unicode emoji, or `name:id` of a custom one.

    Raises:
        ApiError: No such emoji or message, 20 emoji already, or a right is lacking.
    """
    message = world.message(channel_id, message_id)
    world.need(user_id, channel_id, Permission.READ_MESSAGE_HISTORY)
    check_open(world, channel_id, user_id)
    if message_id in world.private:
        unknown(Code.UNKNOWN_MESSAGE)
    if not is_emoji(key):
        raise ApiError(HTTPStatus.BAD_REQUEST, Code.UNKNOWN_EMOJI, "Unknown Emoji")
    found = world.reactions.setdefault(message_id, {})
    if key not in found:
        world.need(user_id, channel_id, Permission.ADD_REACTIONS)
        if len(found) >= MOST:
            raise ApiError(
                HTTPStatus.FORBIDDEN,
                Code.TOO_MANY_REACTIONS,
                f"Maximum number of reactions reached ({MOST})",
            )
    who = found.setdefault(key, [])
    if user_id in who:
        return
    who.append(user_id)
    data = _event(world, channel_id, message_id) | _one(user_id, key)
    data |= {"member": world.members.get(user_id), "message_author_id": message["author"]["id"]}
    world.emit("MESSAGE_REACTION_ADD", data)


def remove(world: World, user_id: str, channel_id: str, message_id: str, key: str) -> None:
    """Take one person's reaction away.

    Raises:
        ApiError: No such message, or the person has not reacted so.
    """
    world.message(channel_id, message_id)
    found = world.reactions.get(message_id, {})
    if user_id not in found.get(key, []):
        unknown(Code.UNKNOWN_EMOJI)
    found[key].remove(user_id)
    if not found[key]:
        del found[key]
    data = _event(world, channel_id, message_id) | _one(user_id, key)
    world.emit("MESSAGE_REACTION_REMOVE", data)


def clear(world: World, channel_id: str, message_id: str, key: str | None = None) -> None:
    """Take all reactions away, or all with one emoji.

    Raises:
        ApiError: No such message.
    """
    world.message(channel_id, message_id)
    data = _event(world, channel_id, message_id)
    if key is None:
        world.reactions.pop(message_id, None)
        world.emit("MESSAGE_REACTION_REMOVE_ALL", data)
    else:
        world.reactions.get(message_id, {}).pop(key, None)
        world.emit("MESSAGE_REACTION_REMOVE_EMOJI", {**data, "emoji": emoji(key)})


def _event(world: World, channel_id: str, message_id: str) -> Json:
    return {"channel_id": channel_id, "message_id": message_id, "guild_id": world.guild_id}


def _one(user_id: str, key: str) -> Json:
    return {"user_id": user_id, "emoji": emoji(key), "burst": False, "type": 0}

"""Pinned messages: pinning, unpinning, and the notice that a pin leaves in its channel."""

from http import HTTPStatus

from bot.standin import payloads
from bot.standin.errors import ApiError, Code
from bot.standin.messages import reply_to
from bot.standin.wire import Json, MessageKind
from bot.standin.world import World

MOST = 250
"""Pins that one channel can hold."""


PAGE = 50
"""Pins that are told at once."""


def pinned(world: World, channel_id: str) -> list[tuple[str, Json]]:
    """Return when each of a channel's messages was pinned, and the message, the latest first."""
    stored = world.messages[channel_id]
    return [(at, stored[one]) for one, at in reversed(world.pins.items()) if one in stored]


def pin(world: World, user_id: str, message: Json) -> None:
    """Pin a message; the channel is told of it by a message of its own, as in Discord.

    Raises:
        ApiError: 30003, there are too many pins.
    """
    if message["pinned"]:
        return
    channel_id = message["channel_id"]
    if len(pinned(world, channel_id)) >= MOST:
        raise ApiError(
            HTTPStatus.BAD_REQUEST,
            Code.TOO_MANY_PINS,
            f"Maximum number of pins reached for the channel ({MOST})",
        )
    _mark(world, message, as_pinned=True)
    notice = payloads.message(world.ids.new(), channel_id, world.users[user_id])
    notice["type"] = int(MessageKind.PIN_ADDED)
    notice["message_reference"] = reply_to(world, channel_id, message["id"])
    world.messages[channel_id][notice["id"]] = notice
    world.emit("MESSAGE_CREATE", notice)


def unpin(world: World, message: Json) -> None:
    """Take a message off the pinned ones; of one that is none, everybody is told all the same."""
    _mark(world, message, as_pinned=False)


def _mark(world: World, message: Json, *, as_pinned: bool) -> None:
    message["pinned"] = as_pinned
    world.pins.pop(message["id"], None)
    if as_pinned:
        world.pins[message["id"]] = payloads.now()
    world.emit("MESSAGE_UPDATE", message)
    channel_id = message["channel_id"]
    latest = next((at for at, _ in pinned(world, channel_id)), None)
    data = {"guild_id": world.guild_id, "channel_id": channel_id}
    world.emit("CHANNEL_PINS_UPDATE", {**data, "last_pin_timestamp": latest})

"""Routes about reactions."""

from bot.standin import reactions
from bot.standin.permissions import Permission
from bot.standin.routing import Call, Routes
from bot.standin.wire import Json

routes = Routes()
_ALL = "/channels/{channel_id}/messages/{message_id}/reactions"
_ONE = _ALL + "/{emoji}"
_MOST = 100
_USUAL = 25


@routes.add("PUT", _ONE + "/@me")
def _add(call: Call) -> None:
    call.world.channel(call.channel)
    reactions.add(call.world, call.bot, call.channel, call.path["message_id"], call.path["emoji"])


@routes.add("DELETE", _ONE + "/@me")
def _remove_own(call: Call) -> None:
    reactions.remove(
        call.world, call.bot, call.channel, call.path["message_id"], call.path["emoji"]
    )


@routes.add("DELETE", _ONE + "/{user_id}")
def _remove(call: Call) -> None:
    call.world.channel(call.channel)
    call.world.need(call.bot, call.channel, Permission.MANAGE_MESSAGES)
    user_id, message_id = call.path["user_id"], call.path["message_id"]
    reactions.remove(call.world, user_id, call.channel, message_id, call.path["emoji"])


@routes.add("GET", _ONE)
def _who(call: Call) -> list[Json]:
    message = call.message
    call.world.need(call.bot, call.channel, Permission.READ_MESSAGE_HISTORY)
    if call.query.get("type", "0") != "0":
        return []  # nobody here gives super reactions
    found = call.world.reactions.get(message["id"], {}).get(call.path["emoji"], [])
    after, limit = int(call.query.get("after", "0")), int(call.query.get("limit", _USUAL))
    later = sorted(int(one) for one in found if int(one) > after)
    return [call.world.users[str(one)] for one in later[: min(limit, _MOST)]]


@routes.add("DELETE", _ONE)
def _clear_one(call: Call) -> None:
    call.world.channel(call.channel)
    call.world.need(call.bot, call.channel, Permission.MANAGE_MESSAGES)
    reactions.clear(call.world, call.channel, call.path["message_id"], call.path["emoji"])


@routes.add("DELETE", _ALL)
def _clear(call: Call) -> None:
    call.world.channel(call.channel)
    call.world.need(call.bot, call.channel, Permission.MANAGE_MESSAGES)
    reactions.clear(call.world, call.channel, call.path["message_id"])

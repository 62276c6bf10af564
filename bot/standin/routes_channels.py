"""Routes about channels and threads."""

import time
from http import HTTPStatus

from bot.standin import threads
from bot.standin.errors import Code, missing_permissions, unknown
from bot.standin.permissions import Permission
from bot.standin.routing import Call, Routes
from bot.standin.wire import THREADS, Json
from bot.standin.world import World

routes = Routes()


def _thread(world: World, channel_id: str) -> Json:
    found = world.channel(channel_id)
    return found if found["type"] in THREADS else unknown(Code.UNKNOWN_CHANNEL)


@routes.add("GET", "/channels/{channel_id}")
def _get(call: Call) -> Json:
    found = call.world.channel(call.channel)
    call.world.need(call.bot, call.channel)
    return found


@routes.add("PATCH", "/channels/{channel_id}")
def _change(call: Call) -> Json:
    found = call.world.channel(call.channel)
    call.world.need(call.bot, call.channel)
    if found["type"] in THREADS:
        threads.change(call.world, found, call.bot, call.body)
    else:
        call.world.need(call.bot, call.channel, Permission.MANAGE_CHANNELS)
        found.update(call.body)
        call.world.emit("CHANNEL_UPDATE", found)
    return found


@routes.add("DELETE", "/channels/{channel_id}")
def _delete(call: Call) -> Json:
    found = call.world.channel(call.channel)
    if found["type"] not in THREADS:
        raise missing_permissions("MANAGE_CHANNELS")
    call.world.need(call.bot, call.channel, Permission.MANAGE_THREADS)
    threads.remove(call.world, found)
    return found


@routes.add("POST", "/channels/{channel_id}/typing")
def _typing(call: Call) -> None:
    thread = call.world.channel(call.channel)["type"] in THREADS
    right = Permission.SEND_MESSAGES_IN_THREADS if thread else Permission.SEND_MESSAGES
    call.world.need(call.bot, call.channel, right)
    place = {"channel_id": call.channel, "guild_id": call.world.guild_id}
    who = {"user_id": call.bot, "member": call.world.members[call.bot]}
    call.world.emit("TYPING_START", {**place, **who, "timestamp": int(time.time())})


@routes.add(
    "POST",
    "/channels/{channel_id}/messages/{message_id}/threads",
    status=HTTPStatus.CREATED,
)
def _start_on_message(call: Call) -> Json:
    message = call.message
    return threads.start(call.world, call.channel, call.bot, call.body, message_id=message["id"])


@routes.add("POST", "/channels/{channel_id}/threads", status=HTTPStatus.CREATED)
def _start(call: Call) -> Json:
    call.world.channel(call.channel)
    return threads.start(call.world, call.channel, call.bot, call.body)


@routes.add("GET", "/channels/{channel_id}/thread-members")
def _members(call: Call) -> list[Json]:
    thread = _thread(call.world, call.channel)
    call.world.need(call.bot, call.channel)
    who = call.world.thread_members[thread["id"]]
    return [threads.membership(thread["id"], one) for one in who]


@routes.add("PUT", "/channels/{channel_id}/thread-members/@me")
def _join(call: Call) -> None:
    thread = _thread(call.world, call.channel)
    call.world.need(call.bot, call.channel)
    threads.join(call.world, thread, call.bot)


@routes.add("DELETE", "/channels/{channel_id}/thread-members/@me")
def _leave(call: Call) -> None:
    threads.leave(call.world, _thread(call.world, call.channel), call.bot)


@routes.add("PUT", "/channels/{channel_id}/thread-members/{user_id}")
def _add(call: Call) -> None:
    thread = _thread(call.world, call.channel)
    call.world.need(call.bot, call.channel, Permission.SEND_MESSAGES_IN_THREADS)
    if call.path["user_id"] not in call.world.members:
        unknown(Code.UNKNOWN_MEMBER)
    threads.join(call.world, thread, call.path["user_id"])


@routes.add("DELETE", "/channels/{channel_id}/thread-members/{user_id}")
def _remove(call: Call) -> None:
    thread = _thread(call.world, call.channel)
    call.world.need(call.bot, call.channel, Permission.MANAGE_THREADS)
    threads.leave(call.world, thread, call.path["user_id"])

"""Threads: starting, changing and joining them."""

from collections.abc import Sequence
from http import HTTPStatus

from bot.standin import payloads
from bot.standin.errors import ApiError, Code, form, missing_permissions
from bot.standin.lengths import between
from bot.standin.messages import reply_to
from bot.standin.permissions import Permission
from bot.standin.reading import words
from bot.standin.wire import ChannelKind, Json, MessageFlag, MessageKind
from bot.standin.world import World

NAME = 100
_ARCHIVE_MINUTES = 1440
_ARCHIVE_CHOICES = (60, 1440, 4320, 10080)
_STATE = ("archived", "locked", "auto_archive_duration", "invitable")
_OWN = ("name", "rate_limit_per_user", "flags", "applied_tags")


def start(
    world: World, channel_id: str, user_id: str, body: Json, *, message_id: str | None = None
) -> Json:
    """Start a thread.

    Args:
        world: Where.
        channel_id: The channel it hangs on.
        user_id: Who starts it.
        body: As for Discord's "start thread".
        message_id: The message it hangs on, whose id it then shares.

    Returns:
        The thread, with the starter's membership in `member`.

    Raises:
        ApiError: A right is lacking, the message has one, or the name does not fit.
    """
    kind = ChannelKind.PUBLIC_THREAD
    if message_id is None:
        kind = ChannelKind(body.get("type", ChannelKind.PRIVATE_THREAD))
    public = kind == ChannelKind.PUBLIC_THREAD
    right = Permission.CREATE_PUBLIC_THREADS if public else Permission.CREATE_PRIVATE_THREADS
    world.need(user_id, channel_id, right)
    between("name", words(body, "name"), 1, NAME)
    _check_archiving(body)
    thread_id = message_id or world.ids.new()
    if thread_id in world.channels:
        raise ApiError(
            HTTPStatus.BAD_REQUEST,
            Code.THREAD_EXISTS,
            "A thread has already been created for this message",
        )
    if message_id:
        message = world.message(channel_id, message_id)
        message["flags"] = int(message["flags"] | MessageFlag.HAS_THREAD)
    thread = _thread(world, thread_id, channel_id, user_id, body) | {"type": int(kind)}
    world.channels[thread_id] = thread
    world.messages[thread_id] = {}
    world.thread_members[thread_id] = [user_id]
    told = {**thread, "member": membership(thread_id, user_id)}
    world.emit("THREAD_CREATE", {**told, "newly_created": True})
    if message_id:
        world.emit("MESSAGE_UPDATE", world.message(channel_id, message_id))
        _begin_with(world, thread, world.message(channel_id, message_id))
    return told


def _check_archiving(body: Json) -> None:
    minutes = body.get("auto_archive_duration")
    if minutes is not None and minutes not in _ARCHIVE_CHOICES:
        choices = ", ".join(map(str, _ARCHIVE_CHOICES))
        raise form(
            "auto_archive_duration", "BASE_TYPE_CHOICES", f"Value must be one of ({choices})."
        )


def _begin_with(world: World, thread: Json, origin: Json) -> None:
    """Store the first message of a thread, which only points at the one that it hangs on."""
    starter = payloads.message(world.ids.new(), thread["id"], world.users[thread["owner_id"]])
    starter["type"] = int(MessageKind.THREAD_STARTER)
    starter["message_reference"] = reply_to(world, origin["channel_id"], origin["id"])
    world.messages[thread["id"]][starter["id"]] = starter
    world.emit("MESSAGE_CREATE", starter)


def _thread(world: World, thread_id: str, channel_id: str, user_id: str, body: Json) -> Json:
    return {
        "id": thread_id,
        "guild_id": world.guild_id,
        "parent_id": channel_id,
        "owner_id": user_id,
        "name": body["name"],
        "last_message_id": None,
        "message_count": 0,
        "member_count": 1,
        "total_message_sent": 0,
        "rate_limit_per_user": body.get("rate_limit_per_user") or 0,
        "flags": 0,
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": body.get("auto_archive_duration") or _ARCHIVE_MINUTES,
            "archive_timestamp": payloads.now(),
            "locked": False,
            "create_timestamp": payloads.now(),
        },
    }


def membership(thread_id: str, user_id: str) -> Json:
    """Return a thread member object."""
    return {"id": thread_id, "user_id": user_id, "join_timestamp": payloads.now(), "flags": 0}


def change(world: World, thread: Json, user_id: str, body: Json) -> None:
    """Rename, archive, lock or reopen a thread.

    Raises:
        ApiError: It is neither the user's own thread nor have they the right to manage threads.
    """
    held = world.permissions(user_id, thread["id"])
    is_own = thread["owner_id"] == user_id and "locked" not in body
    if not is_own and not held & Permission.MANAGE_THREADS:
        raise missing_permissions("MANAGE_THREADS")
    if "name" in body:
        between("name", body["name"], 1, NAME)
    _check_archiving(body)
    state = thread["thread_metadata"]
    if body.get("archived") not in (None, state["archived"]):
        state["archive_timestamp"] = payloads.now()
    state.update(_of(body, _STATE))
    thread.update(_of(body, _OWN))
    world.emit("THREAD_UPDATE", thread)


def _of(body: Json, keys: Sequence[str]) -> Json:
    return {key: body[key] for key in keys if key in body}


def join(world: World, thread: Json, user_id: str) -> None:
    """Add somebody to a thread; a second time changes nothing."""
    members = world.thread_members[thread["id"]]
    if user_id not in members:
        members.append(user_id)
        thread["member_count"] = len(members)
        person = {"member": world.members[user_id], "presence": None}
        added = {**membership(thread["id"], user_id), **person}
        world.emit("THREAD_MEMBERS_UPDATE", {**_counted(thread), "added_members": [added]})


def leave(world: World, thread: Json, user_id: str) -> None:
    """Remove somebody from a thread; a second time changes nothing."""
    members = world.thread_members[thread["id"]]
    if user_id in members:
        members.remove(user_id)
        thread["member_count"] = len(members)
        data = {**_counted(thread), "removed_member_ids": [user_id]}
        world.emit("THREAD_MEMBERS_UPDATE", data)


def _counted(thread: Json) -> Json:
    return {key: thread[key] for key in ("id", "guild_id", "member_count")}


def forget(world: World, thread: Json) -> None:
    """Drop a thread and what was said in it."""
    thread_id = thread["id"]
    world.messages.pop(thread_id, None)
    world.thread_members.pop(thread_id, None)
    del world.channels[thread_id]


def remove(world: World, thread: Json) -> None:
    """Delete a thread, and tell of it."""
    forget(world, thread)
    keys = ("id", "guild_id", "parent_id", "type")
    world.emit("THREAD_DELETE", {key: thread[key] for key in keys})

"""Messages: posting, editing, deleting and pinning them, by the bot or by a person."""

import copy
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from bot.standin import components, files, limits, mentions, payloads
from bot.standin.errors import ApiError, Code, form
from bot.standin.permissions import Permission
from bot.standin.reading import listed, whole, words
from bot.standin.wire import THREADS, Json, MessageFlag, MessageKind
from bot.standin.world import Upload, World

NO_FILES: Mapping[str, Upload] = {}
_LASTING = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.COMPONENTS_V2
_SENT = _LASTING | MessageFlag.SUPPRESS_NOTIFICATIONS | MessageFlag.EPHEMERAL


def post(
    world: World, channel_id: str, user_id: str, body: Json, uploads: Mapping[str, Upload]
) -> Json:
    """Post a message with the author's own rights.

    Args:
        world: Where to.
        channel_id: The channel or thread.
        user_id: The author.
        body: As for Discord's "create message".
        uploads: Files by the index they were sent under.

    Returns:
        The stored message.

    Raises:
        ApiError: The author lacks a right, the thread is locked, or the body breaks a limit.
    """
    place = world.channel(channel_id)
    thread = place["type"] in THREADS
    right = Permission.SEND_MESSAGES_IN_THREADS if thread else Permission.SEND_MESSAGES
    wanted = [right]
    if body.get("embeds"):
        wanted.append(Permission.EMBED_LINKS)
    if uploads:
        wanted.append(Permission.ATTACH_FILES)
    world.need(user_id, channel_id, *wanted)
    if thread:
        _open_thread(world, place, user_id)
    if body.get("message_reference"):
        _check_answering(world, channel_id, user_id)
    flags = whole(body, "flags") & ~MessageFlag.EPHEMERAL
    return create(world, channel_id, user_id, {**body, "flags": flags}, uploads)


def _check_answering(world: World, channel_id: str, user_id: str) -> None:
    if not world.permissions(user_id, channel_id) & Permission.READ_MESSAGE_HISTORY:
        raise ApiError(
            HTTPStatus.BAD_REQUEST,
            Code.UNREAD_REPLY,
            "Cannot reply without permission to read message history",
        )


def check_open(world: World, channel_id: str, user_id: str) -> None:
    """Refuse to change anything in an archived thread, but for those who manage threads.

    Raises:
        ApiError: 50083.
    """
    place = world.channel(channel_id)
    if place["type"] not in THREADS or not place["thread_metadata"]["archived"]:
        return
    if not world.permissions(user_id, channel_id) & Permission.MANAGE_THREADS:
        raise ApiError(HTTPStatus.BAD_REQUEST, Code.THREAD_ARCHIVED, "Thread is archived")


def _open_thread(world: World, thread: Json, user_id: str) -> None:
    """Wake an archived thread, as a message in it does, unless it is locked."""
    state = thread["thread_metadata"]
    held = world.permissions(user_id, thread["id"])
    if state["locked"] and not held & Permission.MANAGE_THREADS:
        raise ApiError(HTTPStatus.BAD_REQUEST, Code.THREAD_ARCHIVED, "Thread is archived")
    if state["archived"]:
        state["archived"] = False
        world.emit("THREAD_UPDATE", thread)


def create(
    world: World,
    channel_id: str,
    user_id: str,
    body: Json,
    uploads: Mapping[str, Upload] = NO_FILES,
    *,
    envelope: Json | None = None,
    visible_to: str | None = None,
) -> Json:
    """Store a message without asking for rights, and tell of it.

    Args:
        world: Where to.
        channel_id: The channel or thread.
        user_id: The author.
        body: As for Discord's "create message".
        uploads: Files by the index they were sent under.
        envelope: Further keys of the message, such as its type or its interaction.
        visible_to: The only person who sees it.

    Returns:
        The stored message.

    Raises:
        ApiError: The body breaks a limit.
    """
    limits.check(body, uploads)
    message = payloads.message(world.ids.new(), channel_id, world.users[user_id])
    message["tts"] = bool(body.get("tts"))
    message["flags"] = whole(body, "flags") & _SENT
    if body.get("nonce") is not None:
        message["nonce"] = body["nonce"]
    if body.get("message_reference"):
        message |= _reply(world, channel_id, body["message_reference"])
    message |= envelope or {}
    _fill(world, message, body, uploads)
    return _store(world, message, visible_to)


def placeholder(
    world: World, channel_id: str, envelope: Json, *, visible_to: str | None = None
) -> Json:
    """Store the bot's empty message that stands for an answer to come, and tell of it.

    Args:
        world: Where to.
        channel_id: The channel or thread.
        envelope: Further keys of the message, such as its type or its interaction.
        visible_to: The only person who sees it, and will see the answer.

    Returns:
        The stored message.
    """
    message = payloads.message(world.ids.new(), channel_id, world.users[world.bot_id])
    ephemeral = MessageFlag.EPHEMERAL if visible_to else 0
    message["flags"] = int(MessageFlag.LOADING | ephemeral)
    return _store(world, message | envelope, visible_to)


def _store(world: World, message: Json, visible_to: str | None) -> Json:
    place = world.channel(message["channel_id"])
    world.messages[place["id"]][message["id"]] = message
    if visible_to:
        world.private[message["id"]] = visible_to
    else:
        place["last_message_id"] = message["id"]
        if place["type"] in THREADS:
            place["message_count"] += 1
            place["total_message_sent"] += 1
    world.emit("MESSAGE_CREATE", message, visible_to)
    return message


def _reply(world: World, channel_id: str, reference: Json) -> Json:
    target = str(reference["message_id"])
    place = str(reference.get("channel_id") or channel_id)
    known = world.messages.get(place, {}).get(target)
    if (known is None or target in world.private) and reference.get("fail_if_not_exists", True):
        raise form("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    return {
        "type": int(MessageKind.REPLY),
        "message_reference": reply_to(world, place, target),
    }


def reply_to(world: World, channel_id: str, message_id: str) -> Json:
    """Return a `message_reference` to a message."""
    return {
        "type": 0,
        "message_id": message_id,
        "channel_id": channel_id,
        "guild_id": world.guild_id,
    }


def _fill(world: World, message: Json, body: Json, uploads: Mapping[str, Upload]) -> None:
    """Put a body's parts into a message, those it does not name staying as they are."""
    if "content" in body:
        message["content"] = body["content"] or ""
    if "embeds" in body:
        embeds = copy.deepcopy(listed(body, "embeds"))
        message["embeds"] = [{"type": "rich", **embed} for embed in embeds]
    if "components" in body:
        message["components"] = copy.deepcopy(body["components"] or [])
        components.number(message["components"])
    _attach(world, message, body, uploads)
    for part in ("embeds", "components"):
        files.resolve(message[part], message["attachments"], path=part)
    _mention(world, message, body.get("allowed_mentions"))


def _mention(world: World, message: Json, allowed: Json | None) -> None:
    """Note who is mentioned, and, unless this is an edit, who is pinged."""
    text = "\n".join([message["content"], *components.texts(message["components"])])
    if allowed is None:
        allowed = mentions.PARSE_USERS if message.get("webhook_id") else mentions.PARSE_ALL
    found = mentions.find(world, message, text, allowed)
    message["mentions"] = [world.users[one] for one in found.users]
    message["mention_roles"] = list(found.roles)
    message["mention_everyone"] = found.everyone
    if message["edited_timestamp"] is None:
        world.pinged[message["id"]] = found.pinged


def _attach(world: World, message: Json, body: Json, uploads: Mapping[str, Upload]) -> None:
    """Keep the attachments that the body names, all if it names none, and add the uploads."""
    named = body.get("attachments")
    if named is None and not uploads:
        return
    described = {words(one, "id"): one for one in listed(body, "attachments")}
    kept = [one for one in message["attachments"] if named is None or one["id"] in described]
    new = files.keep(world, message["channel_id"], uploads, described)
    message["attachments"] = kept + new


def edit(
    world: World,
    message: Json,
    body: Json,
    uploads: Mapping[str, Upload] = NO_FILES,
    *,
    first_filling: bool = False,
) -> Json:
    """Change a message and tell of it.

    Args:
        world: Where it is.
        message: The stored message.
        body: As for Discord's "edit message".
        uploads: Files by the index they were sent under.
        first_filling: Whether this fills a deferred answer, which does not count as an edit.

    Returns:
        The stored message.

    Raises:
        ApiError: The message would break a limit.
    """
    flags = int(message["flags"])
    if body.get("flags") is not None:
        wanted = int(body["flags"]) & _LASTING
        flags = flags & ~MessageFlag.SUPPRESS_EMBEDS | wanted
    merged = {key: message[key] for key in ("content", "embeds", "components")}
    left = listed(body if "attachments" in body else message, "attachments")
    known = {one["id"] for one in message["attachments"]}
    kept = [one for one in left if words(one, "id") in known]
    limits.check({**merged, **body, "flags": flags}, uploads, kept=len(kept))
    message["flags"] = flags & ~MessageFlag.LOADING
    if not first_filling:
        message["edited_timestamp"] = payloads.now()
    _fill(world, message, body, uploads)
    world.emit("MESSAGE_UPDATE", message, world.private.get(message["id"]))
    return message


def delete(world: World, message: Json) -> None:
    """Remove a message with its files and reactions, and tell of it."""
    data = {
        "id": message["id"],
        "channel_id": message["channel_id"],
        "guild_id": world.guild_id,
    }
    _remove(world, message)
    world.emit("MESSAGE_DELETE", data, world.private.pop(message["id"], None))


def delete_many(world: World, channel_id: str, message_ids: Iterable[str]) -> None:
    """Remove several messages at once, those that are gone already aside, and tell of it."""
    found = [one for one in message_ids if one in world.messages[channel_id]]
    for one in found:
        _remove(world, world.messages[channel_id][one])
    data = {"ids": found, "channel_id": channel_id, "guild_id": world.guild_id}
    world.emit("MESSAGE_DELETE_BULK", data)


def _remove(world: World, message: Json) -> None:
    files.forget(world, message)
    del world.messages[message["channel_id"]][message["id"]]
    world.reactions.pop(message["id"], None)
    world.pins.pop(message["id"], None)
    world.pinged.pop(message["id"], None)

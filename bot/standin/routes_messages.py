"""Routes about messages: sending, reading, editing, deleting, pinning."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import islice

from bot.standin import ids, messages, pins
from bot.standin.errors import ApiError, Code, form, unknown
from bot.standin.masking import mask
from bot.standin.permissions import Permission
from bot.standin.reading import strings, words
from bot.standin.routing import Call, Routes
from bot.standin.wire import Intent, Json, MessageKind
from bot.standin.world import World

routes = Routes()
_MOST = 100
_USUAL = 50
_FEWEST_IN_BULK = 2
_BULK_AGE = timedelta(days=14)
_NONCE_MEMORY = timedelta(minutes=5)


def shown(world: World, message: Json) -> Json:
    """Return a message as REST gives it to the bot, masked if it lacks the intent."""
    view = world.view(message, world.bot_id)
    return view if world.privileged & Intent.MESSAGE_CONTENT else mask(view, world.bot_id)


def _public(call: Call) -> Json:
    """Return the message in the path; ephemeral ones are unknown outside their interaction."""
    found = call.message
    return unknown(Code.UNKNOWN_MESSAGE) if found["id"] in call.world.private else found


@routes.add("GET", "/channels/{channel_id}/messages")
def _history(call: Call) -> list[Json]:
    call.world.channel(call.channel)
    call.world.need(call.bot, call.channel)
    if not call.world.permissions(call.bot, call.channel) & Permission.READ_MESSAGE_HISTORY:
        return []
    limit = int(call.query.get("limit", _USUAL))
    if not 1 <= limit <= _MOST:
        raise form("limit", "NUMBER_TYPE_MAX", f"int value should be between 1 and {_MOST}.")
    return [shown(call.world, one) for one in _page(call, limit)]


def _page(call: Call, limit: int) -> list[Json]:
    """Return up to so many messages, newest first, as `before`, `after` or `around` ask."""
    if "after" in call.query:
        return _after(call, int(call.query["after"]), limit)[::-1]
    if "around" in call.query:
        middle = int(call.query["around"])
        older = list(islice(_before(call, middle + 1), limit // 2 + 1))
        return _after(call, middle, limit - len(older))[::-1] + older
    before = call.query.get("before")
    return list(islice(_before(call, int(before) if before else None), limit))


def _before(call: Call, bound: int | None) -> Iterator[Json]:
    for key, message in reversed(call.world.messages[call.channel].items()):
        if key not in call.world.private and (bound is None or int(key) < bound):
            yield message


def _after(call: Call, bound: int, limit: int) -> list[Json]:
    stored = call.world.messages[call.channel]
    newer = (m for key, m in stored.items() if int(key) > bound and key not in call.world.private)
    return list(islice(newer, limit))


@routes.add("POST", "/channels/{channel_id}/messages")
def _send(call: Call) -> Json:
    world, body = call.world, call.body
    key = (call.channel, words(body, "nonce"))
    known = _same_nonce(world, key) if body.get("enforce_nonce") and key[1] else None
    made = known or messages.post(world, call.channel, call.bot, body, call.uploads)
    if key[1] and known is None:
        world.nonces.pop(key, None)  # to the end, as the newest
        world.nonces[key] = made["id"]
        _forget_old_nonces(world)
    return shown(world, made)


def _same_nonce(world: World, key: tuple[str, str]) -> Json | None:
    """Return the message made with a nonce in the last few minutes, if there is one."""
    message_id = world.nonces.get(key)
    if message_id is None or datetime.now(UTC) - ids.created(message_id) > _NONCE_MEMORY:
        return None
    return world.messages[key[0]].get(message_id)


def _forget_old_nonces(world: World) -> None:
    for key, message_id in list(world.nonces.items()):
        if datetime.now(UTC) - ids.created(message_id) <= _NONCE_MEMORY:
            break  # the oldest comes first
        del world.nonces[key]


@routes.add("GET", "/channels/{channel_id}/messages/pins")
def _pins(call: Call) -> Json:
    call.world.channel(call.channel)
    call.world.need(call.bot, call.channel)
    limit = int(call.query.get("limit", pins.PAGE))
    if not 1 <= limit <= pins.PAGE:
        raise form("limit", "NUMBER_TYPE_MAX", f"int value should be between 1 and {pins.PAGE}.")
    found = _readable_pins(call)
    if "before" in call.query:
        bound = _moment(call.query["before"])
        found = [one for one in found if datetime.fromisoformat(one[0]) < bound]
    items = [{"pinned_at": at, "message": shown(call.world, one)} for at, one in found[:limit]]
    return {"items": items, "has_more": len(found) > limit}


@routes.add("GET", "/channels/{channel_id}/pins")
def _pins_as_before(call: Call) -> list[Json]:
    call.world.channel(call.channel)
    call.world.need(call.bot, call.channel)
    return [shown(call.world, one) for _, one in _readable_pins(call)[: pins.PAGE]]


def _readable_pins(call: Call) -> list[tuple[str, Json]]:
    """Return when each message was pinned, and the message; none without the right to read."""
    held = call.world.permissions(call.bot, call.channel)
    return pins.pinned(call.world, call.channel) if held & Permission.READ_MESSAGE_HISTORY else []


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise form("before", "DATE_TIME_TYPE_PARSE", "Could not parse it.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@routes.add("POST", "/channels/{channel_id}/messages/bulk-delete")
def _bulk_delete(call: Call) -> None:
    call.world.channel(call.channel)
    call.world.need(call.bot, call.channel, Permission.MANAGE_MESSAGES)
    named = strings(call.body, "messages")
    if not _FEWEST_IN_BULK <= len(named) <= _MOST:
        raise form(
            "messages",
            "BASE_TYPE_BAD_LENGTH",
            f"Must be between {_FEWEST_IN_BULK} and {_MOST} in length.",
        )
    if any(datetime.now(UTC) - ids.created(one) > _BULK_AGE for one in named):
        raise ApiError(
            HTTPStatus.BAD_REQUEST,
            Code.TOO_OLD_FOR_BULK,
            "You can only bulk delete messages that are under 14 days old.",
        )
    messages.delete_many(call.world, call.channel, named)


@routes.add("GET", "/channels/{channel_id}/messages/{message_id}")
def _get(call: Call) -> Json:
    call.world.channel(call.channel)
    call.world.need(call.bot, call.channel, Permission.READ_MESSAGE_HISTORY)
    return shown(call.world, _public(call))


@routes.add("PATCH", "/channels/{channel_id}/messages/{message_id}")
def _edit(call: Call) -> Json:
    call.world.channel(call.channel)
    call.world.need(call.bot, call.channel)
    found = _public(call)
    if found["author"]["id"] != call.bot:
        raise ApiError(
            HTTPStatus.FORBIDDEN,
            Code.FOREIGN_MESSAGE,
            "Cannot edit a message authored by another user",
        )
    messages.check_open(call.world, call.channel, call.bot)
    call.world.old_edits.take(call.channel, datetime.fromisoformat(found["timestamp"]))
    if call.uploads:
        call.world.need(call.bot, call.channel, Permission.ATTACH_FILES)
    return shown(call.world, messages.edit(call.world, found, call.body, call.uploads))


@routes.add("DELETE", "/channels/{channel_id}/messages/{message_id}")
def _delete(call: Call) -> None:
    call.world.channel(call.channel)
    call.world.need(call.bot, call.channel)
    found = _public(call)
    if found["author"]["id"] != call.bot:
        call.world.need(call.bot, call.channel, Permission.MANAGE_MESSAGES)
    messages.delete(call.world, found)


@routes.add("PUT", "/channels/{channel_id}/messages/pins/{message_id}")
@routes.add("PUT", "/channels/{channel_id}/pins/{message_id}")
def _pin(call: Call) -> None:
    found = _public(call)
    call.world.need(call.bot, call.channel, Permission.PIN_MESSAGES)
    if found["type"] == MessageKind.PIN_ADDED:
        raise ApiError(
            HTTPStatus.FORBIDDEN,
            Code.SYSTEM_MESSAGE,
            "Cannot execute action on a system message",
        )
    pins.pin(call.world, call.bot, found)


@routes.add("DELETE", "/channels/{channel_id}/messages/pins/{message_id}")
@routes.add("DELETE", "/channels/{channel_id}/pins/{message_id}")
def _unpin(call: Call) -> None:
    found = _public(call)
    call.world.need(call.bot, call.channel, Permission.PIN_MESSAGES)
    pins.unpin(call.world, found)

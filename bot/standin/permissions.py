"""What a person or the bot may do: roles first, then a channel's overwrites."""

from collections.abc import Iterable, Sequence
from enum import IntFlag

from bot.standin.wire import Json


class Permission(IntFlag):
    """The rights this stand-in enforces, at Discord's own bits."""

    NONE = 0
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    PIN_MESSAGES = 1 << 51


ALL = (1 << 53) - 1
"""Every right, known here or not: what an owner or an administrator holds."""

EVERYONE = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.ADD_REACTIONS
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
"""What @everyone may do. It stays within `DESK`, so that it cannot lend the bot a further right."""

DESK = EVERYONE | Permission.MANAGE_MESSAGES | Permission.PIN_MESSAGES
"""What the product asks for when it is invited, and not one right more."""

_NEED_SEND = Permission.EMBED_LINKS | Permission.ATTACH_FILES | Permission.MENTION_EVERYONE


def union(roles: Iterable[Json]) -> int:
    """Return the rights that any of the roles gives in the whole guild."""
    held = 0
    for role in roles:
        held |= int(role["permissions"])
    return ALL if held & Permission.ADMINISTRATOR else held


def in_channel(
    held: int,
    overwrites: Sequence[Json],
    *,
    everyone: str,
    roles: Iterable[str],
    person: str,
    thread: bool = False,
) -> int:
    """Return what is left of guild-wide rights in one channel.

    Discord's order: the overwrite of @everyone, then all role overwrites together, then the
    person's own. Who may not view a channel may do nothing in it.

    Args:
        held: Rights in the whole guild.
        overwrites: The channel's `permission_overwrites`.
        everyone: The id of @everyone.
        roles: Ids of the person's other roles.
        person: The person's id.
        thread: Whether a thread of the channel is meant, where another right lets people speak.
    """
    if held == ALL:
        return ALL
    for group in ([everyone], list(roles), [person]):
        held = _overwritten(held, overwrites, group)
    if not held & Permission.VIEW_CHANNEL:
        return 0
    speaking = Permission.SEND_MESSAGES_IN_THREADS if thread else Permission.SEND_MESSAGES
    return held if held & speaking else held & ~_NEED_SEND


def _overwritten(held: int, overwrites: Sequence[Json], ids: Sequence[str]) -> int:
    """Return rights after the overwrites of some, of which one that allows weighs more."""
    denied = allowed = 0
    for overwrite in overwrites:
        if overwrite["id"] in ids:
            denied |= int(overwrite["deny"])
            allowed |= int(overwrite["allow"])
    return held & ~denied | allowed


def allow(target: str, *rights: Permission, person: bool = False) -> Json:
    """Return an overwrite that gives rights to a role, or to a person."""
    granted = sum(rights)
    return {"id": target, "type": int(person), "allow": str(granted), "deny": "0"}


def deny(target: str, *rights: Permission, person: bool = False) -> Json:
    """Return an overwrite that takes rights from a role, or from a person."""
    return {"id": target, "type": int(person), "allow": "0", "deny": str(sum(rights))}

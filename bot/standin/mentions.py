"""Who is really pinged: what a text names, less what `allowed_mentions` holds back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.standin.errors import form
from bot.standin.permissions import Permission
from bot.standin.reading import strings
from bot.standin.wire import Json
from bot.standin.world import World

_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")
_MOST_IDS = 100

PARSE_ALL: Json = {"parse": ["users", "roles", "everyone"], "replied_user": True}
"""What holds for an ordinary message that says nothing of mentions."""

PARSE_USERS: Json = {"parse": ["users"], "replied_user": True}
"""What holds for interaction answers that say nothing of mentions."""

PARSE_NOTHING: Json = {"parse": []}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """The mentions of one message that count.

    Attributes:
        users: Ids of users named.
        roles: Ids of roles named.
        everyone: Whether @everyone or @here was.
        pinged: Ids of all who are notified.
    """

    users: tuple[str, ...]
    roles: tuple[str, ...]
    everyone: bool
    pinged: frozenset[str]


def check(allowed: Json) -> None:
    """Refuse a contradictory `allowed_mentions`.

    Raises:
        ApiError: 50035.
    """
    parse = strings(allowed, "parse")
    for kind in ("users", "roles"):
        listed = strings(allowed, kind)
        if kind in parse and listed:
            raise form(
                "allowed_mentions",
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )
        if len(listed) > _MOST_IDS:
            raise form(
                f"allowed_mentions.{kind}",
                "BASE_TYPE_MAX_LENGTH",
                f"Must be {_MOST_IDS} or fewer in length.",
            )


def find(world: World, message: Json, text: str, allowed: Json) -> Mentions:
    """Return the mentions in a text that count.

    Args:
        world: Where users, roles and rights are looked up.
        message: The message the text is in: channel, author, and what it replies to.
        text: The content, or all text displays of a Components V2 message.
        allowed: An `allowed_mentions` object.
    """
    channel, author = message["channel_id"], message["author"]["id"]
    loud = bool(world.permissions(author, channel) & Permission.MENTION_EVERYONE)
    users = _users(world, message, text, allowed)
    roles = _roles(world, text, allowed, loud=loud)
    parsed = "everyone" in strings(allowed, "parse")
    everyone = loud and parsed and _EVERYONE.search(text) is not None
    named = {*users, *_holders(world, roles), *(world.members if everyone else ())} - {author}
    seeing = (one for one in named if world.permissions(one, channel) & Permission.VIEW_CHANNEL)
    return Mentions(users=users, roles=roles, everyone=everyone, pinged=frozenset(seeing))


def _users(world: World, message: Json, text: str, allowed: Json) -> tuple[str, ...]:
    found = _permitted(_USER.findall(text), allowed, "users")
    replied = _replied_to(world, message)
    if replied and allowed.get("replied_user"):
        found.append(replied)
    return tuple(dict.fromkeys(one for one in found if one in world.users))


def _roles(world: World, text: str, allowed: Json, *, loud: bool) -> tuple[str, ...]:
    found = _permitted(_ROLE.findall(text), allowed, "roles")
    known = [one for one in found if one in world.roles]
    return tuple(dict.fromkeys(one for one in known if loud or world.roles[one]["mentionable"]))


def _replied_to(world: World, message: Json) -> str | None:
    reference = message.get("message_reference")
    if not reference:
        return None
    target = world.messages.get(reference["channel_id"], {}).get(reference["message_id"])
    return target["author"]["id"] if target else None


def _permitted(found: list[str], allowed: Json, kind: str) -> list[str]:
    if kind in strings(allowed, "parse"):
        return found
    listed = strings(allowed, kind)
    return [one for one in found if one in listed]


def _holders(world: World, roles: Iterable[str]) -> set[str]:
    wanted = set(roles)
    return {
        user_id
        for user_id, membership in world.members.items()
        if wanted.intersection(membership["roles"])
    }

"""Which events a gateway session hears, and in what shape."""

from bot.standin import payloads
from bot.standin.masking import mask
from bot.standin.permissions import Permission
from bot.standin.reading import listed, strings, words
from bot.standin.wire import Intent, Json
from bot.standin.world import World

_MESSAGES = frozenset({"MESSAGE_CREATE", "MESSAGE_UPDATE"})
_ALWAYS = frozenset({"INTERACTION_CREATE"})
_PREFIXES = (
    ("MESSAGE_REACTION_", Intent.REACTIONS),
    ("MESSAGE_", Intent.MESSAGES),
    ("TYPING_", Intent.TYPING),
    ("GUILD_MEMBER_", Intent.MEMBERS),
    ("CHANNEL_", Intent.GUILDS),
    ("THREAD_", Intent.GUILDS),
    ("GUILD_", Intent.GUILDS),
    ("INTERACTION_", Intent.NONE),
)


def heard(world: World, intents: Intent, event: str, data: Json) -> bool:
    """Return whether a session is sent an event.

    Events in channels that the bot may not view are not sent, except interactions; channels
    themselves are. Events that are no part of Discord's gateway are not sent at all.

    Args:
        world: Where rights are looked up.
        intents: What the session asked for.
        event: The event's name.
        data: Its data.
    """
    if event in _ALWAYS or _is_about_itself(world, event, data):
        return True
    if not _is_asked_for(intents, event):
        return False
    if event == "THREAD_MEMBERS_UPDATE" and not intents & Intent.MEMBERS:
        return _moved(data) == [world.bot_id]
    place = data.get("parent_id" if event.startswith("THREAD_") else "channel_id")
    if place not in world.channels:
        return True
    return bool(world.permissions(world.bot_id, place) & Permission.VIEW_CHANNEL)


def _is_asked_for(intents: Intent, event: str) -> bool:
    """Return whether an event is one of the gateway's that the session's intents cover."""
    needed = next((intent for prefix, intent in _PREFIXES if event.startswith(prefix)), None)
    return needed is not None and (not needed or bool(intents & needed))


def _moved(data: Json) -> list[str]:
    """Return who came into a thread or left it."""
    came = [words(one, "user_id") for one in listed(data, "added_members")]
    return came + strings(data, "removed_member_ids")


def _is_about_itself(world: World, event: str, data: Json) -> bool:
    """Return whether an event is the bot's own membership changing, which needs no intent."""
    return event == "GUILD_MEMBER_UPDATE" and data["user"]["id"] == world.bot_id


def shaped(world: World, intents: Intent, event: str, data: Json) -> Json:
    """Return an event's data as the session gets it: a message with its member, or masked."""
    if event not in _MESSAGES:
        return data
    shown: Json = {**world.view(data, world.bot_id), "guild_id": world.guild_id}
    shown["mentions"] = [_with_member(world, user) for user in shown["mentions"]]
    author = world.members.get(shown["author"]["id"])
    if author:
        shown["member"] = payloads.without_user(author)
    return shown if intents & Intent.MESSAGE_CONTENT else mask(shown, world.bot_id)


def _with_member(world: World, user: Json) -> Json:
    membership = world.members.get(user["id"])
    return {**user, "member": payloads.without_user(membership)} if membership else user

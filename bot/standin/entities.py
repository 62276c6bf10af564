"""The `resolved` part of an interaction: users, roles and channels that it names by id."""

from collections.abc import Iterable, Iterator

from bot.standin import payloads
from bot.standin.wire import Json
from bot.standin.world import World

_CHANNEL_KEYS = ("id", "name", "type", "parent_id")


def resolve(world: World, ids: Iterable[str]) -> Json:
    """Return the objects behind some ids, by kind; kinds with nothing in them are left out.

    Raises:
        LookupError: An id belongs to nothing here.
    """
    found: dict[str, dict[str, Json]] = {"users": {}, "members": {}, "roles": {}, "channels": {}}
    for one in ids:
        for kind, what in _named(world, one):
            found[kind][one] = what
    return {kind: objects for kind, objects in found.items() if objects}


def _named(world: World, one: str) -> Iterator[tuple[str, Json]]:
    """Yield what an id names, with its kind; of a member also the user.

    Raises:
        LookupError: It names nothing here.
    """
    if one in world.users:
        yield "users", dict(world.users[one])
        if one in world.members:
            held = str(world.permissions(one))
            yield "members", {**payloads.without_user(world.members[one]), "permissions": held}
    elif one in world.roles:
        yield "roles", world.roles[one]
    elif one in world.channels:
        place, held = world.channels[one], str(world.permissions(world.bot_id, one))
        yield "channels", {**{key: place.get(key) for key in _CHANNEL_KEYS}, "permissions": held}
    else:
        raise LookupError(f"There is no user, role or channel {one!r}.")

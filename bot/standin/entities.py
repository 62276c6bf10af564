"""The `resolved` part of an interaction: users, roles and channels that it names by id."""

from collections.abc import Iterable

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
        if one in world.users:
            found["users"][one] = dict(world.users[one])
            if one in world.members:
                held = str(world.permissions(one))
                membership = payloads.without_user(world.members[one])
                found["members"][one] = {**membership, "permissions": held}
        elif one in world.roles:
            found["roles"][one] = world.roles[one]
        elif one in world.channels:
            place = world.channels[one]
            held = str(world.permissions(world.bot_id, one))
            found["channels"][one] = {
                **{key: place.get(key) for key in _CHANNEL_KEYS},
                "permissions": held,
            }
        else:
            raise LookupError(f"There is no user, role or channel {one!r}.")
    return {kind: objects for kind, objects in found.items() if objects}

"""Routes that make roles, categories and text channels, as a bot with the rights for it may."""

from http import HTTPStatus

from bot.standin import payloads
from bot.standin.errors import Code, form, missing_permissions, unknown
from bot.standin.lengths import between
from bot.standin.permissions import Permission
from bot.standin.reading import listed, whole, words
from bot.standin.routing import Call, Routes
from bot.standin.wire import ChannelKind, Json
from bot.standin.world import World

routes = Routes()
_LONGEST_NAME = 100
_KINDS = (ChannelKind.TEXT, ChannelKind.CATEGORY)


def _need(call: Call, right: Permission) -> int:
    """Return the bot's rights in the guild, if the right is among them."""
    world = call.world
    if call.path["guild_id"] != world.guild_id or world.bot_id not in world.members:
        unknown(Code.UNKNOWN_GUILD)
    held = world.permissions(world.bot_id)
    if not held & right:
        raise missing_permissions(right.name or "")
    return held


@routes.add("POST", "/guilds/{guild_id}/roles")
def _make_role(call: Call) -> Json:
    held, world = _need(call, Permission.MANAGE_ROLES), call.world
    name = words(call.body, "name") or "new role"
    between("name", name, 1, _LONGEST_NAME)
    rights = whole(call.body, "permissions", int(world.roles[world.guild_id]["permissions"]))
    if rights & ~held:
        raise missing_permissions("more than the bot itself holds")
    made: Json = payloads.role(
        world.ids.new(), name, rights, position=1, colour=whole(call.body, "color")
    )
    made.update(hoist=bool(call.body.get("hoist")), mentionable=bool(call.body.get("mentionable")))
    for other in world.roles.values():
        other["position"] += other["position"] > 0  # a new one stands just above @everyone
    world.roles[made["id"]] = made
    world.emit("GUILD_ROLE_CREATE", {"guild_id": world.guild_id, "role": made})
    return made


@routes.add("POST", "/guilds/{guild_id}/channels", status=HTTPStatus.CREATED)
def _make_channel(call: Call) -> Json:
    held, world = _need(call, Permission.MANAGE_CHANNELS), call.world
    name, kind = words(call.body, "name"), whole(call.body, "type")
    between("name", name, 1, _LONGEST_NAME)
    if kind not in _KINDS:
        raise form("type", "BASE_TYPE_CHOICES", "This stand-in makes text channels and categories.")
    parent = words(call.body, "parent_id") or None
    if parent and world.channel(parent)["type"] != ChannelKind.CATEGORY:
        raise form("parent_id", "CHANNEL_PARENT_INVALID_TYPE", "Not a category")
    made: Json = payloads.channel(
        world.ids.new(),
        world.guild_id,
        name if kind == ChannelKind.CATEGORY else "-".join(name.lower().split()),
        position=len(world.channels),
        overwrites=_overwrites(world, listed(call.body, "permission_overwrites"), held),
    )
    made.update(type=int(kind), parent_id=parent, topic=words(call.body, "topic") or None)
    world.channels[made["id"]] = made
    world.messages[made["id"]] = {}
    world.emit("CHANNEL_CREATE", made)
    return made


def _overwrites(world: World, asked: list[Json], held: int) -> list[Json]:
    """Return the overwrites as they are kept; a bot gives and takes only what it holds."""
    found: list[Json] = []
    for one in asked:
        kept = {
            "id": words(one, "id"),
            "type": whole(one, "type"),
            "allow": words(one, "allow") or "0",
            "deny": words(one, "deny") or "0",
        }
        if (int(kept["allow"]) | int(kept["deny"])) & ~held:
            raise missing_permissions("more than the bot itself holds")
        if kept["id"] not in world.roles and kept["id"] not in world.members:
            unknown(Code.UNKNOWN_ROLE)
        found.append(kept)
    return found

"""Application commands: registering them within Discord's limits, and who is offered them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from bot.standin import ids, permissions
from bot.standin.command_limits import check
from bot.standin.errors import TOO_MANY_COMMANDS, ApiError, Code, form, unknown
from bot.standin.permissions import Permission
from bot.standin.reading import whole
from bot.standin.wire import CommandKind, Json
from bot.standin.world import World

CREATES_A_DAY = 200
"""New commands that the guild takes in a day, of this application."""
_DAY = timedelta(days=1)
MOST = {CommandKind.CHAT_INPUT: 100, CommandKind.USER: 15, CommandKind.MESSAGE: 15}
_DEFAULTS: Json = {
    "nsfw": False,
    "default_permission": True,
    "dm_permission": True,
    "name_localizations": None,
    "description_localizations": None,
    "description": "",
    "options": [],
    "contexts": None,
}


def replace(world: World, wanted: Sequence[Json], guild_id: str | None) -> list[Json]:
    """Set all commands of the guild, or all global ones; known ones keep their ids.

    Raises:
        ApiError: 50035, a command breaks a limit or there are too many.
    """
    for index, command in enumerate(wanted):
        check(command, str(index))
    _check_count(wanted)
    _check_creates(world, wanted, guild_id)
    made = [_registered(world, command, guild_id) for command in wanted]
    others = [one for one in world.commands.values() if one.get("guild_id") != guild_id]
    world.commands = {one["id"]: one for one in [*others, *made]}
    _tell(world)
    return made


def put(world: World, wanted: Json, guild_id: str | None) -> Json:
    """Set one command; one of that name and kind is replaced.

    Raises:
        ApiError: 50035, it breaks a limit or there are too many.
    """
    check(wanted, "")
    _check_creates(world, [wanted], guild_id)
    made = _registered(world, wanted, guild_id)
    others = [one for one in registered(world, guild_id) if one["id"] != made["id"]]
    _check_count([*others, made])
    world.commands[made["id"]] = made
    _tell(world)
    return made


def registered(world: World, guild_id: str | None) -> list[Json]:
    """Return the commands of the guild, or the global ones."""
    return [one for one in world.commands.values() if one.get("guild_id") == guild_id]


def get(world: World, command_id: str, guild_id: str | None) -> Json:
    """Return one command.

    Raises:
        ApiError: 10063.
    """
    found = world.commands.get(command_id)
    if found is None or found.get("guild_id") != guild_id:
        unknown(Code.UNKNOWN_COMMAND)
    return found


def remove(world: World, command_id: str) -> None:
    """Remove one command."""
    del world.commands[command_id]
    _tell(world)


def _tell(world: World) -> None:
    """Tell the page, not the bot: Discord sends bots no event of it."""
    world.emit("SANDBOX_COMMANDS", {"count": len(world.commands)})


def _registered(world: World, command: Json, guild_id: str | None) -> Json:
    known = _known(world, command, guild_id)
    needed = command.get("default_member_permissions")
    made: Json = {
        **_DEFAULTS,
        **command,
        "id": known["id"] if known else _new_id(world),
        "application_id": world.app_id,
        "version": world.ids.new(),
        "type": whole(command, "type", CommandKind.CHAT_INPUT),
        "integration_types": command.get("integration_types") or [0],
        "default_member_permissions": None if needed is None else str(needed),
    }
    return {**made, "guild_id": guild_id} if guild_id else made


def _known(world: World, command: Json, guild_id: str | None) -> Json | None:
    """Return the registered command of the same name and kind, if there is one."""
    same = (command["name"], whole(command, "type", CommandKind.CHAT_INPUT))
    found = (one for one in registered(world, guild_id) if (one["name"], one["type"]) == same)
    return next(found, None)


def _new_id(world: World) -> str:
    made = world.ids.new()
    world.command_creates.append(made)
    return made


def _check_creates(world: World, wanted: Iterable[Json], guild_id: str | None) -> None:
    """Refuse more new commands in a day than Discord takes."""
    oldest = datetime.now(UTC) - _DAY
    world.command_creates = [one for one in world.command_creates if ids.created(one) > oldest]
    new = sum(1 for one in wanted if _known(world, one, guild_id) is None)
    if new and len(world.command_creates) + new > CREATES_A_DAY:
        raise ApiError(HTTPStatus.BAD_REQUEST, Code.TOO_MANY_COMMANDS_A_DAY, TOO_MANY_COMMANDS)


def _check_count(wanted: Iterable[Json]) -> None:
    names: dict[int, set[str]] = {kind: set() for kind in MOST}
    for command in wanted:
        found = names[whole(command, "type", CommandKind.CHAT_INPUT)]
        if command["name"] in found:
            raise form(
                "name",
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                f"Application command names must be unique: {command['name']!r}",
            )
        found.add(command["name"])
    for kind, most in MOST.items():
        if len(names[kind]) > most:
            raise form(
                "name",
                "APPLICATION_COMMAND_TOO_MANY",
                f"Maximum number of application commands reached ({most}).",
            )


def offered(world: World, user_id: str, channel_id: str, command: Json) -> bool:
    """Return whether Discord's picker shows a command to somebody in a channel."""
    held = world.permissions(user_id, channel_id)
    if not held & Permission.USE_APPLICATION_COMMANDS:
        return False
    needed = command.get("default_member_permissions")
    if needed is None or held == permissions.ALL:
        return True
    return int(needed) != 0 and held & int(needed) == int(needed)


def find(world: World, user_id: str, channel_id: str, name: str, kind: CommandKind) -> Json:
    """Return a command that somebody can use in a channel.

    Raises:
        LookupError: There is none, or it is not offered to them.
    """
    for command in world.commands.values():
        if (command["name"], command["type"]) == (name, kind):
            if not offered(world, user_id, channel_id, command):
                raise LookupError(f"The command {name!r} is not offered to this person here.")
            return command
    raise LookupError(f"There is no command {name!r}.")

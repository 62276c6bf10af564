"""Application commands: registering them within Discord's limits, and who is offered them."""

import re
from collections.abc import Iterable, Sequence

from bot.sandbox import permissions
from bot.sandbox.errors import Code, form, unknown
from bot.sandbox.lengths import at_most, between
from bot.sandbox.permissions import Permission
from bot.sandbox.reading import listed, whole, words
from bot.sandbox.wire import CommandKind, Json, Option
from bot.sandbox.world import World

NAME = 32
DESCRIPTION = 100
OPTIONS = 25
CHOICES = 25
CHOICE_TEXT = 100
MOST = {CommandKind.CHAT_INPUT: 100, CommandKind.USER: 15, CommandKind.MESSAGE: 15}
_NAME = re.compile(r"[-_'\w]{1,32}")
_SUBS = frozenset({Option.SUBCOMMAND, Option.GROUP})
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
    kind = whole(command, "type", CommandKind.CHAT_INPUT)
    known = next(
        (
            one["id"]
            for one in registered(world, guild_id)
            if (one["name"], one["type"]) == (command["name"], kind)
        ),
        None,
    )
    needed = command.get("default_member_permissions")
    made: Json = {
        **_DEFAULTS,
        **command,
        "id": known or world.ids.new(),
        "application_id": world.app_id,
        "version": world.ids.new(),
        "type": kind,
        "integration_types": command.get("integration_types") or [0],
        "default_member_permissions": None if needed is None else str(needed),
    }
    return {**made, "guild_id": guild_id} if guild_id else made


def check(command: Json, path: str) -> None:
    """Refuse a command that Discord would not register.

    Raises:
        ApiError: 50035.
    """
    here = f"{path}." if path else ""
    name = words(command, "name")
    between(f"{here}name", name, 1, NAME)
    if whole(command, "type", CommandKind.CHAT_INPUT) != CommandKind.CHAT_INPUT:
        return
    _check_name(name, f"{here}name")
    between(f"{here}description", words(command, "description"), 1, DESCRIPTION)
    _check_options(listed(command, "options"), f"{here}options")


def _check_name(name: str, path: str) -> None:
    if not _NAME.fullmatch(name) or name != name.lower():
        raise form(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_options(options: Sequence[Json], path: str) -> None:
    at_most(path, options, OPTIONS)
    optional = False
    for index, option in enumerate(options):
        here = f"{path}.{index}"
        _check_name(words(option, "name"), f"{here}.name")
        between(f"{here}.description", words(option, "description"), 1, DESCRIPTION)
        if option["type"] in _SUBS:
            _check_options(listed(option, "options"), f"{here}.options")
            continue
        if option.get("required") and optional:
            raise form(
                here,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional = optional or not option.get("required")
        check_choices(listed(option, "choices"), f"{here}.choices")


def check_choices(choices: Sequence[Json], path: str) -> None:
    """Refuse choices that are too many or too long.

    Raises:
        ApiError: 50035.
    """
    at_most(path, choices, CHOICES)
    for index, choice in enumerate(choices):
        between(f"{path}.{index}.name", words(choice, "name"), 1, CHOICE_TEXT)
        between(f"{path}.{index}.value", words(choice, "value"), 1, CHOICE_TEXT)


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

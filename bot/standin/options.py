"""What a person fills into a slash command, checked as Discord's own client checks it."""

import math
from collections.abc import Mapping

from bot.standin.entities import resolve
from bot.standin.reading import listed
from bot.standin.wire import Json, Option
from bot.standin.world import World

_ENTITIES = frozenset({Option.USER, Option.CHANNEL, Option.ROLE, Option.MENTIONABLE})
_TRUE = frozenset({"true", "yes", "1"})
_LONGEST = 6000


def build(
    world: World,
    command: Json,
    path: str,
    given: Mapping[str, object],
    *,
    focused: str | None = None,
) -> Json:
    """Return an interaction's `data` for a slash command.

    Args:
        world: Where users, roles and channels are looked up.
        command: The registered command.
        path: Its name and those of its subcommands, with blanks between.
        given: Values by option name, as text or of the option's own kind.
        focused: The option being typed in, for autocompletion; nothing is required then.

    Raises:
        LookupError: There is no such subcommand or option, or a value does not fit.
    """
    leaf, chain = _descend(command, path)
    offered = {option["name"]: option for option in listed(leaf, "options")}
    if strange := given.keys() - offered.keys():
        raise LookupError(f"/{path} has no option {min(strange)!r}.")
    filled = [
        _filled(option, given[name], typing=name == focused)
        for name, option in offered.items()
        if name in given
    ]
    if focused is None:
        _need_required(path, offered, given)
    data: Json = {
        "id": command["id"],
        "name": command["name"],
        "type": 1,
        "options": _nest(chain, filled),
    }
    if command.get("guild_id"):
        data["guild_id"] = command["guild_id"]
    return data if focused else data | _resolved(world, filled)


def _resolved(world: World, filled: list[Json]) -> Json:
    named = [str(one["value"]) for one in filled if one["type"] in _ENTITIES]
    return {"resolved": resolve(world, named)} if named else {}


def _descend(command: Json, path: str) -> tuple[Json, list[Json]]:
    """Return the subcommand that a path names, and the steps to it."""
    leaf, chain = command, list[Json]()
    for step in path.split()[1:]:
        found = next((one for one in listed(leaf, "options") if one["name"] == step), None)
        if found is None:
            raise LookupError(f"/{path} has no part {step!r}.")
        leaf = found
        chain.append(found)
    if any(one["type"] <= Option.GROUP for one in listed(leaf, "options")):
        raise LookupError(f"/{path} needs a subcommand.")
    return leaf, chain


def _nest(chain: list[Json], filled: list[Json]) -> list[Json]:
    for step in reversed(chain):
        filled = [{"name": step["name"], "type": step["type"], "options": filled}]
    return filled


def _need_required(path: str, offered: Mapping[str, Json], given: Mapping[str, object]) -> None:
    for name, option in offered.items():
        if option.get("required") and name not in given:
            raise LookupError(f"/{path} needs the option {name!r}.")


def _filled(option: Json, value: object, *, typing: bool) -> Json:
    item: Json = {"name": option["name"], "type": option["type"], "value": value}
    if typing:
        return item | {"value": str(value), "focused": True}
    item["value"] = _converted(option, value)
    choices = listed(option, "choices")
    if choices and item["value"] not in [choice["value"] for choice in choices]:
        raise LookupError(f"{value!r} is not among the choices of {option['name']!r}.")
    _within(option, item["value"])
    return item


def _converted(option: Json, value: object) -> object:
    kind, text = option["type"], str(value)
    try:
        if kind == Option.INTEGER:
            return int(text)
        if kind == Option.NUMBER:
            return float(text)
    except ValueError as error:
        raise LookupError(f"{option['name']!r} must be a number, not {text!r}.") from error
    if kind == Option.BOOLEAN:
        return text.lower() in _TRUE
    return text


def _within(option: Json, value: object) -> None:
    kind, name = option["type"], option["name"]
    if kind in (Option.INTEGER, Option.NUMBER) and isinstance(value, int | float):
        least, most = option.get("min_value", -math.inf), option.get("max_value", math.inf)
        if not least <= value <= most:
            raise LookupError(f"{name!r} must be between {least} and {most}.")
    if kind == Option.STRING:
        least, most = option.get("min_length") or 0, option.get("max_length") or _LONGEST
        if not least <= len(str(value)) <= most:
            raise LookupError(f"{name!r} must have {least} to {most} characters.")

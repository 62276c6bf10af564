"""Discord's documented limits on an application command, its options and their choices."""

import re
from collections.abc import Iterator, Sequence

from bot.standin.errors import form
from bot.standin.lengths import at_most, between
from bot.standin.reading import listed, nested, whole, words
from bot.standin.wire import CommandKind, Json, Option

NAME = 32
DESCRIPTION = 100
OPTIONS = 25
CHOICES = 25
CHOICE_TEXT = 100
CHARACTERS = 8000
"""In a command's names, descriptions and values together, the longest translation of each."""
WHOLE = 2**53
"""Numbers lie between this and its negative, so that a double holds them exactly."""

_NAME = re.compile(r"[-_'\w]{1,32}")
_SUBS = frozenset({Option.SUBCOMMAND, Option.GROUP})
_NUMBERS = frozenset({Option.INTEGER, Option.NUMBER})


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
    if sum(_lengths(command)) > CHARACTERS:
        raise form(
            f"{here}name",
            "APPLICATION_COMMAND_TOO_LARGE",
            f"Command exceeds maximum size of {CHARACTERS}",
        )


def _lengths(node: Json) -> Iterator[int]:
    """Yield how long each text is that counts for a command's size."""
    for key in ("name", "description"):
        translated = nested(node, f"{key}_localizations")
        yield max(map(len, [words(node, key), *map(str, translated.values())]))
    for option in listed(node, "options"):
        yield from _lengths(option)
    for choice in listed(node, "choices"):
        yield from _lengths(choice)
        yield len(words(choice, "value"))


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
        _check_values(option, here)


def _check_values(option: Json, here: str) -> None:
    """Refuse choices and bounds that an option cannot have."""
    choices = listed(option, "choices")
    check_choices(choices, f"{here}.choices")
    if choices and option.get("autocomplete"):
        raise form(
            f"{here}.autocomplete",
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES",
            "Autocomplete and choices exclude each other.",
        )
    if option["type"] in _NUMBERS:
        bounds = [option.get("min_value"), option.get("max_value")]
        for number in [*bounds, *(choice["value"] for choice in choices)]:
            _check_number(number, whole(option, "type"), here)


def _check_number(number: float | None, kind: int, here: str) -> None:
    if number is None:
        return
    if kind == Option.INTEGER and not isinstance(number, int):
        raise form(here, "NUMBER_TYPE_COERCE", f"Value {number!r} is not int.")
    most = WHOLE - 1 if kind == Option.INTEGER else WHOLE
    if not -most <= number <= most:
        raise form(here, "NUMBER_TYPE_MAX", f"Value should be between {-most} and {most}.")


def check_choices(choices: Sequence[Json], path: str) -> None:
    """Refuse choices that are too many or too long.

    Raises:
        ApiError: 50035.
    """
    at_most(path, choices, CHOICES)
    for index, choice in enumerate(choices):
        between(f"{path}.{index}.name", words(choice, "name"), 1, CHOICE_TEXT)
        between(f"{path}.{index}.value", words(choice, "value"), 1, CHOICE_TEXT)

"""What is wrong in a policy file, as sentences that name the line and what would be right."""

import re
import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final, NamedTuple, cast, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bot.domain.errors import DeskError
from config.policy_table import PolicyTable

Key = tuple[str | int, ...]
"""A place in the parsed file: table names, list positions and, last, the key."""


def line_of(text: str, path: Key) -> int:
    """Return the line (from 1) of the statement that sets `path`.

    A path that is not in the file is looked for at its nearest parent, so that a missing key is
    reported at the head of its table. The file must be valid TOML.
    """
    lines = text.split("\n")
    while path and not _holds(tomllib.loads(text), path):
        path = path[:-1]
    if not path:
        return 1
    # Whatever ends with the statement parses and has the path; whatever ends before it parses
    # and has not; and what ends in its midst does not parse. This is slow, and exact where
    # reading the lines ourselves would have to know all of TOML.
    start = 1
    for end in range(1, len(lines) + 1):
        try:
            so_far = tomllib.loads("\n".join(lines[:end]))
        except tomllib.TOMLDecodeError:
            continue
        if _holds(so_far, path):
            return start
        start = end + 1
    return start


def _holds(data: object, path: Key) -> bool:
    for key in path:
        inside: dict[str | int, object] = {}
        if isinstance(data, list):
            inside.update(enumerate(cast("list[object]", data)))
        elif isinstance(data, dict):
            inside.update(cast("dict[str, object]", data))
        if key not in inside:
            return False
        data = inside[key]
    return True


_MOST_SHOWN = 40


class Problem(NamedTuple):
    """One thing wrong in a policy file. `line` counts from 1; `None` is the file as a whole."""

    line: int | None
    words: str


class PolicyError(DeskError):
    """The policy file cannot be used; each problem is a line of the text."""

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        super().__init__(
            "\n".join(
                f"{source}: {words}" if line is None else f"{source}, line {line}: {words}"
                for line, words in problems
            )
        )
        self.source = source
        self.problems = tuple(problems)


def syntax(error: tomllib.TOMLDecodeError, text: str) -> Problem:
    """Return why a text is no TOML."""
    said = str(error)
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", said)
    line = int(place[1]) if place and place[1] else text.count("\n") + 1
    said = said[: place.start()] if place else said
    right = 'a line is  key = "value",  a table or a comment after #, and quotes come in pairs'
    return Problem(line, f"this is not TOML: {said[:1].lower()}{said[1:]}; {right}")


def problem(detail: ErrorDetails, text: str) -> Problem:
    """Return why a value cannot stand where it does."""
    path: Key = detail["loc"]
    key = str(path[-1])
    line = line_of(text, path)
    if detail["type"] == "missing":
        return Problem(line, f"`{key}` is missing{_owner(path)}; it should be {_right(path)}")
    if detail["type"] == "extra_forbidden":
        return Problem(line, f"`{key}` is not known{_owner(path)}; {_hint(path)}")
    if isinstance(path[-1], int) and path[-2] not in _ONE_OF:
        words = f"`{path[-2]}` holds {_shown(detail['input'])}; it should be {_right(path[:-1])}"
        return Problem(line, words)
    if isinstance(path[-1], int):
        return Problem(line, f"this rule is {_shown(detail['input'])}; it should be a table")
    return Problem(line, f"`{key}` is {_shown(detail['input'])}; it should be {_right(path)}")


def _hint(path: Key) -> str:
    """Return what was probably meant, else what may stand there."""
    known = list(_model_at(path[:-1]).model_fields)
    close = get_close_matches(str(path[-1]), known, n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else f"what may stand here: {', '.join(known)}"


_ONE_OF: Final = {"rules": "rule", "rota": "rota", "routes": "route"}


def _owner(path: Key) -> str:
    match path:
        case (("rules" | "rota" | "routes") as table, int(index), _):
            return f" in {_ONE_OF[table]} {index + 1} of the file"
        case ("stories", str(state), _):
            return f" under [stories.{state}]"
        case (str(table), _) if table != "rules":
            return f" under [{table}]"
        case _:
            return ""


def _model_at(path: Key) -> type[BaseModel]:
    model: type[BaseModel] = PolicyTable
    for key in path:
        info = model.model_fields.get(str(key))
        inside = [*get_args(info.annotation), info.annotation] if info else []
        tables = (one for one in inside if isinstance(one, type) and issubclass(one, BaseModel))
        model = next(tables, model)
    return model


def _right(path: Key) -> str:
    return _model_at(path[:-1]).model_fields[str(path[-1])].description or ""


def _quoted(value: str) -> str:
    if len(value) <= _MOST_SHOWN:
        return f'"{value}"'
    return f'"{value[:_MOST_SHOWN]}…" ({len(value)} characters)'


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _quoted(value)
        case list():
            return f"a list of {len(value)}"  # pyright: ignore[reportUnknownArgumentType] - of whatever was written
        case dict():
            return "a table"
        case _:
            return str(value)

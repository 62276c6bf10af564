"""The admin's own `.env`: read as the settings are, and changed without losing anything of it."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from dotenv.main import dotenv_values
from dotenv.parser import Binding, parse_stream

from bot.domain.errors import DeskError

_PRIVATE = 0o600
_DOLLAR = "${DESK__:-$}{"
"""Stands for `${`, which is otherwise looked up in the environment: a name that is never set."""


def read(path: Path) -> dict[str, str]:
    """Return what stands in the file, by names in capitals; empty for a file that is not there.

    Raises:
        DeskError: It cannot be read.
    """
    try:
        found = dotenv_values(path, encoding="utf-8") if path.exists() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise DeskError(f"{path} cannot be read: {error}.") from error
    return {name.upper(): value or "" for name, value in found.items()}


def write(path: Path, values: Mapping[str, str]) -> None:
    """Set values in the file, each in its own line's place or at the end; all else stays as it is.

    The new file takes the old one's place in one step, so that nothing half-written is ever
    there, and only its owner may read it.

    Raises:
        DeskError: The file cannot be read or written, or a value cannot stand in it.
    """
    real = path.resolve()  # what a link points to is changed, not the link
    try:
        with real.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
            before = list(parse_stream(file))
    except FileNotFoundError:
        before = []
    except OSError as error:
        raise DeskError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        replace(real, "".join(_changed(before, values)))
    except OSError as error:
        raise DeskError(f"{path} cannot be written: {error.strerror}.") from error


def replace(path: Path, text: str) -> None:
    """Put a text in a file's place in one step, for its owner's eyes only."""
    # Always the same name, so that a write that was cut off leaves nothing once it is repeated.
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def line(name: str, value: str) -> str:
    """Return an assignment that is read back as the very value.

    Raises:
        DeskError: The value has a line break in it.
    """
    if "\n" in value or "\r" in value:
        raise DeskError(f"{name.upper()} has a line break in it.")
    written = value.replace("\\", "\\\\").replace("'", "\\'").replace("${", _DOLLAR)
    return f"{name.upper()}='{written}'"


def _changed(before: Iterable[Binding], values: Mapping[str, str]) -> Iterator[str]:
    """Yield the file's parts; of a name that stands there twice the last is read, so it is set."""
    parts = list(before)
    last = {part.key.upper(): number for number, part in enumerate(parts) if part.key}
    set_at = {last[name]: name for name in last.keys() & values.keys()}
    ended = True
    for number, part in enumerate(parts):
        name = set_at.get(number)
        text = _put(part, name, values[name]) if name else part.original.string
        yield text
        ended = text.endswith(("\n", "\r"))
    added = [line(name, values[name]) + "\n" for name in values if name not in last]
    if added and not ended:
        yield "\n"
    yield from added


def _put(part: Binding, name: str, value: str) -> str:
    """Return a line with another value: blank lines before it and what stands behind it are kept."""
    text = part.original.string
    if part.value == value and "${" not in value:
        return text
    body = text.lstrip()
    lead = text[: len(text) - len(body)]
    exported = "export " if body.startswith("export") else ""
    end = text[len(text.rstrip("\r\n")) :]
    return f"{lead}{exported}{line(name, value)}{_remark(part, text.rstrip())}{end}"


def _remark(part: Binding, text: str) -> str:
    """Return the comment behind a value: what can be cut off without changing the value."""
    for found in re.finditer(r"\s+#", text):
        cut = next(parse_stream(StringIO(text[: found.start()])))
        if not cut.error and cut.value == part.value:
            return text[found.start() :]
    return ""


class Draft:
    """The settings as they stand, and beside them what is not ready to be one yet.

    What is settled goes into the admin's `.env`. What is only half known, such as a site that
    was not reached yet, is noted in a file of its own beside it: the desk could not start with it.

    Args:
        env_file: The admin's `.env`.
    """

    def __init__(self, env_file: Path) -> None:
        self.env_file = env_file
        self.notes_file = env_file.with_name(f"{env_file.name}.setup")
        self._settled = read(env_file)
        self._notes = self._read_notes()

    def get(self, name: str) -> str:
        """Return a setting, empty if there is none; the environment goes before the file."""
        return os.environ.get(name, "") or self._settled.get(name, "")

    def names(self) -> set[str]:
        """Return the names of all settings that have a value."""
        given = {name.upper() for name, value in os.environ.items() if value}
        return given | {name for name, value in self._settled.items() if value}

    def settle(self, values: Mapping[str, str]) -> None:
        """Write settings into `.env`; one that the environment gives already is left to it.

        Raises:
            DeskError: The file cannot be written, or a value cannot stand in it.
        """
        new = {name: value for name, value in values.items() if os.environ.get(name) != value}
        if new:
            write(self.env_file, new)
            self._settled |= new

    def noted(self, name: str) -> dict[str, Any]:
        """Return what was noted under a name, empty for nothing."""
        return dict(self._notes.get(name, {}))

    def note(self, name: str, values: Mapping[str, Any]) -> None:
        """Keep something for the next time; an empty one is forgotten, and the file with the last.

        Raises:
            DeskError: The file cannot be written.
        """
        self._notes.pop(name, None)
        if values:
            self._notes[name] = dict(values)
        try:
            if self._notes:
                replace(self.notes_file, json.dumps(self._notes, indent=1))
            else:
                self.notes_file.unlink(missing_ok=True)
        except OSError as error:
            raise DeskError(f"{self.notes_file} cannot be written: {error.strerror}.") from error

    def forget(self, *names: str) -> None:
        """Keep what was noted under some names no longer.

        Raises:
            DeskError: The file cannot be written.
        """
        for name in names:
            if self.noted(name):
                self.note(name, {})

    def _read_notes(self) -> dict[str, dict[str, Any]]:
        try:
            found: Any = json.loads(self.notes_file.read_bytes())
            return {name: dict(one) for name, one in found.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError, TypeError) as error:
            raise DeskError(
                f"{self.notes_file}, where set-up keeps what it knows, cannot be read: {error}. "
                "Delete it to begin that part again."
            ) from error

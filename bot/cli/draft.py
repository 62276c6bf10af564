"""What a set-up has come to know so far, kept at once: an interrupted one goes on where it was."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.cli import envfile
from bot.domain.errors import DeskError


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
        self._settled = envfile.read(env_file)
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
            envfile.write(self.env_file, new)
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
                envfile.replace(self.notes_file, json.dumps(self._notes, indent=1))
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

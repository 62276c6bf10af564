"""Who was erased, kept beside the database, so that a backup of before is made to forget them again."""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.domain.subject import SubjectKind
from bot.store.errors import StoreTrouble
from bot.store.times import moment, stored

Kept = tuple[bytes, bytes, SubjectKind, datetime]
"""The key of somebody, its salt, by what they were known, and when they were erased."""


class Forgotten:
    """The file beside a database with a line for each person who was erased.

    A line is a salted hash: whoever has the file cannot tell from it who that was, and the desk can
    tell whether somebody in a database is one of them.
    """

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(f"{database.name}.forgotten")

    def all(self) -> Sequence[Kept]:
        """Return everybody in the file.

        Raises:
            StoreTrouble: It cannot be read.
        """
        try:
            written = self.path.read_text(encoding="utf-8") if self.path.exists() else ""
            return [_line(json.loads(line)) for line in written.splitlines() if line.strip()]
        except (OSError, ValueError, KeyError) as error:
            raise StoreTrouble(
                f"{self.path} cannot be read, so nobody knows whom the database has to forget: "
                f"{error}. Put it back from a backup."
            ) from error

    def keep(self, people: Sequence[Kept]) -> None:
        """Add those who are not in the file yet.

        Raises:
            StoreTrouble: It cannot be written.
        """
        known = {key for key, *_ in self.all()}
        lines = [_text(one) for one in people if one[0] not in known]
        if not lines:
            return
        try:
            with self.path.open("a", encoding="utf-8") as file:
                os.fchmod(file.fileno(), 0o600)
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreTrouble(
                f"{self.path} cannot be written, so a backup that is put back would not forget the "
                f"same people: {error.strerror}."
            ) from error


def _text(one: Kept) -> str:
    key, salt, kind, at = one
    values = {"key": key.hex(), "salt": salt.hex(), "kind": kind, "at": stored(at)}
    return json.dumps(values) + "\n"


def _line(values: dict[str, Any]) -> Kept:
    key, salt = (bytes.fromhex(values[name]) for name in ("key", "salt"))
    return key, salt, SubjectKind(values["kind"]), moment(values["at"])

"""The file of the record's anchors, to which lines are only added."""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.domain.anchors import Anchor, from_line, to_line
from bot.store.errors import StoreTrouble


class AnchorFile:
    """Anchors, one a line of JSON, the oldest first."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def all(self) -> Sequence[Anchor]:
        """Return every anchor.

        Raises:
            StoreTrouble: The file cannot be read, or a line of it is none.
        """
        try:
            written = self.path.read_text(encoding="utf-8") if self.path.exists() else ""
            return [from_line(json.loads(line)) for line in written.splitlines() if line.strip()]
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise StoreTrouble(
                f"{self.path} cannot be read as the record's anchors: {type(error).__name__}. If its "
                "last line is cut short, as a full disk leaves it, take that line away."
            ) from error

    def put_aside(self, now: datetime) -> Path:
        """Give the file another name, as a backup that was put back ends before its anchors.

        Raises:
            StoreTrouble: It cannot be renamed.
        """
        aside = self.path.with_name(f"{self.path.name}.replaced-{now:%Y-%m-%dT%H-%M-%SZ}")
        try:
            return self.path.rename(aside)
        except OSError as error:
            raise StoreTrouble(f"{self.path} cannot be renamed: {error.strerror}.") from error

    def add(self, anchor: Anchor) -> None:
        """Add one that is signed; it is on the disk when this returns.

        Raises:
            StoreTrouble: It cannot be written.
        """
        try:
            with self.path.open("a", encoding="utf-8") as file:
                os.fchmod(file.fileno(), 0o600)
                file.write(json.dumps(to_line(anchor)) + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreTrouble(
                f"{self.path} cannot be written, so today's anchor of the record is missing: "
                f"{error.strerror}."
            ) from error

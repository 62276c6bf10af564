"""The folder with a desk's backups: one copy after another, of which the newest few stay."""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.store.errors import StoreTrouble
from bot.store.remembering import Forgotten

_AT: Final = "%Y-%m-%dT%H-%M-%SZ"
_NAME: Final = re.compile(r"(?P<stem>.+)-(?P<at>\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)\.db")
_SPARE: Final = 64 * 1024 * 1024
"""Bytes that a backup leaves free, beside as much as the database has, for reports to come."""
_UNDER_WAY: Final = 3600.0
"""Seconds after which nobody works any more on what is half done."""
_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One copy of the database, and when it was begun."""

    path: Path
    at: datetime


class Backups:
    """The backups of one database, in a folder of their own.

    The list of whom the database has forgotten goes with them, so that whichever is put back is
    made to forget the same people.

    Args:
        database: The database.
        folder: Where its backups are; made when it is first needed.
        keep: How many stay.
        every: The time from one to the next, zero for none by themselves.
    """

    def __init__(
        self, database: Path, folder: Path, *, keep: int, every: timedelta = timedelta()
    ) -> None:
        self.folder = folder
        self.every = every
        self._database = database
        self._keep = keep

    def all(self) -> Sequence[Backup]:
        """Return the backups that are there, the newest first.

        Raises:
            StoreTrouble: The folder cannot be looked into.
        """
        try:
            paths = list(self.folder.iterdir()) if self.folder.exists() else []
        except OSError as error:
            raise StoreTrouble(f"{self.folder} cannot be read: {error.strerror}.") from error
        found = [backup for path in paths if (backup := self._backup(path)) is not None]
        return sorted(found, key=lambda one: one.at, reverse=True)

    def newest(self, now: datetime) -> Backup | None:
        """Return the newest one; what a clock that was ahead has named later is passed over."""
        return next((one for one in self.all() if one.at <= now), None)

    def are_due(self, now: datetime) -> bool:
        """Whether none is younger than `every`."""
        newest = self.newest(now)
        return newest is None or now - newest.at >= self.every

    def place(self, now: datetime) -> Path:
        """Return the file for a backup of now.

        Raises:
            StoreTrouble: The folder cannot be made, or there is no room in it.
        """
        self._make_folder()
        self._require_room()
        return self.folder / f"{self._database.stem}-{now.astimezone(UTC):{_AT}}.db"

    def tidy(self, now: datetime) -> None:
        """Take away what is older than those that stay, and what a crash left half done.

        Raises:
            StoreTrouble: One cannot be taken away.
        """
        left = [
            part
            for part in self.folder.glob(f"{self._database.stem}-*.db.part")
            if now.timestamp() - part.stat().st_mtime > _UNDER_WAY
        ]
        for path in [*left, *(backup.path for backup in self.all()[self._keep :])]:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise StoreTrouble(f"{path} cannot be deleted: {error.strerror}.") from error

    def take_forgotten(self) -> None:
        """Let the list of whom the database has forgotten stand beside the backups as well.

        Raises:
            StoreTrouble: It cannot be read or written.
        """
        here, there = Forgotten(self._database), self.forgotten
        if here.path.exists() and _size(here.path) != _size(there.path):
            self._make_folder()
            there.keep(here.all())

    @property
    def forgotten(self) -> Forgotten:
        """The list beside the backups."""
        return Forgotten(self.folder / self._database.name)

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreTrouble(
                f"{self.folder} cannot be used for backups: {error.strerror}. Let the desk write "
                "there, or name another folder in DESK_BACKUPS__FOLDER."
            ) from error

    def _backup(self, path: Path) -> Backup | None:
        named = _NAME.fullmatch(path.name)
        if named is None or named["stem"] != self._database.stem:
            return None
        try:
            return Backup(path=path, at=datetime.strptime(named["at"], _AT).replace(tzinfo=UTC))
        except ValueError:
            return None

    def _require_room(self) -> None:
        size = self._database.stat().st_size
        free = shutil.disk_usage(self.folder).free
        if free >= 2 * size + _SPARE:
            return
        raise StoreTrouble(
            f"There is too little room in {self.folder} for a backup: {free // _MIB:,} MiB are free "
            f"and the database has {size // _MIB:,}. Nothing was copied, so that reports still "
            "find room. Free some space, or name a folder on another disk in DESK_BACKUPS__FOLDER."
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0

"""Whether the database is still the file that was opened, and can be written to."""

from functools import partial
from pathlib import Path

from bot.store.engine.database import check, connect_reader, open_database
from bot.store.errors import StoreAway
from bot.store.tx import Tx

_AS_A_REPORT = 16 * 1024
"""Bytes that are written to see whether a report could be; the longest have some more."""

_SMALL = 16 * 1024 * 1024
"""Bytes of a database that is looked through whole each time, which takes some 50 ms."""

_BEAT = "INSERT INTO pulse (id, payload) VALUES (1, ?) ON CONFLICT (id) DO NOTHING"
_REST = "DELETE FROM pulse"

_ELSEWHERE = (
    "The database {path} was moved, deleted or replaced while the desk runs. Nothing more is "
    "stored, so reports are refused and sites send them again. Put the file back, or stop the "
    "desk, put the newest backup there and start it."
)


class Whereabouts:
    """Knows the files that were opened, to notice when others stand in their places.

    SQLite goes on writing into a file that was deleted, and all of it is gone at the end.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        # The log is made when it is first needed, and holds what was written last.
        self._files = (path, path.with_name(f"{path.name}-wal"))
        self._known: dict[Path, tuple[int, int]] = {}

    def require(self) -> None:
        """Return if the files are those that were there at the first call.

        Raises:
            StoreTrouble: They are not.
        """
        for file in self._files:
            place = _place(file)
            if place is not None:
                self._known.setdefault(file, place)
            if self._known.get(file) != place:
                raise StoreAway(_ELSEWHERE.format(path=self._path))


def _place(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def beat(tx: Tx) -> None:
    """Write as much as a report may need; by itself, so that it gets to the disk."""
    tx.run(_BEAT, (bytes(_AS_A_REPORT),))


def rest(tx: Tx) -> None:
    """Take what was written away again."""
    tx.run(_REST)


async def look_through(path: Path) -> None:
    """Read a small database from the disk, whatever of it is still remembered.

    Raises:
        StoreTrouble: It cannot be read, or is damaged.
    """
    if _size(path) <= _SMALL:
        async with open_database(partial(connect_reader, path)) as fresh:
            await fresh.run(check)


def _size(path: Path) -> int:
    return path.stat().st_size

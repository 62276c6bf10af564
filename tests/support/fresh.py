"""A new desk's file, without running every migration again for each test."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.store.engine.database import connect_writer


def new_desk(path: Path) -> Path:
    """Put a database where there is none, as the first start leaves it, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(_migrated())
    return path


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "desk.db"
        connect_writer(path).close()  # which also empties the write-ahead log into the file
        return path.read_bytes()

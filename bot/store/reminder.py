"""Word left beside a database that it is there, for the day on which it is not."""

from contextlib import suppress
from pathlib import Path

from bot.store.errors import StoreGone

_WAS_HERE = (
    "The desk keeps everything in {name}, beside this file. Where {name} is missing, the desk "
    "does not start by itself, so that nobody begins with an empty record by mistake.\n"
)


def require_known(path: Path) -> None:
    """Return if the database is there, or never was.

    Raises:
        StoreGone: It is missing or empty, and there was one before.
    """
    if path.exists() and path.stat().st_size:
        return
    if _reminder(path).exists() or path.with_name(f"{path.name}-wal").exists():
        raise StoreGone(path)


def remember(path: Path) -> None:
    """Leave word that there is a database."""
    reminder = _reminder(path)
    with suppress(OSError):  # a folder that cannot be written to is said in other ways
        if not reminder.exists():
            reminder.touch(mode=0o600)
            reminder.write_text(_WAS_HERE.format(name=path.name), encoding="utf-8")


def _reminder(path: Path) -> Path:
    return path.with_name(f"{path.name}.was-here")

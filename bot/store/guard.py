"""What stands beside a database: the lock of the one desk that uses it, and word of it."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.store.errors import StoreGone, StoreTrouble


class AnotherDesk(StoreTrouble):
    """Another desk runs on the database."""


@contextmanager
def only_desk(path: Path) -> Generator[None]:
    """Be the one desk that runs on a database while the block lasts.

    Two would post each card twice and carry each decision out twice. The system ends the lock
    with the process, however that dies; commands that only open the file do not ask for it. The
    same file counts as the same by whatever path it is named.

    Raises:
        AnotherDesk: There is one already.
        StoreTrouble: The lock cannot be made.
    """
    beside = _beside(path)
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreTrouble(f"{beside} cannot be made: {error.strerror}.") from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AnotherDesk(
                f"Another desk runs on {path} already{_whose(lock)}. Two would post every card "
                "twice. Stop that one first, or give this one a database of its own in "
                "DESK_DATABASE."
            ) from error
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(lock)


def _beside(path: Path) -> Path:
    real = path.resolve()
    return real.with_name(f"{real.name}.lock")


def _whose(lock: int) -> str:
    number = os.pread(lock, 20, 0).decode("ascii", "replace").strip()
    return f", as process {number}" if number.isdigit() else ""


_WAS_HERE = (
    "The desk keeps everything in {name}, beside this file. Where {name} is missing, the desk "
    "does not start by itself, so that nobody begins with an empty record by mistake.\n"
)


class NoFolder(StoreTrouble):
    """The database's folder is not there, which a misspelt path looks like."""


def require_folder(path: Path) -> None:
    """Return if a database's folder is there: a new one would look like a desk that forgot all.

    Raises:
        NoFolder: It is not.
    """
    folder = path.absolute().parent
    if not folder.is_dir():
        raise NoFolder(
            f"There is no folder {folder} for the database. Make it, or mend DESK_DATABASE if it "
            "is misspelt."
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

"""One desk at a time on one database: a lock beside the file that ends with the process."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from bot.store.errors import StoreTrouble


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

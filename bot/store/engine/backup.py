"""A copy of the database, taken while it is in use and opened before it counts."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from bot.store.engine.errors import translated
from bot.store.errors import StoreTrouble

_CONTENT = """
SELECT (SELECT COUNT(*) FROM cases), (SELECT COUNT(*) FROM reports),
       (SELECT MAX(id) FROM decisions), (SELECT digest FROM decisions ORDER BY id DESC LIMIT 1)
"""
_DOES_NOT_HOLD: Final = (
    "The copy {target} does not hold what the database does, so it was thrown away. Look whether "
    "the disk is full or failing, then try again."
)


def copy_to(target: Path, source: sqlite3.Connection) -> None:
    """Copy one state of the whole database to a new file, which appears only when it holds.

    All pages are copied in one step: in several, each write between two of them would make
    SQLite begin anew. Writers go on meanwhile, as the database keeps a write-ahead log. The copy
    is read whole and compared with the state that it was made of.

    Raises:
        StoreTrouble: The file exists, cannot be written, or does not hold what it should.
    """
    if target.exists():
        raise StoreTrouble(f"{target} exists already. Name a new file for the backup.")
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        with _one_state(source):
            content = source.execute(_CONTENT).fetchone()
            with closing(sqlite3.connect(part)) as copy:
                source.backup(copy)
        if not _holds(part, content):
            raise StoreTrouble(_DOES_NOT_HOLD.format(target=target))
        _to_disk(part)
        part.replace(target)
        _to_disk(target.parent)
    except OSError as error:
        raise StoreTrouble(f"{target} cannot be written: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise translated(error) from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _one_state(source: sqlite3.Connection) -> Generator[None]:
    """Let everything that is read be of one moment, which those who write do not wait for."""
    source.execute("BEGIN")
    try:
        yield
    finally:
        if source.in_transaction:  # a failing disk ends it by itself
            source.execute("COMMIT")


def _holds(part: Path, content: object) -> bool:
    with closing(open_copy(part)) as copy:
        if copy.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            return False
        return copy.execute(_CONTENT).fetchone() == content


def open_copy(path: Path) -> sqlite3.Connection:
    """Open a copy that nobody writes to, and leave nothing beside it."""
    wal = path.with_name(f"{path.name}-wal")
    how = "mode=ro" if wal.exists() and wal.stat().st_size else "immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keep_before_update(path: Path, source: sqlite3.Connection) -> Path:
    """Copy a database beside itself before it is brought up to date, and see that the copy holds.

    Raises:
        StoreTrouble: There is no room for the copy, or it does not hold what it should; nothing
            was changed then.
    """
    version = source.execute("PRAGMA user_version").fetchone()[0]
    kept = path.with_name(f"{path.name}.before-update-from-{version}")
    try:
        kept.unlink(missing_ok=True)  # of an update begun before, when there was less in it
    except OSError as error:
        raise StoreTrouble(
            f"{kept} cannot be written anew, so the database was not brought up to date: "
            f"{error.strerror}."
        ) from error
    try:
        copy_to(kept, source)
    except StoreTrouble as trouble:
        raise StoreTrouble(f"The database was not brought up to date. {trouble}") from trouble
    return kept

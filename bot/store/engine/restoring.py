"""Put a backup in the place of a database: everything is made ready beside it, and the swap is last.

What could go wrong, and why it does not:

Lost. The database of before is never written over: it is put aside under a name of its own, with its
write-ahead log, and only once the backup has been copied, read whole and brought up to date. A
process that ends before that leaves it as it is. One that ends within the swap leaves no database at
all, and the desk does not begin with an empty one where there was one before.

Mixed. A log that was left of another database would be played back into the one that is put there;
it goes aside together with its own.

Doubled. A desk that runs has the lock, and so has whoever restores.
"""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.store.engine.backup import copy_to, open_copy
from bot.store.engine.database import check, empty_log
from bot.store.engine.errors import translated
from bot.store.engine.migrate import check_ours, migrations
from bot.store.errors import StoreDamaged, StoreTrouble

_STAMP: Final = "%Y-%m-%dT%H-%M-%SZ"


def make_ready(backup: Path, database: Path) -> Path:
    """Copy a backup beside the database that it is to replace, and return the copy.

    Raises:
        StoreTooNew: A newer version of the program wrote it.
        StoreTrouble: It is not there, is damaged, is no desk's, or cannot be copied.
    """
    if not backup.is_file():
        raise StoreTrouble(f"There is no backup at {backup}. Nothing was changed.")
    if database.exists() and backup.samefile(database):
        raise StoreTrouble(f"{backup} is the database itself. Name a backup of it.")
    ready = _beside(database, ".restored")
    try:
        _throw_away(ready)
        with closing(open_copy(backup)) as source:
            check_ours(source, len(migrations()))
            if not source.execute("PRAGMA user_version").fetchone()[0]:
                raise StoreTrouble(f"There is nothing in {backup}. Name another backup.")
            check(source)
            copy_to(ready, source)
    except (StoreDamaged, sqlite3.DatabaseError) as error:
        raise _unusable(backup, error) from error
    except OSError as error:
        raise StoreTrouble(f"{error.filename} is in the way: {error.strerror}.") from error
    return ready


def _unusable(backup: Path, error: Exception) -> StoreTrouble:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return StoreTrouble(
            f"{backup} is damaged, or no database. Nothing was changed. Name an older backup."
        )
    return StoreTrouble(f"{backup} was not restored, and nothing was changed. {translated(error)}")


def put_in_place(ready: Path, database: Path, now: datetime) -> Path | None:
    """Put the copy where the database was; return where that is kept now, if there was one.

    Raises:
        StoreTrouble: A file cannot be moved.
    """
    aside = _beside(database, f".replaced-{now.astimezone(UTC):{_STAMP}}")
    try:
        if not _fold(ready):
            raise StoreTrouble(f"{ready} is in use. Close what has opened it and restore again.")
        _throw_away(ready, but=ready)
        with suppress(sqlite3.Error):  # a damaged one is put aside as it is
            _fold(database)
        was_there = database.exists()
        for ending in ("", "-wal"):
            with suppress(FileNotFoundError):
                _beside(database, ending).rename(_beside(aside, ending))
        _beside(database, "-shm").unlink(missing_ok=True)
        ready.rename(database)
    except OSError as error:
        raise StoreTrouble(
            f"{error.filename} cannot be moved: {error.strerror}. The backup is ready in {ready}."
        ) from error
    return aside if was_there else None


def _fold(database: Path) -> bool:
    """Bring all of the write-ahead log into the file, so that it is whole by itself."""
    if not database.exists():
        return True
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        return empty_log(connection)


def _throw_away(ready: Path, *, but: Path | None = None) -> None:
    for path in ready.parent.glob(f"{ready.name}*"):
        if path != but:
            path.unlink()


def own_as_folder(database: Path) -> None:
    """Give what root has put there to whoever has the folder, for that is whom the desk runs as."""
    if os.geteuid() != 0:
        return
    owner = database.parent.stat()
    for path in database.parent.glob(f"{database.name}*"):
        shutil.chown(path, owner.st_uid, owner.st_gid)


def _beside(database: Path, ending: str) -> Path:
    return database.with_name(f"{database.name}{ending}")

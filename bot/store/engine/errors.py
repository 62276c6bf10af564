"""What SQLite says, as sentences for the person who runs the desk."""

import sqlite3
from typing import Final

from bot.store.errors import NoSuchNumber, StoreAway, StoreDamaged, StoreTrouble

DriverError: Final = sqlite3.Error
"""Whatever the driver raises of its own."""

_SENTENCES = {
    sqlite3.SQLITE_FULL: "The disk is full. Free some space; nothing that was confirmed is lost.",
    sqlite3.SQLITE_BUSY: "Another program holds the database. Close it and try again.",
    sqlite3.SQLITE_LOCKED: "Another program holds the database. Close it and try again.",
    sqlite3.SQLITE_READONLY: "The database cannot be written to. Check its owner and permissions.",
    sqlite3.SQLITE_CANTOPEN: "The database cannot be opened. Check its folder and permissions.",
    sqlite3.SQLITE_PERM: "The database cannot be opened. Check its folder and permissions.",
    sqlite3.SQLITE_IOERR: "The disk failed to read or write. Check its health before going on.",
    sqlite3.SQLITE_NOTADB: "The file is not a database, or it is damaged.",
}

_OF_THE_DISK: Final = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}

_PRIMARY = 0xFF  # an extended result code keeps its family in the lowest byte


def translated(error: BaseException) -> BaseException:
    """Return a database error as one of ours caused by it; any other error as it is."""
    trouble = _trouble(error)
    if trouble is None:
        return error
    trouble.__cause__ = error
    return trouble


def _trouble(error: BaseException) -> BaseException | None:
    if isinstance(error, OverflowError):
        return NoSuchNumber("There is nothing of that number: it is longer than any here.")
    if not isinstance(error, sqlite3.Error):
        return None
    # Not every one has a code: what the driver itself refuses has none.
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if code == sqlite3.SQLITE_CORRUPT:
        return StoreDamaged()
    sentence = _SENTENCES.get(code)
    return StoreAway(sentence) if sentence else StoreTrouble(f"The database refused: {error}.")


def is_of_the_disk(error: BaseException | None) -> bool:
    """Whether an error, translated, says that nothing can be written now, whoever asks."""
    code = getattr(error.__cause__, "sqlite_errorcode", None) if error else None
    return isinstance(code, int) and code & _PRIMARY in _OF_THE_DISK

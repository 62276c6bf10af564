"""What the database says, as sentences for the person who runs the desk."""

import sqlite3
from pathlib import Path

from bot.domain.errors import DeskError

_SENTENCES = {
    sqlite3.SQLITE_FULL: "The disk is full. Free some space; nothing that was confirmed is lost.",
    sqlite3.SQLITE_BUSY: "Another program holds the database. Close it and try again.",
    sqlite3.SQLITE_LOCKED: "Another program holds the database. Close it and try again.",
    sqlite3.SQLITE_READONLY: "The database cannot be written to. Check its owner and permissions.",
    sqlite3.SQLITE_CANTOPEN: "The database cannot be opened. Check its folder and permissions.",
    sqlite3.SQLITE_PERM: "The database cannot be opened. Check its folder and permissions.",
    sqlite3.SQLITE_IOERR: "The disk failed to read or write. Check its health before going on.",
    sqlite3.SQLITE_CORRUPT: "The database is damaged. Stop, and restore the newest backup.",
    sqlite3.SQLITE_NOTADB: "The file is not a database, or it is damaged.",
}

_PRIMARY = 0xFF  # an extended result code keeps its family in the lowest byte


STOPPING = "The desk is stopping; nothing was done. Try again in a minute."
"""What is said to those who come too late."""


class StoreTrouble(DeskError):
    """The database could not do what was asked; nothing of it was kept."""


class StoreDamaged(StoreTrouble):
    """The file does not hold what was written to it."""

    def __init__(self) -> None:
        super().__init__(_SENTENCES[sqlite3.SQLITE_CORRUPT])


class StoreGone(StoreTrouble):
    """There was a database here, and there is none now."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no database at {path}, or it is empty, and there was one before. Put the "
            "file or the newest backup there. To begin anew, with no case and no decision of "
            "before, start once with: comment-desk run --new"
        )


class StoreTooNew(StoreTrouble):
    """The database was written by a newer version of the program."""


class NoSuchNumber(DeskError):
    """A number is larger than the database has room for, so nothing can have it."""


def translated(error: BaseException) -> BaseException:
    """Return a database error as one of ours caused by it; any other error as it is."""
    if isinstance(error, OverflowError):
        trouble = NoSuchNumber("There is nothing of that number: it is longer than any here.")
        trouble.__cause__ = error
        return trouble
    if not isinstance(error, sqlite3.Error):
        return error
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int) and code & _PRIMARY == sqlite3.SQLITE_CORRUPT:
        damaged = StoreDamaged()
        damaged.__cause__ = error
        return damaged
    sentence = _SENTENCES.get(code & _PRIMARY) if isinstance(code, int) else None
    trouble = StoreTrouble(sentence or f"The database refused: {error}.")
    trouble.__cause__ = error
    return trouble

"""A copy of the database, taken while it is in use."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.store.engine.errors import translated
from bot.store.errors import StoreTrouble


def copy_to(target: Path, source: sqlite3.Connection) -> None:
    """Copy one state of the whole database to a new file, which appears only when complete.

    All pages are copied in one step: in several, each write between two of them would make
    SQLite begin anew. Writers go on meanwhile, as the database keeps a write-ahead log.

    Raises:
        StoreTrouble: The file exists, or cannot be written.
    """
    if target.exists():
        raise StoreTrouble(f"{target} exists already. Name a new file for the backup.")
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        with closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
        part.replace(target)
    except OSError as error:
        raise StoreTrouble(f"{target} cannot be written: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise translated(error) from error
    finally:
        part.unlink(missing_ok=True)

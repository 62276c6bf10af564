"""A copy of the database, taken while it is in use."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.store.engine.errors import translated
from bot.store.errors import StoreTrouble

_CONTENT = """
SELECT (SELECT COUNT(*) FROM cases), (SELECT COUNT(*) FROM reports),
       (SELECT MAX(id) FROM decisions), (SELECT digest FROM decisions ORDER BY id DESC LIMIT 1)
"""


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
    copy_to(kept, source)
    with closing(sqlite3.connect(f"{kept.absolute().as_uri()}?immutable=1", uri=True)) as copy:
        sound = copy.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
        whole = [one.execute(_CONTENT).fetchone() for one in (copy, source)]
        if not sound or whole[0] != whole[1]:
            raise StoreTrouble(
                f"The copy {kept} does not hold what the database does, so the database was not "
                "brought up to date. Look whether the disk is full or failing, then start again."
            )
    return kept

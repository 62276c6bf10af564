"""Before a database is brought up to date, a copy that holds is put beside it."""

import sqlite3
from contextlib import closing

import pytest

from bot.store.engine import backup
from bot.store.engine.database import connect_writer
from bot.store.engine.migrate import migrate, migrations
from bot.store.errors import StoreTrouble

OLD = 12
STORY = "INSERT INTO stories (site, external_id, title, url) VALUES ('courier', 's1', 'Über', 'u')"


@pytest.fixture
def old(tmp_path):
    """A database as the version before left it."""
    path = tmp_path / "desk.db"
    known = migrations()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, {number: known[number] for number in range(1, OLD + 1)})
        connection.execute(STORY)
    return path


def version(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def test_an_older_database_is_copied_and_the_copy_left_as_it_was(old):
    connect_writer(old).close()

    kept = old.with_name(f"desk.db.before-update-from-{OLD}")
    assert (version(kept), version(old)) == (OLD, len(migrations()))
    assert kept.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(kept)) as copy:
        assert copy.execute("SELECT title FROM stories").fetchall() == [("Über",)]


def test_a_database_that_is_new_or_up_to_date_is_not_copied(old):
    connect_writer(old).close()
    old.with_name(f"desk.db.before-update-from-{OLD}").unlink()
    connect_writer(old).close()
    connect_writer(old.with_name("new.db")).close()

    assert not list(old.parent.glob("*.before-update*"))


def test_a_copy_of_an_update_that_was_begun_before_is_made_anew(old):
    kept = old.with_name(f"desk.db.before-update-from-{OLD}")
    kept.write_text("half a copy")
    connect_writer(old).close()

    assert version(kept) == OLD


def test_nothing_is_changed_where_the_copy_cannot_be_made_or_does_not_hold(old, monkeypatch):
    kept = old.with_name(f"desk.db.before-update-from-{OLD}")
    kept.mkdir()
    with pytest.raises(StoreTrouble, match="cannot be written anew"):
        connect_writer(old)
    kept.rmdir()
    monkeypatch.setattr(backup, "_CONTENT", "SELECT random()")
    with pytest.raises(StoreTrouble, match="was not brought up to date"):
        connect_writer(old)

    assert version(old) == OLD

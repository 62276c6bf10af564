import sqlite3
from contextlib import closing

import pytest

from bot.store.engine.migrate import APPLICATION_ID, check_ours, migrate, migrations
from bot.store.errors import StoreTooNew, StoreTrouble
from bot.store.sqlite import open_store
from tests.contract.store.makers import opening

NEWEST = len(migrations())


@pytest.fixture
def path(tmp_path):
    """Where there is no database yet."""
    return tmp_path / "desk.db"


def pragma(path, name):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


async def test_a_fresh_file_is_brought_up_to_date(path):
    async with open_store(path):
        pass
    assert pragma(path, "user_version") == NEWEST
    assert pragma(path, "application_id") == APPLICATION_ID
    assert pragma(path, "journal_mode") == "wal"


async def test_opening_again_changes_nothing(path):
    async with open_store(path) as store:
        case = await store.write(opening())
    before = path.read_bytes()
    async with open_store(path) as store:
        assert await store.read(lambda tx: tx.cases.get(case.id)) == case
    assert path.read_bytes() == before


@pytest.mark.usefixtures("store")
async def test_every_table_is_strict(path):
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name, strict FROM pragma_table_list WHERE type='table'")
        loose = {name for name, strict in tables if not strict}
    assert {name for name in loose if not name.startswith("sqlite_")} == set()


async def test_a_newer_database_is_refused_and_left_as_it_is(path):
    async with open_store(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {NEWEST + 1}")
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match="Update the program"):
        async with open_store(path):
            pass
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"Dear diary, " * 500, b"SQLite format 3\0" + b"\xff" * 5000])
async def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(path, content):
    path.write_bytes(content)
    with pytest.raises(StoreTrouble, match="not a database"):
        async with open_store(path):
            pass
    assert path.read_bytes() == content


async def test_another_programs_database_is_refused_and_left_as_it_is(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(StoreTrouble, match="another program's"):
        async with open_store(path):
            pass
    assert path.read_bytes() == before


async def test_a_folder_is_refused(tmp_path):
    with pytest.raises(StoreTrouble, match="cannot be opened"):
        async with open_store(tmp_path):
            pass


async def test_a_file_that_is_not_there_is_not_made_unless_wanted(path):
    with pytest.raises(StoreTrouble, match="no database at"):
        async with open_store(path, create=False):
            pass
    assert not path.exists()


async def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StoreTrouble, match="cannot be made"):
        async with open_store(tmp_path / "taken" / "desk.db"):
            pass


async def test_only_its_owner_may_read_the_file(tmp_path):
    path = tmp_path / "new" / "desk.db"
    async with open_store(path) as store:
        await store.write(opening())
        modes = {name.stat().st_mode & 0o777 for name in path.parent.iterdir()}
    assert modes == {0o600}


def connect():
    return closing(sqlite3.connect(":memory:", isolation_level=None))


def test_a_migration_that_fails_leaves_the_version_before_it():
    scripts = {1: "CREATE TABLE a (x);", 2: "CREATE TABLE b (x);\nINSERT INTO nowhere VALUES (1);"}
    with connect() as connection:
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            migrate(connection, scripts)
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("a",)]
        migrate(connection, scripts | {2: "CREATE TABLE b (x);"})
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)


def test_a_trigger_is_one_statement_and_the_last_one_needs_no_semicolon():
    script = (
        "CREATE TABLE a (x);\n-- why; because\nCREATE TRIGGER t BEFORE INSERT ON a\n"
        "BEGIN\n  SELECT 1;\n  SELECT 2;\nEND;\nCREATE TABLE b (x)"
    )
    with connect() as connection:
        migrate(connection, {1: script})
        names = connection.execute("SELECT name FROM sqlite_master ORDER BY name").fetchall()
    assert names == [("a",), ("b",), ("t",)]


def test_a_fresh_database_is_nobodys_yet():
    with connect() as connection:
        check_ours(connection, NEWEST)


@pytest.mark.parametrize("names", [["0002_b.sql"], ["0001_a.sql", "0001_b.sql"], ["first.sql"]])
def test_migrations_are_numbered_without_gaps(tmp_path, names):
    for name in names:
        (tmp_path / name).write_text("SELECT 1;")
    with pytest.raises(ValueError, match="does not follow"):
        migrations(tmp_path)

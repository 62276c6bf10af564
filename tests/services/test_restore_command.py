"""`comment-desk restore`, as an admin types it: what it puts back, and what it refuses."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.entry import cli
from bot.services.cases.anchoring import Anchoring, anchor_if_due
from bot.signing import Signer
from bot.store.anchors import AnchorFile
from bot.store.engine.migrate import migrate, migrations
from bot.store.guard import only_desk, require_known
from bot.store.remembering import Forgotten
from bot.store.sqlite import open_store
from tests.services.desks import Bench
from tests.support.databases import contents
from tests.support.fresh import new_desk

RUNNER = CliRunner()


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = new_desk(tmp_path / "desk.db")
    asyncio.run(decide(path, "c1", "xylophonic"))
    return path


async def decide(path: Path, comment: str, text: str) -> None:
    async with open_store(path) as store:
        bench = Bench(store)
        await bench.decide(await bench.take(comment=comment, text=text), note="wobblegate", rule=4)
        await store.write(lambda tx: tx.run("UPDATE outbox SET state = 'done' WHERE kind = 'site'"))


def typed(*said: str):
    return RUNNER.invoke(cli, said)


def words(*said: str) -> str:
    return " ".join(typed(*said).output.split())


def decisions(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT COUNT(*) FROM decisions").fetchone()[0]


def beside(database: Path) -> list[str]:
    return sorted(path.name for path in database.parent.glob(f"{database.name}*"))


@pytest.mark.usefixtures("database")
def test_what_was_copied_is_put_back_and_what_was_there_is_kept(database: Path):
    assert words("backup", "there.db", "--database", "desk.db") == "Copied to there.db."
    asyncio.run(decide(database, "c2", "another"))
    assert decisions(database) == 2
    said = words("restore", "there.db", "--database", "desk.db")
    assert f"Put back to {database}: 1 decision, none changed." in said
    [aside] = database.parent.glob("desk.db.replaced-*")
    assert f"is kept in {aside}. Delete it" in said
    assert said.endswith("Now start the desk: comment-desk run")
    assert (decisions(database), decisions(aside)) == (1, 2)
    assert database.stat().st_mode & 0o777 == 0o600
    assert beside(database) == ["desk.db", "desk.db.lock", aside.name, "desk.db.was-here"]
    assert "1 decision, none changed." in words("verify", "--database", "desk.db")


async def anchor(path: Path) -> None:
    signer = Signer(path=path.with_name("desk.db.anchor-key"), makes=True)
    async with open_store(path) as store:
        file = AnchorFile(path.with_name("desk.db.anchors.jsonl"))
        anchoring = Anchoring(
            file=file, public=signer.public, sign=signer.sign, tells_editors=False
        )
        assert await anchor_if_due(Bench(store).desk, anchoring)


def test_anchors_of_after_the_backup_are_put_aside_and_of_before_are_not(database: Path):
    typed("backup", "there.db", "--database", "desk.db")
    asyncio.run(decide(database, "c2", "another"))
    asyncio.run(anchor(database))
    assert "It goes through 1 signed anchor" in words("verify", "--database", "desk.db")
    said = words("restore", "there.db", "--database", "desk.db")
    assert "It ends before the record's last anchors, which are kept in" in said
    assert "1 decision, none changed." in words("verify", "--database", "desk.db")

    asyncio.run(anchor(database))
    typed("backup", "after.db", "--database", "desk.db")
    assert "last anchors" not in words("restore", "after.db", "--database", "desk.db")
    assert "It goes through 1 signed anchor" in words("verify", "--database", "desk.db")


def test_a_lost_database_comes_back_and_the_desk_may_start(database: Path):
    typed("backup", "there.db", "--database", "desk.db")
    typed("restore", "there.db", "--database", "desk.db")  # which leaves word of the database
    for path in database.parent.glob("desk.db*"):
        if path.name != "desk.db.was-here":
            path.unlink()
    said = words("restore", "there.db", "--database", "desk.db")
    assert "is kept in" not in said
    require_known(database)
    assert decisions(database) == 1


def test_a_log_that_was_left_of_a_lost_database_is_not_played_into_the_backup(database: Path):
    typed("backup", "there.db", "--database", "desk.db")
    with closing(sqlite3.connect(database)) as reading:
        reading.execute("SELECT COUNT(*) FROM cases").fetchone()
        asyncio.run(decide(database, "c2", "another"))
        wal = database.with_name("desk.db-wal").read_bytes()
        assert wal
    database.unlink()
    database.with_name("desk.db-wal").write_bytes(wal)
    typed("restore", "there.db", "--database", "desk.db")
    assert decisions(database) == 1
    [aside] = database.parent.glob("desk.db.replaced-*-wal")
    assert aside.read_bytes() == wal


def test_a_running_desk_is_left_alone(database: Path):
    typed("backup", "there.db", "--database", "desk.db")
    asyncio.run(decide(database, "c2", "another"))
    before = beside(database)
    with only_desk(database):
        refused = typed("restore", "there.db", "--database", "desk.db")
        assert refused.exit_code == 1
        assert "A desk runs on" in refused.output
        assert "Stop it first" in " ".join(refused.output.split())
    assert decisions(database) == 2
    assert [name for name in beside(database) if name != "desk.db.lock"] == before


def test_a_damaged_database_gives_way_to_its_backup(database: Path):
    typed("backup", "there.db", "--database", "desk.db")
    with database.open("r+b") as file:
        file.write(b"no database any more" * 400)
    assert typed("verify", "--database", "desk.db").exit_code == 1
    assert "1 decision, none changed." in words("restore", "there.db", "--database", "desk.db")
    assert decisions(database) == 1
    [aside] = database.parent.glob("desk.db.replaced-*")
    assert aside.read_bytes().startswith(b"no database any more")


def text(path: Path) -> None:
    path.write_text("a letter to the editor")


def empty(path: Path) -> None:
    path.touch()


def another(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (words TEXT)")


def newer(path: Path) -> None:
    shutil.copy("there.db", path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 9999")


def cut(path: Path) -> None:
    path.write_bytes(Path("there.db").read_bytes()[:-4096])


def overwritten(path: Path) -> None:
    whole = Path("there.db").read_bytes()
    middle = len(whole) // 2 // 4096 * 4096
    path.write_bytes(whole[:middle] + bytes([0xFF]) * 4096 + whole[middle + 4096 :])


def folder(path: Path) -> None:
    path.mkdir()


def nothing(path: Path) -> None:
    assert not path.exists()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (text, "damaged, or no database"),
        (empty, "There is nothing in"),
        (another, "another program's"),
        (newer, "at version 9999"),
        (cut, "is damaged"),
        (overwritten, "is damaged"),
        (folder, "There is no backup at"),
        (nothing, "There is no backup at"),
    ],
)
def test_what_is_no_backup_changes_nothing(database: Path, make: Callable[[Path], None], says: str):
    typed("backup", "there.db", "--database", "desk.db")
    before = database.read_bytes()
    make(Path("wrong.db"))
    refused = typed("restore", "wrong.db", "--database", "desk.db")
    assert refused.exit_code == 1
    assert says in " ".join(refused.output.split())
    assert "Traceback" not in refused.output
    assert database.read_bytes() == before
    assert beside(database) == ["desk.db", "desk.db.lock"]


def test_the_database_is_no_backup_of_itself(database: Path):
    assert "is the database itself" in words("restore", "desk.db", "--database", "desk.db")
    assert decisions(database) == 1


@pytest.mark.parametrize(
    "where", ["desk.db.forgotten", "copies/desk.db.forgotten", "it.db.forgotten"]
)
def test_whoever_was_erased_since_is_erased_in_the_backup_before_it_counts(
    database: Path, where: str
):
    """The list may be left beside the database, or lie with the backups alone."""
    Path("copies").mkdir()
    name = "copies/it.db" if "copies" in where else "it.db"
    typed("backup", name, "--database", "desk.db")
    typed("person", "author", "courier/a1", "--erase", "--yes", "--database", "desk.db")
    assert b"xylophonic" in contents(Path(name))
    Forgotten(database).path.rename("list")
    for path in database.parent.glob("desk.db*"):
        path.unlink()
    Path("list").rename(where)
    said = words("restore", name, "--database", "desk.db")
    assert "1 person who had been erased since was erased in it anew." in said
    assert b"xylophonic" not in contents(database)
    assert "1 erasure in it, each as recorded." in words("verify", "--database", "desk.db")
    assert len(Forgotten(database).all()) == 1


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(database: Path):
    old = 12
    with closing(sqlite3.connect("old.db", isolation_level=None)) as connection:
        migrate(connection, {number: migrations()[number] for number in range(1, old + 1)})
    whole = Path("old.db").read_bytes()
    said = words("restore", "old.db", "--database", "desk.db")
    assert "0 decisions, none changed." in said
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(migrations()),)
    assert Path("old.db").read_bytes() == whole
    assert not list(database.parent.glob("*.before-update-*"))


def test_a_changed_record_is_put_back_and_said(database: Path):
    typed("backup", "there.db", "--database", "desk.db")
    with closing(sqlite3.connect("there.db", isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER decisions_stay")
        connection.execute("UPDATE decisions SET rule = 5")
    said = words("restore", "there.db", "--database", "desk.db")
    assert "Decision 1 in it was changed after it was recorded" in said
    assert decisions(database) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_what_root_puts_back_is_the_folders_owners(database: Path):
    typed("backup", "there.db", "--database", "desk.db")
    shutil.chown(database.parent, 4711, 4712)
    typed("restore", "there.db", "--database", "desk.db")
    for path in database.parent.glob("desk.db*"):
        assert (path.stat().st_uid, path.stat().st_gid) == (4711, 4712), path


def test_a_link_to_the_database_stays_one(database: Path):
    Path("elsewhere").mkdir()
    database.rename("elsewhere/real.db")
    Path("desk.db").symlink_to("elsewhere/real.db")
    typed("backup", "there.db", "--database", "desk.db")
    assert "1 decision" in words("restore", "there.db", "--database", "desk.db")
    assert Path("desk.db").is_symlink()
    assert decisions(Path("elsewhere/real.db")) == 1

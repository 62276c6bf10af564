"""What is said of the database is so: it is written to, and it is the file that was opened."""

import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.store.errors import StoreGone, StoreTrouble
from bot.store.guard import remember, require_known
from bot.store.sqlite import Store, open_store
from tests.contract.store.makers import make_case, make_report, opening


async def fill(store: Store, cases: int = 40) -> None:
    for number in range(cases):
        report = make_report(f"c{number}", delivery=f"d{number}", comment={"text": "word " * 200})
        await store.write(lambda tx, one=report: tx.cases.open(one, make_case(one)))


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Let writes fail as they do on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_healthy_database_is_well_again_and_again_and_keeps_nothing_of_it(path):
    async with open_store(path) as store:
        await fill(store)
        for _ in range(3):
            await store.require_well()
        size = path.stat().st_size
        for _ in range(20):
            await store.require_well()
        assert path.stat().st_size == size
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM pulse").fetchone() == (0,)


async def test_a_full_disk_is_not_well_until_there_is_room(path):
    async with open_store(path) as store:
        await store.write(opening())
        wal = path.with_name("desk.db-wal").stat().st_size
        with no_file_longer_than(wal + 100):
            with pytest.raises(StoreTrouble):
                await store.require_well()
            with pytest.raises(StoreTrouble):
                await fill(store, 1)
        await store.require_well()
        await fill(store, 1)


async def test_a_database_that_may_not_grow_is_not_well(path):
    async with open_store(path) as store:
        await fill(store)
        await store.write(lambda tx: tx.run("PRAGMA max_page_count = 1").fetchall())
        with pytest.raises(StoreTrouble, match="disk is full"):
            await store.require_well()


@pytest.mark.parametrize("again", [False, True])
async def test_damage_on_the_disk_is_not_well(path, again: bool):
    async with open_store(path) as store:
        await fill(store)
    content = bytearray(path.read_bytes())
    async with open_store(path) as store:
        if again:
            await store.require_well()
        for place in range(4096 * 8, len(content), 4096):
            content[place : place + 64] = b"\xee" * 64
        with path.open("r+b") as file:
            file.write(content)
        with pytest.raises(StoreTrouble, match="damaged"):
            await store.require_well()


def delete(path: Path) -> None:
    path.unlink()


def rename(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def replace(path: Path) -> None:
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    copy.replace(path)


def delete_the_log(path: Path) -> None:
    path.with_name("desk.db-wal").unlink()


@pytest.mark.parametrize("take_away", [delete, rename, replace, delete_the_log])
async def test_a_file_that_is_taken_away_takes_nothing_more(path, take_away):
    async with open_store(path) as store:
        await store.write(opening())
        take_away(path)
        for refused in (store.write(opening()), store.require_well()):
            with pytest.raises(StoreTrouble, match="moved, deleted or replaced"):
                await refused
        with pytest.raises(StoreTrouble, match="Put the file back"):
            store.require_there()


async def test_a_file_that_is_put_back_takes_more(path):
    async with open_store(path) as store:
        await store.write(opening())
        rename(path)
        with pytest.raises(StoreTrouble):
            store.require_there()
        path.with_name("elsewhere.db").rename(path)
        await fill(store, 1)
        await store.require_well()
    async with open_store(path) as store:
        assert await store.read(lambda tx: tx.cases.count_open()) == 2


@pytest.mark.parametrize("left", ["nothing", "empty", "the log"])
async def test_a_start_without_the_file_of_before_is_refused(path, left: str):
    require_known(path)
    async with open_store(path) as store:
        remember(path)
        await store.write(opening())
        await store.backup(path.with_name("backup.db"))
        require_known(path)
    path.unlink()
    if left == "empty":
        path.touch()
    if left == "the log":
        path.with_name("desk.db.was-here").unlink()
        path.with_name("desk.db-wal").write_bytes(b"what was written last")
    with pytest.raises(StoreGone, match="there was one before") as refused:
        require_known(path)
    assert "--new" in str(refused.value)

    shutil.copy(path.with_name("backup.db"), path)
    require_known(path)


async def test_a_first_start_needs_no_flag_also_where_an_empty_file_was_made(path):
    path.touch()
    require_known(path)
    async with open_store(path) as store:
        await store.write(opening())

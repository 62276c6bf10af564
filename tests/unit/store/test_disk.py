"""Real disks that are full or may not be written to, and another program that holds the database."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.store.engine import database
from bot.store.errors import StoreTrouble
from bot.store.sqlite import open_store
from tests.contract.store.makers import opening
from tests.support.fresh import new_desk

NOBODY = 65_534


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:  # noqa: S603
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)  # noqa: S603, S607


def filled(disk: Path) -> Path:
    """Leave no room on a disk, and return the file that takes it."""
    film = disk / "somebody's film"
    with film.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(65_536))
    assert os.statvfs(disk).f_bavail == 0
    return film


async def test_a_disk_that_is_full_takes_nothing_and_goes_on_once_there_is_room(small_disk: Path):
    async with open_store(new_desk(small_disk / "desk.db")) as store:
        await store.write(opening("before"))
        other = filled(small_disk)
        for number in range(3):
            with pytest.raises(StoreTrouble, match="disk"):
                await store.write(opening(f"lost {number}"))
        with pytest.raises(StoreTrouble, match="disk"):
            await store.require_well()
        assert await store.read(lambda tx: tx.cases.count_open()) == 1

        other.unlink()
        await store.require_well()
        await store.write(opening("after"))
    async with open_store(small_disk / "desk.db") as store:
        assert await store.read(lambda tx: tx.cases.count_open()) == 2


@contextmanager
def as_nobody() -> Iterator[None]:
    """Be somebody whom permissions hold back, as they do not root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def read_only() -> Iterator[Path]:
    """A database that may only be read, where nobody can go."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        path = new_desk(Path(folder) / "desk.db")
        path.chmod(0o444)
        yield path


async def test_a_database_that_may_only_be_read_is_said_and_takes_nothing(read_only: Path):
    path = read_only
    with as_nobody():
        async with open_store(path) as store:
            for refused in (store.write(opening()), store.require_well()):
                with pytest.raises(StoreTrouble, match="cannot be written to"):
                    await refused


async def test_a_database_that_another_program_holds_takes_nothing_and_goes_on_afterwards(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A minute of it: twelve waits of five seconds, which are shortened here."""
    settings = [one.replace("5000", "20") for one in database._SETTINGS]
    monkeypatch.setattr(database, "_SETTINGS", tuple(settings))
    async with open_store(path) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for number in range(12):
                with pytest.raises(StoreTrouble, match="Another program holds the database"):
                    await store.write(opening(f"c{number}"))
            with pytest.raises(StoreTrouble, match="Another program"):
                await store.require_well()
            assert await store.read(lambda tx: tx.cases.count_open()) == 0
            other.execute("ROLLBACK")
        await store.require_well()
        await store.write(opening())
        assert await store.read(lambda tx: tx.cases.count_open()) == 1

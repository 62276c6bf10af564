"""The desk copies its database by itself: when it is time, where there is room, the newest few."""

import os
import shutil
import sqlite3
import time
from collections import namedtuple
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.subject import SubjectKind, parse
from bot.services.backups import BACKUP, copy_now, look
from bot.services.privacy.person import erase
from bot.store.backups import Backups
from bot.store.engine import backup as engine
from bot.store.errors import StoreTrouble
from bot.store.remembering import Forgotten
from bot.web.health import backup_part, discord_part
from tests.services.desks import NOON, Bench
from tests.support.databases import sqlite_only

pytestmark = sqlite_only

DAY = timedelta(days=1)
AUTHOR = parse(SubjectKind.AUTHOR, "courier/a1")


@pytest.fixture
def backups(bench: Bench, tmp_path: Path) -> Backups:
    return Backups(bench.store.path, tmp_path / "elsewhere" / "backups", keep=3, every=DAY)


def names(backups: Backups) -> list[str]:
    return [one.path.name for one in backups.all()]


async def test_a_copy_is_made_once_a_day_and_the_newest_stay(bench: Bench, backups: Backups):
    await bench.take()
    for _ in range(5):
        assert await look(bench.desk, backups)
        bench.clock.pass_by(hours=23, minutes=59)
        assert await look(bench.desk, backups)
        bench.clock.pass_by(minutes=1)
    assert names(backups) == [f"desk-2026-11-{day}T12-00-00Z.db" for day in (28, 27, 26)]
    newest = backups.all()[0].path
    with closing(sqlite3.connect(newest)) as copy:
        assert copy.execute("SELECT COUNT(*) FROM cases").fetchone() == (1,)
    assert (newest.stat().st_mode & 0o777, backups.folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [path.name for path in backups.folder.iterdir() if path.suffix != ".db"] == []


async def test_what_a_clock_that_was_ahead_has_named_keeps_no_backup_away(
    bench: Bench, backups: Backups
):
    bench.clock.pass_by(days=365)
    assert await look(bench.desk, backups)
    bench.clock.now = NOON
    for _ in range(3):
        assert await look(bench.desk, backups)
        bench.clock.pass_by(hours=1)
    assert names(backups) == ["desk-2027-11-24T12-00-00Z.db", "desk-2026-11-24T12-00-00Z.db"]
    assert "2026-11-24 12:00" in backup_part(bench.desk, backups).detail


async def test_only_the_desks_own_copies_are_counted_and_taken_away(bench: Bench, backups: Backups):
    backups.folder.mkdir(parents=True)
    others = (
        "desk.db",
        "other-2026-11-20T12-00-00Z.db",
        "desk-2026-13-40T12-00-00Z.db",
        "desk-2026-11-20T12-00-00Z.db.gz",
        "notes.txt",
    )
    for name in others:
        (backups.folder / name).write_text("dear")
    for _ in range(5):
        assert await look(bench.desk, backups)
        bench.clock.pass_by(days=1)
    assert len(names(backups)) == 3
    assert {path.name for path in backups.folder.iterdir()} == {*others, *names(backups)}


async def test_what_a_crash_left_half_done_goes_and_what_is_under_way_stays(
    bench: Bench, backups: Backups
):
    bench.clock.now = datetime.now(UTC)
    backups.folder.mkdir(parents=True)
    old, new = (backups.folder / f"desk-2026-11-2{day}T12-00-00Z.db.part" for day in (2, 3))
    for part in (old, new):
        part.write_text("half")
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    assert await look(bench.desk, backups)
    assert (old.exists(), new.exists()) == (False, True)


Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil's own


async def test_reports_keep_the_room_that_a_backup_would_take(
    bench: Bench, backups: Backups, monkeypatch: pytest.MonkeyPatch
):
    desk, size = bench.desk, bench.store.path.stat().st_size
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 2 * size + 10**7))
    assert not await look(desk, backups)
    assert names(backups) == []
    assert "There is too little room" in desk.troubles.current[0].said


async def test_what_fails_is_said_until_it_is_mended(
    bench: Bench, backups: Backups, monkeypatch: pytest.MonkeyPatch
):
    desk = bench.desk
    backups.folder.parent.write_text("in the way")
    assert not await look(desk, backups)
    [trouble] = desk.troubles.current
    assert trouble.name == BACKUP
    assert "The database was not backed up." in trouble.said
    assert "DESK_BACKUPS__FOLDER" in trouble.said
    assert not trouble.grave
    part = backup_part(desk, backups)
    assert (part.ok, part.needed, "none yet" in part.detail) == (False, False, True)
    assert discord_part(desk, is_here=True, held=0.0).ok

    backups.folder.parent.unlink()
    monkeypatch.setattr(engine, "_CONTENT", "SELECT random()")
    assert not await look(desk, backups)
    assert "does not hold what the database does" in desk.troubles.current[0].said
    assert list(backups.folder.iterdir()) == []

    monkeypatch.undo()
    assert await look(desk, backups)
    assert not desk.troubles.current
    assert backup_part(desk, backups).detail == "the newest is of 2026-11-24 12:00 UTC"


async def test_a_second_copy_within_a_second_overwrites_nothing(bench: Bench, backups: Backups):
    await copy_now(bench.store, backups, bench.clock())
    with pytest.raises(StoreTrouble, match="exists already"):
        await copy_now(bench.store, backups, bench.clock())
    assert len(names(backups)) == 1


async def test_whom_the_database_forgot_is_known_beside_the_backups_at_once(
    bench: Bench, backups: Backups
):
    await bench.decide(await bench.take())
    await bench.store.write(lambda tx: tx.run("UPDATE outbox SET state = 'done'"))
    desk = bench.desk
    assert await look(desk, backups)
    assert backups.forgotten.all() == []
    await erase(desk, AUTHOR, Forgotten(bench.store.path), by="desk")
    bench.clock.pass_by(minutes=1)
    assert await look(desk, backups)
    assert backups.forgotten.all() == Forgotten(bench.store.path).all() != []
    assert backups.forgotten.path.stat().st_mode & 0o777 == 0o600
    assert len(names(backups)) == 1

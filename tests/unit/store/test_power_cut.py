"""The power goes at any moment: what was confirmed is there afterwards, whole works and no halves.

With `synchronous = FULL` SQLite syncs its log before a work is confirmed. What may be on the disk
after a cut is the log up to any later frame, or into one, with or without pages of it that were
already copied into the file. Each such state is put on a disk here, and opened by the desk.
"""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.decisions import Action
from bot.store.engine.database import check, connect_reader
from bot.store.sqlite import open_store
from bot.store.tx import Tx
from tests.contract.store.makers import decide, opening
from tests.support.chains import first_broken

HEAD, FRAME_HEAD = 32, 24
WORKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """The file and its log; `synced` are the lengths of the log at each confirmation."""

    file: bytes
    log: bytes
    synced: tuple[int, ...]

    def frames(self) -> range:
        """Return where each frame of the log begins, and where the last one ends."""
        page = int.from_bytes(self.log[8:12], "big")
        return range(HEAD, len(self.log) + 1, FRAME_HEAD + page)

    def confirmed(self, length: int) -> int:
        """Return how many works were confirmed when so much of the log was synced."""
        return sum(one <= length for one in self.synced)


def work(number: int):
    def both(tx: Tx) -> None:
        decide(tx, opening(f"c{number}")(tx), Action.HIDE)

    return both


@pytest.fixture
async def disk(path: Path) -> Disk:
    def read(name: str) -> bytes:
        return path.with_name(name).read_bytes()

    before, logs = read("desk.db"), list[bytes]()
    async with open_store(path) as store:
        for number in range(WORKS):
            await store.write(work(number))
            logs.append(read("desk.db-wal"))
    return Disk(file=before, log=logs[-1], synced=tuple(map(len, logs)))


def put(folder: Path, file: bytes, log: bytes) -> Path:
    folder.mkdir()
    path = folder / "desk.db"
    path.write_bytes(file)
    path.with_name("desk.db-wal").write_bytes(log)
    return path


async def found_after(folder: Path, file: bytes, log: bytes) -> int:
    """Put a state on a disk, start on it, and return how many works are there, all of them whole."""
    path = put(folder, file, log)
    async with open_store(path) as store:
        record = await store.read(lambda tx: tx.decisions.after(0, limit=100))
        assert first_broken(record) is None
        # No case without its decision: a work is there whole or not at all.
        assert await store.read(lambda tx: tx.cases.count_open()) == 0
        await store.write(work(999))  # and it goes on from there
    with closing(connect_reader(path)) as connection:
        check(connection)
    return len(record)


async def test_at_each_frame_of_the_log_what_was_confirmed_is_there(disk: Disk, tmp_path: Path):
    for cut in disk.frames():
        found = await found_after(tmp_path / f"{cut}", disk.file, disk.log[:cut])
        assert found == disk.confirmed(cut), cut


@pytest.mark.parametrize("torn", [b"", b"\0", b"\xee"])
async def test_a_frame_that_was_cut_short_or_garbled_counts_for_nothing(
    disk: Disk, tmp_path: Path, torn: bytes
):
    *_, before_last, end = disk.synced
    for number, cut in enumerate((before_last + 1, before_last + 1000, end - 1)):
        log = disk.log[:cut] + torn * 500
        assert await found_after(tmp_path / f"{number}", disk.file, log) == WORKS - 1


@pytest.mark.parametrize("every", [2, 3])
async def test_pages_that_were_half_copied_into_the_file_are_copied_again(
    disk: Disk, tmp_path: Path, every: int
):
    page = disk.frames().step - FRAME_HEAD
    file = bytearray(disk.file)
    for number, begin in enumerate(disk.frames()[:-1]):
        if number % every == 0:
            place = (int.from_bytes(disk.log[begin : begin + 4], "big") - 1) * page
            file.extend(bytes(max(0, place + page - len(file))))
            whole = begin + FRAME_HEAD
            file[place : place + page // 2] = disk.log[whole : whole + page // 2]  # torn
    assert await found_after(tmp_path / "one", bytes(file), disk.log) == WORKS

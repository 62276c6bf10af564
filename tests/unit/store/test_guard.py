"""Two desks never run on one database; a desk that died leaves nothing in the way."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store.guard import AnotherDesk, only_desk
from bot.store.sqlite import open_store

_HOLD = """
import sys, time
from pathlib import Path
from bot.store.guard import only_desk
with only_desk(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def hold(path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _HOLD, str(path)]
    other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    return other


@pytest.mark.parametrize("way", ["as it is", "relative", "dots", "symlink", "linked folder"])
def test_a_second_desk_is_refused_by_whatever_path(
    tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "data"
    folder.mkdir()
    path = folder / "desk.db"
    path.touch()
    (tmp_path / "other").symlink_to(folder)
    (tmp_path / "link.db").symlink_to(path)
    monkeypatch.chdir(tmp_path)
    named = {
        "as it is": path,
        "relative": Path("data/desk.db"),
        "dots": folder / ".." / "data" / "desk.db",
        "symlink": tmp_path / "link.db",
        "linked folder": tmp_path / "other" / "desk.db",
    }[way]
    other = hold(path)
    try:
        with pytest.raises(AnotherDesk, match=f"process {other.pid}"), only_desk(named):
            pass
    finally:
        other.kill()
        other.communicate()


def test_a_killed_desk_leaves_nothing_in_the_way(tmp_path: Path):
    other = hold(tmp_path / "desk.db")
    os.kill(other.pid, signal.SIGKILL)
    other.communicate()

    with only_desk(tmp_path / "desk.db"):
        pass
    with only_desk(tmp_path / "desk.db"):
        pass


async def test_other_commands_open_the_file_all_the_same(tmp_path: Path):
    path = tmp_path / "desk.db"
    with only_desk(path):
        async with open_store(path), open_store(path, create=False) as store:
            assert await store.read(lambda tx: tx.cases.count_open()) == 0


def test_two_desks_on_two_databases_do_not_mind_each_other(tmp_path: Path):
    with only_desk(tmp_path / "one.db"), only_desk(tmp_path / "two.db"):
        pass

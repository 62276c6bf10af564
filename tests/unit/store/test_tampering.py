"""What was done to a record is said, and of which line: by the desk, and without it.

The verifier in docs shares nothing with the desk's own; both are held against the same edits.
"""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli.verify import verify, verify_lines, what_is_wrong
from bot.store.engine.migrate import migrate, migrations
from bot.store.errors import StoreTrouble
from tests.support.records import (
    VERIFIER,
    Row,
    exported,
    forged,
    place,
    recorded,
    verifier,
    written,
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record that no test changes."""
    return asyncio.run(recorded(tmp_path_factory.mktemp("record") / "desk.db"))


@pytest.fixture
async def lines(kept: Path) -> list[Row]:
    return await exported(kept)


@pytest.fixture
def database(kept: Path, tmp_path: Path) -> Path:
    """A copy of the record without the triggers that keep it."""
    path = tmp_path / "desk.db"
    path.write_bytes(kept.read_bytes())
    with closing(sqlite3.connect(path, isolation_level=None)) as attacker:
        names = attacker.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            attacker.execute(f"DROP TRIGGER {name}")
    return path


@pytest.fixture
def independently(
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., tuple[int, str]]:
    def run(path: Path, *more: str) -> tuple[int, str]:
        code = verifier().main([str(path), *more])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def drop(name: str, *numbers: int) -> Callable[[list[Row]], None]:
    def tamper(lines: list[Row]) -> None:
        for number in numbers:
            del lines[place(lines, name, number)]

    return tamper


def both(*edits: Callable[[list[Row]], None]) -> Callable[[list[Row]], None]:
    def tamper(lines: list[Row]) -> None:
        for edit_ in edits:
            edit_(lines)

    return tamper


def cut_off(name: str, number: int) -> Callable[[list[Row]], None]:
    def tamper(lines: list[Row]) -> None:
        del lines[place(lines, name, number) :]

    return tamper


def move(name: str, number: int, *, by: int) -> Callable[[list[Row]], None]:
    def tamper(lines: list[Row]) -> None:
        at = place(lines, name, number)
        lines.insert(at + by, lines.pop(at))

    return tamper


def edit(name: str, number: int, **values: object) -> Callable[[list[Row]], None]:
    def tamper(lines: list[Row]) -> None:
        lines[place(lines, name, number)].update(values)

    return tamper


def seal_anew(number: int) -> Callable[[list[Row]], None]:
    def tamper(lines: list[Row]) -> None:
        at = place(lines, "id", number)
        lines[at] = forged(lines[at], previous=lines[at]["previous"], note="never said")

    return tamper


def put_in(number: int, *, moves_the_rest: bool) -> Callable[[list[Row]], None]:
    """Put a well-sealed line in the place of a number; the rest may be numbered anew."""

    def tamper(lines: list[Row]) -> None:
        at = place(lines, "id", number)
        if moves_the_rest:
            for line in lines[at:]:
                if "id" in line:
                    line["id"] += 1
        lines.insert(at, forged(lines[at], previous=lines[at]["previous"], id=number))

    return tamper


def take_out_and_move_up(number: int) -> Callable[[list[Row]], None]:
    def tamper(lines: list[Row]) -> None:
        at = place(lines, "id", number)
        del lines[at]
        for line in lines[at:]:
            if "id" in line:
                line["id"] -= 1

    return tamper


def swap(name: str, one: int, other: int) -> Callable[[list[Row]], None]:
    """Let two lines change places, and each take the other's number."""

    def tamper(lines: list[Row]) -> None:
        a, b = place(lines, name, one), place(lines, name, other)
        lines[a], lines[b] = lines[b] | {name: one}, lines[a] | {name: other}

    return tamper


def copy(name: str, number: int, *, to: int) -> Callable[[list[Row]], None]:
    return lambda lines: lines.insert(to, dict(lines[place(lines, name, number)]))


EDITS: dict[str, tuple[Callable[[list[Row]], None], str]] = {
    "a note": (edit("id", 3, note="Hang them"), "decision 3 was changed"),
    "an erased note": (edit("id", 2, note="Hang them"), "decision 2 was changed"),
    "a name": (edit("id", 1, by_name="Eve"), "decision 1 was changed"),
    "an action": (edit("id", 8, action="keep"), "decision 8 was changed"),
    "a time": (edit("id", 7, at="2020-01-01T00:00:00+00:00"), "decision 7 was changed"),
    "a salt": (edit("id", 6, salts="{}"), "decision 6 was changed"),
    "sealed anew": (seal_anew(6), "decision 6 was changed"),
    "sealed anew before a contest": (seal_anew(5), "decision 5 was changed"),
    "the first sealed anew": (seal_anew(1), "decision 1 was changed"),
    "why it was erased": (edit("erasure", 1, why="fun"), "erasure 1 was changed"),
    "how it was answered": (edit("contest_step", 2, step="upheld"), "contest step 2 was changed"),
    "when it was contested": (
        edit("contest_step", 1, at="2020-01-01T00:00:00+00:00"),
        "contest step 1 was changed",
    ),
    "one gone": (drop("id", 7), "decision 7 was removed"),
    "one gone before a contest": (drop("id", 5), "decision 5 was removed"),
    "the first gone": (drop("id", 1), "decision 1 was removed"),
    "some gone": (drop("id", 4, 5, 6), "decisions 4 to 6 were removed"),
    "one gone, the rest moved up": (take_out_and_move_up(7), "decision 7 was removed"),
    "the first gone, the rest moved up": (take_out_and_move_up(1), "decision 1 was removed"),
    "one gone before an erasure": (drop("id", 6), "decision 6 was removed"),
    "one gone with the erasure behind it": (
        both(drop("id", 6), drop("erasure", 1)),
        "decision 6 was removed",
    ),
    "an erasure gone": (drop("erasure", 1), "erasure 1 was removed"),
    "an erasure gone, with all behind it": (
        cut_off("erasure", 1),
        "erasure 1 was removed",
    ),
    "what an erasure names": (edit("erasure", 1, rows=[]), "erasure 1 was changed"),
    "a number": (edit("id", 7, id=57), "decision 7 was changed"),
    "a contest gone": (drop("contest_step", 1), "contest step 1 was removed"),
    "one put in": (put_in(4, moves_the_rest=True), "decision 4 was inserted"),
    "one put in as the first": (put_in(1, moves_the_rest=True), "decision 1 was inserted"),
    "one twice under a number": (put_in(7, moves_the_rest=False), "decision 7 was inserted"),
    "one repeated": (copy("id", 3, to=5), "decision 3 was inserted"),
    "a contest repeated": (copy("contest_step", 1, to=6), "contest step 1 was inserted"),
    "two swapped": (move("id", 7, by=1), "decision 7 was reordered"),
    "one moved to the end": (move("id", 1, by=7), "decision 1 was reordered"),
    "two swapped with their numbers": (swap("id", 7, 8), "decision 7 was reordered"),
    "two far apart swapped": (swap("id", 1, 8), "decision 1 was reordered"),
    "a contest's steps swapped": (swap("contest_step", 1, 2), "contest step 1 was reordered"),
    "a contest moved": (move("contest_step", 2, by=-2), "contest step 2 was reordered"),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_was_done_to_an_export_is_said(
    lines: list[Row], tmp_path: Path, name: str, independently
):
    tamper, said = EDITS[name]
    tamper(lines)
    path = written(tmp_path / "record.jsonl", lines)

    told = what_is_wrong(verify_lines(path), path, "") or ""
    assert said in told.lower().replace(f" in {path}".lower(), "").replace(
        ", the line that says what was erased,", ""
    )

    code, told = independently(path)
    assert (code, said in told) == (1, True), told


async def test_an_export_verifies_by_itself_and_without_the_desk(
    kept: Path, lines: list[Row], tmp_path: Path, independently
):
    path, found = written(tmp_path / "record.jsonl", lines), await verify(kept)

    assert verify_lines(path) == found
    assert (found.decisions, found.erasures, found.steps, found.fault) == (8, 1, 2, None)
    code, told = independently(path, "--known", found.last)
    assert (code, found.last in told) == (0, True), told
    assert "8 decisions, 1 erasure, 2 contest steps" in told


def test_the_verifier_needs_nothing_but_python(lines: list[Row], tmp_path: Path):
    path = written(tmp_path / "record.jsonl", lines)
    alone = [sys.executable, "-I", "-S", str(VERIFIER), str(path)]
    done = subprocess.run(  # noqa: S603 - ours
        alone, capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_each_line_and_each_end_so_far_is_a_digest_to_note(
    lines: list[Row], tmp_path: Path, independently
):
    path = written(tmp_path / "record.jsonl", lines)
    for cut in range(1, len(lines) + 1):
        noted = verify_lines(written(tmp_path / "then.jsonl", lines[:cut])).last
        for one in (noted, lines[cut - 1]["digest"]):
            assert not verify_lines(path, one).missed
    assert independently(path, "--known", lines[0]["digest"])[0] == 0
    assert independently(path, "--known", "f" * 64)[0] == 1


async def test_what_was_cut_off_shows_by_a_digest_that_was_noted(
    kept: Path, lines: list[Row], tmp_path: Path, independently
):
    noted = (await verify(kept)).last
    for cut in (1, 3, 6, 10):
        path = written(tmp_path / "record.jsonl", lines[:-cut])
        found = verify_lines(path, noted)
        assert found.missed or found.fault  # what was erased is no longer said to be
        assert independently(path, "--known", noted)[0] == 1


@pytest.mark.parametrize(
    "text", ["", "{}\n", "[]\n", '{"id": 1}\n', "no\n", '{"id": true, "previous": null}\n', "\0"]
)
def test_what_is_no_record_is_never_called_one(tmp_path: Path, text: str, independently):
    path = tmp_path / "record.jsonl"
    path.write_text(text, encoding="utf-8")
    code, told = independently(path)
    assert "Traceback" not in told
    assert (code, "0 decisions" in told) == ((0, True) if not text else (code, False))
    assert code in ({0} if not text else {1, 2})


IN_PLACE = {
    "UPDATE decisions SET note = 'x' WHERE id = 3": "Decision 3 in {} was changed",
    "UPDATE decisions SET note = 'x' WHERE id = 2": "Decision 2 in {} was changed",
    "DELETE FROM decisions WHERE id = 4": "Decision 4 in {} was removed",
    "DELETE FROM decisions WHERE id IN (4, 5)": "Decisions 4 to 5 in {} were removed",
    "DELETE FROM decisions WHERE id = 4; UPDATE decisions SET id = id - 1 WHERE id > 4": (
        "Decision 4 in {} was removed"
    ),
    "UPDATE decisions SET id = 99 WHERE id = 7; UPDATE decisions SET id = 7 WHERE id = 8;"
    "UPDATE decisions SET id = 8 WHERE id = 99": "Decision 7 in {} was reordered: decision 8",
    "UPDATE erasures SET by_name = 'x'": "Erasure 1 in {}",
    "DELETE FROM contest_steps WHERE id = 1": "Contest step 1 in {} was removed",
    "UPDATE contest_steps SET said = 'x' WHERE id = 2": "Contest step 2 in {} was changed",
}


@pytest.mark.parametrize("sql", IN_PLACE)
async def test_what_was_done_to_the_database_is_said(database: Path, sql: str):
    with closing(sqlite3.connect(database, isolation_level=None)) as attacker:
        attacker.executescript(sql)
    assert IN_PLACE[sql].format(database) in (
        what_is_wrong(await verify(database), database, "") or ""
    )


REBUILD = {len(migrations()) + 1: "-- Rebuilds the record: tried here.\nSELECT 1;"}


def test_a_rebuilding_update_knows_what_was_erased(database: Path):
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        migrate(connection, REBUILD)
        assert connection.execute("PRAGMA user_version").fetchone() == (max(REBUILD),)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE decisions SET note = 'x' WHERE id = 2", "from decision 2 on"),
        ("UPDATE erasures SET why = 'x'", "from erasure 1 on"),
        ("DELETE FROM erased", "from decision 2 on"),
    ],
)
def test_a_rebuilding_update_refuses_what_was_edited(database: Path, sql: str, said: str):
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(sql)
        with pytest.raises(StoreTrouble, match=said):
            migrate(connection, REBUILD)
        assert connection.execute("PRAGMA user_version").fetchone() == (max(REBUILD) - 1,)

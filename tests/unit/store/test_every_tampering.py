"""Each thing that may be done to a record, to each line of it, is said of that line.

The desk and the verifier in docs share nothing, and have to say the same.
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile

import pytest

from bot.cli.verify import verify, verify_lines, what_is_wrong
from tests.support.records import (
    Row,
    exported,
    forged,
    many_recorded,
    recorded,
    verifier,
    written,
)

NUMBERS = {"id": "decision", "erasure": "erasure", "contest_step": "contest step"}
FIELDS = {
    "decision": ("note", "rule"),
    "erasure": ("why", "rows"),
    "contest step": ("said", "head"),
}
FULL = os.environ.get("CI_FULL") == "1"
FEW = 3
"""Lines: one that is moved further is told of as one that is moved so far."""
MADE = {"a contest and an erasure": recorded, "several of each": many_recorded}

Edits = Callable[[list[Row]], Iterator["Edited"]]
Edited = tuple[str, list[Row], set[str]]
"""What was done, the lines then, and the sentences of which one has to be said."""


@pytest.fixture(scope="module", params=MADE)
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record that no test changes."""
    return asyncio.run(MADE[request.param](tmp_path_factory.mktemp("record") / "desk.db"))


@pytest.fixture
async def lines(kept: Path) -> list[Row]:
    return await exported(kept)


def named(line: Row) -> str:
    kind = next(kind for kind in ("contest_step", "erasure", "id") if kind in line)
    return f"{NUMBERS[kind]} {line[kind]}"


def kind_of(line: Row) -> str:
    return named(line).rpartition(" ")[0]


def number_of(line: Row) -> int:
    return int(named(line).rpartition(" ")[2])


def plainly(said: str | None, path: Path) -> str:
    """Return a sentence of the desk's as the verifier in docs says it."""
    plain = (said or "").lower().replace(f" in {path}".lower(), "")
    return plain.replace(", the line that says what was erased,", "")


def is_tried(at: int, to: int, among: int) -> bool:
    """Whether a line's place is changed so: by a few lines, to an end, or CI_FULL tries all."""
    return FULL or abs(to - at) <= FEW or to in {0, among - 1}


def changed(lines: list[Row]) -> Iterator[Edited]:
    other: Row = {"rule": 3, "rows": [], "head": lines[0]["digest"]}
    for at, line in enumerate(lines):
        for field in FIELDS[kind_of(line)]:
            if line[field] != other.get(field, "x"):
                edited = [*lines[:at], line | {field: other.get(field, "x")}, *lines[at + 1 :]]
                yield f"{field} of {named(line)}", edited, {f"{named(line)} was changed"}


def sealed_anew(lines: list[Row]) -> Iterator[Edited]:
    for at, line in enumerate(lines[:-1]):
        if kind_of(line) == "decision":
            anew = forged(line, previous=line["previous"], note="never said")
            edited = [*lines[:at], anew, *lines[at + 1 :]]
            yield f"{named(line)} sealed anew", edited, {f"{named(line)} was changed"}


def removed(lines: list[Row]) -> Iterator[Edited]:
    for at, line in enumerate(lines[:-1]):
        if kind_of(line) == "contest step" and not any(
            kind_of(one) == "contest step" for one in lines[at + 1 :]
        ):
            continue  # the last of its chain shows by what was noted alone
        gone = f"{named(line)} was removed"
        yield gone, [*lines[:at], *lines[at + 1 :]], {gone}


def inserted(lines: list[Row]) -> Iterator[Edited]:
    for at, line in enumerate(lines):
        for to in sorted({0, at, at + 1, min(at + 3, len(lines)), len(lines)}):
            edited = [*lines[:to], {**line}, *lines[to:]]
            yield f"a copy of {named(line)} at {to}", edited, {f"{named(line)} was inserted"}
    for at, line in enumerate(lines):
        before = next((one for one in lines[at - 1 :: -1] if "contest_step" not in one), None)
        previous = before["digest"] if at and before else "0" * 64
        number = 1 + sum(kind_of(one) == "decision" for one in lines[:at])
        sample = next(one for one in lines if "id" in one)
        new = forged(sample, previous=previous, id=number)
        edited = [*lines[:at], new, *lines[at:]]
        yield f"a forged decision before {named(line)}", edited, {f"decision {number} was inserted"}


def moved(lines: list[Row]) -> Iterator[Edited]:
    for at, line in enumerate(lines):
        rest = [*lines[:at], *lines[at + 1 :]]
        for to in range(len(lines)):
            if to == at or not is_tried(at, to, len(lines)):
                continue
            told = {f"{named(line)} was reordered"}
            if abs(to - at) == 1:
                told.add(f"{named(lines[to])} was reordered")
            yield f"{named(line)} moved from {at} to {to}", [*rest[:to], line, *rest[to:]], told


def swapped(lines: list[Row]) -> Iterator[Edited]:
    for at, line in enumerate(lines):
        for to in range(at + 1, len(lines)):
            if not is_tried(at, to, len(lines)):
                continue
            edited = [*lines]
            edited[at], edited[to] = edited[to], edited[at]
            told = {f"{named(one)} was reordered" for one in (line, lines[to])}
            if to - at == 2:
                told |= {f"{named(lines[at + 1])} was reordered"}
            yield f"{named(line)} and {named(lines[to])} swapped", edited, told


@pytest.mark.parametrize("kind", [changed, sealed_anew, removed, inserted, moved, swapped])
def test_whatever_is_done_to_an_export_is_said_of_the_line_that_was_touched(
    lines: list[Row], tmp_path: Path, kind: Edits, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "record.jsonl"
    wrong: list[tuple[object, ...]] = []
    for name, edited, told in kind(lines):
        written(path, edited)
        said = plainly(what_is_wrong(verify_lines(path), path, ""), path)
        code, alone = verifier().main([str(path)]), capsys.readouterr().err
        if code != 1 or not any(one in said and one in alone for one in told):
            wrong.append((name, said, alone, told))
    assert wrong == []


RULE = "UPDATE decisions SET rule = 3 WHERE id = :a"
NOTE = "UPDATE decisions SET note = 'x' WHERE id = :a"
WHY = "UPDATE erasures SET why = 'x' WHERE id = :a"
SAID = "UPDATE contest_steps SET said = 'x' WHERE id = :a"
CHANGE = {"decision": (RULE, NOTE), "erasure": (WHY,), "contest step": (SAID,)}
DELETE = {
    "decision": "DELETE FROM decisions WHERE id = :a",
    "erasure": "DELETE FROM erasures WHERE id = :a",
    "contest step": "DELETE FROM contest_steps WHERE id = :a",
}
SWAP = """
UPDATE decisions SET id = 99 WHERE id = :a;
UPDATE decisions SET id = :a WHERE id = :b;
UPDATE decisions SET id = :b WHERE id = 99
"""
MOVE = """
UPDATE decisions SET id = 0 WHERE id = :a;
UPDATE decisions SET id = id - 1 WHERE id > :a AND id <= :b;
UPDATE decisions SET id = :b WHERE id = 0
"""


def in_place(lines: list[Row]) -> Iterator[tuple[str, int, int, set[str]]]:
    """Yield what somebody may do to the database, to which row, and what has to be said of it."""
    last = {kind_of(line): number_of(line) for line in lines}
    for line in lines:
        kind, number = kind_of(line), number_of(line)
        for sql in CHANGE[kind]:
            yield sql, number, 0, {f"{named(line)} was changed"}
        if number < last[kind] or kind == "erasure":
            yield DELETE[kind], number, 0, {f"{named(line)} was removed"}
        others = {number + 1, number + 2, last[kind]} if kind == "decision" else set[int]()
        for other in sorted(one for one in others if number < one <= last[kind]):
            first, second = f"{named(line)} was reordered", f"decision {other} was reordered"
            yield SWAP, number, other, {first, second}
            yield MOVE, number, other, {first, second} if other == number + 1 else {first}


def done_to(path: Path, sql: str, number: int, other: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as attacker:
        triggers = attacker.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            attacker.execute(f"DROP TRIGGER {name}")
        for one in sql.split(";"):
            attacker.execute(one, {"a": number, "b": other})


async def test_whatever_is_done_to_the_database_is_said_of_the_row_that_was_touched(
    kept: Path, lines: list[Row], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path, export = tmp_path / "desk.db", tmp_path / "record.jsonl"
    wrong: list[tuple[object, ...]] = []
    for sql, number, other, told in in_place(lines):
        copyfile(kept, path)
        done_to(path, sql, number, other)
        said = plainly(what_is_wrong(await verify(path), path, ""), path)
        verifier().main([str(written(export, await exported(path)))])
        alone = capsys.readouterr().err
        if not any(one in said and one in alone for one in told):
            wrong.append((sql, number, other, said, alone, told))
    assert wrong == []

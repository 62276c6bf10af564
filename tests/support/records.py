"""A record with decisions, an erasure and a contest in it, as a desk keeps and exports it."""

import io
import json
import sys
from datetime import datetime
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from bot.cli.export import Format, as_line, export
from bot.domain.cases import Answer
from bot.domain.chain import seal_apart
from bot.domain.decisions import from_row
from bot.domain.ids import DecisionId
from bot.domain.seals import ERASED, Part
from bot.services.readers.contest import answer_contest, contest_by_author
from bot.services.readers.statement import hash_of
from bot.store.erasures import Taken
from bot.store.sqlite import open_store
from tests.services.desks import BEN, Bench
from tests.support.fresh import new_desk

Row = dict[str, Any]
VERIFIER = Path(__file__).parents[2] / "docs" / "verify_record.py"


@cache
def verifier() -> Any:
    """Return the program in docs, loaded by its path as nothing of ours."""
    spec = spec_from_file_location("verify_record", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    program = module_from_spec(spec)
    sys.modules["verify_record"] = program  # where its dataclasses are looked up
    spec.loader.exec_module(program)
    return program


async def recorded(path: Path) -> Path:
    """Record decisions 1 to 3, a contest whose answer is 4 and 5, and 6 to 8.

    The note of decision 2 was erased after decision 6.
    """
    new_desk(path)
    async with open_store(path) as store:
        bench = Bench(store)
        for number in (1, 2, 3):
            made = await bench.decide(
                await bench.take(comment=f"c{number}"), rule=4, note=f"note {number}"
            )
        now = bench.clock.now
        await store.write(lambda tx: tx.contests.state(made.id, hash_of("s"), now))
        contest = await contest_by_author(bench.desk, "s", "It was a joke", "en")
        assert contest is not None
        await answer_contest(bench.desk, contest.id, Answer.OVERTURNED, by=BEN, reasons="It was")
        for number in (6, 7, 8):
            await bench.decide(await bench.take(comment=f"c{number}"), rule=4, note="later")
            if number == 6:
                await store.write(_erase)
    return path


def _erase(tx: Any, number: int = 2) -> None:
    gone = Taken(decision_id=DecisionId(number), tombstones={Part.NOTE: {"note": ERASED}})
    tx.erasures.erase([gone], at=tx.decisions.last().at, by="desk", why="request")


async def exported(path: Path) -> list[Row]:
    """Return a record's lines as they are exported."""
    out = io.StringIO()
    await export(path, out, Format.JSONL)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def written(path: Path, lines: list[Row]) -> Path:
    """Write lines into a file, as an export is."""
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def place(lines: list[Row], name: str, number: int) -> int:
    """Return where a line stands, by what kind of number it has and which."""
    return next(i for i, line in enumerate(lines) if line.get(name) == number)


def forged(line: Row, *, previous: str, **changes: Any) -> Row:
    """Return a decision as somebody who knows how would write and seal it."""
    row = {**line, "seals": None, "salts": None, **changes}
    times = {name: datetime.fromisoformat(row[name]) for name in ("at", "until") if row[name]}
    return as_line(seal_apart(from_row(row | times), previous))


async def many_recorded(path: Path) -> Path:
    """Record several decisions, contests and erasures, next to and after one another."""
    new_desk(path)
    async with open_store(path) as store:
        bench = Bench(store)
        numbers = iter(range(1, 100))

        async def decide() -> DecisionId:
            number = next(numbers)
            case = await bench.take(comment=f"m{number}")
            return (await bench.decide(case, rule=4, note=f"note {number}")).id

        async def contest(made: DecisionId, answer: Answer | None) -> None:
            code, now = f"s{made}", bench.clock.now
            await store.write(lambda tx: tx.contests.state(made, hash_of(code), now))
            asked = await contest_by_author(bench.desk, code, "It was a joke", "en")
            assert asked is not None
            if answer is not None:
                await answer_contest(bench.desk, asked.id, answer, by=BEN, reasons="It was")

        first, second = await decide(), await decide()
        await contest(first, None)
        await contest(second, Answer.UPHELD)
        await store.write(lambda tx: _erase(tx, first))
        await store.write(lambda tx: _erase(tx, second))
        third = await decide()
        await contest(third, Answer.OVERTURNED)
        await decide()
        await store.write(lambda tx: _erase(tx, third))
        await contest(await decide(), None)
        await decide()
    return path

"""What is contested and answered is chained, without a word of it; an edit of the file shows."""

import sqlite3
from pathlib import Path

import pytest

from bot.cli.verify import verify, what_is_wrong
from bot.domain.cases import Answer
from bot.domain.ids import CaseId
from bot.services.readers.contest import answer_contest, contest_by_author
from bot.services.readers.statement import hash_of
from bot.store.sqlite import open_store
from tests.services.desks import BEN, Bench
from tests.support.fresh import new_desk

WORDS, REASONS = "It was a joke about Kevin", "A joke indeed"


@pytest.fixture
async def database(tmp_path: Path) -> Path:
    """A record in which a decision was contested, and overturned."""
    path = new_desk(tmp_path / "desk.db")
    async with open_store(path) as store:
        bench = Bench(store)
        made = await bench.decide(await bench.take(), rule=4)
        now = bench.clock.now
        await store.write(lambda tx: tx.contests.state(made.id, hash_of("s"), now))
        contest = await contest_by_author(bench.desk, "s", WORDS, "en")
        assert contest is not None
        await answer_contest(bench.desk, contest.id, Answer.OVERTURNED, by=BEN, reasons=REASONS)
        await bench.take(comment="c2")
        await bench.decide(CaseId(2))
    return path


async def test_both_steps_are_in_it_and_none_of_the_words(database: Path):
    async with open_store(database) as store:
        steps = await store.read(lambda tx: tx.contest_steps.steps())
    assert [step.step for step in steps] == ["asked", "overturned"]
    assert WORDS not in str(steps)
    assert "Ben" not in str(steps)
    found = await verify(database)
    assert found.broken_contest is None
    assert found.decisions == 4


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE contests SET text = 'Hang them'",
        "UPDATE contests SET reasons = 'None'",
        "DROP TRIGGER contest_steps_stay; UPDATE contest_steps SET step = 'upheld' WHERE id = 2",
        "DROP TRIGGER contest_steps_stay; UPDATE contest_steps SET at = at + 1 WHERE id = 1",
        "DROP TRIGGER contest_steps_stay; UPDATE contest_steps SET head = 'x' WHERE id = 2",
        "DROP TRIGGER contest_steps_remain; DELETE FROM contest_steps WHERE id = 1",
    ],
)
async def test_an_edit_shows(database: Path, edit: str):
    with sqlite3.connect(database) as connection:
        connection.executescript(edit)
    found = await verify(database)
    assert found.broken_contest == 1
    assert "Contest 1" in (what_is_wrong(found, database, "") or "")


@pytest.mark.parametrize(
    "edit", ["UPDATE contest_steps SET at = 0", "DELETE FROM contest_steps WHERE id = 2"]
)
async def test_the_database_itself_refuses_it(database: Path, edit: str):
    with (
        sqlite3.connect(database) as connection,
        pytest.raises(sqlite3.IntegrityError, match="never"),
    ):
        connection.execute(edit)


async def test_what_was_erased_leaves_the_chain_whole(database: Path):
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE contests SET text = '[erased]', salt = NULL")
    assert (await verify(database)).broken_contest is None

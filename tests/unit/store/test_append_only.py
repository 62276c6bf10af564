"""The record of decisions, attacked from outside the program."""

import sqlite3
from contextlib import closing

import pytest

from bot.domain.decisions import Action
from bot.store.sqlite import open_store
from tests.contract.store.makers import decide, opening
from tests.support.chains import first_broken

COLUMNS = (
    "case_id, site, comment_id, author_id, action, rule, note, by_id, by_name, door, revision, "
    "at, until, reverses, amends, previous, digest"
)

COPY = f"decisions (id, {COLUMNS}) SELECT %s, {COLUMNS} FROM decisions"  # noqa: S608  # attacks

ATTACKS = [
    "UPDATE decisions SET note = 'forged' WHERE id = 2",
    "UPDATE OR REPLACE decisions SET id = 1 WHERE id = 2",
    "UPDATE OR IGNORE decisions SET by_name = 'Nobody'",
    "UPDATE decisions SET id = 9 WHERE id = 3",
    "DELETE FROM decisions",
    "DELETE FROM decisions WHERE id = 3",
    f"INSERT OR REPLACE INTO {COPY % 2} WHERE id = 1",
    f"REPLACE INTO {COPY % 3} WHERE id = 1",
    f"INSERT OR IGNORE INTO {COPY % 9}",
    f"INSERT INTO {COPY % 1} WHERE id = 1 ON CONFLICT (id) DO UPDATE SET note = 'forged'",
    f"INSERT INTO {COPY % 'NULL'} WHERE id = 3",
    f"INSERT INTO {COPY % 4} WHERE id = 1",
]


@pytest.fixture
async def record(path):
    """Three decisions in a file that nobody has open."""
    async with open_store(path) as store:
        case = await store.write(opening())

        def work(tx):
            return [decide(tx, case, Action.HIDE, note=note) for note in ("a", "b", "c")]

        return await store.write(work)


async def read_back(path):
    async with open_store(path) as store:
        return await store.read(lambda tx: list(tx.decisions.after(0, limit=100)))


@pytest.mark.parametrize("foreign_keys", ["ON", "OFF"])
@pytest.mark.parametrize("attack", ATTACKS)
async def test_the_record_withstands(path, record, attack, foreign_keys):
    with closing(sqlite3.connect(path, isolation_level=None)) as attacker:
        attacker.execute(f"PRAGMA foreign_keys = {foreign_keys}")
        with pytest.raises(sqlite3.IntegrityError, match="a decision"):
            attacker.execute(attack)
    assert await read_back(path) == record


async def test_a_case_that_was_decided_cannot_be_taken_from_under_its_decisions(path, record):
    with closing(sqlite3.connect(path, isolation_level=None)) as attacker:
        attacker.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            attacker.execute("DELETE FROM cases")
    assert await read_back(path) == record


EDITS = {
    "UPDATE decisions SET note = 'forged' WHERE id = 2": 2,
    "UPDATE decisions SET by_id = by_id + 1 WHERE id = 1": 1,
    "UPDATE decisions SET at = at + 1 WHERE id = 3": 3,
    "DELETE FROM decisions WHERE id = 1": 2,
    "DELETE FROM decisions WHERE id = 2": 3,
}


@pytest.mark.parametrize("edit", EDITS)
async def test_an_edit_made_with_the_triggers_dropped_shows_in_the_chain(path, record, edit):
    assert first_broken(record) is None
    with closing(sqlite3.connect(path, isolation_level=None)) as attacker:
        triggers = attacker.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            attacker.execute(f"DROP TRIGGER {name}")
        attacker.execute(edit)
    broken = first_broken(await read_back(path))
    assert broken is not None
    assert broken.id == EDITS[edit]

"""Erasing in the record: what goes is gone, what stays verifies, and nobody can pretend to it."""

import io
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.cli.export import Format, export
from bot.cli.verify import verify, verify_lines
from bot.domain.chain import seal, seal_apart
from bot.domain.decisions import Action, Decision, from_row, to_row
from bot.domain.ids import DecisionId, PersonId
from bot.domain.seals import ERASED, Part
from bot.store.erasures import Taken
from bot.store.errors import StoreTrouble
from bot.store.sqlite import open_store
from tests.contract.store.makers import NOW, opening
from tests.support.fresh import new_desk

PARTS: dict[Part, dict[str, Any]] = {
    Part.AUTHOR: {"author_id": "erased-77"},
    Part.NOTE: {"note": ERASED},
    Part.BY: {"by_id": -5, "by_name": ERASED},
    Part.SECOND: {"second_id": -6, "second_name": ERASED},
}
MANY = 5
SEALERS = {"as today": seal_apart, "as before": seal}


def enter(tx, case, number: int, sealer) -> Decision:
    made = from_row(
        dict[str, Any](
            id=DecisionId(number),
            case_id=case.id,
            site=case.site,
            comment_id=case.comment_id,
            author_id="u-secret-author",
            action=Action.HIDE,
            rule=3,
            note=f"secret note {number}",
            by_id=PersonId(8_800),
            by_name="Secret Mo",
            door="button",
            revision=1,
            at=NOW,
            second_id=PersonId(8_801),
            second_name="Secret Ben",
        )
    )
    sealed = sealer(made, tx.decisions.head())
    tx.decisions.append(sealed)
    return sealed


@pytest.fixture(params=SEALERS)
def sealer(request):
    return SEALERS[request.param]


@pytest.fixture
async def path(tmp_path, sealer) -> Path:
    where = new_desk(tmp_path / "desk.db")
    async with open_store(where) as store:
        case = await store.write(opening())
        await store.write(lambda tx: [enter(tx, case, n, sealer) for n in range(1, MANY + 1)])
    return where


def taking(number: int, *parts: Part) -> Taken:
    return Taken(decision_id=DecisionId(number), tombstones={part: PARTS[part] for part in parts})


async def erase(path: Path, *taken: Taken) -> int:
    async with open_store(path) as store:
        return await store.write(
            lambda tx: tx.erasures.erase(taken, at=NOW, by="desk", why="request")
        )


async def exported(path: Path, target: Path) -> Path:
    with io.StringIO() as out:
        await export(path, out, Format.JSONL)
        target.write_text(out.getvalue(), encoding="utf-8")  # noqa: ASYNC240 - in a test nobody waits
    return target


@pytest.mark.parametrize("part", Part)
async def test_what_is_erased_is_gone_and_the_record_is_whole(path, tmp_path, part):
    before = await verify(path)
    assert await erase(path, taking(2, part), taking(4, part)) == 2
    found = await verify(path, before.last)
    assert (found.decisions, found.erasures, found.broken, found.missed) == (MANY, 1, None, False)
    assert found.last != before.last
    async with open_store(path) as store:
        made = await store.read(lambda tx: tx.decisions.after(0, limit=9))
    for one in made:
        gone = {name: to_row(one)[name] for name in PARTS[part]}
        assert (gone == PARTS[part]) is (one.id in {2, 4})
        salts = json.loads(one.salts) if one.salts else {}
        assert (part in salts) is (one.salts is not None and one.id not in {2, 4})
    lines = await exported(path, tmp_path / "record.jsonl")
    assert verify_lines(lines, before.last) == found
    assert lines.read_text("utf-8").count("\n") == MANY + 1


async def test_a_row_may_lose_one_part_after_another_and_decisions_go_on(path, sealer):
    for part in Part:
        assert await erase(path, taking(3, part)) == 1
    async with open_store(path) as store:
        case = await store.read(lambda tx: tx.cases.find("courier", "c-1"))
        await store.write(lambda tx: enter(tx, case, MANY + 1, sealer))
    assert await erase(path, taking(MANY + 1, Part.BY), taking(1, Part.BY)) == 2
    found = await verify(path)
    assert (found.decisions, found.erasures, found.broken) == (MANY + 1, len(Part) + 1, None)


async def test_what_is_gone_or_was_never_there_is_not_erased_again(path):
    assert await erase(path, taking(1, *Part)) == 1
    assert await erase(path, taking(1, *Part), taking(99, Part.NOTE)) == 0
    assert (await verify(path)).erasures == 1


def without_triggers(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as attacker:
        triggers = attacker.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            attacker.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            attacker.execute(statement)


# In a row of which the note was erased, and in one of which nothing was; which shows, and where.
FORGERIES = {
    "UPDATE decisions SET note = '[erased]' WHERE id = 1": 1,
    "UPDATE decisions SET note = '[erased]', salts = json_remove(salts, '$.note') WHERE id = 1": 1,
    "UPDATE decisions SET note = NULL WHERE id = 1": 1,
    "UPDATE decisions SET author_id = 'erased-1' WHERE id = 1": 1,
    "UPDATE decisions SET by_id = -1, by_name = '[erased]', salts = '{}' WHERE id = 1": 1,
    "UPDATE decisions SET note = 'He asked for it.' WHERE id = 2": 2,
    "UPDATE decisions SET note = NULL WHERE id = 2": 2,
    "UPDATE decisions SET action = 'keep' WHERE id = 2": 2,
    "UPDATE decisions SET by_name = 'Eve' WHERE id = 2": 2,
    "UPDATE decisions SET by_id = -1, by_name = '[erased]' WHERE id = 2": 2,
    "UPDATE decisions SET author_id = 'erased-1' WHERE id = 2": 2,
    "DELETE FROM erased": 2,
    "DELETE FROM erased WHERE decision_id = 2": 2,
    "UPDATE erased SET parts = 'note,by' WHERE decision_id = 2": 2,
    "UPDATE erased SET left_digest = 'x' WHERE decision_id = 2": 2,
}
OF_ERASURES = (
    "UPDATE erasures SET by_name = 'Eve'",
    "UPDATE erasures SET why = 'retention'",
    "UPDATE erasures SET at = at + 1",
    "UPDATE erasures SET after = 4",
    "INSERT INTO erased SELECT erasure_id, 4, parts, left_digest FROM erased WHERE decision_id = 3",
)


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_row_that_was_blanked_or_edited_is_told_from_an_erased_one(path, tmp_path, forgery):
    await erase(path, taking(2, Part.NOTE), taking(3, Part.NOTE))
    without_triggers(path, forgery)
    assert (await verify(path)).broken == FORGERIES[forgery]
    assert verify_lines(await exported(path, tmp_path / "r.jsonl")).broken == FORGERIES[forgery]


@pytest.mark.parametrize("forgery", OF_ERASURES)
async def test_an_erasure_that_was_changed_shows(path, forgery):
    await erase(path, taking(2, Part.NOTE), taking(3, Part.NOTE))
    without_triggers(path, forgery)
    found = await verify(path)
    assert found.broken_erasure == 1 or found.broken is not None


async def test_an_erasure_that_was_cut_off_shows_by_a_digest_noted_before(path):
    await erase(path, taking(2, Part.NOTE))
    noted = (await verify(path)).last
    without_triggers(path, "DELETE FROM erased", "DELETE FROM erasures")
    assert (await verify(path)).broken == 2
    assert (await verify(path, noted)).decisions == 1


ATTACKS = (
    "UPDATE decisions SET note = '[erased]' WHERE id = 1",
    "UPDATE decisions SET note = 'forged' WHERE id = 2",
    "UPDATE decisions SET by_id = -3, by_name = '[erased]' WHERE id = 2",
    "UPDATE decisions SET author_id = 'erased-2' WHERE id = 2",
    "UPDATE decisions SET action = 'keep', note = '[erased]' WHERE id = 2",
    "UPDATE decisions SET seals = NULL, note = '[erased]', digest = 'x' WHERE id = 2",
    "UPDATE erasures SET by_name = 'Eve'",
    "UPDATE erased SET parts = 'by'",
    "DELETE FROM erased",
    "DELETE FROM erasures",
    "INSERT INTO erased VALUES (1, 99, 'note', 'x')",
    "REPLACE INTO erased VALUES (1, 2, 'note', 'x')",
    "REPLACE INTO erasures SELECT id, after, at, 'Eve', why, previous, digest FROM erasures",
    "INSERT INTO erasures VALUES (2, 0, 0, 'Eve', '', 'x', 'y')",
    "INSERT INTO erasures SELECT 3, after, at, by_name, why, digest, digest FROM erasures",
)


@pytest.mark.parametrize("attack", ATTACKS)
async def test_nothing_but_what_an_erasure_names_can_be_changed(path, attack):
    await erase(path, taking(2, Part.NOTE))
    before = await verify(path)
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as attacker,
        pytest.raises(sqlite3.IntegrityError, match=r"an? (decision|erasure)"),
    ):
        attacker.execute(attack)
    assert await verify(path) == before


async def test_nothing_is_erased_in_a_row_that_somebody_edited(path):
    without_triggers(path, "UPDATE decisions SET action = 'keep' WHERE id = 2")
    with pytest.raises(StoreTrouble, match="Decision 2 was changed"):
        await erase(path, taking(2, Part.NOTE))
    assert (await verify(path)).broken == 2


async def test_a_decision_names_the_erasure_before_it(path, sealer):
    await erase(path, taking(1, Part.NOTE))
    async with open_store(path) as store:
        case = await store.read(lambda tx: tx.cases.find("courier", "c-1"))

        def past_it(tx):
            last = tx.decisions.last()
            made = seal(replace(last, id=DecisionId(last.id + 1)), last.digest)
            tx.decisions.append(made)

        with pytest.raises(StoreTrouble, match="names the one before it"):
            await store.write(past_it)
        await store.write(lambda tx: enter(tx, case, MANY + 1, sealer))
    assert (await verify(path)).broken is None


async def test_the_words_themselves_are_in_no_hash(path):
    """Two rows that say the same do not show it: each part has a salt of its own."""
    async with open_store(path) as store:
        made = await store.read(lambda tx: tx.decisions.after(0, limit=9))
    seals = [tuple(json.loads(one.seals).values()) for one in made if one.seals]
    flat = [seal for one in seals for seal in one]
    assert len(set(flat)) == len(flat)

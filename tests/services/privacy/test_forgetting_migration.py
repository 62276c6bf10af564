"""A database of before is brought up to date, and can forget what it held then."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli.export import Format, export
from bot.cli.verify import verify, verify_lines
from bot.domain.decisions import to_row
from bot.domain.seals import ERASED
from bot.domain.subject import Subject, SubjectKind
from bot.services.cases.lookup import search
from bot.services.privacy.person import erase
from bot.store.engine.migrate import migrate, migrations
from bot.store.remembering import Forgotten
from bot.store.sqlite import open_store
from tests.services.desks import ANA, Bench
from tests.support.databases import contents
from tests.unit.store.test_holds_migration import record, write_old

SCRIPTS = migrations()
FORGETTING = next(number for number, script in SCRIPTS.items() if "CREATE TABLE erasures" in script)
AUTHOR = Subject(kind=SubjectKind.AUTHOR, site="courier", value="a1")
WORDS = ("xylophonic", "does it daily", "salty")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a database as the version before left it: decided cases, and an account renamed."""
    path = tmp_path / "desk.db"
    write_old(path, record())
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        migrate(old, {number: script for number, script in SCRIPTS.items() if number < FORGETTING})
        cases = [row[0] for row in old.execute("SELECT id FROM cases")]
        for case in cases:
            old.execute(
                "INSERT INTO revisions (case_id, revision, revision_key, text) VALUES (?, 2, 'r2', ?)",
                (case, f"A xylophonic thought, number {case}."),
            )
            old.execute("UPDATE cases SET revision = 2, revision_key = 'r2' WHERE id = ?", (case,))
            for place, name in enumerate(("salty dog", "new name")):
                old.execute(
                    "INSERT INTO words (rowid, text, author, story) VALUES (?, ?, ?, 'bridge')",
                    ((case << 16) | place, f"a xylophonic thought number {case}", name),
                )
        old.execute("UPDATE outbox SET state = 'done' WHERE kind = 'site'")
        old.executemany(
            "INSERT INTO outbox (kind, key, state, case_id, payload, due_at) VALUES (?, ?, ?, ?, ?, ?)",
            [
                ("card", None, "waiting", 1, None, 7),
                ("reminder", "life:1", "done", None, '{"kind": "life"}', 8),
                ("staff", None, "failed", None, '{"note": "salty"}', 9),
            ],
        )
    return path


async def test_the_record_keeps_its_form_and_every_name_is_still_found(path: Path):
    made = record()
    async with open_store(path) as store:
        bench = Bench(store)
        found = await store.read(lambda tx: tx.decisions.after(0, limit=99))
        for words in ("xylophonic", "author:salty", 'author:"new name"', '"thought number 3"'):
            assert (await search(bench.desk, words, ANA)).views, words
    assert [one.digest for one in found] == [one.digest for one in made]
    assert all(one.seals is None and one.salts is None for one in found)
    assert (await verify(path, made[0].digest)).broken is None


async def test_what_stood_there_can_be_erased(path: Path, tmp_path: Path):
    last = record()[-1].digest
    async with open_store(path) as store:
        bench = Bench(store)
        assert all(word.encode() in contents(path) for word in WORDS)
        await erase(bench.desk, AUTHOR, Forgotten(path), by="desk")
        assert [word for word in WORDS if word.encode() in contents(path)] == []
        assert not (await search(bench.desk, "xylophonic", ANA)).views
        assert not (await search(bench.desk, "author:salty", ANA)).views
        case = await bench.take(comment="new", author="a9")
        await bench.decide(case)
        found = await store.read(lambda tx: tx.decisions.after(0, limit=99))
    assert {to_row(one)["note"] for one in found[:-1]} == {ERASED}
    assert found[-1].seals is not None
    told = await verify(path, last)
    assert (told.broken, told.missed, told.erasures) == (None, False, 1)
    written = tmp_path / "record.jsonl"
    with written.open("w", encoding="utf-8") as out:
        await export(path, out, Format.JSONL)
    assert verify_lines(written, last) == told


async def test_the_outbox_and_what_it_asks_for_are_the_same(path: Path):
    asked = "SELECT id, kind, key, state, case_id, payload, due_at FROM outbox ORDER BY id"
    with closing(sqlite3.connect(path)) as before:
        then = before.execute(asked).fetchall()
    async with open_store(path):
        pass
    with closing(sqlite3.connect(path)) as after:
        assert after.execute(asked).fetchall() == then
    assert then

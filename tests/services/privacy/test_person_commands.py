"""`comment-desk person` and `purge`, as an admin types them."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.entry import cli
from bot.store.sqlite import open_store
from tests.services.desks import Bench
from tests.support.databases import contents
from tests.support.fresh import new_desk

RUNNER = CliRunner()
AUTHOR = ("person", "author", "courier/a1")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = new_desk(tmp_path / "desk.db")
    asyncio.run(fill(path))
    return path


async def fill(path: Path) -> None:
    async with open_store(path) as store:
        bench = Bench(store)
        await bench.decide(await bench.take(text="xylophonic"), note="wobblegate", rule=4)
        await store.write(lambda tx: tx.run("UPDATE outbox SET state = 'done' WHERE kind = 'site'"))


def typed(*said: str, database: Path, answer: str = ""):
    return RUNNER.invoke(cli, [*said, "--database", str(database)], input=answer)


def test_a_person_is_shown_and_erased_once_that_is_agreed_to(database: Path):
    shown = typed(*AUTHOR, "--export", database=database)
    told = json.loads(shown.stdout)
    assert told["person"] == {"kind": "author", "value": "courier/a1"}
    assert told["held"]["comments"][0]["text"] == "xylophonic"

    asked = typed(*AUTHOR, "--erase", database=database, answer="n\n")
    assert asked.exit_code == 1
    assert "1  comments" in asked.output
    assert "Nothing was erased" in asked.output
    assert b"xylophonic" in contents(database)

    done = typed(*AUTHOR, "--erase", database=database, answer="y\n")
    assert done.exit_code == 0, done.output
    assert "Erased, in 1 case and 1 decision." in done.output
    assert b"xylophonic" not in contents(database)
    assert b"wobblegate" not in contents(database)
    verified = typed("verify", database=database)
    assert "1 decision, none changed. 1 erasure in it, each as recorded." in verified.output

    again = typed(*AUTHOR, "--erase", "--yes", database=database)
    assert (again.exit_code, "Nothing is held about author courier/a1." in again.output) == (
        1,
        True,
    )


def test_a_copy_of_before_is_named(database: Path):
    copy = database.with_name("desk.db.before-update-from-28")
    copy.write_bytes(database.read_bytes())
    done = typed(*AUTHOR, "--erase", "--yes", database=database)
    assert str(copy) in done.output.replace("\n", "")


@pytest.mark.parametrize("said", [(), ("--export", "--erase")])
def test_one_thing_is_asked_for_at_a_time(database: Path, said: tuple[str, ...]):
    assert typed(*AUTHOR, *said, database=database).exit_code == 2


@pytest.mark.parametrize(("kind", "value"), [("author", "a1"), ("staff", "Ana"), ("email", "x")])
def test_what_names_nobody_is_said_in_a_sentence(database: Path, kind: str, value: str):
    said = typed("person", kind, value, "--export", database=database)
    assert said.exit_code == 1
    assert "Traceback" not in said.output


def test_a_purge_says_what_it_would_forget_and_forgets_it(database: Path, tmp_path: Path):
    dry = typed("purge", "--dry", database=database)
    assert (dry.exit_code, b"xylophonic" in contents(database)) == (0, True)
    assert "Nothing is older" in dry.output or "only says" in dry.output
    wrong = tmp_path / "policy.toml"
    wrong.write_text("[retention]\nkept_texts = 0\n")
    assert "line 2" in typed("purge", "--policy", str(wrong), database=database).output

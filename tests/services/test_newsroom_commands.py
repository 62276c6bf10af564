"""Commands at a desk with several newsrooms: each is about the one that is named, or about none."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.check_newsrooms import check_each
from bot.cli.entry import cli
from bot.cli.running import read_anew
from bot.domain.errors import DeskError
from bot.domain.site import Finding
from bot.store.sqlite import open_store
from config.settings import Settings, load
from tests.services.desks import Bench
from tests.support.databases import sqlite_only
from tests.support.fresh import new_desk

pytestmark = sqlite_only
RUNNER = CliRunner()
SECRET = "whsec_" + "c2VjcmV0LWZvci10aGUtdGVzdHMtb2Ytc2V0dGluZ3M="
OTHER = "whsec_" + "b3RoZXItc2VjcmV0LWZvci10aGUtdGVzdHMtb2Y="
SITES = {
    name: {
        "secrets": [secret],
        "reporter_salt": "sixteen characters and more",
        "url": "https://courier.example/desk",
        "outgoing_secrets": [secret],
    }
    for name, secret in (("courier", SECRET), ("herald", OTHER))
}


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the settings of two newsrooms; only the Courier's has a decided case."""
    monkeypatch.chdir(tmp_path)
    lines = {
        "DISCORD__TOKEN": "t",
        "DISCORD__GUILD_ID": "10",
        "DISCORD__CHANNEL_ID": "11",
        "DISCORD__API_URL": "http://127.0.0.1:9",
        "DISCORD__GATEWAY_URL": "ws://127.0.0.1:9",
        "SITES": json.dumps(SITES),
        "NEWSROOMS__HERALD__GUILD_ID": "20",
        "NEWSROOMS__HERALD__CHANNEL_ID": "21",
        "NEWSROOMS__HERALD__SITES": '["herald"]',
        "NEWSROOMS__HERALD__POLICY": "herald.toml",
    }
    text = "".join(f"DESK_{name}={value}\n" for name, value in lines.items())
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    new_desk(tmp_path / "desk-herald.db")
    asyncio.run(fill(new_desk(tmp_path / "desk.db")))
    return tmp_path


async def fill(path: Path) -> None:
    async with open_store(path) as store:
        bench = Bench(store)
        await bench.decide(await bench.take(text="xylophonic"), note="wobblegate", rule=4)


def typed(*said: str) -> tuple[int, str]:
    done = RUNNER.invoke(cli, [*said])
    return done.exit_code, " ".join(done.output.split())


@pytest.mark.usefixtures("group")
@pytest.mark.parametrize(
    "said",
    [
        ("export",),
        ("verify",),
        ("person", "author", "courier/a1", "--export"),
        ("purge", "--dry"),
        ("backup",),
        ("rehearse", "desk.db"),
        ("transparency", "--month", "2026-11"),
        ("pack", "1"),
    ],
)
def test_what_is_about_one_record_is_not_done_before_it_is_said_which(said: tuple[str, ...]):
    code, words = typed(*said)
    assert code == 1
    assert "several newsrooms, each with a record of its own: first, herald" in words
    assert "xylophonic" not in words


@pytest.mark.usefixtures("group")
def test_a_newsrooms_commands_are_about_its_own_record():
    assert "1 decision, none changed" in typed("--newsroom", "first", "verify")[1]
    assert "0 decisions, none changed" in typed("--newsroom", "herald", "verify")[1]
    assert '"site": "courier"' in typed("--newsroom", "first", "export")[1]
    assert typed("--newsroom", "herald", "export") == (0, "")


@pytest.mark.usefixtures("group")
def test_somebody_known_to_one_title_is_unknown_to_the_other():
    code, words = typed("--newsroom", "first", "person", "author", "courier/a1", "--export")
    assert (code, "xylophonic" in words) == (0, True)


def test_the_other_title_holds_nothing_about_them(group: Path):
    (group / "herald.toml").write_bytes(
        (Path(__file__).parents[2] / "config" / "policy.toml").read_bytes()
    )
    code, words = typed("--newsroom", "herald", "person", "author", "courier/a1", "--export")
    assert (code, "Nothing is held" in words) == (1, True)


@pytest.mark.usefixtures("group")
@pytest.mark.parametrize("command", ["run"])
def test_what_is_for_all_newsrooms_takes_no_name(command: str):
    code, words = typed("--newsroom", "herald", command)
    assert code == 1
    assert f"{command} is for all newsrooms together" in words


@pytest.mark.usefixtures("group")
def test_a_newsroom_that_there_is_not_is_said():
    code, words = typed("--newsroom", "gazette", "export")
    assert (code, "There is no newsroom gazette. There are: first, herald." in words) == (1, True)


async def looked_at(settings: Settings) -> dict[str, Finding]:
    return {one.name: one async for one in check_each(settings)}


@pytest.mark.usefixtures("group")
def test_each_newsroom_is_looked_over_under_its_own_name():
    found = asyncio.run(looked_at(load()))
    assert found["first: House rules"].good
    assert not found["herald: House rules"].good
    assert "herald.toml" in found["herald: House rules"].words
    assert "desk.db, 1 decision" in found["first: Database"].words
    assert "desk-herald.db, 0 decisions" in found["herald: Database"].words
    assert "first: Address for reports" in found
    assert "herald: Address for reports" not in found
    assert not found["herald: Discord"].good


def test_house_rules_that_cannot_be_read_let_a_running_desk_go_on_and_are_named(group: Path):
    delivered = (Path(__file__).parents[2] / "config" / "policy.toml").read_text()
    for wrong, words in (("emoji = 1", "herald.toml"), ("", "herald.toml")):
        (group / "herald.toml").write_text(wrong)
        with pytest.raises(DeskError, match=words):
            read_anew(None)
    (group / "herald.toml").write_text(delivered)
    assert list(read_anew(None).each) == ["first", "herald"]


def test_what_is_to_be_mended_is_called_by_the_newsrooms_own_settings(group: Path):
    text = (group / ".env").read_text()
    (group / ".env").write_text(f"{text}DESK_NEWSROOMS__HERALD__DATABASE=nowhere/desk.db\n")
    found = asyncio.run(looked_at(load()))
    mend = " ".join(found["herald: Database"].mend)
    assert "DESK_NEWSROOMS__HERALD__DATABASE" in mend

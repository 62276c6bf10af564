"""The command line, against a desk that has worked: export, verify, backup, check."""

import csv
import io
import json
from pathlib import Path

import pytest

from bot.app import run
from bot.cli.check import check
from bot.cli.export import Format, export
from bot.cli.verify import verify
from bot.domain.errors import DeskError
from bot.domain.site import Finding
from tests.journey.newsroom import Newsroom
from tests.support.beneath import forge
from tests.support.databases import sqlite_only

pytestmark = pytest.mark.usefixtures("in_haste")


async def decide_twice(newsroom: Newsroom) -> None:
    ana = newsroom.sandbox.as_user("ana")
    first = await newsroom.report(comment={"id": "c1"})
    other = await newsroom.report(comment={"id": "c2", "author": {"id": "a2", "name": "=cmd()"}})
    await ana.press(await newsroom.card(first), "Hide")
    await ana.reply(await newsroom.card(other), "k - =SUM(A1) is no formula")
    await newsroom.card(other, "Kept")
    await newsroom.settled()


async def findings(newsroom: Newsroom, **discord: object) -> dict[str, Finding]:
    return {one.name: one async for one in check(newsroom.settings(**discord))}


async def test_every_decision_is_exported_oldest_first(newsroom: Newsroom):
    await decide_twice(newsroom)
    lines, table = io.StringIO(), io.StringIO()

    assert await export(newsroom.place, lines, Format.JSONL) == 2
    assert await export(newsroom.place, table, Format.CSV) == 2

    exported = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [one["action"] for one in exported] == ["hide", "keep"]
    rows = list(csv.DictReader(io.StringIO(table.getvalue())))
    assert rows[1]["note"] == "'=SUM(A1) is no formula"


async def test_an_edited_record_and_one_cut_short_are_found_out(newsroom: Newsroom):
    await decide_twice(newsroom)
    await newsroom.stop()
    sound = await verify(newsroom.place)
    assert (sound.decisions, sound.broken, sound.missed) == (2, None, False)

    forge(newsroom.place, "DELETE FROM decisions WHERE id = 2")
    assert (await verify(newsroom.place)).broken is None
    assert (await verify(newsroom.place, sound.last)).missed

    forge(newsroom.place, "UPDATE decisions SET by_name = 'Ben' WHERE id = 1")
    found = await verify(newsroom.place)
    assert (found.decisions, found.broken) == (0, 1)


async def test_a_database_that_is_not_there_is_said_so_and_not_made(tmp_path: Path):
    with pytest.raises(DeskError, match="no database"):
        await verify(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


async def test_check_finds_nothing_wrong_with_a_sound_set_up(newsroom: Newsroom):
    found = await findings(newsroom)

    wrong = [one for one in found.values() if not one.good]
    assert wrong == []
    assert {"House rules", "Database", "Token and intents", "Server", "Channel"} <= set(found)


@pytest.mark.parametrize(
    ("wrong", "name", "mend"),
    [
        ({"token": "not-the-token"}, "Token", "Reset Token"),
        ({"guild_id": 1}, "Server", "Invite it"),
        ({"channel_id": 1}, "Channel", "View Channel"),
        ({"moderator_roles": [1]}, "Roles", "Copy Role ID"),
    ],
)
async def test_check_says_in_plain_words_what_to_mend(
    newsroom: Newsroom, wrong: dict[str, object], name: str, mend: str
):
    found = await findings(newsroom, **wrong)

    assert not found[name].good
    assert mend in " ".join(found[name].mend)
    assert "not-the-token" not in str(found)


async def test_check_names_the_permission_that_is_missing(newsroom: Newsroom):
    world = newsroom.sandbox.world
    channel = world.channels[world.place("moderation")]
    manage_messages = 1 << 13
    for one in channel["permission_overwrites"]:
        if one["id"] == world.bot_role:
            one["deny"] = str(manage_messages)

    found = await findings(newsroom)

    assert "Manage Messages" in found["Permissions"].words


async def test_check_finds_a_channel_that_everybody_reads(newsroom: Newsroom):
    world = newsroom.sandbox.world
    world.channels[world.place("moderation")]["permission_overwrites"] = []

    assert not (await findings(newsroom))["Privacy"].good


@sqlite_only
async def test_check_before_the_first_start_says_that_the_database_will_be_made(
    quiet_newsroom: Newsroom,
):
    quiet_newsroom.database.unlink()
    found = await findings(quiet_newsroom)

    assert found["Database"].good
    assert "will be made" in found["Database"].words
    assert not quiet_newsroom.database.exists()


@sqlite_only
async def test_a_misspelt_database_path_starts_no_empty_desk(
    quiet_newsroom: Newsroom, tmp_path: Path
):
    quiet_newsroom.database = tmp_path / "misspelt" / "desk.db"

    assert not (await findings(quiet_newsroom))["Database"].good
    with pytest.raises(DeskError, match="DESK_DATABASE"):
        await run(quiet_newsroom.settings())
    assert not quiet_newsroom.database.parent.exists()

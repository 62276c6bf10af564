"""The set-up from Discord: kept over the files, recorded for good, and refused where it must be."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import time

import pytest

from bot.domain.errors import DeskError, NotAllowed, NotPossible, NotUnderstood
from bot.domain.ids import RuleNumber
from bot.domain.set_up import ROLES, ChannelSeen, Manager, Setting, applied, hours_of
from bot.services.desk import Desk, Files
from bot.services.rules import PolicyHolder, compared
from bot.services.staff import set_up
from bot.store.sqlite import open_store
from config.discord import of_file, sources, with_chosen
from config.policy import load_policy
from config.settings import DiscordSettings
from tests.services.desks import ANA, OLLY, Bench
from tests.support.databases import sqlite_only

EVERYONE = 1
FILE = DiscordSettings(
    token="x",  # type: ignore[arg-type]
    guild_id=EVERYONE,
    channel_id=20,
    moderator_roles=[11],
    senior_roles=[12],
)
OWNER = Manager(person=OLLY, manages=True)
"""Who manages the server has no role at the desk."""


def opened(bench: Bench, file: DiscordSettings = FILE) -> Desk:
    holder = PolicyHolder(lambda: bench.policy)
    files = Files(places=of_file(file), policy=holder.of_file, choose=holder.choose)
    return replace(bench.desk, policy=holder, reload_policy=holder.reload, files=files)


async def chosen(bench: Bench) -> dict[Setting, str]:
    return dict(await bench.store.read(lambda tx: tx.set_up.chosen()))


CHANGES = {
    "channel": lambda desk, by: set_up.choose_channel(
        desk, Setting.CHANNEL, ChannelSeen(id=30), by
    ),
    "roles": lambda desk, by: set_up.choose_roles(
        desk, Setting.MODERATOR_ROLES, [13], by, everyone=EVERYONE
    ),
    "rules": lambda desk, by: set_up.choose_rules(desk, [1, 2], by),
    "hours": lambda desk, by: set_up.choose_hours(desk, "Europe/Berlin", "21:00-06:00", by),
    "file": lambda desk, by: set_up.use_file(desk, Setting.LOG_CHANNEL, by),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_whoever_does_not_manage_the_server_is_refused_whatever_their_role(
    bench: Bench, change
):
    desk = opened(bench)
    with pytest.raises(NotAllowed, match="Manage Server"):
        await change(desk, Manager(person=ANA, manages=False))
    with pytest.raises(NotAllowed, match="Manage Server"):
        await set_up.set_up(desk, Manager(person=ANA, manages=False))
    assert await chosen(bench) == {}


async def test_what_is_set_counts_over_the_file_and_the_file_again_when_asked(bench: Bench):
    desk = opened(bench)
    assert await CHANGES["channel"](desk, OWNER)
    assert await CHANGES["roles"](desk, OWNER)
    assert not await CHANGES["roles"](desk, OWNER), "the same again is no change"

    started = with_chosen(FILE, await chosen(bench))
    assert (started.channel_id, started.moderator_roles, started.senior_roles) == (30, [13], [12])
    changed_file = FILE.model_copy(update={"channel_id": 21, "senior_roles": [14]})
    started = with_chosen(changed_file, await chosen(bench))
    assert (started.channel_id, started.senior_roles) == (30, [14])

    await set_up.use_file(desk, Setting.CHANNEL, OWNER)
    assert with_chosen(changed_file, await chosen(bench)).channel_id == 21
    shown = await set_up.set_up(desk, OWNER)
    assert shown.channel(Setting.CHANNEL) == 20
    assert shown.chosen_by(Setting.CHANNEL) is None
    assert (shown.last.setting, shown.last.was, shown.last.value) == (Setting.CHANNEL, "30", None)
    assert shown.last.by == OLLY


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (
            ChannelSeen(id=30, lacks=("View Channel", "Send Messages")),
            "View Channel, Send Messages in that channel",
        ),
        (
            ChannelSeen(id=30, is_open=True),
            "Everybody in the server can read that channel, so nothing",
        ),
        (ChannelSeen(id=30, rehearses=True), "^That is the channel for rehearsals"),
        (ChannelSeen(id=30, is_anothers=True), "That channel belongs to another newsroom"),
    ],
)
async def test_a_channel_that_does_not_do_is_refused(bench: Bench, seen: ChannelSeen, words: str):
    with pytest.raises(NotPossible, match=words):
        await set_up.choose_channel(opened(bench), Setting.LOG_CHANNEL, seen, OWNER)
    assert await chosen(bench) == {}


async def test_nobody_locks_the_desk_out(bench: Bench):
    desk = opened(bench, FILE.model_copy(update={"moderator_roles": []}))
    with pytest.raises(NotPossible, match="nobody could decide"):
        await set_up.choose_roles(desk, Setting.MODERATOR_ROLES, [], OWNER, everyone=EVERYONE)
    for setting in ROLES:
        with pytest.raises(NotPossible, match="everyone"):
            await set_up.choose_roles(desk, setting, [13, EVERYONE], OWNER, everyone=EVERYONE)
    await CHANGES["roles"](desk, OWNER)
    with pytest.raises(NotPossible, match="nobody could decide"):
        await set_up.use_file(desk, Setting.MODERATOR_ROLES, OWNER)
    assert await chosen(bench) == {Setting.MODERATOR_ROLES: "13"}

    await set_up.choose_roles(desk, Setting.SENIOR_ROLES, [], OWNER, everyone=EVERYONE)
    assert with_chosen(FILE, await chosen(bench)).senior_roles == []


async def test_a_rule_is_off_at_once_and_its_old_cases_still_name_it(bench: Bench):
    desk = opened(bench)
    before = desk.policy()
    numbers = [rule.number for rule in before.rules]
    with pytest.raises(NotPossible, match="last house rule"):
        await set_up.choose_rules(desk, [], OWNER)
    with pytest.raises(NotPossible, match="last house rule"):
        await set_up.choose_rules(desk, [999], OWNER)

    await set_up.choose_rules(desk, numbers[1:], OWNER)
    gone = before.rules[0]
    assert [rule.number for rule in desk.policy().rules] == numbers[1:]
    assert desk.policy().rule(gone.number) == gone
    assert desk.policy().by_code[gone.code] == gone, "what a site still sends is taken"
    assert desk.reload_policy().off == (gone,), "a reload of the file keeps it off"
    assert compared(before, desk.policy()).removed == (gone,)

    await set_up.choose_rules(desk, numbers, OWNER)
    assert desk.policy() == before


def test_the_last_rule_stays_on_when_the_file_has_lost_the_others():
    policy = load_policy(None)
    first = replace(policy, rules=policy.rules[:1])
    assert applied(first, {Setting.RULES_OFF: str(first.rules[0].number)}) == first
    assert applied(policy, {Setting.TIME_ZONE: "Nowhere/Else", Setting.QUIET_HOURS: "x"}) == policy
    assert RuleNumber(first.rules[0].number) in policy.by_number


async def test_the_times_count_at_once(bench: Bench):
    desk = opened(bench)
    await CHANGES["hours"](desk, OWNER)
    for rules in (desk.policy().shift, desk.policy().alerts):
        assert (rules.zone.key, rules.quiet_from, rules.quiet_until) == (
            "Europe/Berlin",
            time(21),
            time(6),
        )
    await set_up.choose_hours(desk, "Europe/Berlin", "never", OWNER)
    assert desk.policy().shift.quiet_from is None
    await set_up.use_file(desk, Setting.QUIET_HOURS, OWNER)
    assert desk.policy().shift.quiet_from == bench.policy.shift.quiet_from


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("Europe/Nowhere", "22:00-07:00"),
        ("", "22:00-07:00"),
        ("../etc/passwd", "never"),
        ("Europe", "never"),
        ("Europe/" * 40, "never"),
        ("Europe/London", "25:00-07:00"),
        ("Europe/London", "22:00"),
        ("Europe/London", "22:00-22:00"),
        ("Europe/London", "late"),
    ],
)
async def test_times_that_are_none_are_refused(bench: Bench, zone: str, hours: str):
    with pytest.raises(NotUnderstood, match="nothing was changed"):
        await set_up.choose_hours(opened(bench), zone, hours, OWNER)
    assert await chosen(bench) == {}


@pytest.mark.parametrize("words", ["22:00-07:00", "22:00 - 07:00", "22:00 to 7:00", "22:00–7:00"])
def test_two_times_are_read_as_people_write_them(words: str):
    assert hours_of(words) == (time(22), time(7))


async def test_a_desk_without_files_says_so(bench: Bench):
    with pytest.raises(
        DeskError, match=r"^This desk's settings are not in a file, so they stay as they are\.$"
    ):
        await set_up.set_up(bench.desk, OWNER)


@sqlite_only
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE set_up_changes SET value = '31'",
        "UPDATE set_up_changes SET by_name = 'Nobody'",
        "UPDATE OR REPLACE set_up_changes SET id = 1 WHERE id = 2",
        "DELETE FROM set_up_changes",
        "INSERT OR REPLACE INTO set_up_changes SELECT * FROM set_up_changes WHERE id = 1",
    ],
)
async def test_the_record_of_changes_withstands(bench: Bench, attack: str):
    path = bench.store.path
    desk = opened(bench)
    await CHANGES["channel"](desk, OWNER)
    await CHANGES["roles"](desk, OWNER)
    before = await bench.store.read(lambda tx: tx.set_up.newest())
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as attacker,
        pytest.raises(sqlite3.IntegrityError, match="a change of the set-up"),
    ):
        attacker.execute(attack)
    async with open_store(path) as store:
        assert await store.read(lambda tx: tx.set_up.newest()) == before


def test_a_channel_that_was_picked_here_is_said_to_be_from_here():
    file = DiscordSettings(token="t", guild_id=1, channel_id=2, editors_channel_id=3)  # type: ignore[arg-type]
    of_the_file = of_file(file)
    picked = with_chosen(file, {Setting.CHANNEL: "9"})

    assert sources(load_policy(), picked, of_the_file) == {
        9: "/setup",
        3: "DESK_DISCORD__EDITORS_CHANNEL_ID",
    }
    assert sources(load_policy(), file, of_the_file)[2] == "DESK_DISCORD__CHANNEL_ID"

"""A change of the set-up is a line in the log channel: once, and where there is such a channel."""

from dataclasses import replace

import discord
import pytest

from bot.cards.staff.set_up_card import line
from bot.domain.ids import PersonId
from bot.domain.sayings import SetUpLine
from bot.domain.set_up import ChannelSeen, Setting, SetUpChange
from bot.domain.staff import Person
from bot.services.outbox_worker import turn
from bot.services.staff import set_up
from bot.services.staff.reminders import reminder_lane
from tests.services.desks import NOON, Bench
from tests.services.outside import PLACES, Channel
from tests.services.staff.test_set_up import OWNER, opened

LOG = 55


async def told(bench: Bench, channel: Channel) -> list[SetUpLine]:
    while await turn(reminder_lane(bench.desk, channel, None)):
        pass
    return [one.what for one in channel.said if isinstance(one.what, SetUpLine)]


async def test_each_change_is_one_line_without_a_sound(bench: Bench):
    channel = Channel(bench.clock, places=replace(PLACES, log_channel_id=LOG))
    desk = opened(bench)
    await set_up.choose_channel(desk, Setting.CHANNEL, ChannelSeen(id=30), OWNER)
    await set_up.choose_channel(desk, Setting.CHANNEL, ChannelSeen(id=30), OWNER)
    await set_up.choose_hours(desk, "Europe/Berlin", "21:00-06:00", OWNER)

    lines = await told(bench, channel)
    assert [one.change.setting for one in lines] == [
        Setting.CHANNEL,
        Setting.TIME_ZONE,
        Setting.QUIET_HOURS,
    ]
    assert all((one.channel_id, one.silent) == (LOG, True) for one in channel.said)
    bench.clock.pass_by(days=1)
    assert len(await told(bench, channel)) == 3


async def test_where_there_is_no_log_channel_nothing_is_said_and_nothing_waits(bench: Bench):
    channel = Channel(bench.clock)
    await set_up.choose_channel(opened(bench), Setting.CHANNEL, ChannelSeen(id=30), OWNER)
    assert await told(bench, channel) == []
    assert not await turn(reminder_lane(bench.desk, channel, None))


async def test_a_channel_that_is_down_is_told_later(bench: Bench):
    channel = Channel(bench.clock, places=replace(PLACES, log_channel_id=LOG), trouble="down")
    await set_up.choose_channel(opened(bench), Setting.CHANNEL, ChannelSeen(id=30), OWNER)
    assert await told(bench, channel) == []
    bench.clock.pass_by(hours=1)
    assert len(await told(bench, channel)) == 1


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        (Setting.CHANNEL, "30", "**Moderators' channel**: <#30>"),
        (Setting.MODERATOR_ROLES, "11,13", "**Moderator roles**: <@&11>, <@&13>"),
        (Setting.SENIOR_ROLES, "", "**Senior moderator roles**: none"),
        (Setting.RULES_OFF, "3,6", "**House rules**: all but 3, 6 on"),
        (Setting.RULES_OFF, "", "**House rules**: all on"),
        (Setting.TIME_ZONE, "Europe/Berlin", "**Time zone**: Europe/Berlin"),
        (Setting.QUIET_HOURS, "never", "**Quiet hours**: never"),
        (Setting.LOG_CHANNEL, None, "**Log channel**: as the desk's files have it"),
    ],
)
def test_a_line_says_what_was_set_and_by_whom(setting: Setting, value: str | None, said: str):
    who = Person(id=PersonId(9), name="Vera *the* @everyone")
    change = SetUpChange(setting=setting, value=value, was=None, by=who, at=NOON)
    [text] = [
        one.content
        for one in line(change).walk_children()
        if isinstance(one, discord.ui.TextDisplay)
    ]
    assert said in text
    assert "*the*" not in text
    assert "@everyone" not in text
    assert f"<t:{int(NOON.timestamp())}:f>" in text

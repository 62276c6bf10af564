"""How reports go is counted in whole days of the newsroom, also when its clocks change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.detection.events import Tier
from bot.domain.ids import SiteId
from bot.services.alerts.trends import Subject, Trend, trend
from tests.services.desks import SAM, Bench

SITE = SiteId("courier")
SUBJECTS = [
    Subject(site=SITE, tier=Tier.STORY, key="s1"),
    Subject(site=SITE, tier=Tier.COMMENTER, key="a1"),
    Subject(site=SITE, tier=Tier.SITE, key=""),
]
CHANGES = [
    # The zone, the day on which its clocks change, and how many half hours that has.
    ("Europe/London", (2026, 10, 25), 50),
    ("Europe/London", (2026, 3, 29), 46),
    ("Europe/Berlin", (2026, 10, 25), 50),
    ("America/New_York", (2026, 11, 1), 50),
    ("America/New_York", (2026, 3, 8), 46),
    ("Australia/Lord_Howe", (2026, 4, 5), 49),
    ("Australia/Lord_Howe", (2026, 10, 4), 47),
    ("Australia/Adelaide", (2026, 4, 5), 50),
    ("America/St_Johns", (2026, 3, 8), 46),
    # Midnight does not exist on that day, as the clocks leap over it.
    ("America/Santiago", (2026, 9, 6), 46),
    ("Africa/Cairo", (2026, 4, 24), 46),
    ("Asia/Beirut", (2026, 3, 29), 46),
    # The last hour of the day comes twice, and the first one.
    ("America/Santiago", (2026, 4, 4), 50),
    ("America/Havana", (2026, 11, 1), 50),
    ("Asia/Kolkata", (2026, 10, 25), 48),
]


def at_desk(bench: Bench, zone: ZoneInfo) -> None:
    bench.policy = replace(bench.policy, alerts=replace(bench.policy.alerts, zone=zone))


async def report_every_half_hour(bench: Bench, start: datetime, end: datetime) -> int:
    bench.clock.now = start + timedelta(minutes=15)
    while bench.clock.now < end:
        await bench.take()
        bench.clock.pass_by(minutes=30)
    return (end - start) // timedelta(minutes=30)


async def shown(bench: Bench, subject: Subject, now: datetime) -> Trend:
    bench.clock.now = now
    return await trend(bench.desk, subject, SAM)


@pytest.mark.parametrize(("zone", "date", "many"), CHANGES)
async def test_a_day_on_which_the_clocks_change_has_all_its_reports_and_no_others(
    bench: Bench, zone: str, date: tuple[int, int, int], many: int
):
    here = ZoneInfo(zone)
    at_desk(bench, here)
    midnight = datetime(*date, tzinfo=here)
    start, end = (day.astimezone(UTC) for day in (midnight, midnight + timedelta(days=1)))
    # The neighbours have one report each, close to the day.
    for moment in (start - timedelta(minutes=1), end + timedelta(minutes=1)):
        bench.clock.now = moment
        await bench.take()
    assert await report_every_half_hour(bench, start, end) == many

    for subject in SUBJECTS:
        late = await shown(bench, subject, end - timedelta(seconds=1))
        assert sum(late.today.counts) == many
        assert late.last_week == many + 1

        day_after = await shown(bench, subject, end + timedelta(hours=12))
        assert [sum(filter(None, line)) for line in day_after.week[-3:]] == [1, many, 1]
        assert len(day_after.week) == 7
        assert all(len(line) == 24 for line in day_after.week)

        week_after = await shown(bench, subject, end + timedelta(days=6, hours=23, seconds=-1))
        assert sum(week_after.today.before) == many


async def test_the_hours_are_those_of_the_newsrooms_clock(bench: Bench):
    here = ZoneInfo("Europe/London")
    at_desk(bench, here)
    # The clocks go back at two: the hour from one to two comes twice.
    for hour in (0, 1, 2, 3, 23):
        bench.clock.now = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        await bench.take()
    for subject in SUBJECTS:
        found = await shown(bench, subject, datetime(2026, 10, 25, 23, 59, tzinfo=UTC))
        assert {hour: count for hour, count in enumerate(found.week[-1]) if count} == {
            1: 2,
            2: 1,
            3: 1,
            23: 1,
        }


@pytest.mark.parametrize("hours", [-2, 2])
async def test_a_week_ago_is_the_same_time_of_the_day(bench: Bench, hours: int):
    here = ZoneInfo("Europe/London")
    at_desk(bench, here)
    at_nine = datetime(2026, 10, 21, 9, tzinfo=here)
    bench.clock.now = at_nine.astimezone(UTC) + timedelta(minutes=hours)
    await bench.take()
    now = datetime(2026, 10, 28, 9, tzinfo=here).astimezone(UTC)
    for subject in SUBJECTS:
        assert (await shown(bench, subject, now)).before == (hours < 0)


async def test_a_report_at_midnight_belongs_to_one_day(bench: Bench):
    here = ZoneInfo("Europe/London")
    at_desk(bench, here)
    bench.clock.now = datetime(2026, 11, 24, tzinfo=here).astimezone(UTC)
    await bench.take()
    for subject in SUBJECTS:
        found = await shown(bench, subject, datetime(2026, 11, 24, 12, tzinfo=UTC))
        assert found.last_week == 1
        assert sum(found.today.counts) == 1

"""The morning's summary, figure by figure, by the newsroom's own clock."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.alerts import AlertId
from bot.domain.comments import Story
from bot.domain.decisions import Action
from bot.domain.ids import CaseId
from bot.domain.stories import StoryState
from bot.services.alerts.digest import Digest, make
from bot.services.alerts.opinions import mark_story
from tests.services.desks import SAM, Bench
from tests.services.newsdesk import Newsdesk

AUCKLAND = ZoneInfo("Pacific/Auckland")
MORNING = datetime(2026, 11, 25, 7, 30, tzinfo=AUCKLAND)
"""Half past seven on Wednesday there; on Tuesday it was the 24th from 11:00 to 11:00 UTC."""
NOTHING = Digest(
    day="Tuesday",
    reports=0,
    week_before=None,
    kept=0,
    hidden=0,
    banned=0,
    spikes=(),
    busiest=(),
    waiting=0,
    oldest=None,
    oldest_at=None,
)


async def told(bench: Bench, at: datetime = MORNING) -> Digest | None:
    rules = replace(bench.policy.alerts, zone=AUCKLAND)
    bench.clock.now = at.astimezone(UTC)
    return await bench.store.read(lambda tx: make(tx, rules, bench.clock.now, at))


def story(name: str) -> Story:
    return Story(external_id=name, title=name.title(), url="")


async def take(bench: Bench, at: datetime, name: str, many: int = 1, about: str = "s1") -> None:
    bench.clock.now = at.astimezone(UTC)
    for _ in range(many):
        await bench.take(comment=name, author=name, story=story(about))


async def test_there_is_nothing_to_say_of_a_quiet_day(bench: Bench):
    assert await told(bench) is None


async def test_a_case_that_waits_is_told_of_though_the_day_was_quiet(bench: Bench):
    since = datetime(2026, 11, 20, 9, tzinfo=AUCKLAND)
    await take(bench, since, "old", about="s1")
    found = await told(bench)
    assert found == replace(NOTHING, waiting=1, oldest=1, oldest_at=since)
    assert found.oldest_at is not None
    assert found.oldest_at.tzinfo is AUCKLAND
    assert Digest.from_json(json.loads(found.to_json())) == found


async def test_a_day_without_anything_left_to_do_is_told_of(bench: Bench):
    await take(bench, datetime(2026, 11, 24, 12, tzinfo=AUCKLAND), "c1")
    await bench.decide(CaseId(1), Action.KEEP)
    assert await told(bench) == replace(NOTHING, reports=1, kept=1, busiest=(("S1", 1),))


@pytest.mark.parametrize(
    ("at", "reports", "week_before"),
    [
        (datetime(2026, 11, 23, 23, 59, 59, tzinfo=AUCKLAND), 0, None),
        (datetime(2026, 11, 24, 0, 0, tzinfo=AUCKLAND), 2, None),
        (datetime(2026, 11, 24, 23, 59, 59, tzinfo=AUCKLAND), 2, None),
        (datetime(2026, 11, 25, 0, 0, tzinfo=AUCKLAND), 0, None),
        (datetime(2026, 11, 16, 23, 59, 59, tzinfo=AUCKLAND), 0, None),
        (datetime(2026, 11, 17, 0, 0, tzinfo=AUCKLAND), 0, 2),
        (datetime(2026, 11, 17, 23, 59, 59, tzinfo=AUCKLAND), 0, 2),
        (datetime(2026, 11, 18, 0, 0, tzinfo=AUCKLAND), 0, None),
    ],
)
async def test_a_day_runs_from_midnight_to_midnight_there(
    bench: Bench, at: datetime, reports: int, week_before: int | None
):
    await take(bench, at, "c1", 2)
    found = await told(bench)
    assert found is not None
    assert (found.reports, found.week_before) == (reports, week_before)
    assert found.busiest == ((("S1", reports),) if reports else ())


async def test_what_was_decided_and_where_most_came_is_counted(bench: Bench):
    noon = datetime(2026, 11, 24, 12, tzinfo=AUCKLAND)
    for name, many in (("a", 1), ("b", 4), ("c", 3), ("d", 2)):
        await take(bench, noon, name, many, about=f"on {name}")
    acts = (Action.KEEP, Action.HIDE, Action.HIDE, Action.BAN)
    for number, action in enumerate(acts):
        name = f"more{number}"
        case = await bench.take(comment=name, author=name, story=story("on a"))
        lasting = timedelta(days=1) if action is Action.BAN else None
        await bench.decide(case, action, lasting=lasting)
    bench.clock.now = datetime(2026, 11, 25, 0, 0, tzinfo=AUCKLAND).astimezone(UTC)
    await bench.decide(await bench.take(comment="later", author="later"), Action.KEEP)
    assert await told(bench) == replace(
        NOTHING,
        reports=14,
        kept=1,
        hidden=2,
        banned=1,
        busiest=(("On A", 5), ("On B", 4), ("On C", 3)),
        waiting=4,
        oldest=1,
        oldest_at=noon,
    )


@pytest.mark.parametrize(
    ("before", "among"),
    [
        (timedelta(days=1, seconds=-60), True),
        (timedelta(days=1, seconds=60), False),
        (timedelta(seconds=60), True),
        (timedelta(seconds=-60), False),
    ],
)
async def test_the_spikes_are_those_since_the_summary_before(
    newsdesk: Newsdesk, before: timedelta, among: bool
):
    bench = newsdesk.bench
    await newsdesk.burst()
    await newsdesk.settle()
    opened = (await newsdesk.alerts())[0].opened_at
    found = await told(bench, (opened + before).astimezone(AUCKLAND))
    assert found is not None
    assert [label for label, _ in found.spikes] == (["Story s1"] if among else [])
    assert await mark_story(bench.desk, AlertId(1), StoryState.WATCH, SAM)
    found = await told(bench)
    assert found is not None
    assert found.stories == ("Story s1",)

"""Promises about an incident's life, kept by the watch as a whole."""

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from bot.domain.detection.brigades import Suspicion
from bot.domain.detection.events import ReportEvent, Tier
from bot.domain.detection.incidents import Kind, Notice, Stage
from bot.domain.detection.thresholds import Budget
from bot.domain.detection.watch import Watch
from tests.unit.detection.town import DAY, HOUR, MONDAY, fed, merged, mob, opened, ordinary

NOON = MONDAY + 10 * DAY + 12 * HOUR


def kinds(notices: list[Notice]) -> list[Kind]:
    return [notice.kind for notice in notices]


def until(reports: list[ReportEvent], at: float) -> list[ReportEvent]:
    return [report for report in reports if report.at < at]


@pytest.fixture(scope="module")
def at_noon(fortnight: list[ReportEvent]) -> Callable[[], Watch]:
    """Makes watches that have seen ordinary days until noon."""
    watch = Watch(Budget(a_week=1.0))
    fed(watch, until(fortnight, NOON))
    kept = pickle.dumps(watch)
    return lambda: pickle.loads(kept)  # noqa: S301 - our own


@pytest.fixture
def calm(at_noon: Callable[[], Watch]) -> Watch:
    return at_noon()


def test_a_brigade_is_told_within_twelve_reports(calm: Watch) -> None:
    notices = opened(fed(calm, mob(20, start=NOON)))
    assert len(notices) == 1
    facts = notices[0].facts
    assert (facts.tier, facts.key) == (Tier.STORY, "fresh")
    assert facts.reports <= 12
    assert facts.readers == facts.reports
    assert facts.began_at >= NOON
    assert notices[0].aloud
    assert facts.chance_weeks >= 1.0
    assert dict(facts.reasons).keys() <= {"hate", "insult"}


def test_an_ordinary_fortnight_is_nearly_silent(watch: Watch, fortnight: list[ReportEvent]) -> None:
    assert len(opened(fed(watch, fortnight))) <= 4


def test_one_reader_is_no_spike(calm: Watch) -> None:
    angry = [
        replace(report, reader="angry", comment=f"x{n}", author="hated")
        for n, report in enumerate(mob(30, start=NOON))
    ]
    assert not opened(fed(calm, angry))


def test_a_repeated_click_counts_once(calm: Watch) -> None:
    readers = mob(3, start=NOON, comments=1)
    clicks = [replace(r, at=r.at + n) for r in readers for n in range(20)]
    assert not opened(fed(calm, sorted(clicks, key=lambda r: r.at)))


def test_a_growing_spike_is_told_again_only_when_doubled(calm: Watch) -> None:
    notices = fed(calm, mob(60, start=NOON, comments=12))
    told = [n.facts.reports for n in notices if n.aloud]
    assert len(told) >= 3
    assert all(later >= 2 * sooner for sooner, later in pairwise(told))
    assert len({n.facts.number for n in notices}) == 1


def test_an_incident_ends_by_the_clock(calm: Watch) -> None:
    fed(calm, mob(20, start=NOON))
    last = NOON + 570
    assert kinds(list(calm.tick(last + 0.6 * HOUR))) == [Kind.COOLED]
    (over,) = calm.tick(last + 3 * HOUR)
    assert over.kind is Kind.CLOSED
    assert over.facts.stage is Stage.CLOSED
    assert over.facts.reports == 20
    assert over.facts.readers == pytest.approx(20, abs=1)
    assert over.at == pytest.approx(last + 1.5 * HOUR, abs=60)
    assert not over.aloud


def test_how_often_the_clock_ticks_does_not_matter(fortnight: list[ReportEvent]) -> None:
    stream = merged(until(fortnight, NOON + 4 * HOUR), mob(20, start=NOON))

    def told(step: float | None) -> list[tuple[Kind, float]]:
        watch = Watch(Budget())
        notices: list[Notice] = []
        next_tick = MONDAY
        for report in stream:
            while step and next_tick < report.at:
                notices += watch.tick(next_tick)
                next_tick += step
            notices += watch.observe(report)
        return [(n.kind, n.at) for n in notices if n.kind is not Kind.COOLED]

    without = told(None)
    assert without == told(30.0) == told(1111.0)
    assert Kind.CLOSED in {kind for kind, _ in without}


def test_a_spike_that_comes_back_keeps_its_number(calm: Watch) -> None:
    (first,) = opened(fed(calm, mob(15, start=NOON)))
    calm.tick(NOON + 3 * HOUR)
    (second,) = opened(fed(calm, mob(20, start=NOON + 4 * HOUR, reader="q")))
    assert second.kind is Kind.REOPENED
    assert second.facts.number == first.facts.number
    assert second.facts.times_opened == 2
    assert second.facts.reports > 15


def test_a_pile_on_is_one_incident_not_two(calm: Watch) -> None:
    notices = fed(calm, mob(40, start=NOON, comments=1, author="troll", minutes=20))
    assert len(opened(notices)) == 1
    joined = [n for n in notices if n.kind is Kind.JOINED]
    assert len(joined) == 1
    assert not joined[0].aloud


def test_a_surge_of_the_whole_site_takes_its_stories_in(watch: Watch) -> None:
    calm = ordinary(14, hourly=40)
    fed(watch, until(calm, NOON))
    surge = ordinary(1, hourly=1200, seed=9, start=NOON)[:900]
    known = {r.story: r for r in calm}
    stories = sorted(s for s, r in known.items() if NOON - DAY < (r.published or 0) < NOON)
    flood = [
        replace(r, story=stories[n % 12], published=known[stories[n % 12]].published,
                comment=f"f{n}", reader=f"f{n}")
        for n, r in enumerate(surge)
    ]  # fmt: skip
    notices = fed(watch, flood)
    site = [n for n in opened(notices) if n.facts.tier is Tier.SITE]
    assert len(site) == 1
    after = [n for n in opened(notices) if n.at > site[0].at]
    assert not after
    assert len([n for n in notices if n.aloud]) <= 10


def test_a_brigade_on_one_story_is_not_the_site(watch: Watch) -> None:
    calm = ordinary(14, hourly=4)
    fed(watch, until(calm, NOON))
    notices = fed(watch, mob(40, start=NOON, comments=13))
    assert [n.facts.tier for n in opened(notices)] == [Tier.STORY]


def test_a_muted_story_is_followed_in_silence(calm: Watch) -> None:
    calm.mute(Tier.STORY, "fresh", NOON + DAY)
    assert calm.mutes() == ((Tier.STORY, "fresh", NOON + DAY),)
    notices = fed(calm, mob(40, start=NOON, comments=12))
    assert notices
    assert not [n for n in notices if n.aloud]
    calm.tick(NOON + 2 * DAY)
    assert calm.mutes() == ()
    assert [n for n in fed(calm, mob(40, start=NOON + 2 * DAY, reader="w")) if n.aloud]


def test_a_false_alarm_falls_silent_and_is_counted(calm: Watch) -> None:
    (first,) = opened(fed(calm, mob(20, start=NOON)))
    judged = calm.judge(first.facts.number, real=False)
    assert judged is not None
    assert judged.real is False
    more = fed(calm, mob(60, start=NOON + 600, comments=20, reader="n"))
    assert not [n for n in more if n.aloud]
    record = calm.record(NOON + HOUR)
    assert record.false > 0
    assert record.budget == 1.0
    assert calm.judge(999, real=True) is None


def test_false_alarms_raise_the_threshold(
    at_noon: Callable[[], Watch], fortnight: list[ReportEvent]
) -> None:
    learnt, plain = at_noon(), at_noon()
    for watch in (learnt, plain):
        (first,) = opened(fed(watch, mob(20, start=NOON)))
        if watch is learnt:
            for _ in range(30):
                watch.judge(first.facts.number, real=False)
                watch.judge(first.facts.number, real=True)
        fed(watch, [r for r in fortnight if r.at > NOON + HOUR])
    assert learnt.threshold(Tier.STORY) > plain.threshold(Tier.STORY)


@pytest.fixture(scope="module")
def unbroken(
    at_noon: Callable[[], Watch], fortnight: list[ReportEvent]
) -> tuple[list[ReportEvent], list[tuple[Notice, ...]], Watch]:
    """What comes after noon, what is told on each report of it, and the watch at the end."""
    rest = merged(mob(40, start=NOON, comments=10), [r for r in fortnight if r.at >= NOON])
    watch = at_noon()
    return rest, [watch.observe(report) for report in rest], watch


@pytest.mark.parametrize("cut", [1, 4, 7, 12, 25, 39])
def test_a_restart_in_mid_incident_changes_nothing(
    cut: int,
    at_noon: Callable[[], Watch],
    unbroken: tuple[list[ReportEvent], list[tuple[Notice, ...]], Watch],
) -> None:
    rest, told, whole = unbroken
    stopped = at_noon()
    assert [stopped.observe(report) for report in rest[:cut]] == told[:cut]
    kept = json.loads(json.dumps(stopped.snapshot(), allow_nan=False))
    resumed = Watch(Budget())
    resumed.restore(kept)
    assert json.loads(json.dumps(resumed.snapshot())) == kept
    assert [resumed.observe(report) for report in rest[cut:]] == told[cut:]
    assert resumed.incidents() == whole.incidents()


def test_a_brigade_with_a_past_is_called_likely(watch: Watch, fortnight: list[ReportEvent]) -> None:
    fed(watch, until(fortnight, NOON - 6 * DAY))
    for n, target in enumerate(("t1", "t2", "t3")):
        start = NOON - (5 - n) * DAY
        earlier = mob(8, start=start, story=f"old{n}", author=target, comments=1, minutes=600)
        # Comments of their own: on the same ones they would be repeats, and no past.
        fed(watch, [replace(r, comment=f"{target} {r.comment}") for r in earlier])
    notices = fed(watch, mob(20, start=NOON, author="victim", comments=3))
    told = [n for n in notices if n.facts.coordination is not None][-1].facts.coordination
    assert told is not None
    assert told.suspicion is Suspicion.LIKELY


def test_strangers_are_not_called_a_brigade(calm: Watch, fortnight: list[ReportEvent]) -> None:
    regulars = list(dict.fromkeys(r.reader for r in fortnight))
    crowd = [
        replace(report, reader=regulars[7 * n]) for n, report in enumerate(mob(20, start=NOON))
    ]
    (first,) = opened(fed(calm, crowd))
    assert first.facts.coordination is None or (
        first.facts.coordination.suspicion is Suspicion.NONE
    )


def test_a_spike_is_rarer_the_more_it_grows(calm: Watch) -> None:
    notices = fed(calm, mob(60, start=NOON, comments=12))
    rarity = [notice.facts.chance_weeks for notice in notices]
    assert rarity == sorted(rarity)
    assert rarity[-1] > 100 * rarity[0]


def test_a_handful_of_reports_is_no_spike_where_nothing_is_known_yet(watch: Watch) -> None:
    assert not opened(fed(watch, mob(7, start=NOON)))


def test_a_crowd_is_a_spike_even_on_a_site_s_first_day(watch: Watch) -> None:
    first = opened(fed(watch, mob(30, start=NOON)))[0]
    assert first.facts.readers >= 8

"""Promises of the parts: the season, the crowd, the tail, the clock."""

import json
import math
import random
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.detection.baselines import Commenters
from bot.domain.detection.detector import Detector
from bot.domain.detection.events import ReportEvent, Tier
from bot.domain.detection.evidence import KeyTier, Track
from bot.domain.detection.season import Season
from bot.domain.detection.thresholds import Budget, Tail
from bot.domain.detection.watch import Watch
from tests.unit.detection.town import DAY, HOUR, MONDAY, fed, mob, opened, ordinary

LONDON = ZoneInfo("Europe/London")


def london(instant: float) -> float:
    offset = datetime.fromtimestamp(instant, LONDON).utcoffset()
    assert offset is not None
    return offset.total_seconds()


def instant(month: int, day: int, hour: int = 0, minute: int = 0) -> float:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON).timestamp()


def weeks(season: Season, start: float, count: int, busy: int) -> None:
    """Feed a site that gets 30 reports in one local hour of the day and one in the others."""
    at = start
    while at < start + count * 7 * DAY:
        local = int((at + london(at)) // HOUR) % 24
        for n in range(30 if local == busy else 1):
            season.advance(at + 60 * n)
            season.count()
        at += HOUR


def test_evicted_commenters_are_not_counted_again() -> None:
    commenters = Commenters()
    for _ in range(5):
        for n in range(3000):
            commenters.add(f"author {n}")
    assert commenters.known() == pytest.approx(3000, rel=0.15)


def test_a_table_that_evicts_keeps_the_shares() -> None:
    tier = KeyTier(alpha=0.3, pull=0.7, memory=20.0, forget=DAY, most=50)
    for n in range(500):
        tier.begin(f"k{n}", at=0.0, phi=0.0, born=0.0)
    assert len(tier) == 50


def test_the_first_commenters_are_not_expected_to_be_reported_for_ever() -> None:
    detector = Detector(Budget())
    troll = [
        ReportEvent(at=MONDAY + n * 6 * HOUR, story=f"s{n}", published=None, comment=f"t{n}",
                 author="troll", reader=f"r{n}")
        for n in range(120)
    ]  # fmt: skip
    stream = sorted([*ordinary(30), *troll], key=lambda r: r.at)
    alarms = [s for r in stream for s in detector.observe(r).signals if s.key == "troll"]
    assert not alarms


def test_daylight_saving_does_not_move_the_busy_hour() -> None:
    season = Season(5.0, london)
    weeks(season, instant(3, 2), 3, busy=9)
    summer = instant(4, 6, 9, 30)
    assert season.usual(summer) > 2 * season.usual(summer + HOUR)
    assert season.usual(summer) > 2 * season.usual(summer - HOUR)


def test_a_zone_a_half_hour_off_is_kept_too() -> None:
    season = Season(20.0, lambda _at: 5.5 * HOUR)
    season.advance(MONDAY)
    for n in range(24 * 60):
        season.advance(MONDAY + 60.0 * n)
        season.count()
    assert season.average() == pytest.approx(60, rel=0.25)


def test_an_outage_is_not_learned_from() -> None:
    watch, twin = Watch(Budget()), Watch(Budget())
    for one in (watch, twin):
        fed(one, ordinary(7))
    at = MONDAY + 7 * DAY + 12 * HOUR
    before = watch.usual(Tier.SITE, "", at)
    fed(watch, ordinary(1, start=MONDAY + 9 * DAY, seed=4))
    assert watch.usual(Tier.SITE, "", at) == pytest.approx(before, rel=0.25)


def test_late_reports_do_not_turn_time_back() -> None:
    straight, shuffled = Watch(Budget()), Watch(Budget())
    reports = ordinary(10)
    dice = random.Random(3)  # noqa: S311 - a repeatable crowd, not a secret
    late = sorted(reports, key=lambda r: r.at + dice.uniform(0, 120))
    fed(straight, reports)
    fed(shuffled, late)
    assert shuffled.usual(Tier.SITE, "", MONDAY + 11 * DAY) == pytest.approx(
        straight.usual(Tier.SITE, "", MONDAY + 11 * DAY), rel=0.05
    )


def test_a_clock_set_back_is_followed_without_an_alarm() -> None:
    watch = Watch(Budget())
    town = ordinary(12)
    fed(watch, [r for r in town if r.at < MONDAY + 10 * DAY])
    later = [replace(r, at=r.at - 3 * HOUR) for r in town if r.at >= MONDAY + 10 * DAY]
    assert not opened(fed(watch, later))
    busy = watch.usual(Tier.SITE, "", MONDAY + 14 * DAY + 14 * HOUR)
    assert busy > watch.usual(Tier.SITE, "", MONDAY + 14 * DAY + 3 * HOUR)
    noon = MONDAY + 12 * DAY
    (first,) = opened(fed(watch, mob(25, start=noon)))
    assert noon <= first.at <= noon + 600


def test_one_report_from_next_year_does_not_blind_the_watch() -> None:
    watch = Watch(Budget())
    town = ordinary(12)
    fed(watch, [r for r in town if r.at < MONDAY + 10 * DAY])
    stray = mob(1, start=MONDAY + 375 * DAY, story="stray")
    assert not opened(fed(watch, stray))
    assert not opened(fed(watch, [r for r in town if r.at >= MONDAY + 10 * DAY]))
    noon = MONDAY + 12 * DAY
    assert opened(fed(watch, mob(25, start=noon)))


def test_the_tail_finds_what_is_exceeded_so_often() -> None:
    dice = random.Random(2)  # noqa: S311 - a repeatable crowd, not a secret
    tail = Tail(width=0.25, slope=0.75, trust=12.0, span=2.5)
    for _ in range(20):
        for _ in range(30):
            tail.move(None, min(5.0 + dice.expovariate(1.1), 30.0))
        tail.age(1.0)
    found = tail.threshold(0.5, limit=25.0)
    assert found is not None
    truth = 5.0 + math.log(30 * 7 / 0.5) / 1.1
    assert found.value == pytest.approx(truth, abs=0.8)


def test_what_alerted_does_not_raise_the_threshold() -> None:
    dice = random.Random(2)  # noqa: S311 - a repeatable crowd, not a secret

    def filled(limit: float, *, real: int) -> float:
        tail = Tail(width=0.25, slope=0.75, trust=12.0, span=2.5)
        for _ in range(40):
            peaks = [4.0 + dice.expovariate(0.9) for _ in range(20)]
            for peak in [*peaks, *([14.0] * real)]:
                tail.move(None, peak)
                if peak > limit:
                    tail.move(peak, None)
            tail.age(1.0)
        found = tail.threshold(0.5, limit=limit)
        assert found is not None
        return found.value

    assert filled(10.0, real=3) == pytest.approx(filled(10.0, real=0), abs=0.6)


def test_an_empty_tail_knows_nothing() -> None:
    assert Tail(width=0.25, slope=0.75, trust=12.0, span=2.5).threshold(1.0, 10.0) is None


@pytest.mark.parametrize("tier", list(Tier))
def test_a_larger_budget_alerts_sooner(tier: Tier) -> None:
    thresholds = [
        Budget(a_week=n).threshold(tier, weekly=8400, measured=None, new=False)
        for n in (0.5, 1.0, 3.0, 7.0)
    ]
    assert thresholds == sorted(thresholds, reverse=True)


def test_no_budget_is_refused() -> None:
    with pytest.raises(ValueError, match="more than none"):
        Budget(a_week=0.0)


def test_a_key_stays_under_one_kilobyte() -> None:
    track = Track(at=MONDAY, phi=1.5, born=MONDAY)
    track.readers = (1 << 256) - 1
    assert len(json.dumps(track.pack())) < 1000


def test_a_prior_far_too_low_costs_few_false_alarms() -> None:
    watch = Watch(Budget(), hourly=8.0)
    assert len(opened(fed(watch, ordinary(7, hourly=40.0)))) <= 3

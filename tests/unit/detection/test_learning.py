"""Promises about what becomes usual, and what must not."""

import json
from dataclasses import replace

import pytest

from bot.domain.detection.detector import Detector
from bot.domain.detection.events import ReportEvent, Tier
from bot.domain.detection.incidents import Kind
from bot.domain.detection.season import Season
from bot.domain.detection.surge import Surge
from bot.domain.detection.thresholds import Budget
from bot.domain.detection.watch import Watch
from tests.unit.detection.town import DAY, HOUR, MONDAY, fed, merged, mob, opened, ordinary

NOON = MONDAY + 10 * DAY + 12 * HOUR


def test_whoever_has_a_fifth_of_the_reports_does_not_alert_every_day() -> None:
    troll = [
        replace(r, author="troll", reader=f"reader {n}", comment=f"troll {r.comment}")
        for n, r in enumerate(ordinary(56, hourly=1.0, seed=7))
    ]
    watch = Watch(Budget(), hourly=5.0)
    told = opened(fed(watch, merged(ordinary(56, hourly=4.0), troll)))
    on_the_troll = [n for n in told if n.facts.key == "troll" and n.at > MONDAY + 21 * DAY]
    assert len(on_the_troll) <= 2
    assert watch.usual(Tier.COMMENTER, "troll", MONDAY + 54 * DAY + 12 * HOUR) > 0.5
    mobbed = fed(watch, mob(20, start=MONDAY + 56 * DAY + 12 * HOUR, author="troll", comments=2))
    assert opened(mobbed)


def test_one_brigade_does_not_become_what_is_usual(
    watch: Watch, fortnight: list[ReportEvent]
) -> None:
    before = [r for r in fortnight if r.at < NOON]
    fed(watch, before)
    fed(watch, mob(30, start=NOON, author="hated", comments=1))
    watch.tick(NOON + 3 * HOUR)
    assert watch.usual(Tier.COMMENTER, "hated", NOON) < 0.2


@pytest.mark.parametrize("hourly", [50.0, 500.0])
def test_a_far_larger_site_than_guessed_is_known_within_days(hourly: float) -> None:
    season = Season(20.0)
    at = MONDAY
    while at < MONDAY + 4 * DAY:
        season.advance(at)
        season.count()
        at += HOUR / hourly
    assert season.average() == pytest.approx(hourly, rel=0.15)


def test_a_surge_of_an_hour_is_not_taken_for_usual_but_a_change_that_lasts_is() -> None:
    season = Season(20.0)
    at = MONDAY

    def pass_by(hours: float, hourly: float) -> None:
        nonlocal at
        end = at + hours * HOUR
        while at < end:
            season.advance(at)
            season.count()
            at += HOUR / hourly

    pass_by(10 * 24, 20)
    pass_by(1, 400)
    assert season.average() < 22.0
    pass_by(10 * 24, 60)
    assert season.average() > 40.0


def test_soon_after_a_surge_only_a_higher_one_is_news() -> None:
    season = Season(20.0)
    surge = Surge(season)
    season.advance(MONDAY)
    for n in range(200):
        season.advance(MONDAY + 3 * n)
        surge.weigh(MONDAY + 3 * n)
    first = surge.weigh(MONDAY + 600)
    assert first > surge.threshold
    surge.alert()
    surge.settle()
    assert surge.wanted() == pytest.approx(first)
    season.advance(MONDAY + 6.5 * HOUR)
    surge.weigh(MONDAY + 6.5 * HOUR)
    assert surge.threshold < surge.wanted() < 0.6 * first + 0.4 * surge.threshold
    season.advance(MONDAY + 13 * HOUR)
    surge.weigh(MONDAY + 13 * HOUR)
    assert surge.wanted() == surge.threshold


def test_a_story_that_makes_most_of_a_surge_gets_an_alert_of_its_own(
    watch: Watch, fortnight: list[ReportEvent]
) -> None:
    fed(watch, [r for r in fortnight if r.at < NOON])
    crowd = [
        replace(r, story=f"s1-{250 + n % 20}", author=f"b{n}", comment=f"x{n}")
        for n, r in enumerate(mob(120, start=NOON, minutes=20, reader="crowd"))
    ]
    brigade = mob(120, start=NOON + 20 * 60, minutes=20, reader="brigade")
    notices = fed(watch, merged(crowd, brigade))
    told = [(n.facts.tier, n.facts.key) for n in opened(notices)]
    assert told[0] == (Tier.SITE, "")
    assert (Tier.STORY, "fresh") in told
    (alone,) = [n for n in opened(notices) if n.facts.key == "fresh"]
    assert alone.aloud
    last = [n for n in notices if n.facts.tier is Tier.SITE][-1]
    assert (Tier.STORY, "fresh") not in last.facts.joined


def test_a_changed_budget_takes_hold_at_once(watch: Watch, fortnight: list[ReportEvent]) -> None:
    fed(watch, [r for r in fortnight if r.at < NOON])
    before = {tier: watch.threshold(tier) for tier in Tier}
    watch.set_budget(10.0)
    assert all(watch.threshold(tier) < before[tier] for tier in Tier)


def test_the_memory_of_an_earlier_version_can_be_read(
    watch: Watch, fortnight: list[ReportEvent]
) -> None:
    fed(watch, [r for r in fortnight if r.at < NOON])
    state = json.loads(json.dumps(watch.snapshot()))
    for name in ("_evidence", "_height", "_settled", "_doubted"):
        del state["detector"]["surge"][name]
    del state["detector"]["_part"]
    for tier in state["detector"]["tiers"].values():
        tier["tracks"] = [[key, packed[:14]] for key, packed in tier["tracks"]]
    again = Watch(Budget())
    again.restore(state)
    often = fortnight[0].author
    before = watch.usual(Tier.COMMENTER, often, NOON)
    fed(again, mob(3, start=NOON - HOUR, story="elsewhere", reader="new", comments=3))
    assert again.usual(Tier.COMMENTER, often, NOON) == pytest.approx(before, rel=0.1)
    (first, *_) = fed(again, mob(20, start=NOON))
    assert first.kind is Kind.OPENED


def test_whoever_was_reported_early_does_not_seem_quiet_later() -> None:
    # At first few commenters are known, and so each seems due a large part of the reports.
    detector = Detector(Budget(), hourly=300.0)
    for n in range(24 * 300):
        detector.observe(
            ReportEvent(
                at=MONDAY + n * HOUR / 300,
                story=f"s{n % 50}",
                published=MONDAY - DAY,
                comment=f"c{n}",
                author="regular" if n % 60 == 0 else f"a{n * 7919 % 8000}",
                reader=f"r{n}",
            )
        )
    usual = detector.usual(Tier.COMMENTER, "regular", MONDAY + DAY)
    assert usual / detector.season.usual(MONDAY + DAY) == pytest.approx(1 / 60, rel=0.4)

"""Promises about who is called a brigade, on the made-up readers of the bench."""

import json
from typing import Any

import pytest

from bot.domain.detection.brigades import Sign, Suspicion
from bot.domain.detection.events import ReportEvent, Tier
from bot.domain.detection.recent_reports import RecentReports
from tests.bench.spikes.brigades import Level, Town, crowd, judged, part, settled

CROWDS = 40
SIZES = (10,)


@pytest.fixture(scope="module")
def town() -> Town:
    return Town(7)


@pytest.fixture(scope="module")
def memory(town: Town) -> dict[str, Any]:
    return settled(town, 6_000, 10).snapshot()


@pytest.mark.parametrize(
    ("level", "possible", "likely"),
    [(Level.BLATANT, 0.8, 0.5), (Level.ORGANISED, 0.97, 0.95), (Level.STEALTHY, 0.75, 0.5)],
)
def test_brigades_of_ten_are_seen(
    town: Town, memory: dict[str, Any], level: Level, possible: float, likely: float
) -> None:
    found = _verdicts(town, memory, level)
    assert part(found, Suspicion.POSSIBLE) >= possible
    assert part(found, Suspicion.LIKELY) >= likely


def test_organic_crowds_of_ten_are_let_be(town: Town, memory: dict[str, Any]) -> None:
    found = _verdicts(town, memory, Level.ORGANIC)
    assert part(found, Suspicion.POSSIBLE) <= 0.1
    assert part(found, Suspicion.LIKELY) <= 0.025


def test_to_a_desk_that_has_just_begun_new_readers_say_nothing() -> None:
    town = Town(8)
    memory = settled(town, 200, 0).snapshot()
    found = _verdicts(town, memory, Level.ORGANIC)
    assert part(found, Suspicion.LIKELY) == 0.0
    assert not any(clue.sign is Sign.NEW_READERS for one in found for clue in one.clues)


def test_a_memory_that_was_kept_says_the_very_same(town: Town, memory: dict[str, Any]) -> None:
    one, other = RecentReports(), RecentReports()
    one.restore(memory)
    other.restore(json.loads(json.dumps(memory)))
    town.dice.seed(7)
    mob = crowd(town, Level.BLATANT, 20)
    assert judged(one, mob, (5, 20), over=True) == judged(other, mob, (5, 20), over=True)
    assert one.snapshot() == other.snapshot()


def test_a_memory_of_an_earlier_version_is_read() -> None:
    """Of what is usual it held the referrers' counts and an overlap; both start anew."""
    recent = RecentReports()
    report = ReportEvent(at=9.0, story="s", published=None, comment="c", author="a", reader="r1")
    recent.keep(report, 9.0)
    state = recent.snapshot()
    del state["usual"], state["readers"]["last"], state["readers"]["pairs"]
    state["readers"]["organic"] = [-7.4, 20.0]
    state["referrers"] = [["t.co", 3.0]]

    again = RecentReports()
    again.restore(json.loads(json.dumps(state)))

    assert len(again.of((Tier.STORY, "s"), 0.0)) == 1
    again.keep(report, 10.0)
    assert again.of((Tier.STORY, "s"), 10.0)[0].new is False
    assert again.snapshot()["usual"] != RecentReports().snapshot()["usual"]


def _verdicts(town: Town, memory: dict[str, Any], level: Level) -> list[Any]:
    town.dice.seed(7)  # whatever other tests drew before
    recent = RecentReports()
    recent.restore(memory)
    reports = tuple(recent._recent)  # thousands, which never change: read once for all crowds
    found: list[Any] = []
    for _ in range(CROWDS):
        recent.restore({**memory, "recent": ()})
        recent._recent.extend(reports)
        found += judged(recent, crowd(town, level, SIZES[-1]), SIZES)
    return found


def test_no_report_is_kept_for_longer_than_five_weeks() -> None:
    recent = RecentReports()
    for day in range(60):
        report = ReportEvent(at=0.0, story="s", published=None, comment="c", author="a", reader="r")
        recent.keep(report, day * 86_400.0)
    assert len(recent.of((Tier.STORY, "s"), 0.0)) == 36

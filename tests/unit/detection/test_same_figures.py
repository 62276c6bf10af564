"""Two weeks at a small town's site, figure by figure: no change of the detector goes unseen.

What the detector is worth is measured by `make bench-spikes`, which takes its time and judges the
whole. Here every figure that it keeps of fixed reports is held against those of the version that
was measured. Whoever means to change one measures first, then writes them anew:

    PYTHONPATH=. python -m tests.unit.detection.test_same_figures
"""

import json
import math
import sys
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.domain.detection.events import ReportEvent, Tier
from bot.domain.detection.incidents import Kind, Notice
from bot.domain.detection.thresholds import Budget
from bot.domain.detection.watch import Watch
from tests.unit.detection.town import DAY, HOUR, MONDAY, merged, mob, ordinary

KEPT = Path(__file__).with_name("figures.json")
DAYS = 14
WEDNESDAY, FRIDAY, TUESDAY = MONDAY + 2 * DAY, MONDAY + 4 * DAY, MONDAY + 8 * DAY


def reports() -> list[ReportEvent]:
    """Return ordinary days, a night without reports, spikes of each kind, and a brigade."""
    usual = [one for one in ordinary(DAYS) if not FRIDAY < one.at < FRIDAY + 6 * HOUR]
    brigade = [
        replace(one, note="Vote this down, all of you", referrer="forum.example")
        for one in mob(40, start=TUESDAY + 20 * HOUR, story="s1-150", minutes=30, reader="b")
    ]
    again = [replace(one, at=one.at + DAY) for one in brigade]
    return merged(
        usual,
        mob(60, start=WEDNESDAY + 12 * HOUR),
        mob(25, start=WEDNESDAY + 15 * HOUR, story="other", author="loud", comments=9, reader="x"),
        mob(30, start=TUESDAY + 3 * HOUR, story="night", reader="n"),
        brigade,
        again,
        *(mob(12, start=TUESDAY + 30 * HOUR, story=f"wide{n}", reader=f"w{n}") for n in range(5)),
    )


def told(notice: Notice) -> list[Any]:
    facts = notice.facts
    return [notice.kind, facts.tier, facts.key]


def numbers(state: Any, found: list[float]) -> list[float]:
    """Add every number of a state to those found, in its order; there are millions in two weeks."""
    if isinstance(state, float):
        found.append(state)
    elif isinstance(state, str):
        found.append(_of_text(state))
    elif isinstance(state, int | None):
        found.append(float(state or 0))
    elif isinstance(state, dict):
        for key, value in state.items():
            numbers(key, found)
            numbers(value, found)
    else:
        for value in state:
            numbers(value, found)
    return found


@cache
def _of_text(text: str) -> float:
    return float(sum(map(ord, text)))


def mark(state: Any) -> list[float]:
    """Return how many numbers there are, and a sum in which each has a weight of its own place.

    Moments count from Monday, and large numbers by their logarithm, so that none drowns others.
    """
    found = [value - MONDAY if value > MONDAY / 2 else value for value in numbers(state, [])]
    sized = (math.asinh(value) * (1 + place % 97) for place, value in enumerate(found))
    return [len(found), math.fsum(sized)]


def figures() -> dict[str, Any]:
    """Return what the detector says and keeps, at the end of each day."""
    watch = Watch(Budget(a_week=1.0))
    said: list[Any] = []
    facts: list[Any] = []
    kept: list[Any] = []
    day = MONDAY + DAY
    hour = MONDAY
    for report in reports():
        while report.at > hour:
            notices = watch.tick(hour)
            said += map(told, notices)
            facts += [mark(asdict(one.facts)) for one in notices]
            hour += HOUR / 4
        if report.at > day:
            kept.append(_of_a_day(watch, day))
            day += DAY
            # Nothing of what follows may be another for a restart in between.
            again = Watch(Budget(a_week=1.0))
            again.restore(json.loads(json.dumps(watch.snapshot())))
            watch = again
        for notice in watch.observe(report):
            said.append(told(notice))
            facts.append(mark(asdict(notice.facts)))
            if notice.kind is Kind.OPENED and notice.facts.key == "night":
                watch.judge(notice.facts.number, real=False)
                watch.mute(Tier.STORY, "wide1", report.at + 2 * DAY)
    return {"said": said, "facts": facts, "kept": kept, "record": mark(asdict(watch.record(day)))}


def _of_a_day(watch: Watch, at: float) -> dict[str, Any]:
    state = watch.snapshot()
    parts = {name: part for name, part in state.items() if name != "detector"}
    parts |= {f"detector {name}": part for name, part in state["detector"].items()}
    return {
        "thresholds": [watch.threshold(tier) for tier in Tier],
        "usual": [
            watch.usual(tier, key, at + ahead)
            for tier, key in ((Tier.SITE, ""), (Tier.STORY, "s1-30"), (Tier.COMMENTER, "a7"))
            for ahead in (0.0, 7 * HOUR, 15 * HOUR)
        ],
        "incidents": mark([asdict(facts) for facts in watch.incidents()]),
        "state": {name: mark(part) for name, part in parts.items()},
    }


@pytest.fixture(scope="module")
def now() -> dict[str, Any]:
    return json.loads(json.dumps(figures()))


@pytest.fixture(scope="module")
def then() -> dict[str, Any]:
    return json.loads(KEPT.read_text(encoding="utf-8"))


def test_the_same_is_said_in_the_same_order(now: dict[str, Any], then: dict[str, Any]):
    assert now["said"] == then["said"]
    assert {kind for kind, _, _ in now["said"]} >= {"opened", "joined", "cooled", "closed"}


def test_the_same_is_said_of_each(now: dict[str, Any], then: dict[str, Any]):
    assert len(now["facts"]) == len(now["said"])
    assert now["facts"] == [pytest.approx(one, rel=1e-9) for one in then["facts"]]


@pytest.mark.parametrize("day", range(DAYS - 1))
def test_every_figure_is_what_it_was(now: dict[str, Any], then: dict[str, Any], day: int):
    was, found = then["kept"][day], now["kept"][day]

    for name in ("thresholds", "usual", "incidents"):
        assert found[name] == pytest.approx(was[name], rel=1e-9), name
    assert found["state"].keys() == was["state"].keys()
    for name, part in was["state"].items():
        assert found["state"][name] == pytest.approx(part, rel=1e-9), name


def test_the_record_of_alerts_is_what_it_was(now: dict[str, Any], then: dict[str, Any]):
    assert now["record"] == pytest.approx(then["record"], rel=1e-9)


if __name__ == "__main__":
    KEPT.write_text(json.dumps(figures(), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{KEPT} was written anew.\n")

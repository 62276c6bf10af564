"""What is usual of stories and commenters, figure by figure."""

import json
import math

import pytest

from bot.domain.detection.baselines import (
    FRESH,
    REGISTERS,
    STALE,
    UNKNOWN,
    Commenters,
    Stories,
)

FADED = math.exp(-1)
"""What is left of a story that appeared one `FRESH` ago."""


def stories(*published: float, at: float) -> Stories:
    found = Stories()
    found.advance(at)
    for born in published:
        found.add(born)
    return found


def test_a_story_counts_less_the_older_it_is_when_it_is_first_seen() -> None:
    found = stories(0.0, FRESH, 2 * FRESH, at=FRESH)
    assert found.snapshot() == [pytest.approx(FADED + 1 + 1), FRESH]


def test_stories_age_together_and_never_backwards() -> None:
    found = stories(FRESH, FRESH, at=FRESH)
    for to in (2 * FRESH, FRESH):
        found.advance(to)
        assert found.snapshot() == [pytest.approx(2 * FADED), 2 * FRESH]


def test_a_clock_that_was_set_counts_the_stories_afresh() -> None:
    found = stories(*[10.0 * FRESH] * 5, at=10 * FRESH)
    found.rejuvenate([FRESH, 2 * FRESH], 2 * FRESH)
    assert found.snapshot() == [pytest.approx(FADED + 1), 2 * FRESH]
    found.rejuvenate([], 3 * FRESH)
    assert found.snapshot() == [0.0, 3 * FRESH]


def test_a_story_gets_its_part_among_those_that_are_fresh() -> None:
    four = stories(*[0.0] * 4, at=0.0)
    assert four.share(0.0, 0.0) == pytest.approx((1 + STALE) / 4)
    assert four.share(0.0, FRESH) == pytest.approx((FADED + STALE) / 4)
    assert four.share(1.0, 0.0) == four.share(0.0, 0.0)  # nothing is younger than new
    assert Stories().share(0.0, 0.0) == pytest.approx(1 + STALE)  # never more than there is


def test_stories_survive_a_restart() -> None:
    before, after = stories(0.0, at=FRESH), Stories()
    after.restore(json.loads(json.dumps(before.snapshot())))
    assert after.snapshot() == before.snapshot()


def test_nobody_is_known_at_first_and_nobody_counts_twice() -> None:
    found = Commenters()
    assert (found.known(), found.share()) == (0.0, 1 / UNKNOWN)
    found.add("a")
    once = found.known()
    assert once == pytest.approx(1.0, rel=0.01)
    found.add("a")
    assert found.known() == once
    assert found.share() == 1 / (UNKNOWN + once)


@pytest.mark.parametrize("many", [30, 300, 5_000])
def test_few_and_many_commenters_are_counted_well(many: int) -> None:
    found = Commenters()
    for number in range(many):
        found.add(f"a{number}")
    assert found.known() == pytest.approx(many, rel=0.15)


def test_commenters_survive_a_restart_and_the_snapshot_stays_as_it_was() -> None:
    before, after = Commenters(), Commenters()
    before.add("a")
    kept = before.snapshot()
    assert len(kept) == REGISTERS
    after.restore(kept)
    assert after.known() == before.known() > 0
    before.add("b")
    after.add("c")
    assert sum(map(bool, kept)) == 1, "a snapshot is a copy"


def test_a_full_table_of_low_registers_is_not_taken_for_an_empty_one() -> None:
    full = Commenters()
    full.restore([1] * REGISTERS)
    bias = 0.7213 / (1 + 1.079 / REGISTERS)
    assert full.known() == pytest.approx(bias * REGISTERS * 2)
    one_free = Commenters()
    one_free.restore([1] * (REGISTERS - 1) + [0])
    assert one_free.known() == pytest.approx(REGISTERS * math.log(REGISTERS))
    high = Commenters()
    high.restore([10] * (REGISTERS - 1) + [0])
    raw = bias * REGISTERS**2 / ((REGISTERS - 1) * 2.0**-10 + 1)
    assert high.known() == pytest.approx(raw)

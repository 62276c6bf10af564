"""Nobody in a group under five is made out, neither by a row nor by what the rows add up to."""

from collections import defaultdict
from itertools import product

import pytest

from bot.domain.readers.small_groups import FEWEST, at_least, told


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_no_small_group_can_be_calculated_from_what_is_published(rows: int):
    """Whatever is published must be said of several months, in each of which the group differs."""
    published = defaultdict[str, list[tuple[int, ...]]](list)
    for counts in product(range(20), repeat=rows):
        published[repr(told(dict(enumerate(counts))))].append(counts)
    for said, months in published.items():
        for row in range(rows):
            could_be = {month[row] for month in months}
            if any(0 < count < FEWEST for count in could_be):
                assert len(could_be) > 1, (said, months)


def test_a_breakdown_adds_up_and_tells_every_row_once():
    for counts in product(range(8), repeat=4):
        found = told(dict(enumerate(counts)))
        assert sorted([*found.rows, *found.together]) == [0, 1, 2, 3]
        assert found.total == at_least(sum(counts))
        assert all(count == 0 or count >= FEWEST for count in found.rows.values())
        if found.rest is not None and found.total is not None:
            assert sum(found.rows.values()) + found.rest == found.total


def test_what_needs_no_hiding_is_told_as_it_is():
    found = told({"a": 5, "b": 0, "c": 70})
    assert (found.rows, found.together, found.total) == ({"a": 5, "b": 0, "c": 70}, (), 75)


def test_a_small_group_beside_a_large_one_is_not_left_alone():
    found = told({"a": 4, "b": 90, "c": 6})
    assert (found.rows, found.together, found.rest) == ({"b": 90}, ("a", "c"), 10)


def test_a_few_in_all_are_fewer_than_five():
    found = told({"a": 1, "b": 0, "c": 2})
    assert (found.total, found.rest, found.rows) == (None, None, {})


@pytest.mark.parametrize(("count", "said"), [(0, 0), (1, None), (4, None), (5, 5), (60, 60)])
def test_a_count_by_itself(count: int, said: int | None):
    assert at_least(count) == said

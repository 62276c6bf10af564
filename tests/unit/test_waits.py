"""How long it took, with what is not over counted as lasting at least so long."""

from datetime import timedelta

import pytest

from bot.domain.readers.waits import Wait, within


def hours(*many: float) -> list[timedelta]:
    return [timedelta(hours=one) for one in many]


@pytest.mark.parametrize(
    ("over", "waiting", "share", "expected"),
    [
        # All over: the shortest time within which at least the share was.
        ([1, 2, 3, 4], [], 0.5, (2, False)),
        ([1, 2, 3, 4, 5], [], 0.5, (3, False)),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [], 0.9, (9, False)),
        ([5], [], 0.5, (5, False)),
        ([3, 3, 3, 9], [], 0.5, (3, False)),
        ([0], [], 0.9, (0, False)),
        # Two quick ones do not hide three that nobody has looked at.
        ([1, 2], [50, 60, 70], 0.5, (70, True)),
        # Those that came late and still wait say nothing of what takes longer.
        ([1, 2], [0.5, 0.5, 0.5], 0.5, (1, False)),
        # By hand: 5/6 after 1, 4/6 after 2; one is gone at 2.5, so 4/6 * 2/3 = 0.44 after 3.
        ([1, 2, 3], [2.5, 4, 5], 0.5, (3, False)),
        ([1, 2, 3], [2.5, 4, 5], 0.9, (5, True)),
        # What is over at the same time as another was last seen waiting was still at risk.
        ([2], [2], 0.5, (2, False)),
        ([], [4, 9], 0.5, (9, True)),
        ([1] * 9, [100], 0.9, (1, False)),
        ([1] * 8, [100] * 2, 0.9, (100, True)),
    ],
)
def test_the_share_that_was_over_within_a_time(over, waiting, share, expected):
    time, longer = expected
    found = within(hours(*over), hours(*waiting), share)
    assert found == Wait(time=timedelta(hours=time), longer=longer)


def test_of_nothing_there_is_no_wait():
    assert within([], [], 0.5) is None


def test_leaving_a_case_lying_never_makes_the_desk_look_quicker():
    quick = hours(1, 2, 3, 4)
    without = within(quick, [], 0.5)
    for waited in range(1, 200):
        found = within(quick, hours(*[waited] * 5), 0.5)
        assert found is not None
        assert without is not None
        assert (found.longer, found.time) >= (False, without.time)

"""What is worked out of the same figures is the same."""

from tests.unit.readings.sums import KEPT, sums


def test_the_same_comes_of_the_same_figures():
    """`sums.py` says how they are written anew."""
    assert sums() == KEPT.read_text(encoding="utf-8").split("\n")[:-1]

"""What a report weighs: nothing is known of strangers, and nobody weighs less than nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.comments import ReaderRecord, weight


@given(st.lists(st.booleans(), max_size=400))
def test_a_weight_stays_between_nothing_and_three(outcomes: list[bool]):
    record = ReaderRecord()
    for right in outcomes:
        record = record.judged(right=right)

    assert 0.0 <= weight(record) <= 3.0
    assert record.agreed + record.disagreed <= 100.0001


@pytest.mark.parametrize(
    ("agreed", "disagreed", "expected"),
    [(0, 0, 1.0), (5, 0, 1.0), (7, 3, 1.0), (0, 20, 0.0), (3, 3, 0.63), (20, 0, 3.0)],
)
def test_seven_in_ten_right_is_where_a_reader_weighs_as_a_stranger(
    agreed: int, disagreed: int, expected: float
):
    record = ReaderRecord(agreed=agreed, disagreed=disagreed)

    assert weight(record) == pytest.approx(expected, abs=0.01)


def test_a_judgement_taken_back_leaves_the_record_as_it_was():
    before = ReaderRecord(agreed=4, disagreed=2)

    assert before.judged(right=True).taken_back(right=True) == before


def test_old_judgements_fade():
    record = ReaderRecord()
    for _ in range(100):
        record = record.judged(right=False)
    for _ in range(150):
        record = record.judged(right=True)

    assert weight(record) > 1.0

"""Lengths of time as people write them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import NotUnderstood
from bot.domain.lengths import Length, moved, take
from bot.domain.lines import Words

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ((2026, 1, 31, 9), Length(months=1), (2026, 2, 28, 9)),
        ((2028, 1, 31, 9), Length(months=1), (2028, 2, 29, 9)),
        ((2028, 2, 29, 9), Length(months=12), (2029, 2, 28, 9)),
        ((2026, 12, 15, 9), Length(months=1), (2027, 1, 15, 9)),
        ((2026, 10, 15, 9), Length(months=1), (2026, 11, 15, 9)),
        ((2026, 3, 15, 9), Length(months=1), (2026, 4, 15, 9)),
        ((2026, 3, 15, 9), Length(months=1, time=timedelta(days=2)), (2026, 4, 17, 9)),
    ],
)
def test_months_are_those_of_the_newsroom_s_calendar(
    start: tuple[int, int, int, int], length: Length, end: tuple[int, int, int, int]
):
    begun = datetime(*start, tzinfo=LONDON).astimezone(UTC)
    assert length.end(begun, LONDON) == datetime(*end, tzinfo=LONDON)


def test_months_may_be_counted_back():
    moment = datetime(2026, 3, 31, 8, tzinfo=UTC)
    assert moved(moment, -1, LONDON) == datetime(2026, 2, 28, 9, tzinfo=LONDON)


def test_the_end_of_the_calendar_is_told():
    with pytest.raises(OverflowError):
        moved(datetime(9999, 12, 1, tzinfo=UTC), 1, LONDON)


@given(text=st.text(max_size=40), expected=st.booleans())
def test_any_words_are_a_length_or_none_or_refused_in_a_sentence(text: str, *, expected: bool):
    said = ""
    taken = None
    try:
        taken = take(Words.of(text), expected=expected)
    except NotUnderstood as refused:
        said = str(refused)
    assert not said or said.endswith(".")
    assert taken is None or taken.count >= 1

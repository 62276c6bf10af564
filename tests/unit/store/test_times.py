from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.times import moment, moment_if, stored

ZONES = st.integers(-23, 23).map(lambda hours: timezone(timedelta(hours=hours)))
# A year from either end, as a zone may shift the moment over it.
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=ZONES)  # noqa: DTZ001  # hypothesis adds the zone


@given(MOMENTS)
def test_a_moment_comes_back_exactly_and_in_utc(when):
    back = moment(stored(when))
    assert back == when
    assert back.tzinfo is UTC


@given(MOMENTS, MOMENTS)
def test_what_is_stored_sorts_as_time_does(one, other):
    assert (stored(one) < stored(other)) == (one < other)


def test_nothing_stays_nothing():
    assert stored(None) is None
    assert moment_if(None) is None


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(TypeError):
        stored(datetime(2026, 3, 2))  # noqa: DTZ001  # the point of the test

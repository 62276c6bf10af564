"""Of what may be written for a time that need not be told, what is one is known by its century."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.models import TIME_PATTERN, TOLD_TIME_PATTERN
from bot.web.reading import Unreadable, _told


@given(st.from_regex(re.compile(TOLD_TIME_PATTERN, re.ASCII)).map(str.strip))
def test_what_is_let_in_and_is_no_time_is_none(written: str):
    is_time = re.fullmatch(TIME_PATTERN, written) is not None
    try:
        assert (_told("comment.created", written) is not None) is is_time
    except Unreadable:  # as on the 31st of a month that has 30 days
        assert is_time


@pytest.mark.parametrize("written", ["1699-12-31", "2200-01-01", "0001-01-01", "-000-", "", None])
def test_other_centuries_are_none(written: str | None):
    assert _told("comment.created", written) is None


@pytest.mark.parametrize("written", ["1700-01-01T00:00:00Z", "2199-12-31T23:59:59Z"])
def test_the_first_and_the_last_are_times(written: str):
    assert _told("comment.created", written) is not None

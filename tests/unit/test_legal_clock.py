"""The two clocks of a legal notice, against days that were looked up."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.legal import (
    bank_holidays,
    counts,
    due_in_48_hours,
    easter_sunday,
    poster_answers_by,
)

LONDON = ZoneInfo("Europe/London")


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2024, 3, 31), (2026, 4, 5), (2038, 4, 25)],
)
def test_easter_falls_where_it_falls(year: int, month: int, day: int):
    assert easter_sunday(year) == date(year, month, day)


@pytest.mark.parametrize(
    ("year", "days"),
    [
        # As published on gov.uk for England and Wales.
        (2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
        (2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"),
        (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
        (2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
        (2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),
    ],
)
def test_the_eight_bank_holidays_with_their_substitutes(year: int, days: str):
    published = {date.fromisoformat(f"{year}-{day}") for day in days.split()}
    assert bank_holidays(year) - {date(year, 12, 25)} == published - {date(year, 12, 25)}
    assert not counts(date(year, 12, 25))


def test_new_year_on_a_saturday_is_taken_on_the_monday():
    assert date(2022, 1, 3) in bank_holidays(2022)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-24 12:00", "2026-11-26 12:00"),  # within a week
        ("2026-11-26 12:00", "2026-11-30 12:00"),  # over a weekend
        ("2026-11-28 15:00", "2026-12-02 00:00"),  # begins on a Saturday
        ("2026-04-02 10:00", "2026-04-08 10:00"),  # over Good Friday and Easter Monday
        ("2026-12-24 09:00", "2026-12-30 09:00"),  # over Christmas, Boxing Day on the Monday
        ("2026-03-26 12:00", "2026-03-30 12:00"),  # summer time begins on the Sunday
    ],
)
def test_48_hours_leave_out_what_does_not_count(start: str, end: str):
    assert due_in_48_hours(london(start)) == london(end)


def test_the_poster_has_until_midnight_after_the_fifth_day():
    assert poster_answers_by(london("2026-11-24 09:00")) == london("2026-11-30 00:00")
    assert poster_answers_by(london("2026-11-24 23:59")) == london("2026-11-30 00:00")
    # Late in the evening in London, in summer time, is the next day nowhere else that matters.
    assert poster_answers_by(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == london("2026-07-08 00:00")


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2060, 1, 1)))  # noqa: DTZ001 - made aware below
def test_the_clock_never_ends_early_nor_on_a_day_that_does_not_count(moment: datetime):
    start = moment.replace(tzinfo=UTC)
    end = due_in_48_hours(start)
    assert end - start >= timedelta(hours=48)
    assert end - start <= timedelta(days=9)
    assert counts((end - timedelta(microseconds=1)).astimezone(LONDON).date())

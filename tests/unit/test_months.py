"""A month runs from midnight to midnight by the newsroom's clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import NotUnderstood
from bot.domain.readers.months import check_month, month_of, read_month, read_period

LONDON = ZoneInfo("Europe/London")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("zone", "said", "start", "end"),
    [
        ("Europe/London", "2026-11", at(2026, 11, 1), at(2026, 12, 1)),
        ("Europe/London", "2026-07", at(2026, 6, 30, 23), at(2026, 7, 31, 23)),
        # The clocks change within it.
        ("Europe/London", "2026-10", at(2026, 9, 30, 23), at(2026, 11, 1)),
        ("Europe/Berlin", "2026-12", at(2026, 11, 30, 23), at(2026, 12, 31, 23)),
        ("America/New_York", "2026-03", at(2026, 3, 1, 5), at(2026, 4, 1, 4)),
        ("Pacific/Kiritimati", "2026-02", at(2026, 1, 31, 10), at(2026, 2, 28, 10)),
        ("Europe/London", "2028-02", at(2028, 2, 1), at(2028, 3, 1)),
    ],
)
def test_a_month_in_a_zone(zone: str, said: str, start: datetime, end: datetime):
    month = read_month(said, ZoneInfo(zone))
    assert (month.start, month.end, month.written) == (start, end, said)
    assert not month.is_over(end - timedelta(microseconds=1))
    assert month.is_over(end)
    assert month_of(start, ZoneInfo(zone)) == month
    assert month_of(end, ZoneInfo(zone)).start == end


@pytest.mark.parametrize(
    "said",
    [
        *("", "2026", "2026-13", "2026-00", "2026-1", "26-11", "2026/11", "2026-11-01", "November"),
        *("2026-11\n2026-12", "0001-01", "9999-12", "\u0662\u0660\u0662\u0666-11", "-2026-11"),
    ],
)
def test_what_is_no_month_is_refused(said: str):
    with pytest.raises(NotUnderstood, match=r"no month\. Write .* 2026-11"):
        read_month(said, LONDON)


def test_a_month_that_has_not_begun_is_refused():
    with pytest.raises(NotUnderstood, match="December 2026 has not begun"):
        check_month(read_month("2026-12", LONDON), at(2026, 3, 1), at(2026, 11, 30, 23, 59))
    check_month(read_month("2026-12", LONDON), at(2026, 3, 1), at(2026, 12, 1))


def test_a_month_before_the_record_is_refused():
    with pytest.raises(NotUnderstood, match=r"begins in March 2026, .* Ask for 2026-03"):
        check_month(read_month("2026-02", LONDON), at(2026, 3, 1), at(2026, 11, 1))
    check_month(read_month("2026-03", LONDON), at(2026, 3, 31), at(2026, 11, 1))
    check_month(read_month("2026-02", LONDON), at(2026, 2, 28, 23, 59, 59), at(2026, 11, 1))


def test_where_nothing_happened_yet_there_is_no_month():
    with pytest.raises(NotUnderstood, match="Nothing was reported or decided yet"):
        check_month(read_month("2026-02", LONDON), None, at(2026, 11, 1))


def test_a_year_is_twelve_months_by_the_newsrooms_clock():
    year = read_period("2026", ZoneInfo("Europe/Berlin"))
    assert (year.start, year.end) == (at(2025, 12, 31, 23), at(2026, 12, 31, 23))
    assert (year.written, year.name) == ("2026", "2026")
    assert read_period("2026-11", LONDON) == read_month("2026-11", LONDON)


@pytest.mark.parametrize("said", ["", "26", "20266", "0001", "9999", "-2026", "2026-13", "year"])
def test_what_is_neither_a_month_nor_a_year_is_refused(said: str):
    with pytest.raises(NotUnderstood):
        read_period(said, LONDON)

"""The two clocks of section 5 of the Defamation Act 2013 and of SI 2013/3028; not legal advice.

48 hours, in which Saturdays, Sundays and the bank holidays of England and Wales do not count, and
five days, which all do. A holiday that is proclaimed once, as for a coronation, is not known here:
then a clock runs out a day too early, never too late.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_LONDON: Final = ZoneInfo("Europe/London")
_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_MONDAY: Final = 0


def due_in_48_hours(start: datetime) -> datetime:
    """Return when 48 counted hours after a moment are over."""
    left, at = timedelta(hours=48), start.astimezone(UTC)
    while True:
        day = at.astimezone(_LONDON).date()
        midnight = _midnight(day + _DAY)
        if counts(day):
            if midnight - at >= left:
                return at + left
            left -= midnight - at
        at = midnight


def poster_answers_by(told: datetime) -> datetime:
    """Return the midnight at the end of the fifth day after the one on which a poster was told."""
    return _midnight(told.astimezone(_LONDON).date() + 6 * _DAY)


def counts(day: date) -> bool:
    """Whether the hours of a day count."""
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year)


def bank_holidays(year: int) -> frozenset[date]:
    """Return the bank holidays of England and Wales in a year, with their substitute days."""
    easter = easter_sunday(year)
    christmas = _substituted(date(year, 12, 25), ())
    return frozenset(
        {
            _substituted(date(year, 1, 1), ()),
            easter - 2 * _DAY,
            easter + _DAY,
            _monday_from(date(year, 5, 1)),
            _monday_from(date(year, 5, 25)),
            _monday_from(date(year, 8, 25)),
            christmas,
            _substituted(date(year, 12, 26), (christmas,)),
            # Christmas Day and Good Friday are left out of the count as such.
            date(year, 12, 25),
        }
    )


def easter_sunday(year: int) -> date:
    """Return Easter Sunday, by the reckoning that Butcher published in 1876."""
    century, rest = divmod(year, 100)
    moon = year % 19
    leaps, over = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * moon + century - leaps - shift + 15) % 30
    quarter, single = divmod(rest, 4)
    weekday = (32 + 2 * over + 2 * quarter - epact - single) % 7
    correction = (moon + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


def _substituted(day: date, taken: tuple[date, ...]) -> date:
    """Return the day, or the next one that is neither on a weekend nor taken."""
    while day.weekday() >= _SATURDAY or day in taken:
        day += _DAY
    return day


def _monday_from(day: date) -> date:
    return day + timedelta(days=(_MONDAY - day.weekday()) % 7)


def _midnight(day: date) -> datetime:
    """Return when a day begins in London."""
    return datetime.combine(day, time(0), _LONDON).astimezone(UTC)

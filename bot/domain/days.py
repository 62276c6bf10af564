"""Days and moments of the past as people write them: ``1/11``, ``12dec``, ``monday``, ``30min``."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from bot.domain import lengths
from bot.domain.errors import NotUnderstood
from bot.domain.lines import Words, plainly

_WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_NEAR: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}
_SHORTEST_WEEKDAY, _SHORTEST_MONTH = 2, 3
_ISO: Final = re.compile(r"([12]\d{3})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_YEAR: Final = r"(?:[-/.,\s]*([12]\d{3}|\d{2}))?"
_BRITISH: Final = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})(?!\d){_YEAR}")
_NAMED: Final = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[-/.\s]*([a-z]{{3,9}})\.?{_YEAR}")
_TURNED: Final = re.compile(rf"([a-z]{{3,9}})\.?[-/.\s]*(\d{{1,2}})(?!\d)(?:st|nd|rd|th)?{_YEAR}")
_WHOLE: Final = re.compile(r"([a-z]{3,9})[-/.,\s]*([12]\d{3})?")
_LEAP: Final = 8
"""Years within which every day of the calendar comes once."""


def moment(said: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Return the beginning of the day, or the moment so long ago, that somebody means.

    `None` if it is neither. Days are those of `zone`.
    """
    word = " ".join(plainly(said).lower().split())
    local = now.astimezone(zone)
    day = _day(word, local.date())
    if day is not None:
        return datetime.combine(day, time(), zone)
    return _ago(word.removesuffix(" ago"), local, zone)


def _ago(word: str, local: datetime, zone: tzinfo) -> datetime | None:
    words = Words.of(word)
    try:
        taken = lengths.take(words, expected=True)
        if taken is None or taken.length is None or words.at(taken.count):
            return None
        # Days are those of the calendar, so that a week ago is the same time of day.
        ago = taken.length.time
        back = lengths.moved(local, -taken.length.months, zone) - timedelta(days=ago.days)
        return (back.astimezone(UTC) - timedelta(seconds=ago.seconds)).astimezone(zone)
    except (NotUnderstood, OverflowError):
        return None


def _day(word: str, today: date) -> date | None:
    """Return a day, the last such one where no year is said."""
    if word in _NEAR:
        return today + timedelta(days=_NEAR[word])
    name = word.removeprefix("last ")
    days = _begun(name, _WEEKDAYS, _SHORTEST_WEEKDAY)
    if days is not None:
        return today - timedelta(days=(today.weekday() - days) % 7 or 7)
    return next((day for day in _dated(word, today) if day is not None), None)


def _dated(word: str, today: date) -> Iterator[date | None]:
    if found := _ISO.fullmatch(word):
        yield _date(found[1], int(found[2] or 1), int(found[3] or 1), today)
    elif found := _BRITISH.fullmatch(word):
        yield _date(found[3], int(found[2]), int(found[1]), today)
    else:
        yield from _by_name(word, today)


def _by_name(word: str, today: date) -> Iterator[date | None]:
    for shape, day, month, year in ((_NAMED, 1, 2, 3), (_TURNED, 2, 1, 3), (_WHOLE, 0, 1, 2)):
        found = shape.fullmatch(word)
        number = _begun(found[month], _MONTHS, _SHORTEST_MONTH) if found else None
        if found and number is not None:
            yield _date(found[year], number + 1, int(found[day]) if day else 1, today)


def _begun(word: str, names: tuple[str, ...], shortest: int) -> int | None:
    """Return which one name a word begins."""
    if len(word) < shortest:
        return None
    fitting = [place for place, name in enumerate(names) if name.startswith(word)]
    return fitting[0] if len(fitting) == 1 else None


def _date(year: str | None, month: int, day: int, today: date) -> date | None:
    for one in _years(year, today):
        try:
            found = date(one, month, day)
        except ValueError:
            continue
        if year is not None or found <= today:
            return found
    return None


def _years(year: str | None, today: date) -> range:
    """Return the years that a day may be of, the likeliest first; the last ones where none is said."""
    if year is None:
        return range(today.year, max(today.year - _LEAP, 1), -1)
    century = 2000 if len(year) == 2 else 0  # noqa: PLR2004 - 26 is 2026
    return range(century + int(year), 10**4)[:1]

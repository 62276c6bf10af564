"""Lengths of time as people write them: ``7d``, ``1d12h``, ``1 day and 12 hours``, ``a week``.

    length  = piece {[and] piece}          each piece of a smaller unit than the one before
    piece   = number unit                  1.5d, 7 days, two weeks, half a day, a fortnight

Months and years are the calendar's: a month from 31 January ends on the last day of February.
What looks like a length and cannot be read is refused by name, so that its number is never taken
for a rule and its unit never for a note.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from difflib import get_close_matches
from fractions import Fraction
from itertools import pairwise
from typing import Final

from bot.domain.errors import NotUnderstood
from bot.domain.lines import Words

FOREVER: Final = frozenset(
    {"forever", "permanent", "permanently", "perm", "permaban", "indefinitely"}
)
"""Words for a ban that does not end."""

_AFTER_FOR: Final = frozenset({"good", "ever", "life"})
_MINUTE, _HOUR, _DAY, _WEEK = 1, 60, 24 * 60, 7 * 24 * 60
_MONTH, _YEAR = -1, -12
"""Units: minutes where they are always as long, and months below 0."""

UNITS: Final = {
    **dict.fromkeys(("min", "mins", "minute", "minutes"), _MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), _HOUR),
    **dict.fromkeys(("d", "day", "days"), _DAY),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), _WEEK),
    **dict.fromkeys(("fortnight", "fortnights"), 2 * _WEEK),
    **dict.fromkeys(("mo", "mos", "mth", "mths", "month", "months"), _MONTH),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), _YEAR),
}
_UNREAD: Final = frozenset(
    [
        "m",
        "s",
        "secs",
        "seconds",
        "nights",
        "weekends",
        "quarter",
        "quarters",
        "seasons",
        "decade",
        "decades",
        "century",
        "centuries",
        "working",
        "business",
        "calendar",
    ]
)
"""What people measure time in, and nothing here is."""
_SPELT: Final = tuple(unit for unit in UNITS if len(unit) >= 4)  # noqa: PLR2004 - day, but not mo
_CLOSE_ENOUGH: Final = 0.85
_COUNTS: Final = {
    word: Fraction(number)
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        1,
    )
}
_A: Final = frozenset({"a", "an"})
_NUMBER: Final = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,3})?")
_GLUED: Final = re.compile(r"(?:[0-9]{1,6}(?:[.,][0-9]{1,3})?-?[a-z]+)+")
_GLUED_PIECE: Final = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,3})?)-?([a-z]+)")
_ORDINAL: Final = re.compile(r"[0-9]+(?:st|nd|rd|th)")
_TRY: Final = "Write 12h, 7d, 2w or 1mo."


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """Calendar months, and time on top of them."""

    months: int = 0
    time: timedelta = timedelta()

    def end(self, start: datetime, zone: tzinfo) -> datetime:
        """Return the moment so long after `start`, months by the calendar of the zone.

        Raises:
            OverflowError: That is beyond the calendar.
        """
        return moved(start, self.months, zone) + self.time


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A length that was read, `None` for ever, and how many words it takes."""

    length: Length | None
    count: int


@dataclass(frozen=True, slots=True)
class _Piece:
    number: Fraction
    unit: int
    count: int


def moved(moment: datetime, months: int, zone: tzinfo) -> datetime:
    """Return the same time of day some months later, or earlier, on the last day if need be.

    Raises:
        OverflowError: That is beyond the calendar.
    """
    if not months:
        return moment
    local = moment.astimezone(zone)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    for day in range(local.day, 27, -1):
        try:
            return local.replace(year=year, month=month + 1, day=day).astimezone(moment.tzinfo)
        except ValueError:
            continue
    try:
        return local.replace(year=year, month=month + 1).astimezone(moment.tzinfo)
    except ValueError as error:
        raise OverflowError(str(error)) from error


def take(words: Words, *, expected: bool) -> Taken | None:
    """Return the length that the next words say, `None` if they say none.

    Where none is `expected`, a number before a word that is nearly a unit is left alone, and so
    is one before a lone ``h``, which may be an order.

    Raises:
        NotUnderstood: They begin like one, and say none that can be read.
    """
    start = 1 if words.at(0) == "for" else 0
    first = words.at(start)
    if first in FOREVER or (start and first in _AFTER_FOR):
        return Taken(length=None, count=start + 1)
    if first in {"until", "till", "til"}:
        raise NotUnderstood(
            f'I cannot read "{first} {words.at(start + 1)}". Say how long instead: 12h, 7d or 1mo.'
        )
    pieces, count = _pieces(words, start, expected=expected)
    if not pieces:
        return None
    said = " ".join(words.at(place) for place in range(start, count))
    return Taken(length=_sum(pieces, said), count=count)


def number_of(word: str) -> Fraction | None:
    """Return the number that a word is, in digits or spelt out, `None` if it is none."""
    if _NUMBER.fullmatch(word):
        return Fraction(word.replace(",", "."))
    return _COUNTS.get(word)


def _pieces(words: Words, start: int, *, expected: bool) -> tuple[list[_Piece], int]:
    """Return the pieces from there on, and the place after them."""
    pieces: list[_Piece] = []
    place = start
    while True:
        joined = 1 if pieces and words.at(place) in {"and", "&"} else 0
        found = _piece(words, place + joined) or _numbered(
            words, place + joined, more=bool(pieces), expected=expected
        )
        if not found or (pieces and not _smaller(found[0].unit, pieces[-1].unit)):
            return _and_a_half(words, pieces, place)
        pieces += found
        place += joined + sum(one.count for one in found)


def _and_a_half(words: Words, pieces: list[_Piece], place: int) -> tuple[list[_Piece], int]:
    """Read the end of ``a day and a half``."""
    if pieces and (words.at(place), words.at(place + 1), words.at(place + 2)) == (
        "and",
        "a",
        "half",
    ):
        pieces.append(_Piece(Fraction(1, 2), pieces[-1].unit, 3))
        place += 3
    return pieces, place


def _piece(words: Words, place: int) -> list[_Piece]:
    """Return what stands there, but for a number and a unit apart."""
    word, after = words.at(place), words.at(place + 1)
    if _GLUED.fullmatch(word) and not _ORDINAL.fullmatch(word):
        return _glued(word)
    if word == "half":
        return _counted(words, Fraction(1, 2), place, 2 if after in _A else 1)
    if word in _A:
        half = after == "half"
        return _counted(words, Fraction(1, 2 if half else 1), place, 2 if half else 1)
    if word in {"fortnight", "fortnights"}:
        return [_Piece(Fraction(1), UNITS[word], 1)]
    return []


def _numbered(words: Words, place: int, *, more: bool, expected: bool) -> list[_Piece]:
    word = words.at(place)
    unit = _after(words, place)
    number = number_of(word)
    if number is None or (unit == "h" and not expected):
        return []
    if unit == "h" and more:
        raise NotUnderstood(
            f'"{word} h" may be hours or another order, so nothing was done. Write {word}h '
            "without a space if you mean hours."
        )
    if unit in UNITS:
        return _counted(words, number, place, 1)
    if expected and _is_misspelt(unit):
        raise _unread(f"{word} {unit}")
    if not word.isalnum():
        raise _unread(word)
    return []


def _after(words: Words, place: int) -> str:
    return words.at(place + 1) if words.follows(place + 1) else ""


def _is_misspelt(unit: str) -> bool:
    return unit in _UNREAD or bool(get_close_matches(unit, _SPELT, 1, _CLOSE_ENOUGH))


def _counted(words: Words, number: Fraction, place: int, taken: int) -> list[_Piece]:
    unit = UNITS.get(words.at(place + taken))
    return [_Piece(number, unit, taken + 1)] if unit is not None else []


def _glued(word: str) -> list[_Piece]:
    read = _GLUED_PIECE.findall(word)
    known = [name in UNITS for _, name in read]
    if not all(known):
        if any(known) or read[-1][1] in _UNREAD:
            raise _unread(word)
        return []
    units = [UNITS[name] for _, name in read]
    if any(not _smaller(later, unit) for unit, later in pairwise(units)):
        raise _unread(word)
    counts = [0] * (len(read) - 1) + [1]
    return [
        _Piece(Fraction(number.replace(",", ".")), unit, count)
        for (number, _), unit, count in zip(read, units, counts, strict=True)
    ]


def _smaller(unit: int, than: int) -> bool:
    if than < 0:
        return unit > than
    return 0 < unit < than


def _sum(pieces: list[_Piece], said: str) -> Length:
    months = sum((one.number * -one.unit for one in pieces if one.unit < 0), Fraction())
    minutes = sum((one.number * one.unit for one in pieces if one.unit > 0), Fraction())
    if months.denominator != 1 or minutes.denominator != 1:
        raise _unread(said)
    # Beyond any ban; a timedelta of a million weeks cannot be made.
    if minutes > 10**9 or months > 10**5:
        raise NotUnderstood(f'"{said}" is longer than anything here lasts. {_TRY}')
    return Length(months=int(months), time=timedelta(minutes=int(minutes)))


def _unread(said: str) -> NotUnderstood:
    if re.fullmatch(r".*\dm|[0-9]+ m", said):
        return NotUnderstood(
            f'"{said}" may be minutes or months. Write {said.rstrip("m").strip()}mo for months, '
            "or the hours or days."
        )
    return NotUnderstood(f'I cannot read the length "{said}". {_TRY}')

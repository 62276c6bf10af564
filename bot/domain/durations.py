"""How long a ban lasts: as typed, as offered, as suggested, and in words."""

import re
from datetime import timedelta
from typing import Final

from bot.domain.errors import NotUnderstood

OFFERED: Final = tuple(timedelta(days=days) for days in (1, 3, 7, 30, 90))
"""The lengths a moderator may pick from; for good is offered beside them."""

LONGEST: Final = timedelta(days=365)
"""A longer ban is a ban for good, and should be asked for as one."""

FOREVER: Final = frozenset({"forever", "permanent", "permanently", "perm"})
"""Words for a ban that does not end."""

_UNITS: Final = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_NAMES: Final = {
    "hour": "h",
    "hours": "h",
    "hr": "h",
    "hrs": "h",
    "day": "d",
    "days": "d",
    "week": "w",
    "weeks": "w",
    "wk": "w",
    "wks": "w",
}
_SHAPE: Final = re.compile(r"([0-9]{1,6})([a-z]+)")


def spelled_unit(word: str) -> str | None:
    """Return `h`, `d` or `w` for a unit written out in lower case, `None` for anything else."""
    return _NAMES.get(word)


def parse(word: str) -> timedelta | None:
    """Return the length a word such as ``12h``, ``7d``, ``7days`` or ``2w`` says.

    `None` if the word is not of that shape; for good is not a length, see `FOREVER`.

    Raises:
        NotUnderstood: It is of that shape, but is nothing or more than a year.
    """
    shape = _SHAPE.fullmatch(word)
    letter = _NAMES.get(shape[2], shape[2]) if shape else ""
    if shape is None or letter not in _UNITS:
        return None
    count = int(shape[1])
    if count == 0:
        raise NotUnderstood(f'"{word}" is no time at all. A ban lasts at least 1h.')
    # Compared as a number first: a timedelta of a million weeks cannot be made.
    if count > LONGEST / _UNITS[letter]:
        raise NotUnderstood(
            f'"{word}" is more than a year. Write up to {LONGEST.days}d, or forever.'
        )
    return count * _UNITS[letter]


def of_days(days: int) -> timedelta | None:
    """Return the length that a form's option stands for, `None` (for good) for 0.

    An option that was never offered stays too long or too short, so that it is refused.
    """
    return timedelta(days=max(-1, min(days, 2 * LONGEST.days))) if days else None


def in_words(lasting: timedelta | None) -> str:
    """Return a length as people say it: ``7 days``, ``12 hours``, ``for good`` for `None`."""
    if lasting is None:
        return "for good"
    hours = round(lasting / timedelta(hours=1))
    count, name = (hours // 24, "day") if hours % 24 == 0 else (hours, "hour")
    return f"{count} {name}" if count == 1 else f"{count} {name}s"

"""How the paper writes times, and what it says to its readers."""

from datetime import datetime
from zoneinfo import ZoneInfo

_HERE = ZoneInfo("Europe/London")

NO_TEXT = "There is nothing to post yet. Please write something first."
TOO_LONG = "That is too long: comments have at most 2,000 characters, and yours has {length:,}."
ELSEWHERE = "This form was sent from another site, so nothing was done."


def day(time: datetime) -> str:
    """Write a date, such as ``Tuesday 3 March 2026``."""
    here = time.astimezone(_HERE)
    return f"{here:%A} {here.day} {here:%B} {here.year}"


def moment(time: datetime) -> str:
    """Write a date and time, such as ``3 March, 2.03pm``."""
    here = time.astimezone(_HERE)
    hour = here.hour % 12 or 12
    return f"{here.day} {here:%B}, {hour}.{here:%M}{'am' if here.hour < 12 else 'pm'}"  # noqa: PLR2004 - noon

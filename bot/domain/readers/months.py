"""A month as a newsroom counts it: from midnight to midnight by its own clock."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Final

from bot.domain.errors import NotUnderstood

_WRITTEN: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_YEAR: Final = re.compile(r"[0-9]{4}")
_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A calendar month in a time zone, or `months` of them, as a year is twelve.

    It begins at `start` and is over at `end`, which belongs to the month after; both are in UTC.
    """

    year: int
    month: int
    zone: tzinfo
    months: int = 1

    @property
    def start(self) -> datetime:
        """When it begins; where the clocks leap over midnight, at the leap."""
        return datetime(self.year, self.month, 1, tzinfo=self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """When the month after begins."""
        years, month = divmod(self.month + self.months - 1, _DECEMBER)
        return datetime(self.year + years, month + 1, 1, tzinfo=self.zone).astimezone(UTC)

    @property
    def written(self) -> str:
        """How it is asked for: ``2026-11``."""
        return f"{self.year:04}" if self._is_year else f"{self.year:04}-{self.month:02}"

    @property
    def name(self) -> str:
        """How people call it: ``November 2026``."""
        return str(self.year) if self._is_year else f"{_NAMES[self.month - 1]} {self.year}"

    @property
    def _is_year(self) -> bool:
        return self.months == _DECEMBER

    def is_over(self, now: datetime) -> bool:
        """Whether nothing more can happen in it."""
        return now >= self.end


_NAMES: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def month_of(moment: datetime, zone: tzinfo) -> Month:
    """Return the month in which a moment lies."""
    there = moment.astimezone(zone)
    return Month(year=there.year, month=there.month, zone=zone)


def read_month(said: str, zone: tzinfo) -> Month:
    """Return the month that somebody wrote.

    Raises:
        NotUnderstood: It is none.
    """
    found = _WRITTEN.fullmatch(said.strip())
    # The first and the last year cannot be told in every time zone.
    if found is None or not 1 < int(found[1]) < 9999:  # noqa: PLR2004 - what a date can say
        raise NotUnderstood(f'"{said}" is no month. Write the year and the month, as 2026-11.')
    return Month(year=int(found[1]), month=int(found[2]), zone=zone)


def read_period(said: str, zone: tzinfo) -> Month:
    """Return the month that somebody wrote, or the year: ``2026``.

    Raises:
        NotUnderstood: It is neither.
    """
    year = said.strip()
    if not _YEAR.fullmatch(year):
        return read_month(said, zone)
    january = read_month(f"{year}-01", zone)
    return replace(january, months=_DECEMBER)


def check_month(month: Month, first: datetime | None, now: datetime) -> None:
    """Let a month pass of which there can be something to count.

    Args:
        month: The month.
        first: When the first report or decision came that is on record, `None` if none did.
        now: The time.

    Raises:
        NotUnderstood: The month has not begun, or was over before the record began.
    """
    if now < month.start:
        raise NotUnderstood(f"{month.name} has not begun, so there is nothing to count yet.")
    if first is None:
        raise NotUnderstood("Nothing was reported or decided yet, so there is nothing to count.")
    if month.is_over(first):
        begins = month_of(first, month.zone)
        raise NotUnderstood(
            f"The record begins in {begins.name}, so there is nothing to count for {month.name}. "
            f"Ask for {begins.written} or a later month."
        )

"""The sentences of the readers' pages, a file for each language."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import TypedDict

_HERE = Path(__file__).parent / "strings"

DEFAULT = "en"


class Dates(TypedDict):
    """How a moment is said; `first` is what the first day of a month is called."""

    when: str
    first: str
    months: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language: its code, its name in itself, how it is written, and its sentences.

    `read_by` is the native speaker who has read it, empty if none has. Times are said by the clock
    of a `zone`, the newsroom's.
    """

    code: str
    name: str
    dir: str
    read_by: str
    dates: Dates
    form: Mapping[str, str]
    receipt: Mapping[str, str]
    page: Mapping[str, str]
    statement: Mapping[str, str]
    contest: Mapping[str, str]
    notices: Mapping[str, str]
    mail: Mapping[str, str]
    zone: tzinfo = UTC

    def when(self, at: datetime) -> str:
        """Return a moment as people say it: ``27 November 2026 at 14:05``."""
        here, dates = at.astimezone(self.zone), self.dates
        day = dates["first"] if here.day == 1 else str(here.day)
        month = dates["months"][here.month - 1]
        return dates["when"].format(day=day, month=month, year=here.year, time=f"{here:%H:%M}")


@cache
def language(code: str) -> Language:
    """Return the language of that code, read from its file of strings once."""
    table = tomllib.loads((_HERE / f"{code}.toml").read_text(encoding="utf-8"))
    return Language(code=code, **table)


def wanted(asked: str | None, accepted: str, spoken: Sequence[str]) -> Language:
    """Return the language to answer in.

    Args:
        asked: What the page asks for, if anything.
        accepted: The ``Accept-Language`` of the browser.
        spoken: The languages that the desk has switched on, the first being its own.
    """
    ours = list(spoken) or [DEFAULT]
    for tag in [asked or "", *_by_weight(accepted)]:
        code = tag.strip().lower().partition("-")[0]
        if code in ours:
            return language(code)
    return language(ours[0])


def _by_weight(accepted: str) -> list[str]:
    weighed: list[tuple[float, str]] = []
    for part in accepted[:200].split(","):
        tag, _, weight = part.partition(";q=")
        try:
            weighed.append((-float(weight or 1), tag))
        except ValueError:
            continue
    return [tag for _, tag in sorted(weighed, key=lambda one: one[0])]

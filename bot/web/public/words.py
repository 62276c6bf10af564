"""The sentences of the readers' pages, a file for each language."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent / "strings"

DEFAULT = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language: its code, its name in itself, how it is written, and its sentences.

    `read_by` is the native speaker who has read it, empty if none has.
    """

    code: str
    name: str
    dir: str
    read_by: str
    form: Mapping[str, str]
    receipt: Mapping[str, str]
    page: Mapping[str, str]
    statement: Mapping[str, str]
    contest: Mapping[str, str]
    notices: Mapping[str, str]
    mail: Mapping[str, str]

    def when(self, at: datetime) -> str:
        """Return a moment as a reader of any language reads it, in UTC: ``2026-11-27, 14:05 UTC``."""
        return f"{at:%Y-%m-%d, %H:%M} UTC"


@cache
def language(code: str) -> Language:
    """Return one of `LANGUAGES`."""
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

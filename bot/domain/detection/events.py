"""What goes into the detector and what comes out: a report as it sees it, and what it says."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast
from zlib import crc32


class Tier(StrEnum):
    """What a spike may be on."""

    STORY = "story"
    COMMENTER = "commenter"
    SITE = "site"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEvent:
    """One report. Times are seconds since 1970, UTC; names are the site's own identifiers.

    `published` is when the story appeared, `None` if the site does not say. `referrer` is the
    host the reader came from, `rejected` of `decided` how the reader's earlier reports ended.
    """

    at: float
    story: str
    published: float | None
    comment: str
    author: str
    reader: str
    reason: str = ""
    note: str = ""
    referrer: str = ""
    rejected: int = 0
    decided: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Evidence over the threshold. `key` is empty for the site; `since` is when it began."""

    tier: Tier
    key: str
    at: float
    since: float
    evidence: float
    chance_weeks: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What one report did: `counted` is false for a repeat, which changes nothing.

    `hot` are the tiers on which the report was still unusual, with how often as much comes by
    itself, once in so many weeks.
    """

    counted: bool
    at: float
    signals: tuple[Signal, ...] = ()
    hot: Mapping[Tier, float] = field(default_factory=dict[Tier, float])


State = dict[str, Any]
"""What `json` can write and read back equal."""

LONG_AGO = -1e15
"""Seconds; a time before every report, which JSON can hold and minus infinity cannot."""


def packed(thing: object, names: Iterable[str]) -> State:
    """Return the named attributes; lists are copied."""
    return {name: _copy(getattr(thing, name)) for name in names}


def unpack(thing: object, names: Iterable[str], state: Mapping[str, Any]) -> None:
    """Set the named attributes; lists are copied.

    What an earlier version did not know yet stays as it is at the start.
    """
    for name in names:
        if name in state:
            setattr(thing, name, _copy(state[name]))


def _copy(value: Any) -> Any:
    return cast("list[Any]", value)[:] if isinstance(value, list) else value


def bit(reader: str, bits: int) -> int:
    """Return the number, below `bits`, of a reader's bit in a mark."""
    return crc32(reader.encode()) % bits


def distinct(mark: int, bits: int, most: int) -> int:
    """Return about how many readers a mark of `bits` bits stands for; never over `most`."""
    seen = mark.bit_count()
    if seen == bits:
        return most
    return min(most, round(-bits * math.log1p(-seen / bits)))

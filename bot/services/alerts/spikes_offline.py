"""Reads reports as JSON lines and writes the alerts they would have raised."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from bot.domain.detection.events import ReportEvent, Tier
from bot.domain.detection.incidents import Kind, Notice
from bot.domain.detection.season import Offset, utc
from bot.domain.detection.thresholds import Budget
from bot.domain.detection.watch import Watch

WORDS = {
    Kind.OPENED: "open",
    Kind.REOPENED: "open",
    Kind.DOUBLED: "escalate",
    Kind.CLOSED: "close",
}
_FIELDS = ("t", "article", "comment", "author", "reporter")
_MOST_SHOWN = 40
TIERS = {Tier.STORY: "article", Tier.COMMENTER: "commenter", Tier.SITE: "site"}


def run(
    lines: Iterable[str],
    write: Callable[[str], None],
    *,
    budget: float,
    hourly: float = 20.0,
    offset: Offset = utc,
) -> None:
    """Judge every report in turn, knowing nothing of those to come.

    A line in is `{"t", "article", "published", "comment", "author", "reporter"}`, times in
    seconds, identifiers of any JSON type; a line out is `{"t", "tier", "key", "kind"}`, `kind`
    being open, escalate or close, the key as it came in, "site" for the site itself. Empty
    lines are passed over; a line that is no report raises `ValueError` with its number and field.
    """
    watch = Watch(Budget(a_week=budget), hourly=hourly, offset=offset)
    names: dict[str, Any] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        sighting = _sighting(read_row(line, number), names)
        for notice in watch.observe(sighting):
            _write(notice, names, write)


def read_row(line: str, number: int) -> dict[str, Any]:
    """Return a line as a report, with its times as seconds.

    Raises:
        ValueError: It is none; the sentence names the line, the field and what would be right.
    """
    try:
        row: Any = json.loads(line)
    except ValueError as error:
        raise ValueError(f"Line {number} is no report: it is not JSON ({error}).") from error
    if not isinstance(row, dict):
        words = "it is not an object in braces"
        raise ValueError(f"Line {number} is no report: {words}.")  # noqa: TRY004 - as for all else
    found = cast("dict[str, Any]", row)
    for field in _FIELDS:
        if field not in found:
            raise ValueError(f"Line {number} is no report: the field {field} is missing.")
    found["t"] = _seconds(found, "t", number)
    if found.get("published") is not None:
        found["published"] = _seconds(found, "published", number)
    return found


def _seconds(row: Mapping[str, Any], field: str, number: int) -> float:
    value = row[field]
    try:
        seconds = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        seconds = math.nan
    if not math.isfinite(seconds):
        shown = json.dumps(value)[:_MOST_SHOWN]
        raise ValueError(
            f"Line {number} is no report: the field {field} is {shown}. Write seconds since 1970, "
            "as a number such as 1767225600."
        )
    return seconds


def _sighting(row: Mapping[str, Any], names: dict[str, Any]) -> ReportEvent:
    return ReportEvent(
        at=row["t"],
        story=_name(row["article"], names),
        published=row.get("published"),
        comment=str(row["comment"]),
        author=_name(row["author"], names),
        reader=str(row["reporter"]),
        reason=str(row.get("reason") or ""),
        note=str(row.get("note") or ""),
        referrer=str(row.get("referrer") or ""),
    )


def _name(value: Any, names: dict[str, Any]) -> str:
    name = str(value)
    if not isinstance(value, str):
        names[name] = value
    return name


def _write(notice: Notice, names: dict[str, Any], write: Callable[[str], None]) -> None:
    kind = WORDS.get(notice.kind)
    if kind is None:
        return
    facts = notice.facts
    key = "site" if facts.tier is Tier.SITE else names.get(facts.key, facts.key)
    write(json.dumps({"t": notice.at, "tier": TIERS[facts.tier], "key": key, "kind": kind}))

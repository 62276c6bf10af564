"""Reads reports as JSON lines and writes the alerts they would have raised."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from bot.domain.spikes.budget import Budget
from bot.domain.spikes.incidents import Kind, Notice
from bot.domain.spikes.season import Offset, utc
from bot.domain.spikes.sighting import Sighting, Tier
from bot.domain.spikes.watch import Watch

WORDS = {
    Kind.OPENED: "open",
    Kind.REOPENED: "open",
    Kind.DOUBLED: "escalate",
    Kind.CLOSED: "close",
}
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
    lines are passed over; a line that is no report raises `ValueError` with its number.
    """
    watch = Watch(Budget(a_week=budget), hourly=hourly, offset=offset)
    names: dict[str, Any] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            sighting = _sighting(json.loads(line), names)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"Line {number} is no report: {error}") from error
        for notice in watch.observe(sighting):
            _write(notice, names, write)


def _sighting(row: dict[str, Any], names: dict[str, Any]) -> Sighting:
    published = row.get("published")
    return Sighting(
        at=float(row["t"]),
        story=_name(row["article"], names),
        published=None if published is None else float(published),
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

"""A spike while it lasts, and the facts that an alert tells of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from bot.domain.detection.brigades import Clue, Coordination, Sign, Suspicion
from bot.domain.detection.events import ReportEvent, State, Tier, bit, distinct
from bot.domain.detection.recent_reports import Pair
from bot.domain.detection.season import HOUR

COOL_AFTER = 0.5 * HOUR
CLOSE_AFTER = {Tier.STORY: 1.5 * HOUR, Tier.COMMENTER: 1.5 * HOUR, Tier.SITE: 3.0 * HOUR}
"""Seconds after the last report that was still unusual; the whole site surges in waves."""
REOPEN_WITHIN = 6 * HOUR
CROWD_BITS = 1024
MOST_NAMES = 64
TOP = 5


class Stage(StrEnum):
    """Where in its life an incident is."""

    OPEN = "open"
    GROWING = "growing"
    COOLING = "cooling"
    CLOSED = "closed"


class Kind(StrEnum):
    """What a notice is about."""

    OPENED = "opened"
    REOPENED = "reopened"
    JOINED = "joined"
    UPDATED = "updated"
    DOUBLED = "doubled"
    COOLED = "cooled"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """An incident as it stands, for people. Times are seconds since 1970 by the wall's clock.

    `usual` is in reports an hour; `chance_weeks` is how often this much comes by itself, once in
    so many weeks; the lists are of the most reported first, at most five; `joined` are the keys
    told of under this incident; `parent` is the site's incident that this one is part of.
    """

    number: int
    tier: Tier
    key: str
    stage: Stage
    began_at: float
    opened_at: float
    last_at: float
    reports: int
    readers: int
    usual: float
    chance_weeks: float
    comments: tuple[tuple[str, int], ...]
    authors: tuple[tuple[str, int], ...]
    stories: tuple[tuple[str, int], ...]
    reasons: tuple[tuple[str, int], ...]
    joined: tuple[Pair, ...]
    parent: int | None
    coordination: Coordination | None
    muted: bool
    real: bool | None
    times_opened: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to show. What is not `aloud` edits a message in place; the rest is news."""

    kind: Kind
    at: float
    facts: Facts
    aloud: bool


@dataclass(slots=True, kw_only=True)
class Incident:
    """One spike, kept small: of each sort at most 64 names are kept.

    `muted` says nothing more of it, `hushed` never said anything.
    """

    number: int
    tier: Tier
    key: str
    began: float
    opened: float
    last: float
    usual: float
    evidence: float
    chance_weeks: float
    stage: Stage = Stage.OPEN
    reports: int = 0
    crowd: int = 0
    comments: dict[str, int] = field(default_factory=dict[str, int])
    authors: dict[str, int] = field(default_factory=dict[str, int])
    stories: dict[str, int] = field(default_factory=dict[str, int])
    reasons: dict[str, int] = field(default_factory=dict[str, int])
    joined: list[Pair] = field(default_factory=list[Pair])
    told_reports: int = 0
    told_readers: int = 0
    shown_reports: int = 0
    parent: int | None = None
    coordination: Coordination | None = None
    muted: bool = False
    hushed: bool = False
    real: bool | None = None
    times_opened: int = 1

    @property
    def closes(self) -> float:
        """When the incident ends if nothing unusual comes any more."""
        return self.last + CLOSE_AFTER[self.tier]

    @property
    def pair(self) -> Pair:
        """What the incident is on."""
        return (self.tier, self.key)

    def add(self, seen: ReportEvent, at: float, *, hot: bool) -> None:
        """Count a report. `hot` is whether it was still unusual; such keep the incident open."""
        self.reports += 1
        self.crowd |= 1 << bit(seen.reader, CROWD_BITS)
        _count(self.comments, seen.comment)
        _count(self.authors, seen.author)
        _count(self.stories, seen.story)
        if seen.reason:
            _count(self.reasons, seen.reason)
        if hot:
            self.last = max(self.last, at)
            if self.stage is Stage.COOLING:
                self.stage = Stage.GROWING

    def readers(self) -> int:
        """Return the distinct readers, exact to a few of a hundred."""
        return distinct(self.crowd, CROWD_BITS, self.reports)

    def tell(self) -> None:
        """Remember what was told, so that the next telling is of twice as much."""
        self.told_reports = self.shown_reports = self.reports
        self.told_readers = self.readers()

    def facts(self, ahead: float) -> Facts:
        """Return the facts; `ahead` is how far time here runs ahead of the wall's clock."""
        return Facts(
            number=self.number,
            tier=self.tier,
            key=self.key,
            stage=self.stage,
            began_at=self.began - ahead,
            opened_at=self.opened - ahead,
            last_at=self.last - ahead,
            reports=self.reports,
            readers=self.readers(),
            usual=self.usual,
            chance_weeks=self.chance_weeks,
            comments=_top(self.comments),
            authors=_top(self.authors),
            stories=_top(self.stories),
            reasons=_top(self.reasons),
            joined=tuple(self.joined),
            parent=self.parent,
            coordination=self.coordination,
            muted=self.muted,
            real=self.real,
            times_opened=self.times_opened,
        )

    def pack(self) -> State:
        """Return the incident as JSON."""
        return asdict(self) | {"crowd": f"{self.crowd:x}"}

    @classmethod
    def unpack(cls, state: Mapping[str, Any]) -> Self:
        """Return an incident from its JSON."""
        values = dict(state)
        values["tier"] = Tier(values["tier"])
        values["stage"] = Stage(values["stage"])
        values["crowd"] = int(values["crowd"], 16)
        values["joined"] = [(Tier(tier), key) for tier, key in values["joined"]]
        for name in ("comments", "authors", "stories", "reasons"):
            values[name] = dict(values[name])
        if values["coordination"] is not None:
            values["coordination"] = _coordination(values["coordination"])
        return cls(**values)


def _coordination(state: Mapping[str, Any]) -> Coordination:
    return Coordination(
        suspicion=Suspicion(state["suspicion"]),
        score=state["score"],
        readers=state["readers"],
        clues=tuple(
            Clue(sign=Sign(c["sign"]), weight=c["weight"], readers=c["readers"], of=c["of"])
            for c in state["clues"]
        ),
    )


def _count(table: dict[str, int], name: str) -> None:
    if name in table or len(table) < MOST_NAMES:
        table[name] = table.get(name, 0) + 1


def _top(table: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(table.items(), key=lambda item: (-item[1], item[0]))[:TOP])

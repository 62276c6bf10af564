"""How the desk stands, for Prometheus: what an operator asks at three in the morning."""

import asyncio
import logging
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from prometheus_client.metrics_core import InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.domain.cases import CaseState
from bot.domain.decisions import Action
from bot.domain.detection.events import Tier
from bot.domain.errors import DeskError
from bot.domain.ids import DecisionId
from bot.services.counts import PATIENT, SLOW, Times
from bot.services.desk import Desk
from bot.services.sites.poll import SitePoller
from bot.services.upkeep import ClockWatch
from bot.store.backups import Backups
from bot.store.gauges import OpenCases, Waiting
from bot.store.tx import Tx
from bot.web.families import PREFIX, counter, gauge, gauges, histogram

log = logging.getLogger(__name__)

_PATIENCE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordState:
    """How Discord is: whether it is there, how far off, and for how long it wants no request.

    `answers` are those to requests by status, and `took` is how long they took.
    """

    is_here: bool = False
    latency: float | None = None
    held: float = 0.0
    answers: Mapping[int, int] = field(default_factory=dict[int, int])
    took: Times = field(default_factory=lambda: Times(SLOW))


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A running desk, and what else there is to say how it is.

    `clock` knows how far its clock is off, `watches` the sites that are asked for reports, and
    `discord` how Discord is now, `None` in a process that does not speak to it. `backups` are `None`
    where nobody knows of any.
    """

    desk: Desk
    clock: ClockWatch
    watches: Sequence[SitePoller]
    discord: Callable[[], DiscordState] | None
    backups: Backups | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stands:
    """What one reading of the database found."""

    cases: Sequence[OpenCases]
    waiting: Sequence[Waiting]
    alerts: Mapping[Tier, tuple[int, int]]
    newest: DecisionId
    decided: Mapping[Action, int]
    waited: Sequence[timedelta]


class Looking(Collector):
    """What tells how one newsroom stands, or several."""

    @abstractmethod
    async def look(self) -> None:
        """Read how it is, for what is collected next."""


class DeskGauges(Looking):
    """Everything about a desk but its requests, which are counted as they come.

    Time to decision and the decisions are counted from the start on, as Prometheus expects: each
    look reads those that were made since the one before.

    """

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._desk = watched.desk
        self._one_at_a_time = asyncio.Lock()
        self._read: _Stands | None = None
        self._upto: DecisionId | None = None
        self._decided = Counter[Action]()
        self._waited = Times(PATIENT)
        self._first_seen: dict[tuple[str, str], tuple[int, datetime]] = {}

    async def look(self) -> None:
        """Read how the desk stands; where that fails, what is in the database is left out."""
        async with self._one_at_a_time:  # or two would count the same decisions
            self._read = None
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    read = await self._desk.store.read(partial(_look, self._upto))
            except (DeskError, TimeoutError) as trouble:
                log.warning("the metrics lack what is in the database: %s", trouble)
                return
            self._read, self._upto = read, read.newest
            self._decided.update(read.decided)
            for waited in read.waited:
                self._waited.note(max(0.0, waited.total_seconds()))

    def collect(self) -> Iterator[Metric]:
        """Return how the desk stood at the last look, and what it knows without one."""
        yield InfoMetricFamily(PREFIX, "Which version runs.", {"version": _version()})
        yield gauge("store_ok", "Whether the database could be read.", self._read is not None)
        if self._read is not None:
            now = self._desk.clock()
            yield from _of_cases(self._read.cases, now)
            yield from self._of_waiting(self._read.waiting, now)
            yield from _of_alerts(self._read.alerts)
        yield from self._of_decisions()
        yield from self._of_attempts()
        if self._watched.discord is not None:
            yield from _of_discord(self._watched.discord())
        yield from self._of_the_rest()

    def _of_waiting(self, waiting: Sequence[Waiting], now: datetime) -> Iterator[Metric]:
        figures: Sequence[tuple[str, str, Callable[[Waiting], float]]] = (
            (
                "outbox_waiting",
                "What waits for Discord, a site or mail.",
                lambda one: one.many,
            ),
            (
                "outbox_oldest_seconds",
                "For how long the oldest of it waits.",
                lambda one: self._age(one, now),
            ),
            (
                "outbox_tries",
                "How often the one was tried that was tried most.",
                lambda one: one.tries,
            ),
        )
        for name, words, figure in figures:
            values = (((one.kind, one.site), figure(one)) for one in waiting)
            yield gauges(name, words, ("kind", "site"), values)
        waits = {(one.kind, one.site) for one in waiting}
        self._first_seen = {key: seen for key, seen in self._first_seen.items() if key in waits}

    def _age(self, one: Waiting, now: datetime) -> float:
        """Return for how long something waits; a card that is put off is known by its number."""
        number, seen = self._first_seen.get((one.kind, one.site), (0, now))
        if number != one.first:
            seen = now
        self._first_seen[one.kind, one.site] = (one.first, seen)
        return max(0.0, (now - min(seen, one.since or now)).total_seconds())

    def _of_decisions(self) -> Iterator[Metric]:
        yield counter(
            "decisions",
            "Decisions since the start, the desk's own too.",
            ("action",),
            (((action,), many) for action, many in self._decided.items()),
        )
        yield histogram("decision_seconds", "From a case's first report to its decision.").of(
            self._waited
        )

    def _of_attempts(self) -> Iterator[Metric]:
        counts = self._desk.counts
        yield counter(
            "attempts",
            "Attempts at what the outbox asks for, by how they ended.",
            ("kind", "result"),
            (((kind, verb), many) for (kind, verb), many in counts.attempts.items()),
        )
        took = histogram("attempt_seconds", "How long attempts took.", "kind")
        for kind, times in counts.took.items():
            took.of(times, kind)
        yield took

    def _of_the_rest(self) -> Iterator[Metric]:
        current = self._desk.troubles.current
        yield gauges(
            "refused_now",
            "What is refused or fails now, as staff are told; grave is what somebody waits for.",
            ("grave",),
            (((word,), sum(one.grave is grave for one in current)) for word, grave in _GRAVE),
        )
        yield gauges(
            "site_ok",
            "Whether a site that is asked for reports gives them.",
            ("site",),
            (((one.name,), not one.trouble) for one in self._watched.watches),
        )
        ahead = self._watched.clock.ahead.total_seconds()
        yield gauge("clock_ahead_seconds", "How far this machine's clock is ahead.", ahead)
        yield from self._of_files()

    def _of_files(self) -> Iterator[Metric]:
        """Say how large the database is and when it was last copied; nothing if that is not known."""
        try:
            path = self._desk.store.path
            size = path.stat().st_size if isinstance(path, Path) else None
            backups = self._watched.backups
            newest = backups.newest(self._desk.clock()) if backups and backups.every else None
        except (OSError, DeskError):
            return
        if size is not None:
            yield gauge("store_bytes", "The size of the database.", size)
        if newest is not None:
            made = newest.at.timestamp()
            yield gauge("backup_timestamp_seconds", "When the newest backup was made.", made)


def _look(upto: DecisionId | None, tx: Tx) -> _Stands:
    newest = tx.gauges.newest_decision()
    before = newest if upto is None else upto
    return _Stands(
        cases=tx.gauges.open_cases(),
        waiting=tx.gauges.waiting(),
        alerts=tx.gauges.alerts(),
        newest=newest,
        decided=tx.gauges.decided(before, newest),
        waited=tx.gauges.waited(before, newest),
    )


_GRAVE: Final = (("true", True), ("false", False))


def _of_cases(cases: Sequence[OpenCases], now: datetime) -> Iterator[Metric]:
    many = {one.state: one.many for one in cases}
    states = [state for state in CaseState if state is not CaseState.DECIDED]
    yield gauges(
        "cases_open",
        "Open cases by state.",
        ("state",),
        (((state,), many.get(state, 0)) for state in states),
    )
    since = min((one.since for one in cases), default=now)
    age = max(timedelta(), now - since).total_seconds()
    yield gauge("queue_oldest_seconds", "For how long the oldest open case waits.", age)


def _of_alerts(alerts: Mapping[Tier, tuple[int, int]]) -> Iterator[Metric]:
    found = {tier: alerts.get(tier, (0, 0)) for tier in Tier}
    yield counter(
        "alerts", "Alerts ever raised.", ("tier",), (((t,), many) for t, (many, _) in found.items())
    )
    yield gauges(
        "alerts_live",
        "Alerts that are not over.",
        ("tier",),
        (((t,), live) for t, (_, live) in found.items()),
    )


def _of_discord(state: DiscordState) -> Iterator[Metric]:
    yield gauge("discord_connected", "Whether the gateway is connected.", state.is_here)
    if state.latency is not None:
        yield gauge("discord_latency_seconds", "The gateway's heartbeat.", state.latency)
    yield gauge("discord_held_seconds", "For how long Discord wants no request.", state.held)
    yield counter(
        "discord_responses",
        "Discord's answers; 429 is what it says to haste.",
        ("status",),
        (((str(status),), many) for status, many in state.answers.items()),
    )
    yield histogram("discord_seconds", "How long Discord's answers took.").of(state.took)


def _version() -> str:
    try:
        return version("comment-desk")
    except PackageNotFoundError:
        return "unknown"

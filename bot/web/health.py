"""Whether the process lives and can take reports, and what the web room counts, for Prometheus."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from bot.domain.errors import DeskError
from bot.services.backups import BACKUP
from bot.services.counts import Times
from bot.services.desk import Desk
from bot.services.sites.poll import SitePoller
from bot.services.upkeep import CLOCK, ClockWatch
from bot.store.backups import Backups
from bot.store.store import Store
from bot.web.gauges import Looking, Watched

_PATIENCE_SECONDS = 5.0
_PART_SECONDS = 4.0
"""For one part: a little less than for all, so that one that hangs does not hide the others."""
_NOT_ITS = frozenset({CLOCK, BACKUP})
"""Troubles that are not Discord's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How one part of the desk is.

    Discord is not `needed`: reports are taken and kept while it is down.
    """

    name: str
    ok: bool
    needed: bool = True
    detail: str = ""


DeskReady = Callable[[], Awaitable[Sequence[Part]]]


async def alive(_request: web.Request) -> web.Response:
    """Answer that the process lives; it asks nothing of anybody else."""
    return web.json_response({"alive": True})


def ready(
    desk_ready: DeskReady, *, names_parts: bool = True
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler that names each part's state: 200 if every needed one is well.

    One that does not name them tells a proxy no more than whether to send reports here.
    """

    async def answer(_request: web.Request) -> web.Response:
        parts = await _in_time(desk_ready)
        well = all(part.ok for part in parts if part.needed)
        return web.json_response(
            {
                "ready": well,
                "parts": {
                    part.name: {"ok": part.ok, "needed": part.needed, "detail": part.detail}
                    for part in (parts if names_parts else ())
                },
            },
            status=HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE,
        )

    return answer


async def _in_time(desk_ready: DeskReady) -> Sequence[Part]:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await desk_ready()
    except TimeoutError:
        return (Part(name="desk", ok=False, detail="did not answer within 5 seconds"),)
    except DeskError as trouble:
        return (Part(name="desk", ok=False, detail=str(trouble)),)


async def parts_of(
    desk: Desk, clock: ClockWatch, watches: Sequence[SitePoller], *more: Part
) -> Sequence[Part]:
    """Return how each part of the desk is, the needed ones first."""
    return (
        await _store_part(desk.store),
        Part(name="clock", ok=not clock.is_wrong, detail=clock.words),
        *more,
        *map(_site_part, watches),
    )


def readiness(watched: Watched) -> DeskReady:
    """Return what tells how each part of a running desk is."""

    async def ready() -> Sequence[Part]:
        more: list[Part] = []
        if watched.discord is not None:
            state = watched.discord()
            more.append(discord_part(watched.desk, is_here=state.is_here, held=state.held))
        kept = watched.backups
        if kept and kept.every:
            more.append(backup_part(watched.desk, kept))
        return await parts_of(watched.desk, watched.clock, watched.watches, *more)

    return ready


def discord_part(desk: Desk, *, is_here: bool, held: float) -> Part:
    """Return how Discord is, with everything that it refuses for now.

    `held` is for how many more seconds it wants to hear nothing.
    """
    said = [trouble.said for trouble in desk.troubles.current if trouble.name not in _NOT_ITS]
    if held:
        until = desk.clock() + timedelta(seconds=held)
        said.insert(0, f"Discord holds the desk back until {until:%H:%M:%S} UTC; cards wait.")
    if not is_here:
        said.insert(0, "not connected; cards are posted later")
    return Part(name="discord", ok=not said, needed=False, detail=" ".join(said))


def backup_part(desk: Desk, backups: Backups) -> Part:
    """Return how the backups are: which is the newest, and what stands in the way of the next."""
    said = [trouble.said for trouble in desk.troubles.current if trouble.name == BACKUP]
    try:
        newest = backups.newest(desk.clock())
    except DeskError as trouble:
        newest, said = None, said or [str(trouble)]
    when = f"the newest is of {newest.at:%Y-%m-%d %H:%M} UTC" if newest else "none yet"
    return Part(name="backups", ok=not said, needed=False, detail=" ".join([*said, when]))


async def _store_part(store: Store) -> Part:
    try:
        async with asyncio.timeout(_PART_SECONDS):
            await store.require_well()
    except TimeoutError:
        words = f"did not answer within {_PART_SECONDS:g} seconds"
        return Part(name="store", ok=False, detail=words)
    except (DeskError, OSError) as trouble:
        return Part(name="store", ok=False, detail=str(trouble))
    return Part(name="store", ok=True)


def _site_part(watch: SitePoller) -> Part:
    return Part(
        name=f"site {watch.name}",
        ok=not watch.trouble and not watch.unread,
        needed=False,
        detail=watch.state,
    )


class Metrics(Collector):
    """Counts of one application, in a registry of their own.

    They are plain numbers until they are asked for: everything here happens in one loop, so the
    lock that the library's own counters take at every step would be for nothing.
    """

    def __init__(self, gauges: Looking | None = None) -> None:
        self.registry = CollectorRegistry()
        self._gauges = gauges
        self._responses = Counter[tuple[str, int]]()
        self._reports = Counter[tuple[str, str]]()
        self._stored = Times()
        self.registry.register(self)
        if gauges is not None:
            self.registry.register(gauges)
            ProcessCollector(registry=self.registry)

    def answered(self, route: str, status: int) -> None:
        """Count an answer."""
        self._responses[route, status] += 1

    def reported(self, site: str, result: str, count: int = 1) -> None:
        """Count reports of a known site."""
        self._reports[site, result] += count

    def stored(self, seconds: float) -> None:
        """Note how long a commit took."""
        self._stored.note(seconds)

    def collect(self) -> Iterator[Metric]:
        """Return everything that was counted."""
        responses = CounterMetricFamily(
            "comment_desk_http_responses", "Answers to requests.", labels=("route", "status")
        )
        for (route, status), count in self._responses.items():
            responses.add_metric((route, str(status)), count)
        yield responses
        reports = CounterMetricFamily(
            "comment_desk_reports",
            "Reports by what became of them: counted, known or refused.",
            labels=("site", "result"),
        )
        for labels, count in self._reports.items():
            reports.add_metric(labels, count)
        yield reports
        yield HistogramMetricFamily(
            "comment_desk_store_seconds",
            "Time from a checked request to its commit.",
            buckets=list(self._stored.buckets()),
            sum_value=self._stored.total,
        )

    async def page(self, _request: web.Request) -> web.Response:
        """Answer with all counts in Prometheus' text format."""
        if self._gauges is not None:
            await self._gauges.look()
        return web.Response(
            body=generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

"""What the web room counts, for Prometheus."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics(Collector):
    """Counts of one application, in a registry of their own.

    They are plain numbers until they are asked for: everything here happens in one loop, so the
    lock that the library's own counters take at every step would be for nothing.
    """

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._responses = Counter[tuple[str, int]]()
        self._reports = Counter[tuple[str, str]]()
        self._waits = [0] * (len(_BOUNDS) + 1)
        self._waited = 0.0
        self.registry.register(self)

    def answered(self, route: str, status: int) -> None:
        """Count an answer."""
        self._responses[route, status] += 1

    def reported(self, site: str, result: str, count: int = 1) -> None:
        """Count reports of a known site."""
        self._reports[site, result] += count

    def stored(self, seconds: float) -> None:
        """Note how long a commit took."""
        self._waits[bisect_left(_BOUNDS, seconds)] += 1
        self._waited += seconds

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
        bounds = [*map(str, _BOUNDS), "+Inf"]
        yield HistogramMetricFamily(
            "comment_desk_store_seconds",
            "Time from a checked request to its commit.",
            buckets=list(zip(bounds, accumulate(self._waits), strict=True)),
            sum_value=self._waited,
        )

    async def page(self, _request: web.Request) -> web.Response:
        """Answer with all counts in Prometheus' text format."""
        return web.Response(
            body=generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

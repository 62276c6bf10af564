"""What the web room counts, for Prometheus."""

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counters of one application, in a registry of their own."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._responses = Counter(
            "comment_desk_http_responses",
            "Answers to requests.",
            ("route", "status"),
            registry=self.registry,
        )
        self._reports = Counter(
            "comment_desk_reports",
            "Reports by what became of them: counted, known or refused.",
            ("site", "result"),
            registry=self.registry,
        )
        self._stored = Histogram(
            "comment_desk_store_seconds",
            "Time from a checked request to its commit.",
            buckets=_BUCKETS,
            registry=self.registry,
        )
        # Looking a labelled counter up costs more than counting, so each is looked up once.
        self._known_responses: dict[tuple[str, int], Counter] = {}
        self._known_reports: dict[tuple[str, str], Counter] = {}

    def answered(self, route: str, status: int) -> None:
        """Count an answer."""
        key = (route, status)
        counter = self._known_responses.get(key)
        if counter is None:
            counter = self._known_responses[key] = self._responses.labels(route, str(status))
        counter.inc()

    def reported(self, site: str, result: str, count: int = 1) -> None:
        """Count reports of a known site."""
        key = (site, result)
        counter = self._known_reports.get(key)
        if counter is None:
            counter = self._known_reports[key] = self._reports.labels(site, result)
        counter.inc(count)

    def stored(self, seconds: float) -> None:
        """Note how long a commit took."""
        self._stored.observe(seconds)

    async def page(self, _request: web.Request) -> web.Response:
        """Answer with all counters in Prometheus' text format."""
        return web.Response(
            body=generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

"""How several newsrooms in one desk are: each thing said of each, with the newsroom's name."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from prometheus_client.metrics_core import Metric

from bot.web.gauges import DeskGauges, Looking, Watched
from bot.web.health import DeskReady, Part, readiness


class NewsroomGauges(Looking):
    """The gauges of several newsrooms, told apart by the label `newsroom`."""

    def __init__(self, gauges: Mapping[str, DeskGauges]) -> None:
        self._gauges = gauges

    async def look(self) -> None:
        """Read how each newsroom stands."""
        await asyncio.gather(*(one.look() for one in self._gauges.values()))

    def collect(self) -> Iterator[Metric]:
        """Return every figure once, with the samples of all newsrooms."""
        found: dict[str, Metric] = {}
        for name, gauges in self._gauges.items():
            for metric in gauges.collect():
                empty = Metric(metric.name, metric.documentation, metric.type)
                found.setdefault(metric.name, empty).samples += [
                    sample._replace(labels={**sample.labels, "newsroom": name})
                    for sample in metric.samples
                ]
        yield from found.values()


def told_of(gauges: Mapping[str, DeskGauges]) -> DeskGauges | NewsroomGauges:
    """Return what tells the figures; those of a desk of one newsroom do not name it."""
    return NewsroomGauges(gauges) if len(gauges) > 1 else next(iter(gauges.values()))


def readiness_of(rooms: Mapping[str, Watched]) -> DeskReady:
    """Return what tells how each part of each newsroom is; the parts of a single one have no name.

    The desk is ready when every newsroom's needed parts are: a report is not to be sent to one
    that cannot store it.
    """
    asked = {name: readiness(one) for name, one in rooms.items()}

    async def ready() -> Sequence[Part]:
        if len(asked) == 1:
            return await next(iter(asked.values()))()
        found = await asyncio.gather(*(one() for one in asked.values()))
        return tuple(
            replace(part, name=f"{name}: {part.name}")
            for name, parts in zip(asked, found, strict=True)
            for part in parts
        )

    return ready

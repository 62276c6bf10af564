"""How several newsrooms in one desk are: each thing said of each, with the newsroom's name."""

import asyncio
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from prometheus_client.metrics_core import Metric

from bot.services.about import in_newsroom
from bot.web.gauges import DeskGauges, Looking, Watched
from bot.web.health import DeskReady, Part, readiness

T = TypeVar("T")


class NewsroomGauges(Looking):
    """The gauges of several newsrooms, told apart by the label `newsroom`."""

    def __init__(self, gauges: Mapping[str, DeskGauges]) -> None:
        self._gauges = gauges

    async def look(self) -> None:
        """Read how each newsroom stands."""
        await asyncio.gather(*(_within(name, one.look()) for name, one in self._gauges.items()))

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
    that cannot store it. All are asked at once, and each part has its own limit, so that one that
    hangs hides nothing of the others.
    """
    asked = {name: readiness(one) for name, one in rooms.items()}

    async def ready() -> Sequence[Part]:
        if len(asked) == 1:
            return await next(iter(asked.values()))()
        found = await asyncio.gather(*(_within(name, one()) for name, one in asked.items()))
        return tuple(
            replace(part, name=f"{name}: {part.name}")
            for name, parts in zip(asked, found, strict=True)
            for part in parts
        )

    return ready


async def _within(newsroom: str, work: Awaitable[T]) -> T:
    with in_newsroom(newsroom):
        return await work

"""Draws pictures in a process of their own, so that neither presses nor reports wait.

matplotlib holds the interpreter for most of the half second that a picture takes, and keeps thirty
megabytes for good where it was loaded once. A process for what is asked at once costs its start
besides, which is little as long as `PicturesOfAlerts` asks for few.
"""

import asyncio
import os
import pickle
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.alerts import Alert, AlertId, AlertState, AlertView, Series

KEPT_FOR: Final = 60.0
"""Seconds for which an alert that only grows keeps its picture."""
_PATIENCE: Final = 20.0
"""Seconds that a picture may take in the process; then it is drawn here."""
_MOST: Final = 100
_NICE: Final = 10


class Kind(Enum):
    """What a picture shows; with it goes what is given to the function that draws it."""

    SPIKE = auto()
    DAY = auto()
    WEEK = auto()
    HOTSPOTS = auto()


Asked = tuple[Kind, tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture, and the reports that it shows."""

    png: bytes
    series: Series
    made_at: float
    state: AlertState
    told: int


class PicturesOfAlerts:
    """The pictures of the alerts that go on: each is drawn anew after a while, or when it matters.

    It matters when an alert has doubled, begins again, calms down or ends.
    """

    def __init__(self) -> None:
        self._kept: dict[AlertId, Picture] = {}

    async def of(self, view: AlertView, zone: ZoneInfo) -> Picture:
        """Return the picture to show with an alert."""
        alert, known = view.alert, self._kept.pop(view.alert.id, None)
        if known is None or not _will_do(known, alert):
            known = Picture(
                png=await draw(view.series, alert.since, alert.opened_at, zone),
                series=view.series,
                made_at=time.monotonic(),
                state=alert.state,
                told=alert.told,
            )
        self._kept[alert.id] = known
        while len(self._kept) > _MOST:
            del self._kept[next(iter(self._kept))]
        return known


def _will_do(known: Picture, alert: Alert) -> bool:
    same = (known.state, known.told) == (alert.state, alert.told)
    return same and time.monotonic() - known.made_at < KEPT_FOR


async def draw(series: Series, since: datetime, alert_at: datetime, zone: ZoneInfo) -> bytes:
    """Return the PNG that `charts.spike` draws, without holding the loop or the interpreter."""
    (png,) = await draw_each((Kind.SPIKE, (series, since, alert_at, zone)))
    return png


async def draw_each(*asked: Asked) -> Sequence[bytes]:
    """Return a PNG for each thing that is asked for, without holding the loop or the interpreter."""
    try:
        return pickle.loads(await _elsewhere(pickle.dumps(asked)))  # noqa: S301 - of our own process
    except (OSError, TimeoutError):
        return await asyncio.to_thread(_drawn, asked)


async def _elsewhere(asked: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            answer, _ = await process.communicate(asked)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not answer:
        raise OSError("nothing was drawn")
    return answer


def _drawn(asked: Sequence[Asked]) -> Sequence[bytes]:
    from bot.cards.alerts import charts, hotspots_chart  # noqa: PLC0415 - matplotlib takes half a second to load

    by_kind = {
        Kind.SPIKE: charts.spike,
        Kind.DAY: charts.day,
        Kind.WEEK: charts.week,
        Kind.HOTSPOTS: hotspots_chart.draw,
    }
    return [by_kind[kind](*what) for kind, what in asked]


def main() -> None:
    """Draw what is asked for on the standard input, behind everything else on the machine."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    asked = pickle.load(sys.stdin.buffer)  # noqa: S301 - the desk's own words
    sys.stdout.buffer.write(pickle.dumps(_drawn(asked)))


if __name__ == "__main__":
    main()

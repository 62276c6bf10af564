"""Draws an alert's picture in a process of its own, so that neither presses nor reports wait.

matplotlib holds the interpreter for most of the half second that a picture takes. A process for
each costs its start besides, which is little as long as `PicturesOfAlerts` asks for few.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.alerts import Alert, AlertId, AlertState, AlertView, Series

KEPT_FOR: Final = 60.0
"""Seconds for which an alert that only grows keeps its picture."""
_PATIENCE: Final = 20.0
"""Seconds that a picture may take in the process; then it is drawn here."""
_MOST: Final = 100
_NICE: Final = 10


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
    asked = json.dumps(_written(series, since, alert_at, zone)).encode()
    try:
        return await _elsewhere(asked)
    except (OSError, TimeoutError):
        return await asyncio.to_thread(_png, json.loads(asked))


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
            png, _ = await process.communicate(asked)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not png:
        raise OSError("the picture was not drawn")
    return png


def _written(
    series: Series, since: datetime, alert_at: datetime, zone: ZoneInfo
) -> Mapping[str, object]:
    return {
        "start": series.start.isoformat(),
        "step": series.step.total_seconds(),
        "counts": series.counts,
        "usual": series.usual,
        "before": series.before,
        "since": since.isoformat(),
        "alert_at": alert_at.isoformat(),
        "zone": zone.key,
    }


def _png(asked: Mapping[str, Any]) -> bytes:
    from bot.cards.alerts import charts  # noqa: PLC0415 - matplotlib takes half a second to load

    series = Series(
        start=datetime.fromisoformat(asked["start"]),
        step=timedelta(seconds=asked["step"]),
        counts=tuple(asked["counts"]),
        usual=tuple(asked["usual"]),
        before=tuple(asked["before"]),
    )
    since = datetime.fromisoformat(asked["since"])
    alert_at = datetime.fromisoformat(asked["alert_at"])
    return charts.spike(series, since, alert_at, ZoneInfo(asked["zone"]))


def main() -> None:
    """Draw what is asked for on the standard input, behind everything else on the machine."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    sys.stdout.buffer.write(_png(json.load(sys.stdin.buffer)))


if __name__ == "__main__":
    main()

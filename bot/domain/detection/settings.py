"""What editors said of alerts: what to hear nothing of, and how the alerts turned out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.domain.detection.events import Tier
from bot.domain.detection.incidents import Incident
from bot.domain.detection.recent_reports import Pair
from bot.domain.detection.season import WEEK


class Mutes:
    """The muted keys, and until when; times are those of the watch."""

    def __init__(self) -> None:
        self._until: dict[Pair, float] = {}

    def __contains__(self, pair: Pair) -> bool:
        return pair in self._until

    def __iter__(self) -> Iterator[tuple[Tier, str, float]]:
        return ((tier, key, until) for (tier, key), until in self._until.items())

    def put(self, pair: Pair, until: float) -> None:
        """Mute a key; what was put last comes last."""
        self._until.pop(pair, None)
        self._until[pair] = until

    def drop(self, pair: Pair) -> None:
        """Unmute a key."""
        self._until.pop(pair, None)

    def expire(self, now: float) -> None:
        """Unmute what was muted until now."""
        for pair in [pair for pair, until in self._until.items() if until <= now]:
            del self._until[pair]

    def restore(self, state: Iterable[Iterable[Any]]) -> None:
        """Take over the mutes from JSON: tier, key and time of each."""
        self._until = {(Tier(tier), key): until for tier, key, until in state}


MEASURED = 8 * WEEK
"""Seconds that are looked back on."""
SHORTEST = 1.0 / 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The alerts of the last eight weeks, in alerts a week; `budget` is what was asked for.

    `real` and `false` are what editors called so; the rest nobody judged.
    """

    weeks: float
    alerts: float
    real: float
    false: float
    budget: float


def measure(incidents: Iterable[Incident], *, started: float, now: float, budget: float) -> Record:
    """Return the record of the incidents that were told since the watch started."""
    since = max(now - MEASURED, started)
    weeks = max((now - since) / WEEK, SHORTEST)
    told = [i.real for i in incidents if i.opened >= since and i.told_reports and not i.hushed]
    return Record(
        weeks=weeks,
        alerts=len(told) / weeks,
        real=told.count(True) / weeks,
        false=told.count(False) / weeks,
        budget=budget,
    )

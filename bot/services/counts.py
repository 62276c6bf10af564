"""What a running desk counts of its own work, for whoever watches it; it begins anew with it."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from bot.domain.effects import EffectKind, Verb

QUICK: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SLOW: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
PATIENT: Final = (60.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 28800.0, 86400.0, 172800.0)
"""Bounds in seconds: of what the machine does, of what others answer, of what people take."""


class Times:
    """How long something took, as Prometheus counts it: how often it was within each bound."""

    def __init__(self, bounds: Sequence[float] = QUICK) -> None:
        self._bounds = bounds
        self._within = [0] * (len(bounds) + 1)
        self.total = 0.0

    def note(self, seconds: float) -> None:
        """Note that it took so long once."""
        self._within[bisect_left(self._bounds, seconds)] += 1
        self.total += seconds

    def buckets(self) -> Iterator[tuple[str, int]]:
        """Yield each bound, and how often it was kept to."""
        return zip([*map(str, self._bounds), "+Inf"], accumulate(self._within), strict=True)


def _slow() -> Times:
    return Times(SLOW)


@dataclass(slots=True)
class Counts:
    """Attempts at what the outbox asks for, by kind and by how they ended."""

    attempts: Counter[tuple[EffectKind, Verb]] = field(
        default_factory=Counter[tuple[EffectKind, Verb]]
    )
    took: dict[EffectKind, Times] = field(default_factory=dict[EffectKind, Times])

    def attempted(self, kind: EffectKind, verb: Verb, seconds: float) -> None:
        """Count an attempt by how it ended; it took so many seconds."""
        self.attempts[kind, verb] += 1
        self.took.setdefault(kind, _slow()).note(seconds)

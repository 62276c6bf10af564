"""What is usual at a site, before anything is known of a key itself."""

import math
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from bot.domain.detection.events import LONG_AGO
from bot.domain.detection.season import HOUR

FRESH = 14 * HOUR
"""A story's reports fade in this time after it appeared."""
STALE = 0.01
"""What is left of a story's share for ever."""
REGISTERS = 256
UNKNOWN = 500.0
"""Commenters taken to exist beside those that were seen."""


class Stories:
    """How fresh the stories are that readers report on, all together; one number, kept by decay."""

    def __init__(self) -> None:
        self._live = 0.0
        self._at = LONG_AGO

    def advance(self, to: float) -> None:
        """Let the stories age."""
        self._live *= math.exp(-max(0.0, to - self._at) / FRESH)
        self._at = max(self._at, to)

    def add(self, published: float) -> None:
        """Count a story seen for the first time."""
        self._live += math.exp(-max(0.0, self._at - published) / FRESH)

    def rejuvenate(self, published: Iterable[float], now: float) -> None:
        """Count the stories afresh, for the clock was set."""
        self._at = now
        self._live = 0.0
        for born in published:
            self.add(born)

    def share(self, published: float, at: float) -> float:
        """Return the part of the site's reports due to an average story of that age."""
        age = max(0.0, at - published)
        return (math.exp(-age / FRESH) + STALE) / max(1.0, self._live)

    def snapshot(self) -> list[float]:
        """Return the state as JSON."""
        return [self._live, self._at]

    def restore(self, state: list[float]) -> None:
        """Take over a state from its JSON."""
        self._live, self._at = state


class Commenters:
    """How many different commenters were ever reported, in 256 small registers (HyperLogLog).

    Counting "not in the table" instead would count the evicted again each time they come back:
    every share would shrink, and the threshold with it lose its meaning.
    """

    def __init__(self) -> None:
        self._registers = [0] * REGISTERS
        self._known = 0.0

    def add(self, author: str) -> None:
        """Count a commenter, if not counted before."""
        mark = int.from_bytes(blake2b(author.encode(), digest_size=6).digest(), "big")
        rest = mark >> 8
        rank = (rest & -rest).bit_length()
        if rank > self._registers[mark % REGISTERS]:
            self._registers[mark % REGISTERS] = rank
            self._known = self._estimate()

    def known(self) -> float:
        """Return the estimate, true to about 6 %."""
        return self._known

    def share(self) -> float:
        """Return the part of the site's reports due to an average commenter."""
        return 1.0 / (UNKNOWN + self._known)

    def snapshot(self) -> list[int]:
        """Return the state as JSON."""
        return self._registers[:]

    def restore(self, state: list[int]) -> None:
        """Take over a state from its JSON."""
        self._registers = list(state)
        self._known = self._estimate()

    def _estimate(self) -> float:
        bias = 0.7213 / (1.0 + 1.079 / REGISTERS)
        raw = bias * REGISTERS**2 / sum(2.0**-rank for rank in self._registers)
        empty = self._registers.count(0)
        if raw <= 2.5 * REGISTERS and empty:
            return REGISTERS * math.log(REGISTERS / empty)
        return raw


_LARGE = 1e100


class Share:
    """How many of so many, with a start that counts as if it had been measured."""

    def __init__(self, hits: float, of: float, *, keep: float) -> None:
        """Start with `hits` of `of`; of what is known, `keep` is left after each measurement."""
        self._hits, self._of, self._keep = hits, of, keep

    @property
    def mean(self) -> float:
        """The share, from 0 to 1, of what was measured lately."""
        return self._hits / self._of

    def learn(self, hit: float) -> None:
        """Take in one measurement, from 0 to 1."""
        self._hits = self._hits * self._keep + hit
        self._of = self._of * self._keep + 1.0

    def snapshot(self) -> list[float]:
        """Return the state as JSON."""
        return [self._hits, self._of]

    def restore(self, state: Sequence[float]) -> None:
        """Take over a state from its JSON."""
        self._hits, self._of = state


class Table:
    """The most frequent names, and each one's share of the reports; bounded."""

    def __init__(self, most: int, *, keep: float, start: float) -> None:
        """Keep `most` names; `start` is the reports without any that it begins with."""
        self._most, self._keep = most, keep
        self._counts: dict[str, float] = {}
        self._total, self._unit = start, 1.0

    def add(self, name: str) -> None:
        """Take in one report; an empty name is none."""
        # What is new grows instead of all that is old being made smaller.
        self._unit /= self._keep
        self._total += self._unit
        if self._unit > _LARGE:
            self._shrink()
        if not name:
            return
        if name not in self._counts and len(self._counts) >= self._most:
            del self._counts[min(self._counts, key=lambda known: self._counts[known])]
        self._counts[name] = self._counts.get(name, 0.0) + self._unit

    def share(self, name: str) -> float:
        """Return a name's share of the reports."""
        return self._counts.get(name, 0.0) / self._total

    def snapshot(self) -> dict[str, Any]:
        """Return the state as JSON."""
        return {
            "total": self._total,
            "unit": self._unit,
            "counts": [[name, count] for name, count in self._counts.items()],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state from its JSON."""
        self._total, self._unit = state["total"], state["unit"]
        self._counts = dict(state["counts"])

    def _shrink(self) -> None:
        self._total /= self._unit
        self._counts = {name: count / self._unit for name, count in self._counts.items()}
        self._unit = 1.0

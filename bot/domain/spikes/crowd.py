"""What a key's share of the site's reports is before anything is known of the key itself."""

import math
from collections.abc import Iterable
from hashlib import blake2b

from bot.domain.spikes.season import HOUR
from bot.domain.spikes.state import LONG_AGO

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
        if to > self._at:
            if self._live:
                self._live *= math.exp(-(to - self._at) / FRESH)
            self._at = to

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
        rest = (mark >> 8) | (1 << 40)
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

"""How high evidence climbs by itself, so that a threshold keeps the editor's budget."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

BINS = 160
WANTED = 40.0
"""Peaks that the part of the tail fitted should hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A threshold that the data ask for, and the peaks it was drawn from.

    `labelled` are the peaks among them that an editor called false alarms.
    """

    value: float
    peaks: float
    labelled: float


class Tail:
    """A fading histogram of the peaks of episodes that ended without an alert.

    Its top is taken for a truncated exponential and drawn out to the rate asked for: no
    parametric tail is trusted further than the data show it. Truncation (`limit`) keeps real
    incidents, which alerted, from raising the threshold.
    """

    def __init__(
        self, *, width: float, slope: float, trust: float, span: float, half_life_days: float = 56.0
    ) -> None:
        """Start empty. `slope` is assumed at first, and weighs as `trust` peaks.

        `width` is a bin's and `span` the least that is fitted, in units of evidence.
        """
        self._width = width
        self._least = round(span / width)
        self.slope = slope
        self._trust = trust
        self._keep = 0.5 ** (1.0 / half_life_days)
        self._bins = [0.0] * BINS
        self._days = 0.0
        self._labelled = 0.0

    def label(self) -> None:
        """Count an episode that alerted and was called a false alarm."""
        self._labelled += 1.0

    def move(self, before: float | None, after: float | None) -> None:
        """Count an episode at its new peak instead of at its earlier one; `None` is nowhere."""
        if before is not None:
            at = self._bin(before)
            self._bins[at] = max(0.0, self._bins[at] - 1.0)
        if after is not None:
            self._bins[self._bin(after)] += 1.0

    def same_bin(self, one: float, other: float) -> bool:
        """Whether a move between two peaks would change nothing."""
        return self._bin(one) == self._bin(other)

    def age(self, days: float) -> None:
        """Let what was seen fade, and count the time over which it was."""
        keep = self._keep**days
        self._bins = [count * keep for count in self._bins]
        self._days = self._days * keep + days
        self._labelled *= keep

    def threshold(self, a_week: float, limit: float) -> Estimate | None:
        """Return the evidence exceeded so many times a week, `None` while too little is known.

        `limit` is the threshold that stood while the histogram filled.
        """
        if self._days < 1.0:
            return None
        top = min(self._bin(limit), BINS - 1)
        start, above = top, 0.0
        while start > 0 and (above < WANTED or top - start < self._least):
            start -= 1
            above += self._bins[start]
        if above < WANTED / 4:
            return None
        span = (top - start) * self._width
        total = sum(self._bins[at] * ((at - start + 0.5) * self._width) for at in range(start, top))
        slope = self._fit(total, above, span)
        # What passed the limit alerted and is not in the histogram: give it back.
        seen = above / -math.expm1(-slope * span)
        rate = seen / self._days * 7.0
        value = start * self._width + math.log(rate / a_week) / slope
        if self._labelled:
            # What an editor called false is known to pass the limit so often.
            known = self._labelled / self._days * 7.0
            value = max(value, limit + math.log(known / a_week) / slope)
        return Estimate(value=value, peaks=above, labelled=self._labelled)

    def snapshot(self) -> list[object]:
        """Return the state as JSON."""
        return [self._days, self._labelled, self._bins[:]]

    def restore(self, state: Sequence[Any]) -> None:
        """Take over a state from its JSON."""
        self._days, self._labelled, bins = state
        self._bins = list(bins)

    def _fit(self, total: float, above: float, span: float) -> float:
        mean = (total + self._trust * _mean_below(self.slope, span)) / (above + self._trust)
        low, high = self.slope / 4.0, self.slope * 8.0
        for _ in range(40):
            middle = (low + high) / 2.0
            if _mean_below(middle, span) > mean:
                low = middle
            else:
                high = middle
        return (low + high) / 2.0

    def _bin(self, value: float) -> int:
        return min(max(int(value / self._width), 0), BINS - 1)


def _mean_below(slope: float, span: float) -> float:
    """Return the mean of an exponential that is cut off at `span`."""
    return 1.0 / slope - span / math.expm1(min(slope * span, 700.0))

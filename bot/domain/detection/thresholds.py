"""The one number an editor sets, and the thresholds that follow from how evidence climbs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.detection.events import Tier
from bot.domain.detection.season import WEEK_HOURS

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
    return 1.0 / slope - span / math.expm1(slope * span)


SHARES = {Tier.STORY: 0.45, Tier.COMMENTER: 0.45, Tier.SITE: 0.6}
"""How the false alarms are shared out. More than one in all: what shows twice is told once."""
MARGIN = {Tier.STORY: 0.5, Tier.COMMENTER: 2.0}
"""What must be added to ln(reports a week / false alarms a week) on an ordinary site.

Were the model exact, that logarithm would be enough, however many keys there are: under it the
evidence of all keys less the reports is a martingale.
"""
NEARBY = 0.6
"""How far measurement may move a key's threshold down from there."""
FAR, FAR_GROWTH, FAR_FROM = 0.6, 0.25, 5.0
LARGE, LARGE_GROWTH = 50.0, 0.5
"""How far up, at so many reports an hour and for each e-fold more; then on a large site.

A small site has few episodes of its own, so that real spikes which fell short of an alert would
make up much of what is measured there.
"""
SMALL, SMALLNESS = 20.0, 0.25
"""Under so many reports an hour the site's part shrinks: a few reports lengthen its tail."""
POPULARITY = 0.45
"""How much less a large site's keys may give for each e-fold of its size: among so many the few
that are popular beyond all others lengthen a tail that looks shorter."""
LABEL, LABELS_MOST = 0.3, 4.0
"""How much further for every alert that an editor called false, and at most."""
SITE_START, SITE_LONELY, SITE_SLOPE = 2.2, 5.2, 3.0
"""The site's threshold before anything is measured: a small site's ratio strays further."""
SITE_LOW, SITE_HIGH = 1.8, 14.0
NEW, SITE_NEW = 2.0, 0.5
"""Added in the first week, while the site's week is not known."""
HELD = 1.2
"""As soon after a surge lesser ones are held back, an exponent on the site's part of the budget."""
TRUST = {Tier.STORY: 25.0, Tier.COMMENTER: 25.0, Tier.SITE: 10.0}
"""Peaks seen that weigh as much as the rule of thumb; volumes of sites differ more than keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many false alarms a week the newsroom takes for knowing early."""

    a_week: float = 1.0

    def __post_init__(self) -> None:
        if not self.a_week > 0.0:
            raise ValueError("The false alarms a week must be more than none.")

    def share(self, tier: Tier, weekly: float) -> float:
        """Return the false alarms a week one tier may give at a site of so many reports a week."""
        if tier is Tier.SITE:
            small = min(1.0, _hourly(weekly) / SMALL) ** SMALLNESS
            return self.a_week**HELD * SHARES[tier] * small
        efolds = max(0.0, math.log(_hourly(weekly) / LARGE))
        return self.a_week * SHARES[tier] / (1.0 + POPULARITY * efolds)

    def threshold(
        self, tier: Tier, *, weekly: float, measured: Estimate | None, new: bool
    ) -> float:
        """Return the evidence that alerts.

        `weekly` is the site's reports a week, `measured` what the tail says, `new` whether the
        site is in its first week.
        """
        hourly, share = _hourly(weekly), self.share(tier, weekly)
        if tier is Tier.SITE:
            start = SITE_START + SITE_LONELY / math.sqrt(hourly)
            start -= HELD * math.log(self.a_week) / SITE_SLOPE
            low, high, extra = SITE_LOW, SITE_HIGH, SITE_NEW
        else:
            start = math.log(hourly * WEEK_HOURS / share) + MARGIN[tier]
            far = FAR + FAR_GROWTH * max(0.0, math.log(hourly / FAR_FROM))
            far += LARGE_GROWTH * max(0.0, math.log(hourly / LARGE))
            if measured is not None:
                far += min(LABEL * measured.labelled, LABELS_MOST)
            low, high, extra = start - NEARBY, start + far, NEW
        value = start
        if measured is not None:
            trust = measured.peaks / (measured.peaks + TRUST[tier])
            value = trust * measured.value + (1.0 - trust) * start
        return min(max(value, low), high) + (extra if new else 0.0)


def _hourly(weekly: float) -> float:
    return max(weekly / WEEK_HOURS, 0.5)

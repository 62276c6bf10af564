"""The one number an editor sets, and the thresholds that follow from it."""

import math
from dataclasses import dataclass

from bot.domain.spikes.season import WEEK_HOURS
from bot.domain.spikes.sighting import Tier
from bot.domain.spikes.tail import Estimate

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

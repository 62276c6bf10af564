"""How the alerts turned out, so that an editor sees whether the budget is kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.spikes.incidents import Incident
from bot.domain.spikes.season import WEEK

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
        real=sum(word is True for word in told) / weeks,
        false=sum(word is False for word in told) / weeks,
        budget=budget,
    )

"""What the detector says of one report."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.spikes.sighting import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Evidence over the threshold. `key` is empty for the site; `since` is when it began."""

    tier: Tier
    key: str
    at: float
    since: float
    evidence: float
    chance_weeks: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What one report did: `counted` is false for a repeat, which changes nothing.

    `hot` are the tiers on which the report was still unusual, with how often as much comes by
    itself, once in so many weeks.
    """

    counted: bool
    at: float
    signals: tuple[Signal, ...] = ()
    hot: Mapping[Tier, float] = field(default_factory=dict[Tier, float])

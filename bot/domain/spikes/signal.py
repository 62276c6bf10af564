"""What the detector says of one report."""

from dataclasses import dataclass

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

    `hot` are the tiers on which the report was still unusual.
    """

    counted: bool
    at: float
    signals: tuple[Signal, ...] = ()
    hot: frozenset[Tier] = frozenset()

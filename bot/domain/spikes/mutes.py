"""What editors want to hear nothing of for a while."""

from collections.abc import Iterable, Iterator
from typing import Any

from bot.domain.spikes.sighting import Tier
from bot.domain.spikes.witnesses import Pair


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

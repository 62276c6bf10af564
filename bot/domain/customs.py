"""What is usual at a site: shares that are measured on every report, and fade."""

from collections.abc import Mapping, Sequence
from typing import Any

_LARGE = 1e100


class Share:
    """How many of so many, with a start that counts as if it had been measured."""

    def __init__(self, hits: float, of: float, *, keep: float) -> None:
        """Start with `hits` of `of`; of what is known, `keep` is left after each measurement."""
        self._hits, self._of, self._keep = hits, of, keep

    @property
    def mean(self) -> float:
        """The share."""
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

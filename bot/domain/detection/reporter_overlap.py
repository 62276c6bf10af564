"""Whom readers have reported before, and how much the pasts of a crowd's readers overlap."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

RING = 16
"""Targets remembered of each reader."""
MOST_READERS = 20_000
MOST_DEGREES = 40_000
MOST_LAST = 5_000
CROWD = 40
"""Readers compared pair by pair; more would say no more and cost their square."""

USUAL_OVERLAP, USUAL_SHARING, USUAL_WEIGHT = 0.0006, 0.05, 20.0
"""Of two unrelated readers with a past, before the site's own figures are known."""
YOUNG = 4
"""Targets that every two pasts are taken to have apart, as two that have just begun say little."""
PAIR_KEEP = 0.999
APART = 6 * 3600.0
"""Seconds between two reports on a target that have nothing to do with each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    """How the pasts of a crowd's readers overlap, beside what is usual at the site.

    `overlap` is the mean over all pairs; `sharing` readers share a target with another one, and
    it is `targets` different ones in all.
    `usual` is the overlap of two readers with a past who have nothing to do with each other,
    `usual_sharing` how often there is any.
    """

    overlap: float = 0.0
    sharing: int = 0
    targets: int = 0
    usual: float = USUAL_OVERLAP
    usual_sharing: float = USUAL_SHARING


class Readers:
    """The last targets of each reader and how often each target was reported; bounded.

    What is usual is measured on two readers who report the same target at different times:
    they have the same taste and no agreement.
    """

    def __init__(self) -> None:
        self._targets: dict[str, list[str]] = {}
        self._degrees: dict[str, int] = {}
        self._last: dict[str, tuple[str, float]] = {}
        self._pairs = USUAL_WEIGHT
        self._overlaps = USUAL_WEIGHT * USUAL_OVERLAP
        self._sharings = USUAL_WEIGHT * USUAL_SHARING

    def add(self, reader: str, target: str, at: float) -> bool:
        """Remember that a reader reported a target; say whether the reader is new."""
        ring = self._targets.pop(reader, None)
        new = ring is None
        ring = ring if ring is not None else []
        if target not in ring:
            ring.append(target)
            del ring[:-RING]
            degree = self._degrees.pop(target, 0)
            _make_room(self._degrees, MOST_DEGREES)
            self._degrees[target] = degree + 1
        _make_room(self._targets, MOST_READERS)
        self._targets[reader] = ring
        self._compare(reader, target, at)
        return new

    def bond(self, readers: Sequence[str], without: Iterable[str]) -> Bond:
        """Return how the pasts of a crowd overlap.

        The targets of the spike itself (`without`) are left out, or every pair would agree.
        """
        here = set(without)
        pasts = [set(self._targets.get(reader, ())) - here for reader in readers[:CROWD]]
        total = 0.0
        sharing: set[int] = set()
        shared: set[str] = set()
        for i, mine in enumerate(pasts):
            for j in range(i):
                overlap = self._overlap(mine, pasts[j])
                if overlap:
                    total += overlap
                    sharing.update((i, j))
                    shared |= mine & pasts[j]
        pairs = len(pasts) * (len(pasts) - 1) / 2
        return Bond(
            overlap=total / pairs if pairs else 0.0,
            sharing=len(sharing),
            targets=len(shared),
            usual=self._overlaps / self._pairs,
            usual_sharing=self._sharings / self._pairs,
        )

    def snapshot(self) -> dict[str, Any]:
        """Return the state as JSON."""
        return {
            "targets": [[reader, ring[:]] for reader, ring in self._targets.items()],
            "degrees": [[target, degree] for target, degree in self._degrees.items()],
            "last": [[target, reader, at] for target, (reader, at) in self._last.items()],
            "pairs": [self._pairs, self._overlaps, self._sharings],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state from its JSON; an older one lacks what is usual, which starts anew."""
        fresh = Readers()
        self._targets = {reader: list(ring) for reader, ring in state["targets"]}
        self._degrees = dict(state["degrees"])
        self._last = {target: (reader, at) for target, reader, at in state.get("last", ())}
        self._pairs, self._overlaps, self._sharings = state.get(
            "pairs", (fresh._pairs, fresh._overlaps, fresh._sharings)
        )

    def _compare(self, reader: str, target: str, at: float) -> None:
        """Measure the overlap of a target's reader with the one who reported it long before."""
        last = self._last.get(target)
        if last is not None and at - last[1] < APART:
            return
        self._last.pop(target, None)
        _make_room(self._last, MOST_LAST)
        self._last[target] = (reader, at)
        if last is None or last[0] == reader:
            return
        mine = set(self._targets[reader]) - {target}
        theirs = set(self._targets.get(last[0], ())) - {target}
        if mine and theirs:
            overlap = self._overlap(mine, theirs)
            self._pairs = self._pairs * PAIR_KEEP + 1.0
            self._overlaps = self._overlaps * PAIR_KEEP + overlap
            self._sharings = self._sharings * PAIR_KEEP + (overlap > 0.0)

    def _overlap(self, mine: set[str], theirs: set[str]) -> float:
        common = mine & theirs
        return self._rarity(common) / (len(mine | theirs) + YOUNG) if common else 0.0

    def _rarity(self, targets: Iterable[str]) -> float:
        # In order, for a sum of floats in the order of a set would differ from run to run.
        return math.fsum(
            1.0 / math.log2(2.0 + self._degrees.get(target, 1)) for target in sorted(targets)
        )


def _make_room(table: dict[str, Any], most: int) -> None:
    if len(table) >= most:
        del table[next(iter(table))]

"""How much a reader's report weighs, learned from what moderators made of their earlier ones."""

import math
from dataclasses import dataclass

REMEMBERED = 100.0
"""Judged reports that count; beyond that, older ones fade."""

_ENOUGH = 5.0
"""Up to this many judged reports say nothing yet about a reader."""

_PIVOT = 0.7
"""The share of reports that must be right for a reader to weigh more than a stranger.

Discourse's figure, whose bonus this follows: (share - 0.7) / 0.3 times log4 of how many.
"""

_MOST = 3.0
"""A reader never weighs more than this many strangers, so that no small group runs the queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderRecord:
    """How many of a reader's judged reports were right and wrong."""

    agreed: float = 0.0
    disagreed: float = 0.0

    def judged(self, *, right: bool) -> "ReaderRecord":
        """Return the record with one more report judged; old ones fade beyond a hundred."""
        return _within(self.agreed + right, self.disagreed + (not right))

    def taken_back(self, *, right: bool) -> "ReaderRecord":
        """Return the record without one judgement, as its decision was undone."""
        return ReaderRecord(
            agreed=max(0.0, self.agreed - right), disagreed=max(0.0, self.disagreed - (not right))
        )


def _within(agreed: float, disagreed: float) -> ReaderRecord:
    total = agreed + disagreed
    share = min(1.0, REMEMBERED / total) if total else 1.0
    return ReaderRecord(agreed=agreed * share, disagreed=disagreed * share)


def weight(record: ReaderRecord) -> float:
    """Return what one report of this reader counts, in strangers: from 0 to 3, 1 at first."""
    total = record.agreed + record.disagreed
    if total <= _ENOUGH:
        return 1.0
    share = record.agreed / total
    span = 1 - _PIVOT if share >= _PIVOT else _PIVOT
    bonus = (share - _PIVOT) / span * math.log(total, 4)
    return min(_MOST, max(0.0, 1.0 + bonus))

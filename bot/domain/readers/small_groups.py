"""Figures in which nobody can be made out: groups under five are put together.

A group is not hidden if the total and its neighbours give it away. So no row is struck out by
itself: the small ones, the empty ones among them, are said as one figure together, and where that
figure would still give one away, the smallest of the others join them. Who knows this rule and
all that is published cannot tell how many were in any group under five.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

FEWEST: Final = 5
"""People that a group has to have to be told by itself."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Generic[T]):
    """A breakdown as it is published.

    `rows` are told one by one; `together` are those of which only the sum, `rest`, is told. `total`
    and `rest` are `None` where they are fewer than `FEWEST`, and not none.
    """

    total: int | None
    rows: Mapping[T, int]
    together: tuple[T, ...] = ()
    rest: int | None = 0


def told(counts: Mapping[T, int]) -> Told[T]:
    """Return a breakdown as it may be published; every group is in one row."""
    total = sum(counts.values())
    small = {row for row, count in counts.items() if count < FEWEST}
    if not any(counts[row] for row in small):
        return Told(total=total, rows=dict(counts))
    together = _put_together(counts, small)
    return Told(
        total=at_least(total),
        rows={row: count for row, count in counts.items() if row not in together},
        together=tuple(row for row in counts if row in together),
        rest=at_least(sum(counts[row] for row in together)),
    )


def _put_together(counts: Mapping[T, int], small: set[T]) -> set[T]:
    """Return the small groups with as many larger ones, the smallest first, as hide them."""
    together, rest = set(small), sum(counts[row] for row in small)
    for row in sorted((row for row in counts if row not in small), key=lambda row: counts[row]):
        if _hides(rest, len(small), len(together) - len(small), counts[row]):
            break
        together.add(row)
        rest += counts[row]
    return together


def _hides(rest: int, small: int, joined: int, most: int) -> bool:
    """Whether `rest` leaves open how many are in each of the small groups.

    Args:
        rest: What is told of them and of those that joined them.
        small: How many groups are under five.
        joined: How many larger ones joined them, the smallest first.
        most: How many can be in one of these, as the next one is told.
    """
    full = (FEWEST - 1) * small
    if not joined:
        return FEWEST <= rest < full
    # What the small ones may come to: too little to be told by itself, or as much as they can be.
    sums = {*range(1, FEWEST), full}
    could_be = {one for one in sums if FEWEST * joined <= rest - one <= most * joined}
    return len(could_be) > 1 or (small > 1 and could_be != {full})


def at_least(count: int) -> int | None:
    """Return a count as it may be published by itself, `None` if that is only "fewer than 5"."""
    return count if count == 0 or count >= FEWEST else None

"""How long things take, of which some are not over yet.

Whoever counts only what was decided makes a desk that leaves the hard cases lying look quick. So
what still waits is counted as what it is: at least as long as it has waited. The share that is over
within a time is estimated by the product of Kaplan and Meier (1958), which takes each case into
account for as long as it was watched.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """The time within which a share was over; with `longer`, it is longer and not known yet."""

    time: timedelta
    longer: bool = False


def within(over: Sequence[timedelta], waiting: Sequence[timedelta], share: float) -> Wait | None:
    """Return the shortest time within which at least that share is over.

    Args:
        over: How long each took that is over.
        waiting: How long each has waited that is not.
        share: From above 0 to 1; 0.5 is the median.

    Returns:
        Where too many still wait, the longest time that any was watched, as less than the true
        one. `None` if there is nothing at all.
    """
    watched = sorted([*over, *waiting])
    if not watched:
        return None
    left = 1.0
    for time, ended in sorted(Counter(over).items()):
        left *= 1 - ended / (len(watched) - bisect_left(watched, time))
        if left <= 1 - share + _ROUNDING:
            return Wait(time=time)
    return Wait(time=watched[-1], longer=True)

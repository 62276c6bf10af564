"""What the programs of the bench share: cores, lines of output, quantiles."""

import os
import sys
from collections.abc import Sequence

SERVER_CORE, LOAD_CORE = 0, 1


def say(*words: object) -> None:
    """Write a line, at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def pin(core: int) -> None:
    """Keep this process on one core, where there are two."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {core})


def quantile(ordered: Sequence[float], part: float) -> float:
    """Return the value that so large a part of the ordered ones lies below; 0 of none."""
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0

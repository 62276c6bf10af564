"""The boundary of a task: what fails in it by a fault of ours harms none of its neighbours.

What could go wrong is that a fault is swallowed: that nobody learns of it, that what follows takes
the work for done, or that a refusal which somebody waits for ends here. So the block hands back what
it stopped, and whoever opened it says what that means; what is known beforehand is named, and passes;
and neither the end of the desk nor a cancelled task is an `Exception`, so both pass as well.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Part:
    """A part of a task; `fault` is what ended it too soon, if anything did."""

    fault: Exception | None = None


@contextmanager
def apart(*known: type[Exception]) -> Generator[Part]:
    """Stop what is raised in the block, but for what is `known` and meant for others."""
    part = Part()
    try:
        yield part
    except known:
        raise
    except Exception as fault:  # noqa: BLE001 - this is the boundary
        part.fault = fault

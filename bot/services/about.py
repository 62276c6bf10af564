"""Which case is being worked on, so that whatever is logged meanwhile can be found by its number."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_CASE: Final = ContextVar("case", default=0)


@contextmanager
def about(case_id: int) -> Generator[None]:
    """Let what is logged within the block name the case; 0 is none."""
    before = _CASE.set(case_id)
    try:
        yield
    finally:
        _CASE.reset(before)


def case_now() -> int:
    """Return the number of the case that is being worked on, 0 if it is none."""
    return _CASE.get()

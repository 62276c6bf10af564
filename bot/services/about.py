"""What is being worked on, so that whatever is logged meanwhile can be found: whose, which case."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_CASE: Final = ContextVar("case", default=0)
_NEWSROOM: Final = ContextVar("newsroom", default="")


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


@contextmanager
def in_newsroom(name: str) -> Generator[None]:
    """Let what is logged within the block name the newsroom, and so what tasks begun there log.

    A desk of one newsroom has no name for it: the empty one names none.
    """
    before = _NEWSROOM.set(name)
    try:
        yield
    finally:
        _NEWSROOM.reset(before)


def newsroom_now() -> str:
    """Return the name of the newsroom that is being worked for, empty if it is none."""
    return _NEWSROOM.get()

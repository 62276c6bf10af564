"""One thing that `comment-desk check` looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, field

PATIENCE = 20.0
"""Seconds to wait for anything outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at; `mend` says what to do, step by step, where it is wrong."""

    name: str
    good: bool
    words: str
    mend: Sequence[str] = field(default=())

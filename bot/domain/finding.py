"""One thing that was looked at to see whether the desk can work."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at; `mend` says what to do, step by step, where it is wrong."""

    name: str
    good: bool
    words: str
    mend: Sequence[str] = field(default=())

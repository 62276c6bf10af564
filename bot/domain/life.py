"""A threat to somebody's life: what has to be done about it, and what was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LifeStep(StrEnum):
    """One thing to do, in the order in which they are shown."""

    POLICE = "police"
    EDITOR = "editor"
    KEPT = "kept"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Who did a step, and when."""

    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Since when a case is one of life and death, and which steps were done."""

    at: datetime
    done: Mapping[LifeStep, Done]

    @property
    def left(self) -> tuple[LifeStep, ...]:
        """The steps that nobody has done yet."""
        return tuple(step for step in LifeStep if step not in self.done)

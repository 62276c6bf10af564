"""What a case's record says of those who contested a decision on it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Party(StrEnum):
    """Who contests."""

    AUTHOR = "author"
    """What was done about their comment, or their account."""
    REPORTER = "reporter"
    """That the comment which they reported was kept."""


class Answer(StrEnum):
    """How a contest ended."""

    UPHELD = "upheld"
    """The decision stands."""
    OVERTURNED = "overturned"
    SHORTENED = "shortened"
    """The ban ends sooner; what was served counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """That a decision was contested, without what was said; `answer` once somebody answered."""

    number: int
    party: Party
    at: datetime
    answer: Answer | None = None
    by_name: str | None = None
    answered_at: datetime | None = None

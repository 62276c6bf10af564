"""A report as the spike detector sees it: who complained about what, and when."""

from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """What a spike may be on."""

    STORY = "story"
    COMMENTER = "commenter"
    SITE = "site"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One report. Times are seconds since 1970, UTC; names are the site's own identifiers.

    `published` is when the story appeared, `None` if the site does not say. `referrer` is the
    host the reader came from, `rejected` of `decided` how the reader's earlier reports ended.
    """

    at: float
    story: str
    published: float | None
    comment: str
    author: str
    reader: str
    reason: str = ""
    note: str = ""
    referrer: str = ""
    rejected: int = 0
    decided: int = 0

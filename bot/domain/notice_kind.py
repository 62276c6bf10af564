"""What notices there are beside reports, and what a case's card tells of one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoticeKind(StrEnum):
    """What somebody gives notice of."""

    ILLEGAL = "illegal"
    """Content that they hold to be against the law."""
    LEGAL = "legal"
    """A statement that defames them, under section 5 of the Defamation Act 2013."""
    DATA = "data"
    """What is done with their personal data."""
    NEWSROOM = "newsroom"
    """Something about a comment that the newsroom should hear of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeMark:
    """A notice as its case's card tells of it; `act_by` is `None` once it is answered."""

    id: int
    kind: NoticeKind
    act_by: datetime | None

"""That an account may belong to somebody who is banned."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import CaseId, SiteId


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorRef:
    """Which account of which site."""

    site: SiteId
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Why an account may belong to somebody who is banned; a hint for people, never more.

    `reasons` are few words each, likest first. `case_id` is the other account's newest case.
    `until` is when the ban ends, `None` never.
    """

    other: AuthorRef
    name: str
    case_id: CaseId
    strength: float
    reasons: tuple[str, ...]
    until: datetime | None = None

"""A ban in force, and what several of one author come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.ids import CaseId, DecisionId, RuleNumber, SiteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """A standing decision that keeps an author out; `until` is `None` for good.

    `second_name` is who agreed, where it took two.
    """

    decision_id: DecisionId
    case_id: CaseId
    site: SiteId
    author_id: str
    author_name: str
    rule: RuleNumber | None
    by_name: str
    at: datetime
    until: datetime | None
    second_name: str | None = None


_NEVER = datetime.max.replace(tzinfo=UTC)


def whole(bans: Sequence[Ban]) -> Ban | None:
    """Return which of an author's bans in force ends last, as that is how long they are out."""
    return max(bans, key=lambda ban: (ban.until or _NEVER, ban.decision_id), default=None)

"""A ban in force."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import CaseId, DecisionId, RuleNumber, SiteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """A standing decision that keeps an author out; `until` is `None` for good."""

    decision_id: DecisionId
    case_id: CaseId
    site: SiteId
    author_id: str
    author_name: str
    rule: RuleNumber | None
    by_name: str
    at: datetime
    until: datetime | None

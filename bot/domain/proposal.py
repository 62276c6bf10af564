"""What one person asked for and another has to agree to."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.decision import Verdict
from bot.domain.ids import CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A verdict that waits for a second person, until it expires.

    `braked` says that one person may do as much alone, but not so often within so short a time.
    """

    case_id: CaseId
    verdict: Verdict
    revision: int
    at: datetime
    expires_at: datetime
    braked: bool = False

    @property
    def number(self) -> int:
        """What tells it from any other on its case: when it was made, in ms since 1970."""
        return int(self.at.timestamp() * 1000)

"""How long what people wrote, and what leads to them, is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Kept(StrEnum):
    """What is kept for a time of its own; the names are those of the policy file."""

    KEPT_TEXTS = "kept_texts"
    """The text of a comment that was kept, from its decision on."""
    HIDDEN_TEXTS = "hidden_texts"
    """The text of a comment that was hidden or whose author was banned, from that on."""
    READERS_NOTES = "readers_notes"
    """What readers wrote with their reports, from the decision on."""
    STAFF_NOTES = "staff_notes"
    """What the staff wrote about decided cases and about authors, from when it was written."""
    ADDRESSES = "addresses"
    """Hashes of addresses and the like by which an author is known again, from the last report."""
    EMAILS = "emails"
    """Names and e-mail addresses of those who sent a notice, from when it was settled."""
    RECEIPTS = "receipts"
    """Readers' ways back to their reports, from the report on."""
    CONTESTS = "contests"
    """What was said against a decision and answered to that, from the answer on."""
    SNAPSHOTS = "snapshots"
    """What the spike detector wrote down of what it remembers, from when it did; it does so anew."""
    REPORT_LOG = "report_log"
    """The list of reports by their time that spikes are looked for in, from each report on."""


DAYS: Final[Mapping[Kept, int]] = MappingProxyType(
    {
        Kept.KEPT_TEXTS: 365,
        Kept.HIDDEN_TEXTS: 365,
        Kept.READERS_NOTES: 365,
        Kept.STAFF_NOTES: 365,
        Kept.ADDRESSES: 180,
        Kept.EMAILS: 184 + 31,
        Kept.RECEIPTS: 184 + 31,
        Kept.CONTESTS: 365,
        Kept.SNAPSHOTS: 35,
        Kept.REPORT_LOG: 35,
    }
)
"""For how many days each is kept where the policy does not say; docs/privacy.md says why."""

LEAST: Final[Mapping[Kept, int]] = MappingProxyType(
    {
        # An author may contest for 184 days, and reads their own words where they do.
        Kept.KEPT_TEXTS: 28,
        Kept.HIDDEN_TEXTS: 184,
        Kept.RECEIPTS: 184,
        # The detector compares each hour with the same one of five weeks.
        Kept.SNAPSHOTS: 35,
        Kept.REPORT_LOG: 35,
    }
)
"""The fewest days that the policy may say, where one is too few."""

MOST: Final = 3650

HELD_FOR: Final = timedelta(days=365)
"""How long nothing of a case is forgotten after the last step of a legal notice on it: an action for
defamation can be brought within a year (Limitation Act 1980, section 4A)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRules:
    """For how many days each kind is kept."""

    days: Mapping[Kept, int] = field(default_factory=lambda: DAYS)

    def time(self, what: Kept) -> timedelta:
        """Return how long something is kept."""
        return timedelta(days=self.days[what])

    def before(self, what: Kept, now: datetime) -> datetime:
        """Return the moment from before which nothing of a kind is kept any more."""
        return now - self.time(what)

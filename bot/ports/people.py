"""What is known of readers and authors, and what waits for a second person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.ban import Ban
from bot.domain.ids import CaseId, DecisionId, ReporterKey, SiteId
from bot.domain.proposal import Proposal
from bot.domain.trust import ReaderRecord


class Readers(Protocol):
    """How often each reader's reports were right."""

    def get(self, reporter: ReporterKey) -> ReaderRecord:
        """Return a reader's record; one who was never judged has an empty one."""
        ...

    def put(self, reporter: ReporterKey, record: ReaderRecord) -> None:
        """Keep a reader's record."""
        ...


class Proposals(Protocol):
    """Verdicts that wait for a second person."""

    def get(self, case_id: CaseId) -> Proposal | None:
        """Return what waits on a case, expired or not."""
        ...

    def put(self, proposal: Proposal) -> None:
        """Keep what was proposed, in place of an earlier proposal on the case."""
        ...

    def drop(self, case_id: CaseId) -> None:
        """Forget what waits on a case."""
        ...

    def expired(self, now: datetime) -> Sequence[CaseId]:
        """Return the cases whose proposals nobody agreed to in time."""
        ...


class Bans(Protocol):
    """The bans that stand, and those that the desk lifted itself."""

    def standing(self, now: datetime, *, limit: int, offset: int = 0) -> Sequence[Ban]:
        """Return the bans in force, the newest first."""
        ...

    def count(self, now: datetime) -> int:
        """Return how many bans are in force."""
        ...

    def of_author(self, site: SiteId, author_id: str, now: datetime) -> Sequence[Ban]:
        """Return the bans of one author in force, the newest first."""
        ...

    def named(self, beginning: str, now: datetime) -> Sequence[Ban]:
        """Return bans in force of authors whose names begin so, at most 25."""
        ...

    def ended(self, site: SiteId, now: datetime) -> Sequence[Ban]:
        """Return a site's bans that have ended and were not lifted yet, at most 100."""
        ...

    def lifted(self, decision_id: DecisionId, at: datetime) -> None:
        """Record that the desk lifted a ban that had ended."""
        ...

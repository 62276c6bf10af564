"""The complaints, the cases and the record, as the store keeps them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.case import Case, CaseView, Counts
from bot.domain.comment import Comment
from bot.domain.decision import Decision
from bot.domain.ids import CaseId, DecisionId, SiteId
from bot.domain.report import Note, Receipt, Report


class Reports(Protocol):
    """The complaints, and which deliveries were already answered."""

    def answered(self, site: SiteId, delivery: str) -> Receipt | None:
        """Return what this delivery was answered before, `None` if it is new."""
        ...

    def clashes(self, report: Report) -> bool:
        """Whether another body came under the id of the request that brought the report."""
        ...

    def remember(
        self,
        site: SiteId,
        delivery: str,
        receipt: Receipt,
        at: datetime,
        digest: bytes | None = None,
    ) -> None:
        """Keep what a delivery was answered, and a digest of the body it came in."""
        ...

    def add(self, case_id: CaseId, report: Report) -> bool:
        """Keep a report; false if this reader already gave this reason for this case."""
        ...

    def is_first_of_reader(self, case_id: CaseId, report: Report) -> bool:
        """Whether the reader has no other reason on this case than this report's."""
        ...

    def notes(self, case_id: CaseId) -> Sequence[Note]:
        """Return the reporters' notes on a case, oldest first, at most 50."""
        ...


class Cases(Protocol):
    """The working state of the cases, with what was reported."""

    def find(self, site: SiteId, comment_id: str) -> Case | None:
        """Return the case of a comment, `None` if it was never reported."""
        ...

    def get(self, case_id: CaseId) -> Case | None:
        """Return a case by its number."""
        ...

    def open(self, report: Report, case: Case) -> Case:
        """Keep a new case, its text, author and story; the case comes back with its number and token."""
        ...

    def keep_names(self, report: Report) -> list[CaseId]:
        """Keep how author and story are called now, unless a newer report said otherwise.

        The cases of who or what has a new name are found by it from now on; returns those that
        are open, whose cards show another.
        """
        ...

    def revise(self, case: Case, report: Report) -> None:
        """Keep the report's text as revision `case.revision + 1`."""
        ...

    def rename(self, case: Case, comment: Comment) -> None:
        """Keep how the site now calls the text that stands, and by which hash it knows it."""
        ...

    def comment(self, case: Case) -> Comment:
        """Return a case's comment with the text that stands."""
        ...

    def shown(self, case_id: CaseId, revision: int, at: datetime | None) -> None:
        """Note since when a case's card shows a revision, `None` that it does not after all.

        The first time stays.
        """
        ...

    def revision_shown(self, case_id: CaseId, at: datetime) -> int | None:
        """Return which revision a case's card showed then, `None` if there was no card yet."""
        ...

    def save(self, case: Case) -> None:
        """Keep the case's working state as it now is."""
        ...

    def count(self, case_id: CaseId, counts: Counts) -> None:
        """Keep what one more report changed in a case, which is touched by it."""
        ...

    def view(self, case_id: CaseId, *, strikes_since: datetime) -> CaseView | None:
        """Return all that a card shows; strikes older than the given time have expired."""
        ...

    def queue(self, *, limit: int, offset: int = 0) -> Sequence[Case]:
        """Return open cases that are not put off, worst first, the older first where level."""
        ...

    def count_open(self) -> int:
        """Return how many cases are open."""
        ...

    def strikes(self, site: SiteId, author_id: str, *, since: datetime) -> int:
        """Return the author's hides and bans since then that were not undone or amended away."""
        ...

    def open_of_author(self, site: SiteId, author_id: str) -> Sequence[Case]:
        """Return the author's open cases."""
        ...

    def open_after(self, after: CaseId, *, limit: int) -> Sequence[CaseId]:
        """Return the open cases with higher numbers, in the order of these."""
        ...

    def open_at(self, site: SiteId, *, after: CaseId, limit: int) -> Sequence[Case]:
        """Return the site's open cases with higher numbers, in the order of these."""
        ...


class Decisions(Protocol):
    """The record: it grows, and nothing in it changes."""

    def last(self) -> Decision | None:
        """Return the newest decision of all."""
        ...

    def append(self, decision: Decision) -> None:
        """Add a sealed decision."""
        ...

    def get(self, decision_id: DecisionId) -> Decision | None:
        """Return one decision."""
        ...

    def after(self, decision_id: int, *, limit: int) -> Sequence[Decision]:
        """Return decisions whose id is higher, in order; pages through the whole record."""
        ...

    def of_case(self, case_id: CaseId) -> Sequence[Decision]:
        """Return a case's decisions, oldest first."""
        ...

"""What is known of authors, and the finding of cases by what is remembered of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.author import Known, StaffNote
from bot.domain.comment import Author
from bot.domain.decision import Decision
from bot.domain.hint import AuthorRef, Hint
from bot.domain.hotspots import Reported
from bot.domain.ids import CaseId, SiteId
from bot.domain.likeness import Barred, Likeness, Newcomer, Profile
from bot.domain.search import Query


class People(Protocol):
    """The authors: their cases, decisions, and the staff's notes on them."""

    def get(self, ref: AuthorRef) -> Author | None:
        """Return an author as last seen."""
        ...

    def named(self, words: str, *, limit: int) -> Sequence[Known]:
        """Return authors whose name begins with the words, or has words that begin so."""
        ...

    def cases(self, ref: AuthorRef, *, limit: int, offset: int = 0) -> Sequence[CaseId]:
        """Return the author's cases, newest first."""
        ...

    def bans(self, ref: AuthorRef, *, limit: int) -> Sequence[tuple[Decision, bool]]:
        """Return the author's bans, newest first, and whether each was undone."""
        ...

    def strikes(self, ref: AuthorRef, since: datetime, *, limit: int) -> Sequence[Decision]:
        """Return the decisions since then that count against the author, newest first."""
        ...

    def first_case(self, ref: AuthorRef) -> tuple[CaseId, datetime] | None:
        """Return the author's first case and when it was opened."""
        ...

    def notes(self, ref: AuthorRef, *, limit: int) -> Sequence[StaffNote]:
        """Return the staff's newest notes on an author, newest first."""
        ...

    def count_notes(self, ref: AuthorRef) -> int:
        """Return how many notes there are."""
        ...

    def add_note(self, ref: AuthorRef, note: StaffNote) -> None:
        """Keep a note."""
        ...

    def reported(self, since: datetime, *, limit: int) -> Sequence[Reported]:
        """Return what was reported since then, of the so many newest reports."""
        ...


class Search(Protocol):
    """Cases by their words and by what became of them."""

    def cases(self, query: Query, *, limit: int, offset: int = 0) -> Sequence[CaseId]:
        """Return the cases that fit, newest first; by the newest decision where one is asked for.

        Nobody of that name having decided anything, there are none.
        """
        ...


class Returning(Protocol):
    """What new accounts are compared with, and the hints that came of it."""

    def upto(self, what: str) -> int:
        """Return up to which number something was looked at, 0 at first."""
        ...

    def look(self, what: str, upto: int) -> None:
        """Record up to which number it was looked at."""
        ...

    def bans_after(self, decision_id: int, *, limit: int) -> tuple[int, Sequence[AuthorRef]]:
        """Return who was banned by the next decisions, and the number of the last one read."""
        ...

    def cases_after(self, case_id: int, *, limit: int) -> tuple[int, Sequence[AuthorRef]]:
        """Return the authors of the next cases, and the number of the last case."""
        ...

    def writings(self, ref: AuthorRef, *, limit: int) -> Newcomer | None:
        """Return an account with its newest texts and whom they answered."""
        ...

    def keep_barred(self, newcomer: Newcomer, bones: str, written: Profile) -> None:
        """Keep what new accounts are compared with of somebody banned."""
        ...

    def candidates(self, newcomer: Newcomer, now: datetime) -> Sequence[Barred]:
        """Return who of those banned now shares something with the account, found by index."""
        ...

    def sample(self, site: SiteId, *, limit: int) -> Sequence[str]:
        """Return the newest texts of a site, as what is usual there."""
        ...

    def keep_hint(self, ref: AuthorRef, other: AuthorRef, found: Likeness, at: datetime) -> bool:
        """Keep a hint; false if it is known, or somebody said that it is wrong."""
        ...

    def hints(self, ref: AuthorRef) -> Sequence[Hint]:
        """Return the hints on an account whose other one is banned, strongest first."""
        ...

    def deny(self, ref: AuthorRef, by_name: str) -> int:
        """Record that an account is none of those it was likened to; return how many."""
        ...

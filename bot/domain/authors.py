"""What is known of one commenter at this desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.account_similarity import AuthorRef, Hint
from bot.domain.cases import AuthorRecord, CardRef, CaseView
from bot.domain.comments import Author
from bot.domain.decisions import Decision
from bot.domain.ids import CaseId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An account with the name it last had, and its newest case."""

    ref: AuthorRef
    name: str
    case_id: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffNote:
    """What one of the staff wrote about an author."""

    text: str
    by_id: PersonId
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorSheet:
    """One page of an author's record.

    `views` are the page's cases with their cards, newest first, of `total` in all. `strikes` are the newest of the
    decisions that count now, `bans` of all that there were, with whether each was undone. `notes` are the newest ones,
    of `notes_total`. `case_id` is the case through which the record was opened, and `token` that case's.
    """

    ref: AuthorRef
    author: Author
    record: AuthorRecord
    case_id: CaseId
    token: str
    first_at: datetime
    strikes: Sequence[Decision]
    bans: Sequence[tuple[Decision, bool]]
    notes: Sequence[StaffNote]
    notes_total: int
    hints: Sequence[Hint]
    views: Sequence[tuple[CaseView, CardRef | None]]
    total: int
    offset: int
    page: int
    pages: int

"""Reactions to cards, and what they make the desk ask."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.cases import CardRef
from bot.domain.decisions import Action
from bot.domain.ids import CaseId, PersonId, RuleNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """One person's reaction to one message; `emoji` is written as Discord writes it in texts."""

    message_id: int
    by_id: PersonId
    emoji: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one person's reaction asks for, as a question repeats it."""

    by_name: str
    emoji: str
    action: Action


class QuestionKind(StrEnum):
    """What the desk asks."""

    BAN = "ban"
    """Whether the author is to be banned, of the one person who reacted so."""
    LATE = "late"
    """What is meant by reactions that were given while the desk was down, of everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A line under a card that asks; it goes when it is answered, or its time is over.

    `card` is where the card stood, with the revision that was judged. `given` is who reacted how:
    one person for a ban, whose `by_id` alone counts, and what it would be (`rule`, `lasting`).
    `message_id` is the line itself, once it is posted.
    """

    kind: QuestionKind
    case_id: CaseId
    card: CardRef
    given: tuple[Given, ...]
    at: datetime
    expires_at: datetime
    by_id: PersonId | None = None
    rule: RuleNumber | None = None
    lasting: timedelta | None = None
    id: int = 0
    message_id: int | None = None
    answered: bool = False

    @property
    def reaction(self) -> Reaction | None:
        """The one reaction that goes together with the line."""
        if self.by_id is None:
            return None
        return Reaction(
            message_id=self.card.message_id, by_id=self.by_id, emoji=self.given[0].emoji
        )

"""Reactions to cards, and what they make the desk ask."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.ids import CaseId, PersonId
from bot.domain.reaction import Question, Reaction


class Reactions(Protocol):
    """The reactions that were handled and may still stand under their card."""

    def handled(self, message_id: int) -> Collection[Reaction]:
        """Return those of one message."""
        ...

    def mark(self, reaction: Reaction, at: datetime) -> None:
        """Keep that a reaction was handled."""
        ...

    def forget(
        self, message_id: int, by_id: PersonId | None = None, emoji: str | None = None
    ) -> None:
        """Forget reactions that are gone: all of a message, or one person's, or one emoji's."""
        ...


class Questions(Protocol):
    """What the desk asks in lines under cards."""

    def ask(self, question: Question) -> Question:
        """Keep a question to be posted; it comes back with its number."""
        ...

    def get(self, number: int) -> Question | None:
        """Return one question."""
        ...

    def at(self, message_id: int) -> Question | None:
        """Return the question whose line is this message."""
        ...

    def open_ban(self, case_id: CaseId, by_id: PersonId) -> Question | None:
        """Return what a person is asked about banning a case's author, if they are."""
        ...

    def open_of(self, case_id: CaseId) -> Sequence[Question]:
        """Return what is asked about a case."""
        ...

    def posted(self, number: int, message_id: int) -> None:
        """Record the line's message."""
        ...

    def answer(self, number: int) -> None:
        """Record that a question is answered, so that its line goes."""
        ...

    def drop(self, number: int) -> None:
        """Forget a question whose line is gone."""
        ...

    def to_post(self, now: datetime) -> Sequence[Question]:
        """Return what is still to be posted, the oldest first."""
        ...

    def to_take_away(self, now: datetime) -> Sequence[Question]:
        """Return the questions that are over.

        They were answered, their time is over, or the case was decided: by whom was asked, or by
        anybody where everybody was.
        """
        ...

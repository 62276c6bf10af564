"""What was typed, and which cases the desk's own messages belong to."""

from collections.abc import Collection, Sequence
from typing import Protocol

from bot.domain.ids import CaseId, PersonId
from bot.domain.lines import KeptLine


class Lines(Protocol):
    """The typed lines that were carried out, and what a reply to each message means."""

    def say(self, message_id: int, cases: Collection[CaseId]) -> None:
        """Keep that a message, or a thread, belongs to these cases."""
        ...

    def cases_of(self, message_id: int) -> Sequence[CaseId]:
        """Return the cases that a message or a thread belongs to."""
        ...

    def put(self, line: KeptLine) -> None:
        """Keep what came of a line, in the transaction that carries it out."""
        ...

    def get(self, message_id: int) -> KeptLine | None:
        """Return what came of a line, `None` if it was not carried out."""
        ...

    def answered(self, message_id: int) -> None:
        """Keep that its author was told what came of a line."""
        ...

    def unanswered(self) -> Sequence[KeptLine]:
        """Return the lines that were carried out and not answered, the oldest first."""
        ...

    def typed_since(self, message_id: int, by_id: PersonId, case_id: CaseId) -> bool:
        """Whether a later line of the same person about the case was carried out."""
        ...

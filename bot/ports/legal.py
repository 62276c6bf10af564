"""Legal notices, as the store keeps them."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.ids import CaseId
from bot.domain.legal import LegalNotice


class LegalNotices(Protocol):
    """The notices, and every step that was taken about each."""

    def add(self, notice: LegalNotice) -> LegalNotice:
        """Keep a new notice; it comes back with its number."""
        ...

    def get(self, number: int) -> LegalNotice | None:
        """Return one notice."""
        ...

    def step(self, notice: LegalNotice, by_name: str) -> None:
        """Keep the stage that a notice has got to, and who said so."""
        ...

    def placed(self, number: int, channel_id: int, message_id: int) -> None:
        """Record where a notice's card stands."""
        ...

    def running(self) -> Sequence[LegalNotice]:
        """Return the notices whose clock runs, the most urgent first, at most 25."""
        ...

    def of_case(self, case_id: CaseId) -> Sequence[LegalNotice]:
        """Return a case's notices, the newest first."""
        ...

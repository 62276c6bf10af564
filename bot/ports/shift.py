"""What a shift does besides deciding, as the store keeps it, and where its messages go."""

from collections.abc import Mapping
from typing import Protocol

from bot.domain.case import CardRef
from bot.domain.errand import Errand
from bot.domain.ids import CaseId
from bot.domain.overview import Overview


class Staffroom(Protocol):
    """Where staff are spoken to; each raises what `Board` raises."""

    async def ready(self) -> None:
        """Return when Discord can be spoken to."""
        ...

    async def say(
        self, errand: Errand, cards: Mapping[CaseId, CardRef], *, nonce: str
    ) -> int | None:
        """Post a message; it calls exactly those it is for."""
        ...

    async def begin_thread(self, errand: Errand, card: CardRef, *, nonce: str) -> int:
        """Begin a thread under a card, or find the one that is there; return its id."""
        ...

    async def show(
        self, overview: Overview, cards: Mapping[CaseId, CardRef], at: tuple[int, int] | None
    ) -> tuple[int, int]:
        """Edit the pinned overview at a channel and message, or post and pin a new one."""
        ...

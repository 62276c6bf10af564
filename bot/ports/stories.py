"""How stories stand, as the store keeps it, and what the desk says of its own accord."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.domain.backlog import Backlog
from bot.domain.brake import Run
from bot.domain.case import CardRef, CaseView
from bot.domain.decision import Decision
from bot.domain.ids import CaseId
from bot.domain.legal import LegalNotice
from bot.domain.stories import KnownStory
from bot.domain.trouble import Trouble


class Herald(Protocol):
    """Where the desk says something of its own accord; each raises what `Board` raises.

    What is about cases returns the message's id, as far as there is one.
    """

    async def ready(self) -> None:
        """Return when Discord can be spoken to."""
        ...

    async def review(self, story: KnownStory, *, nonce: str) -> None:
        """Ask the moderators whether a story's state still holds."""
        ...

    async def call_editors(self, view: CaseView, card: CardRef | None, *, nonce: str) -> int | None:
        """Call the editors to a threat to life, by their roles."""
        ...

    async def call_by_roads(self, view: CaseView, card: CardRef | None) -> None:
        """Call them by every other road there is; does nothing if there is none.

        Raises:
            PagerDown: Try later.
        """
        ...

    async def call_to_run(self, run: Run, *, nonce: str) -> None:
        """Call senior moderators and editors to what somebody does beyond the brake."""
        ...

    async def call_to_run_by_roads(self, run: Run) -> None:
        """Call them by every other road there is; does nothing if there is none.

        Raises:
            PagerDown: Try later.
        """
        ...

    async def show_legal(
        self, notice: LegalNotice, view: CaseView, card: CardRef | None, *, nonce: str
    ) -> tuple[int, int]:
        """Edit a legal notice's card, or post it to the editors; return channel and message."""
        ...

    async def call_to_legal(self, notice: LegalNotice, *, over: bool, nonce: str) -> int | None:
        """Call the editors before a clock runs out, and when it has."""
        ...

    async def trouble(self, trouble: Trouble, *, over: bool, nonce: str) -> None:
        """Tell staff what Discord refuses, or that it is over, in a channel that takes it.

        Raises:
            BoardDown: None does.
        """
        ...

    async def record(
        self, decisions: Sequence[Decision], cards: Mapping[CaseId, CardRef], *, nonce: str
    ) -> int | None:
        """Put decisions into the log channel, a line each, calling nobody."""
        ...

    async def show_backlog(
        self, backlog: Backlog, cards: Mapping[CaseId, CardRef], at: int | None
    ) -> int:
        """Edit the digest, the message `at`, or post one; return its id."""
        ...

    async def clear_backlog(self, at: int) -> None:
        """Take the digest away."""
        ...

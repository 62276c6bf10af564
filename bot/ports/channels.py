"""What is known of the ways into Discord's channels: what was tried, and what is refused."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.ids import CaseId
from bot.domain.trouble import KeptTrouble, Trouble


class Channels(Protocol):
    """What was tried there, what is refused for now, and what should stand there and does not."""

    def try_now(self, nonce: str, at: datetime) -> datetime | None:
        """Note that a message is about to be posted; return when that was first noted before."""
        ...

    def untry(self, nonce: str) -> None:
        """Forget that a message was tried, as it is known not to stand there."""
        ...

    def troubles(self) -> Sequence[KeptTrouble]:
        """Return what is refused or was, and is not settled, the oldest first."""
        ...

    def met(self, trouble: Trouble, at: datetime) -> None:
        """Keep that something is refused, anew or again."""
        ...

    def told(self, name: str, at: datetime) -> None:
        """Keep that staff were told of a trouble."""
        ...

    def over(self, name: str, at: datetime) -> None:
        """Keep that a trouble is over; one that nobody was told of is forgotten."""
        ...

    def forget(self, name: str) -> None:
        """Forget a trouble, as staff know that it is over."""
        ...

    def hurry(self, now: datetime, *, limit: int) -> int:
        """Make due what was refused and waits, so many of each kind; return how many in all."""
        ...

    def astray(self, named: Collection[int], *, limit: int) -> Sequence[CaseId]:
        """Return open cases without a card in one of the channels, that nobody asked to draw."""
        ...

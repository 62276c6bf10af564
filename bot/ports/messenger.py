"""The desk's channels, and the other ways to its people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.alert import Alert, AlertView
from bot.domain.case import Case
from bot.domain.errand import Errand
from bot.domain.ids import PersonId
from bot.domain.places import MessageRef, Places
from bot.domain.sayings import Paged, Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Where a message stands now; it is not `whole` where Discord refused what it was to say."""

    at: MessageRef
    whole: bool = True


class Messenger(Protocol):
    """Everything that the desk does in its channels of its own accord.

    Each method raises `BoardDown` where it is to be tried later.
    """

    @property
    def places(self) -> Places:
        """Where the desk speaks."""
        ...

    async def ready(self) -> None:
        """Return when Discord can be spoken to."""
        ...

    async def post(
        self,
        channel_id: int,
        what: Saying,
        *,
        nonce: str,
        silent: bool = False,
        under: MessageRef | None = None,
        looked: bool = False,
        noted: bool = True,
    ) -> Posted:
        """Post a message once, however often that is tried under the same `nonce`.

        It makes no sound if `silent`, and answers the message that it stands `under`. Who has
        `looked` for an earlier try already spares a second look. A refusal of what need not come
        is not `noted`.
        """
        ...

    async def edit(self, at: MessageRef, what: Saying) -> bool:
        """Let a message say what it is to say now; false if Discord refuses that.

        Raises:
            CardGone: It was deleted.
        """
        ...

    async def find(self, channel_id: int, what: Case | Alert, since: datetime) -> MessageRef | None:
        """Look in a channel for a card that may have been posted without our learning of it."""
        ...

    async def delete(self, at: MessageRef, *, noted: bool = True) -> None:
        """Take a message away; one that is gone already is no trouble."""
        ...

    async def pin(self, at: MessageRef) -> None:
        """Pin a message; it is a help, so failing fails nothing."""
        ...

    async def thread(self, at: MessageRef, about: Errand | AlertView) -> int:
        """Begin a thread at a message, or find the one that is there; return its id."""
        ...

    async def react(self, at: MessageRef, emoji: Sequence[str]) -> None:
        """Put reactions to press under a message; failing fails nothing."""
        ...

    async def unreact(self, at: MessageRef) -> None:
        """Take all reactions off a message; failing fails nothing."""
        ...

    async def still_staff(self, people: Iterable[PersonId]) -> Sequence[PersonId]:
        """Return those who have not left, nor lost the role that makes them one of the staff."""
        ...


class Pager(Protocol):
    """Every other way to reach editors: e-mail, Slack, a telephone."""

    async def send(self, what: Paged) -> None:
        """Send it as a plain text by all of them.

        Raises:
            PagerDown: One or more did not take it; try later.
        """
        ...

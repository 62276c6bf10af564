"""What the services ask of the outside world, as Protocols: sites, channels, roads, the clock."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.domain.alerts import Alert, AlertView
from bot.domain.cases import Case
from bot.domain.effects import Order, Outcome
from bot.domain.ids import MessageRef, PersonId, Places
from bot.domain.sayings import Paged, Saying, StaffMessage
from bot.domain.site import Ability, About, Finding, Found, Seen


class Site(Protocol):
    """One comment platform."""

    @property
    def abilities(self) -> frozenset[Ability]:
        """What the platform can do; no button is offered that it cannot honour."""
        ...

    async def carry_out(self, order: Order) -> Outcome:
        """Make the site be as the order says, once, however often it is asked.

        Never raises for what the site does: that is an outcome, with a sentence for the card.
        """
        ...

    async def check(self) -> Sequence[Finding]:
        """Say what the desk may and may not do there, and what to mend; changes nothing."""
        ...


@runtime_checkable
class PolledSite(Protocol):
    """A platform that is asked for its reports, by itself or besides sending them."""

    async def look_for_reports(self, mark: str | None) -> Found:
        """Return what was reported since `mark`; `None` asks for what is still open there.

        Raises:
            SiteDown: Try later.
        """
        ...


@runtime_checkable
class WatchedSite(Protocol):
    """A platform that tells how a comment stands, whoever decided that."""

    async def look_at(self, comment_ids: Sequence[str]) -> Sequence[Seen]:
        """Return how these comments, at most 25, stand now; of some it may say nothing.

        Raises:
            SiteDown: Try later.
        """
        ...


@runtime_checkable
class AskedSite(Protocol):
    """A platform that tells of a comment by the address where it is read."""

    async def find(self, address: str) -> About | None:
        """Return the comment that an address names, `None` if it names none that is there.

        The address is anybody's: it is read and never gone to. Whether what was found stands
        there is for whoever asked to see.

        Raises:
            SiteDown: Try later.
        """
        ...


@runtime_checkable
class ClosingSite(Protocol):
    """A platform on which a story can be closed for comments, and opened again."""

    async def close_story(self, story_id: str, *, closed: bool) -> Outcome:
        """Make the story be closed for comments, or open; never raises for what the site does."""
        ...


class GreetedSite(ABC):
    """A platform with a plugin of the desk's, with which it can agree before readers come.

    `secrets` are those that the site is to sign its reports with.
    """

    @abstractmethod
    async def greet(self, secrets: Sequence[str]) -> Sequence[Finding]:
        """Say whether both sides go by the same name and secret; changes nothing."""

    @abstractmethod
    async def try_report(self, secrets: Sequence[str]) -> Sequence[Finding]:
        """Send the house rules, and work with a report of a comment that readers never see."""


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

    async def thread(self, at: MessageRef, about: StaffMessage | AlertView) -> int:
        """Begin a thread at a message, or find the one that is there; return its id."""
        ...

    async def drop_thread(self, thread_id: int) -> None:
        """Take a thread away with all that is in it; one that is gone already is no trouble."""
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


Clock = Callable[[], datetime]
"""The time now, aware, in UTC."""

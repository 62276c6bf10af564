"""How stories stand, as the store keeps it, and what the desk says of its own accord."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.backlog import Backlog
from bot.domain.case import CardRef, CaseView
from bot.domain.decision import Decision
from bot.domain.ids import CaseId, DecisionId, SiteId
from bot.domain.legal import LegalNotice
from bot.domain.reminder import Reminder
from bot.domain.stories import Closing, KnownStory, Standing
from bot.domain.trouble import Trouble


class Stories(Protocol):
    """How each story stands in law; a story that is not kept is a normal one."""

    def get(self, site: SiteId, story_id: str) -> Standing | None:
        """Return how a story stands, `None` for a normal one."""
        ...

    def of_case(self, case_id: CaseId) -> Standing | None:
        """Return how the story of a case stands, `None` for a normal one."""
        ...

    def put(self, standing: Standing) -> None:
        """Keep how a story stands from now on, and that it was changed."""
        ...

    def changes(self, site: SiteId, story_id: str) -> Sequence[Standing]:
        """Return every change of a story's state, the newest first, at most 20."""
        ...

    def known(self, site: SiteId, story_id: str) -> KnownStory | None:
        """Return a story that was reported under."""
        ...

    def story_of_case(self, case_id: CaseId) -> KnownStory | None:
        """Return the story of a case."""
        ...

    def marked(self, *, limit: int, offset: int = 0) -> Sequence[KnownStory]:
        """Return the stories that are not normal, the newest mark first."""
        ...

    def count_marked(self) -> int:
        """Return how many stories are not normal."""
        ...

    def search(self, words: str, *, limit: int) -> Sequence[KnownStory]:
        """Return stories by the beginning of their title, an address, or words of recent ones."""
        ...

    def open_cases(
        self, site: SiteId, story_id: str, *, after: CaseId, limit: int
    ) -> Sequence[CaseId]:
        """Return a story's open cases with higher numbers, in the order of these."""
        ...


class Closings(Protocol):
    """Which stories their sites were asked to close for comments, or to open again."""

    def want(self, site: SiteId, story_id: str, now: datetime, *, closed: bool) -> None:
        """Ask for a story to be closed or open, in place of what was asked before."""
        ...

    def get(self, site: SiteId, story_id: str) -> Closing | None:
        """Return what was asked last, and how far that has got."""
        ...

    def due(self, site: SiteId, now: datetime, *, limit: int) -> Sequence[Closing]:
        """Return what is due at a site."""
        ...

    def done(self, closing: Closing) -> None:
        """Record that the site did it, unless something else was asked meanwhile."""
        ...

    def retry(self, closing: Closing, due_at: datetime, trouble: str) -> None:
        """Record a failed attempt and when the next one is due."""
        ...

    def fail(self, closing: Closing, trouble: str) -> None:
        """Record that it is given up."""
        ...


class Reminders(Protocol):
    """The durable list of what the desk says of its own accord."""

    def want(self, reminder: Reminder) -> None:
        """Ask for it to be said when it is due; a name that was used before changes nothing."""
        ...

    def due(self, now: datetime, *, limit: int) -> Sequence[Reminder]:
        """Return what is due, the longest due first."""
        ...

    def done(self, reminder: Reminder, at: datetime) -> None:
        """Record that it was said, or need not be said any more."""
        ...

    def retry(self, reminder: Reminder, due_at: datetime, trouble: str) -> None:
        """Record a failed attempt and when the next one is due."""
        ...

    def fail(self, reminder: Reminder, at: datetime, trouble: str) -> None:
        """Record that it is given up."""
        ...


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
            RoadDown: Try later.
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


class Archive(Protocol):
    """What the log channel was told, and where the digest stands."""

    def logged(self, channel_id: int) -> DecisionId | None:
        """Return up to which decision a channel was told, `None` if it never was."""
        ...

    def log(self, channel_id: int, decision_id: int) -> None:
        """Record up to which decision a channel was told."""
        ...

    def digest(self, channel_id: int) -> int | None:
        """Return the message that is the digest, `None` if there is none."""
        ...

    def place_digest(self, channel_id: int, message_id: int | None) -> None:
        """Record where the digest stands, or that it is gone."""
        ...

"""Transactions over everything that is kept."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from bot.ports.alerts import AlertEffects, Alerts, Sightings, Tallies
from bot.ports.channels import Channels
from bot.ports.knowing import People, Returning, Search
from bot.ports.legal import LegalNotices
from bot.ports.life import Preserved
from bot.ports.lines import Lines
from bot.ports.outbox import Cards, Marks, Outbox
from bot.ports.people import Bans, Proposals, Readers
from bot.ports.reactions import Questions, Reactions
from bot.ports.records import Cases, Decisions, Reports
from bot.ports.shift import Casework, Errands, Rota
from bot.ports.stories import Archive, Closings, Reminders, Stories

T = TypeVar("T")


class Tx(Protocol):
    """One transaction, used from the store's own thread: plain calls, no awaiting."""

    @property
    def reports(self) -> Reports:
        """The complaints."""
        ...

    @property
    def cases(self) -> Cases:
        """The cases."""
        ...

    @property
    def decisions(self) -> Decisions:
        """The record."""
        ...

    @property
    def outbox(self) -> Outbox:
        """What is asked of the outside world."""
        ...

    @property
    def cards(self) -> Cards:
        """Where the cards stand."""
        ...

    @property
    def lines(self) -> Lines:
        """What was typed."""
        ...

    @property
    def channels(self) -> Channels:
        """What was tried in the channels, and what is refused there."""
        ...

    @property
    def reactions(self) -> Reactions:
        """The reactions that were handled."""
        ...

    @property
    def questions(self) -> Questions:
        """What the desk asks under cards."""
        ...

    @property
    def readers(self) -> Readers:
        """How often each reader was right."""
        ...

    @property
    def proposals(self) -> Proposals:
        """What waits for a second person."""
        ...

    @property
    def bans(self) -> Bans:
        """The bans that stand."""
        ...

    @property
    def casework(self) -> Casework:
        """Who has a case, and what colleagues noted."""
        ...

    @property
    def rota(self) -> Rota:
        """Who is on shift, and what waits for them."""
        ...

    @property
    def errands(self) -> Errands:
        """Messages to staff."""
        ...

    @property
    def stories(self) -> Stories:
        """How stories stand in law."""
        ...

    @property
    def closings(self) -> Closings:
        """Which stories their sites were asked to close."""
        ...

    @property
    def reminders(self) -> Reminders:
        """What the desk says of its own accord."""
        ...

    @property
    def preserved(self) -> Preserved:
        """The cases of which nothing may be forgotten."""
        ...

    @property
    def legal(self) -> LegalNotices:
        """The notices of complaint."""
        ...

    @property
    def archive(self) -> Archive:
        """What the log channel was told, and where the digest stands."""
        ...

    @property
    def marks(self) -> Marks:
        """How far the polled sites were read."""
        ...

    @property
    def sightings(self) -> Sightings:
        """The counted reports in their order."""
        ...

    @property
    def alerts(self) -> Alerts:
        """The alerts."""
        ...

    @property
    def alert_effects(self) -> AlertEffects:
        """What editors are to be told."""
        ...

    @property
    def tallies(self) -> Tallies:
        """Figures about reports."""
        ...

    @property
    def people(self) -> People:
        """The authors and what the staff noted about them."""
        ...

    @property
    def search(self) -> Search:
        """The finding of cases."""
        ...

    @property
    def returning(self) -> Returning:
        """What new accounts are compared with."""
        ...


class Store(Protocol):
    """Where everything is kept."""

    async def write(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a transaction and return its result once that is on disk.

        Many works may share one transaction, and a work may be run again after another one in
        its transaction failed, so it must have no effect but through its `Tx`. What it raises
        is raised here, and nothing of it is kept.
        """
        ...

    async def read(self, query: Callable[[Tx], T]) -> T:
        """Run `query` on a consistent state; it must not write."""
        ...

    async def changed(self, seen: int, *, within: float) -> int:
        """Return once more than `seen` effects were ever asked for, or after `within` seconds.

        The answer is how many that are now, to be passed as `seen` the next time; so several
        may wait, each by its own count.
        """
        ...

"""What the services ask of the outside world."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from bot.domain.case import CardRef, Case, CaseView
from bot.domain.decision import Decision
from bot.domain.effect import Delivery, Effect, Order, Outcome
from bot.domain.finding import Finding
from bot.domain.ids import CaseId, DecisionId, EffectId, SiteId
from bot.domain.report import Note, Receipt, Report
from bot.domain.site import Ability, Found

Clock = Callable[[], datetime]
"""The time now, aware, in UTC."""

T = TypeVar("T")


class Reports(Protocol):
    """The complaints, and which deliveries were already answered."""

    def answered(self, site: SiteId, delivery: str) -> Receipt | None:
        """Return what this delivery was answered before, `None` if it is new."""
        ...

    def remember(self, site: SiteId, delivery: str, receipt: Receipt, at: datetime) -> None:
        """Keep what a delivery was answered."""
        ...

    def add(self, case_id: CaseId, report: Report) -> bool:
        """Keep a report; false if this reader already gave this reason for this case."""
        ...

    def is_first_of_reader(self, case_id: CaseId, report: Report) -> bool:
        """Whether the reader has no other reason on this case than this report's."""
        ...

    def notes(self, case_id: CaseId) -> Sequence[Note]:
        """Return the reporters' notes on a case, oldest first, at most 50."""
        ...


class Cases(Protocol):
    """The working state of the cases, with what was reported."""

    def find(self, site: SiteId, comment_id: str) -> Case | None:
        """Return the case of a comment, `None` if it was never reported."""
        ...

    def get(self, case_id: CaseId) -> Case | None:
        """Return a case by its number."""
        ...

    def open(self, report: Report, case: Case) -> Case:
        """Keep a new case, its text, author and story; the case comes back with its number."""
        ...

    def revise(self, case: Case, report: Report) -> bool:
        """Keep the report's text as revision `case.revision + 1`; false if its key is known."""
        ...

    def save(self, case: Case) -> None:
        """Keep the case's working state as it now is."""
        ...

    def view(self, case_id: CaseId, *, strikes_since: datetime) -> CaseView | None:
        """Return all that a card shows; strikes older than the given time have expired."""
        ...

    def queue(self, *, limit: int, offset: int = 0) -> Sequence[Case]:
        """Return open cases, worst first, the older first where two are level."""
        ...

    def count_open(self) -> int:
        """Return how many cases are open."""
        ...

    def strikes(self, site: SiteId, author_id: str, *, since: datetime) -> int:
        """Return the author's hides and bans since then that were not undone or amended away."""
        ...

    def open_of_author(self, site: SiteId, author_id: str) -> Sequence[Case]:
        """Return the author's open cases."""
        ...


class Decisions(Protocol):
    """The record: it grows, and nothing in it changes."""

    def last(self) -> Decision | None:
        """Return the newest decision of all."""
        ...

    def append(self, decision: Decision) -> None:
        """Add a sealed decision."""
        ...

    def get(self, decision_id: DecisionId) -> Decision | None:
        """Return one decision."""
        ...

    def after(self, decision_id: int, *, limit: int) -> Sequence[Decision]:
        """Return decisions whose id is higher, in order; pages through the whole record."""
        ...

    def of_case(self, case_id: CaseId) -> Sequence[Decision]:
        """Return a case's decisions, oldest first."""
        ...


class Outbox(Protocol):
    """The durable list of changes asked of the outside world."""

    def want_card(self, case_id: CaseId, due_at: datetime) -> None:
        """Ask for the case's card to be drawn.

        Asking again before it is drawn changes nothing but the time, if earlier.
        """
        ...

    def want_order(self, order: Order) -> None:
        """Ask the site to carry out a decision."""
        ...

    def due_cards(self, now: datetime, *, limit: int) -> Sequence[Effect]:
        """Return cards due to be drawn, worst case first."""
        ...

    def due_orders(self, site: SiteId, now: datetime, *, limit: int) -> Sequence[Effect]:
        """Return orders due at a site, oldest first.

        An order waits for the earlier ones of its case, so that an undo cannot overtake the
        hide it undoes.
        """
        ...

    def order(self, effect_id: EffectId) -> Order | None:
        """Return what an effect asks of its site."""
        ...

    def done(self, effect_id: EffectId, at: datetime) -> None:
        """Record that an effect was carried out."""
        ...

    def retry(self, effect_id: EffectId, due_at: datetime, trouble: str) -> None:
        """Record a failed attempt and when the next one is due."""
        ...

    def fail(self, effect_id: EffectId, at: datetime, trouble: str) -> None:
        """Record that an effect is given up."""
        ...

    def revive(self, case_id: CaseId, now: datetime) -> bool:
        """Make the case's failed or waiting orders due now, with their tries from 0.

        False if the case has none.
        """
        ...

    def delivery(self, case_id: CaseId) -> Delivery | None:
        """Return how far the site has got with the case's newest decision."""
        ...


class Cards(Protocol):
    """Where the cards stand."""

    def get(self, case_id: CaseId) -> CardRef | None:
        """Return where a case's card stands."""
        ...

    def at(self, message_id: int) -> CardRef | None:
        """Return the card that is this message."""
        ...

    def intend(self, case_id: CaseId, at: datetime) -> datetime | None:
        """Note that the card is about to be posted.

        Returns when that was noted before, if a post was tried and its end is not known.
        """
        ...

    def drawn(self, ref: CardRef, touched: int) -> None:
        """Record where the card stands and what it shows."""
        ...

    def lost(self, case_id: CaseId) -> None:
        """Record that the card's message is gone."""
        ...

    def newest(self, channel_id: int, *, limit: int) -> Sequence[CardRef]:
        """Return the cards of open cases in a channel, the newest message first."""
        ...

    def open_ones(self) -> Sequence[CardRef]:
        """Return every card of an open case."""
        ...

    def cursor(self, channel_id: int) -> int | None:
        """Return the id of the last message of a channel whose typed commands were handled."""
        ...

    def advance(self, channel_id: int, message_id: int) -> None:
        """Record that a channel's messages up to this one were handled."""
        ...


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


class PolledSite(Site, Protocol):
    """A platform that is asked for its reports, by itself or besides sending them."""

    async def look_for_reports(self, mark: str | None) -> Found:
        """Return what was reported since `mark`; `None` asks for what is still open there.

        Raises:
            SiteDown: Try later.
        """
        ...


class CheckedSite(Site, Protocol):
    """A platform whose set-up can be looked at."""

    async def check(self) -> Sequence[Finding]:
        """Say what the desk may and may not do there, and what to mend; changes nothing."""
        ...


class Board(Protocol):
    """The moderators' channel."""

    async def ready(self) -> None:
        """Return when Discord can be spoken to."""
        ...

    async def post(self, view: CaseView, *, nonce: str) -> CardRef:
        """Post the case's card.

        `nonce`, of at most 25 characters, is the same when the same post is tried again.

        Raises:
            BoardDown: Try later.
            BoardRefused: Discord will never take it.
        """
        ...

    async def seed(self, ref: CardRef) -> None:
        """Put the reactions to press under a card; they are a help, so failing fails nothing."""
        ...

    async def redraw(self, view: CaseView, ref: CardRef) -> None:
        """Edit the card to show the case as it now is.

        Raises:
            BoardDown: Try later.
            BoardRefused: Discord will never take it.
            CardGone: The message was deleted.
        """
        ...

    async def find(self, case_id: CaseId, since: datetime) -> CardRef | None:
        """Look for a card that may have been posted without our learning of it."""
        ...

"""What is asked of the outside world, and where the cards stand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.case import CardRef, StandingCard
from bot.domain.effect import Delivery, Effect, Order
from bot.domain.ids import CaseId, EffectId, SiteId
from bot.domain.site import Mark


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

    def due_cards(self, now: datetime, *, limit: int, held: bool = False) -> Sequence[Effect]:
        """Return cards due to be drawn, worst case first.

        While new cards are `held`, those of open cases that have none yet are left out, but for
        cases of which nothing may be forgotten.
        """
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

    def bring_near(self, now: datetime, *, most: timedelta) -> None:
        """Make due now what would not be due within the longest wait there is."""
        ...

    def bring_forward(self, now: datetime, *, by: timedelta) -> None:
        """Make what waits be due so much earlier, but not before now, and errands and alerts too."""
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

    def turned_at(self, case_id: CaseId) -> datetime | None:
        """Return when a card last came to show another text or state, if it ever did."""
        ...

    def at(self, message_id: int) -> CardRef | None:
        """Return the card that is this message."""
        ...

    def intend(self, case_id: CaseId, at: datetime) -> datetime | None:
        """Note that the card is about to be posted.

        Returns when that was noted before, if a post was tried and its end is not known.
        """
        ...

    def drawn(
        self, ref: CardRef, touched: int, *, listed: bool = True, at: datetime | None = None
    ) -> None:
        """Record where the card stands and what it shows.

        `listed` says that it shows an open case that is not put off, and `at` when it came to show
        what it shows.
        """
        ...

    def seed(self, case_id: CaseId, *, seeded: bool) -> None:
        """Record whether a card has the reactions to press."""
        ...

    def count_open(self, *, most: int) -> int:
        """Return how many open cases have a card, counting no further than `most`."""
        ...

    def lost(self, case_id: CaseId) -> None:
        """Record that the card's message is gone."""
        ...

    def was_lost(self, case_id: CaseId) -> bool:
        """Whether a case had a card whose message is gone."""
        ...

    def standing(
        self, channel_id: int, *, before: int, since: datetime, limit: int
    ) -> Sequence[StandingCard]:
        """Return the cards that a person sees as open, or saw so since a moment, newest first.

        Args:
            channel_id: Where they stand.
            before: Only messages up to this id.
            since: Cards that changed since are among them.
            limit: At most so many.
        """
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


class Marks(Protocol):
    """How far each polled site was read."""

    def get(self, site: SiteId) -> Mark | None:
        """Return how far a site was read, `None` if it never was."""
        ...

    def put(self, site: SiteId, mark: Mark) -> None:
        """Keep how far a site was read."""
        ...

    def pass_over(self, site: SiteId, name: str, at: datetime) -> None:
        """Keep that something of a site, by a name of its own, could not be read."""
        ...

    def passed_over(self, site: SiteId, since: datetime) -> int:
        """Return how much of a site could not be read since then."""
        ...

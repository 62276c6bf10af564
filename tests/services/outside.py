"""A channel and a site that fail when they are told to, for tests that need no sockets."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from bot.domain.case import CardRef, Case, CaseState, CaseView
from bot.domain.decision import Action
from bot.domain.effect import Order, Outcome, Verb
from bot.domain.errors import BoardDown, CardGone
from bot.domain.ids import CaseId
from bot.domain.site import Ability

CHANNEL = 700


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What stands on a card."""

    case_id: CaseId
    touched: int
    state: CaseState
    verdict: Action | None
    posted: datetime


def shown(view: CaseView, at: datetime) -> Shown:
    return Shown(
        case_id=view.case.id,
        touched=view.case.touched,
        state=view.case.state,
        verdict=view.decision.action if view.decision else None,
        posted=at,
    )


class Channel:
    """The `Board` port in memory. `trouble` strikes the next call: it is down, or answers late."""

    channel_id = CHANNEL

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.messages: dict[int, Shown] = {}
        self.seeded: set[int] = set()
        self.trouble: str | None = None
        self._clock = clock
        self._numbers = count(1)

    async def ready(self) -> None:
        return

    async def post(self, view: CaseView, *, nonce: str, channel_id: int) -> CardRef:
        assert len(nonce) <= 25
        lost = self._strike()
        number = next(self._numbers)
        self.messages[number] = shown(view, self._clock())
        if lost:
            raise BoardDown("the answer was lost")
        return self._ref(view.case.id, number, channel_id, view.case.revision)

    async def redraw(self, view: CaseView, ref: CardRef) -> CardRef:
        lost = self._strike()
        if ref.message_id not in self.messages:
            raise CardGone("somebody deleted it")
        posted = self.messages[ref.message_id].posted
        self.messages[ref.message_id] = shown(view, posted)
        if lost:
            raise BoardDown("the answer was lost")
        return replace(ref, revision=view.case.revision)

    async def find(self, case: Case, since: datetime, *, channel_id: int) -> CardRef | None:
        if self._strike():
            raise BoardDown("the answer was lost")
        for number, card in self.messages.items():
            if card.case_id == case.id and card.posted >= since - timedelta(minutes=1):
                return self._ref(case.id, number, channel_id, 1)
        return None

    async def seed(self, ref: CardRef) -> None:
        self.seeded.add(ref.message_id)

    async def unseed(self, ref: CardRef) -> None:
        self.seeded.discard(ref.message_id)

    async def retire(self, ref: CardRef, channel_id: int) -> None:
        raise AssertionError(f"{ref} never moves to {channel_id} in these tests")

    def _strike(self) -> bool:
        trouble, self.trouble = self.trouble, None
        if trouble == "down":
            raise BoardDown("nobody is there")
        return trouble == "lost"

    def _ref(self, case_id: CaseId, number: int, channel_id: int, revision: int) -> CardRef:
        return CardRef(case_id=case_id, channel_id=channel_id, message_id=number, revision=revision)


class ObedientSite:
    """The `Site` port in memory: it applies an order once, whatever it answers."""

    abilities = frozenset(Ability)

    def __init__(self) -> None:
        self.applied: list[str] = []
        self.hidden: set[str] = set()
        self.banned: dict[str, datetime | None] = {}
        self.trouble: str | None = None

    async def carry_out(self, order: Order) -> Outcome:
        trouble, self.trouble = self.trouble, None
        if trouble == "down":
            return Outcome(verb=Verb.LATER, words="nobody is there")
        if order.key not in self.applied:
            self.applied.append(order.key)
            self._apply(order)
        if trouble == "lost":
            return Outcome(verb=Verb.LATER, words="the answer was lost")
        return Outcome(verb=Verb.DONE)

    def _apply(self, order: Order) -> None:
        if order.visible is not None:
            (self.hidden.discard if order.visible else self.hidden.add)(order.comment_id)
        if order.banned:
            self.banned[order.author_id] = order.until
        elif order.banned is False:
            self.banned.pop(order.author_id, None)

"""Channels, other ways to editors and a site that fail when they are told to, without sockets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from bot.domain.alerts import Alert, AlertView
from bot.domain.cases import Case, CaseState, CaseView
from bot.domain.decisions import Action
from bot.domain.effects import Order, Outcome, Verb
from bot.domain.errors import BoardDown, BoardRefused, CardGone, PagerDown
from bot.domain.ids import CaseId, MessageRef, PersonId, Places
from bot.domain.sayings import Paged, QuestionLine, Saying, StaffCall, StaffMessage, ThreadOpening
from bot.domain.site import Ability
from bot.ports import Clock, Posted

CHANNEL, EDITORS = 700, 5
PLACES = Places(guild_id=1, channel_id=CHANNEL, editors_channel_id=EDITORS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What stands in a message."""

    channel_id: int
    what: Saying
    posted: datetime
    silent: bool = False
    nonce: str = ""
    under: MessageRef | None = None
    looked: bool = False

    @property
    def case_id(self) -> CaseId:
        return self._view.case.id

    @property
    def touched(self) -> int:
        return self._view.case.touched

    @property
    def state(self) -> CaseState:
        return self._view.case.state

    @property
    def verdict(self) -> Action | None:
        return self._view.decision.action if self._view.decision else None

    @property
    def _view(self) -> CaseView:
        assert isinstance(self.what, CaseView)
        return self.what


@dataclass
class Channel:
    """The `Messenger` port in memory.

    `trouble` strikes the next call, or all if it `stays`: it is `down`, or is done and its answer
    `lost`. `down` is raised by all. There is a fault of ours in every message about a case in `faulty`.
    """

    clock: Clock
    messages: dict[int, Shown] = field(default_factory=dict[int, Shown])
    said: list[Shown] = field(default_factory=list[Shown])
    begun: list[StaffMessage | AlertView] = field(default_factory=list[StaffMessage | AlertView])
    seeded: set[int] = field(default_factory=set[int])
    faulty: set[CaseId] = field(default_factory=set[CaseId])
    dropped: set[int] = field(default_factory=set[int])
    trouble: str | None = None
    stays: bool = False
    down: Exception | None = None
    refuses_threads: bool = False
    places: Places = PLACES
    _numbers: Iterable[int] = field(default_factory=lambda: count(1))
    _nonces: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])

    async def ready(self) -> None:
        return

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
        del noted
        lost = self._strike(what)
        number = None if looked else self._nonces.get((nonce, channel_id))
        if number is None or number not in self.messages:
            number = next(iter(self._numbers))
            shown = Shown(
                channel_id=channel_id,
                what=what,
                posted=self.clock(),
                silent=silent,
                nonce=nonce,
                under=under,
                looked=looked,
            )
            self._nonces[(nonce, channel_id)] = number
            self.messages[number] = shown
            self.said.append(shown)
        if lost:
            raise BoardDown("the answer was lost")
        return Posted(at=MessageRef(channel_id=channel_id, message_id=number))

    async def edit(self, at: MessageRef, what: Saying) -> bool:
        lost = self._strike(what)
        before = self.messages.get(at.message_id)
        if before is None:
            raise CardGone("somebody deleted it")
        self.messages[at.message_id] = Shown(
            channel_id=at.channel_id, what=what, posted=before.posted
        )
        if lost:
            raise BoardDown("the answer was lost")
        return True

    async def find(self, channel_id: int, what: Case | Alert, since: datetime) -> MessageRef | None:
        if self._strike():
            raise BoardDown("the answer was lost")
        for number, shown in self.messages.items():
            there = shown.channel_id == channel_id and shown.posted >= since - timedelta(minutes=1)
            if there and _is_card(shown.what, what):
                return MessageRef(channel_id=channel_id, message_id=number)
        return None

    async def delete(self, at: MessageRef, *, noted: bool = True) -> None:
        del noted
        self.messages.pop(at.message_id, None)

    async def drop_thread(self, thread_id: int) -> None:
        self.dropped.add(thread_id)

    async def pin(self, at: MessageRef) -> None:
        assert at.message_id in self.messages

    async def thread(self, at: MessageRef, about: StaffMessage | AlertView) -> int:
        assert at.message_id in self.messages
        if self.refuses_threads:
            raise BoardRefused("The bot may not open threads there.")
        self.begun.append(about)
        return at.message_id

    async def react(self, at: MessageRef, emoji: Sequence[str]) -> None:
        assert emoji
        self.seeded.add(at.message_id)

    async def unreact(self, at: MessageRef) -> None:
        self.seeded.discard(at.message_id)

    async def still_staff(self, people: Iterable[PersonId]) -> Sequence[PersonId]:
        return tuple(people)

    def _strike(self, what: Saying | None = None) -> bool:
        trouble = self.trouble
        if not self.stays:
            self.trouble = None
        if self.down is not None:
            raise self.down
        if self.faulty & set(_about(what)):
            raise ZeroDivisionError
        if trouble == "down":
            raise BoardDown("nobody is there")
        return trouble == "lost"


def _is_card(shown: Saying, what: Case | Alert) -> bool:
    if isinstance(what, Alert):
        return isinstance(shown, AlertView) and shown.alert.id == what.id
    return isinstance(shown, CaseView) and shown.case.id == what.id


def _about(what: Saying | None) -> tuple[CaseId, ...]:
    match what:
        case CaseView():
            return (what.case.id,)
        case QuestionLine():
            return (what.question.case_id,)
        case StaffCall() | ThreadOpening():
            return what.message.cases
        case _:
            return ()


@dataclass
class Phone:
    """The `Pager` port in memory."""

    sent: list[Paged] = field(default_factory=list[Paged])
    down: bool = False

    async def send(self, what: Paged) -> None:
        if self.down:
            raise PagerDown("No answer.")
        self.sent.append(what)


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

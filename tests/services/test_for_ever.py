"""What goes on for ever: what it does at which turn, by a time that passes only while it waits."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

import pytest

from bot.domain.decisions import Action
from bot.domain.effects import Effect, EffectKind
from bot.domain.sayings import PinnedOverview, Saying, StaffMessage, StaffMessageKind
from bot.domain.staff import Trouble
from bot.services import outbox_worker
from bot.services.alerts.delivery import alert_lane
from bot.services.authors import ban_evasion
from bot.services.deliver import card_lane
from bot.services.desk import Desk, Troubles
from bot.services.outbox_worker import DONE, Attempt, Lane, keep_on
from bot.services.readers import notice_case
from bot.services.staff import overview, refused
from bot.services.staff.reminders import reminder_lane
from bot.services.staff.staff_messages import message_lane
from bot.store.errors import StoreAway
from bot.store.store import Store
from bot.store.tx import Tx
from tests.services.desks import Bench
from tests.services.outside import Channel


def _reminders(desk: Desk, room: Channel) -> Lane:
    return reminder_lane(desk, room, None)


POST = Trouble(name="post 7", words="I may not post.", over="I can post again.", grave=True)
FAR = timedelta(hours=2)


class _OverError(Exception):
    """Ends what goes on for ever."""


@dataclass
class Passing:
    """The modules `time` and `asyncio`, as far as a loop asks them; its time ends at `end`."""

    end: float
    now: float = 0.0
    waits: list[float] = field(default_factory=list[float])
    to_thread = staticmethod(asyncio.to_thread)

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds
        if self.now > self.end:
            raise _OverError


def passing(monkeypatch: pytest.MonkeyPatch, module: object, *, end: float) -> Passing:
    found = Passing(end)
    for name in ("time", "asyncio"):
        monkeypatch.setattr(module, name, found, raising=False)
    return found


class Overviews(Channel):
    """A channel that notes when its overview is drawn; a report comes in at some of the looks."""

    bench: Bench
    time: Passing
    quiet: range

    def begin(self, bench: Bench, time: Passing, quiet: range) -> None:
        self.bench, self.time, self.quiet = bench, time, quiet
        self.drawn: list[float] = []

    async def ready(self) -> None:
        if int(self.time.now) not in self.quiet:
            await self.bench.take(comment=f"c{self.time.now}")

    def _strike(self, what: Saying | None = None) -> bool:
        if isinstance(what, PinnedOverview):
            self.drawn.append(self.time.now)
        return super()._strike(what)


async def test_the_overview_is_edited_once_a_minute_and_at_the_next_look_after_a_quiet_one(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    room, time = Overviews(bench.clock), passing(monkeypatch, overview, end=270)
    room.begin(bench, time, range(100, 200))
    with suppress(_OverError):
        await overview.keep_overview(bench.desk, room)
    # Posted and soon edited, then once a minute; a look that finds nothing puts no edit off.
    assert room.drawn == [0, 3, 63, 123, 201, 261]
    assert set(time.waits) == {3}


class Turns(Troubles):
    """Troubles whose news never comes early."""

    def __init__(self, time: Passing) -> None:
        super().__init__(time.monotonic)
        self.time = time

    async def news(self, *, within: float) -> bool:
        found = await super().news(within=0)
        await self.time.sleep(within)
        return found


@dataclass
class Tried:
    """A desk with five cards that Discord refused, and what was made due of them at which turn."""

    bench: Bench
    time: Passing
    due: dict[float, int] = field(default_factory=dict[float, int])
    compared: list[float] = field(default_factory=list[float])

    async def begin(self) -> Desk:
        for number in range(5):
            await self.bench.take(comment=f"c{number}")
        assert await self._put_off() == 5
        return replace(self.bench.desk, troubles=Turns(self.time))

    async def _put_off(self) -> int:
        """Put off what is due again, and return how many that were."""

        def work(tx: Tx) -> int:
            due = tx.outbox.due_cards(self.bench.clock.now, limit=9)
            for one in due:
                tx.outbox.retry(one, self.bench.clock.now + FAR, "No.")
            return len(due)

        return await self.bench.store.write(work)

    async def until(self, desk: Desk, end: float, mended: Collection[str] = ()) -> None:
        def named() -> Collection[int]:
            self.compared.append(self.time.now)
            return ()

        sleep = self.time.sleep

        async def look(seconds: float) -> None:
            if due := await self._put_off():
                self.due[self.time.now] = due
            await sleep(seconds)

        self.time.sleep, self.time.end = look, end
        with suppress(_OverError):
            await refused.keep_trying(desk, named, lambda one: one.name in mended)


@pytest.fixture
async def tried(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Tried:
    return Tried(bench, passing(monkeypatch, refused, end=0))


async def test_while_something_is_refused_a_few_are_tried_each_minute(tried: Tried):
    desk = await tried.begin()
    desk.troubles.met(POST)
    await tried.until(desk, 390)
    # All at the start; and some at the end of the first turn that ends more than a minute later.
    assert tried.due == {0: 5, 70: 3, 140: 3, 210: 3, 280: 3, 350: 3}
    assert tried.compared == [0, 190, 380]
    assert set(tried.time.waits) == {10}


async def test_without_a_trouble_only_a_start_makes_anything_due(tried: Tried):
    await tried.until(await tried.begin(), 200)
    assert tried.due == {0: 5}


async def test_what_is_mended_unnoticed_ends_when_nothing_was_refused_for_a_while(tried: Tried):
    desk = await tried.begin()
    desk.troubles.met(POST)
    await tried.until(desk, 120, {POST.name})
    assert tried.due == {0: 5, 70: 3, 90: 5}, "over at 80, and all is due a turn later"
    assert desk.troubles.current == ()


async def test_an_absence_is_told_after_five_minutes(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    time, desk = passing(monkeypatch, refused, end=340), bench.desk
    told: list[float] = []

    def is_here() -> bool:
        told.extend([time.now] if desk.troubles.current else [])
        return time.now <= 30

    with suppress(_OverError):
        await refused.watch_presence(desk, is_here)
    assert told == [332, 334, 336, 338, 340], "away since 30, noticed at 330"


async def test_who_returns_is_looked_for_at_once_and_then_at_news(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    case, time = await bench.take(), passing(monkeypatch, ban_evasion, end=2)
    await bench.decide(case, Action.BAN, lasting=timedelta(days=7))
    asked: list[tuple[int, float]] = []

    async def changed(store: Store, seen: int, *, within: float) -> int:
        asked.append((seen, within))
        upto = await store.read(lambda tx: [tx.ban_evasion.upto(it) for it in ("bans", "cases")])
        assert upto == [1, 1], "all that was there is looked at before anything is waited for"
        return seen + 5

    monkeypatch.setattr(Store, "changed", changed)
    with suppress(_OverError):
        await ban_evasion.watch_returning(bench.desk)
    assert asked == [(0, 30), (5, 30), (10, 30)]
    assert time.waits == [1, 1, 1]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, float]]:
    """Note for what news loops wait, and how long; the third time ends them."""
    found: list[tuple[int, float]] = []

    async def changed(_store: Store, seen: int, *, within: float) -> int:
        found.append((seen, within))
        if len(found) == 3:
            raise _OverError
        return seen + 5

    monkeypatch.setattr(Store, "changed", changed)
    return found


LOOKING = {
    "a lane": (lambda desk: outbox_worker.work(lane(desk)), 0.5),
    "what waits longer": (lambda desk: keep_on(desk, nothing, look_every=7.0), 7.0),
    "a notice's comment": (lambda desk: notice_case.keep_seeking(desk, {}), 5.0),
}


async def nothing() -> bool:
    return False


def lane(desk: Desk, **more: object) -> Lane:
    """Return a lane in which every call is a success."""

    async def carry_out(_effect: Effect) -> Attempt:
        return DONE

    made = Lane(
        desk=desk,
        due=lambda tx, now: tx.outbox.due(EffectKind.STAFF, now, limit=9),
        carry_out=carry_out,
    )
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("what", LOOKING)
async def test_who_finds_nothing_waits_for_what_comes_after_that(
    bench: Bench, asked: list[tuple[int, float]], what: str
):
    work, seconds = LOOKING[what]
    with suppress(_OverError):
        await work(bench.desk)
    assert asked == [(0, seconds), (5, seconds), (10, seconds)]


@pytest.mark.parametrize(("away", "kept"), [(0, True), (1, True), (240, True), (241, False)])
async def test_how_an_attempt_ended_is_kept_if_the_database_is_back_within_four_minutes(
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    away: int,
    kept: bool,
):
    message = StaffMessage(kind=StaffMessageKind.ASSIGNED, cases=(await bench.take(),))
    await bench.store.write(lambda tx: tx.outbox.want_said(message, bench.clock.now))
    time, tries, write = passing(monkeypatch, outbox_worker, end=999), count(), Store.write

    async def away_at_first(store: Store, work: Callable[[Tx], object]) -> object:
        if next(tries) < away:
            raise StoreAway("It is away.")
        return await write(store, work)

    monkeypatch.setattr(Store, "write", away_at_first)
    one = lane(bench.desk)
    with suppress(StoreAway):
        assert await outbox_worker.turn(one)
        assert kept
    assert await outbox_worker.turn(one) != kept
    assert time.waits == [1.0] * min(away, 240)
    assert caplog.text.count("is kept once that can be: It is away.") == bool(away)


@pytest.mark.parametrize("made", [card_lane, alert_lane, message_lane, _reminders])
async def test_nothing_is_said_before_there_is_somebody_to_say_it_to(
    bench: Bench, made: Callable[[Desk, Channel], Lane]
):
    room = Channel(bench.clock)
    assert made(bench.desk, room).ready == room.ready

"""What Discord refuses for now: tried again ever more seldom, told once, and over once."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.cards.staff import staff_messages
from bot.domain.errors import BoardDown
from bot.domain.sayings import TroubleNews
from bot.domain.staff import KeptTrouble, Trouble
from bot.services.deliver import card_lane
from bot.services.desk import LONGEST_WAIT, Desk, Troubles
from bot.services.outbox_worker import turn
from bot.services.staff import refused
from tests.services.desks import NOON, Bench
from tests.services.outside import CHANNEL, Channel, Phone
from tests.support.waiting import PATIENCE, eventually, until

POST = Trouble(
    name="post 7",
    words="I may not post in #moderation.",
    over="I can post in #moderation again.",
    mend="Give me Send Messages there.",
    channel_id=7,
    grave=True,
)
THREAD = Trouble(name="thread 7", words="I may open no threads.", over="Threads open again.")


@dataclass
class Time:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def troubles(time: Time) -> Troubles:
    return Troubles(time)


def seconds(found: tuple[Trouble, timedelta] | None) -> float | None:
    return found[1].total_seconds() if found else None


def test_what_is_refused_again_is_tried_ever_more_seldom(troubles: Troubles):
    waits = [troubles.met(POST).total_seconds() for _ in range(8)]

    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    assert LONGEST_WAIT == 60


def test_it_is_left_alone_for_so_long_and_then_one_may_try(troubles: Troubles, time: Time):
    troubles.met(POST)

    assert troubles.leave_alone("post 7") == (POST, timedelta(seconds=2))
    time.now += 1.5
    assert seconds(troubles.leave_alone("post 7")) == 0.5
    time.now += 0.5
    assert troubles.leave_alone("post 7") is None, "the first is let through"
    assert seconds(troubles.leave_alone("post 7")) == 5.0, "the others wait for what it finds"
    time.now += 5.0
    assert troubles.leave_alone("post 7") is None
    assert troubles.leave_alone("post 8") is None


def test_troubles_stand_in_the_order_in_which_they_came(troubles: Troubles):
    troubles.met(POST)
    troubles.met(THREAD)
    troubles.met(POST)
    assert troubles.current == (POST, THREAD)

    troubles.over("post 7", "never met")
    assert troubles.current == (THREAD,)
    assert troubles.met(POST) == timedelta(seconds=2), "and it begins anew"


def test_after_a_start_what_stood_before_may_be_tried_at_once(troubles: Troubles):
    troubles.remember(POST)

    assert troubles.current == (POST,)
    assert troubles.leave_alone("post 7") is None
    assert troubles.met(POST) == timedelta(seconds=4)


def test_what_stands_is_not_forgotten_for_what_stood_before(troubles: Troubles):
    newer = replace(POST, words="I may not post in #mods.")
    troubles.met(newer)
    troubles.remember(POST)

    assert troubles.current == (newer,)


def test_what_nobody_was_refused_for_a_while_is_idle(troubles: Troubles, time: Time):
    troubles.met(POST)
    time.now += 10
    troubles.met(THREAD)
    time.now += 5

    assert troubles.idle(15) == ()
    assert troubles.idle(14.9) == (POST,)
    assert troubles.idle(4.9) == (POST, THREAD)


def test_a_changed_right_lets_everything_be_tried_now(troubles: Troubles):
    for _ in range(5):
        troubles.met(POST)
    troubles.reopen()

    assert troubles.leave_alone("post 7") is None
    assert troubles.met(POST) == timedelta(seconds=4)


async def test_news_is_a_change_and_says_whether_all_may_be_tried(troubles: Troubles):
    assert not await troubles.news(within=0)
    troubles.reopen()
    assert not await troubles.news(within=0), "nothing is refused, so there is nothing to try"

    waiting = asyncio.ensure_future(troubles.news(within=600))
    await asyncio.sleep(0)
    troubles.met(POST)
    assert not await waiting
    troubles.reopen()
    assert await troubles.news(within=0)
    assert not await troubles.news(within=0), "once"


async def test_the_end_is_news_and_the_same_refusal_again_is_none(troubles: Troubles):
    troubles.met(POST)
    await troubles.news(within=0)
    troubles.met(POST)
    waiting = asyncio.ensure_future(troubles.news(within=600))
    await asyncio.sleep(0)
    assert not waiting.done()
    troubles.over("post 7")
    assert not await asyncio.wait_for(waiting, PATIENCE)


def test_a_trouble_is_logged_once_when_it_comes_and_once_when_it_is_over(
    troubles: Troubles, caplog: pytest.LogCaptureFixture
):
    troubles.met(POST)
    troubles.met(POST)
    troubles.over("post 7")
    troubles.over("post 7")

    assert caplog.messages == [
        "I may not post in #moderation. Give me Send Messages there.",
        "I can post in #moderation again.",
    ]


SHUT = BoardDown("nobody is there")


@dataclass
class Staff(Channel):
    """Channels and another road in one, each of which can be shut."""

    def __post_init__(self) -> None:
        self.phone = Phone()

    @property
    def told(self) -> list[tuple[str, bool, str]]:
        news = [(one.what, one.nonce) for one in self.said]
        return [
            (what.trouble.name, what.over, nonce)
            for what, nonce in news
            if isinstance(what, TroubleNews)
        ]

    @property
    def sent(self) -> list[tuple[str, str]]:
        news = [what for what in self.phone.sent if isinstance(what, TroubleNews)]
        return [staff_messages.plain_trouble(one.trouble, over=one.over) for one in news]


@pytest.fixture
def staff(bench: Bench) -> Staff:
    return Staff(bench.clock)


async def kept(bench: Bench) -> list[KeptTrouble]:
    return list(await bench.store.read(lambda tx: tx.channels.troubles()))


async def met(bench: Bench, trouble: Trouble = POST) -> None:
    now = bench.clock.now
    await bench.store.write(lambda tx: tx.channels.met(trouble, now))


async def settle(bench: Bench, staff: Staff) -> list[bool]:
    return [await refused._settle(bench.desk, staff, staff.phone, one) for one in await kept(bench)]


async def test_staff_hear_of_a_trouble_that_lasts_once_and_of_its_end_once(
    bench: Bench, staff: Staff
):
    await met(bench)
    bench.clock.pass_by(seconds=4)
    assert await settle(bench, staff) == [True]
    assert staff.told == []

    bench.clock.pass_by(seconds=1)
    for _ in range(2):
        assert await settle(bench, staff) == [True]
    since = f"trouble-{NOON.timestamp():.3f}-{CHANNEL}"
    assert staff.told == [("post 7", False, since)]
    assert staff.sent == [("The moderation desk is held up", POST.said)]

    bench.clock.pass_by(minutes=1)
    now = bench.clock.now
    await bench.store.write(lambda tx: tx.channels.over("post 7", now))
    for _ in range(2):
        await settle(bench, staff)
    assert staff.told[1:] == [("post 7", True, f"trouble-{now.timestamp():.3f}-{CHANNEL}")]
    assert staff.sent[1:] == [("The moderation desk works again", POST.over)]
    assert await kept(bench) == []


async def test_that_discord_itself_is_away_goes_along_the_other_road(bench: Bench, staff: Staff):
    """To post in a channel would be to wait for Discord, with everybody else who waits for it."""
    desk = bench.desk
    refused.note_absence(desk, 299.0)
    assert not desk.troubles.current
    refused.note_absence(desk, 300.0)
    refused.note_absence(desk, 302.0)
    [away] = desk.troubles.current
    await met(bench, away)
    bench.clock.pass_by(seconds=5)
    [one] = await kept(bench)
    assert await refused._settle(desk, None, staff.phone, one)
    assert not await refused._settle(desk, None, None, one)
    assert staff.told == []
    assert staff.sent == [("The moderation desk is held up", away.said)]

    refused.note_absence(desk, 1.0)
    assert desk.troubles.current, "a gateway that flaps is not back"
    refused.note_absence(desk, 0.0)
    assert not desk.troubles.current
    await bench.store.write(lambda tx: tx.channels.over("away", bench.clock.now))
    await settle(bench, staff)
    assert [(name, over) for name, over, _ in staff.told] == [("away", True)]
    assert staff.sent[1:] == [("The moderation desk works again", away.over)]


async def test_an_absence_is_noticed_and_so_is_its_end(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(refused, "_AWAY_AFTER", 1e-9)
    monkeypatch.setattr(refused, "_LOOK_EVERY", 0.0)
    desk, here = bench.desk, False
    watching = asyncio.create_task(refused.watch_presence(desk, lambda: here))
    await until(lambda: desk.troubles.current, what="the absence to be noticed")
    here = True
    await until(lambda: not desk.troubles.current, what="its end to be noticed")
    watching.cancel()


async def test_what_is_a_help_only_goes_along_no_other_road(bench: Bench, staff: Staff):
    await met(bench, THREAD)
    bench.clock.pass_by(seconds=5)

    assert await settle(bench, staff) == [True]
    assert [name for name, _, _ in staff.told] == ["thread 7"]
    assert staff.sent == []


async def test_where_no_channel_takes_it_the_other_road_will_do(bench: Bench, staff: Staff):
    await met(bench)
    bench.clock.pass_by(seconds=5)
    staff.down = SHUT

    assert await settle(bench, staff) == [True]
    [one] = await kept(bench)
    assert one.told_at == bench.clock.now


async def test_where_the_other_road_is_shut_a_channel_will_do(bench: Bench, staff: Staff):
    await met(bench)
    bench.clock.pass_by(seconds=5)
    staff.phone.down = True

    assert await settle(bench, staff) == [True]
    assert len(staff.told) == 1


async def test_where_all_are_shut_staff_are_told_later(bench: Bench, staff: Staff):
    await met(bench)
    bench.clock.pass_by(seconds=5)
    staff.down, staff.phone.down = SHUT, True

    assert await settle(bench, staff) == [False]
    [one] = await kept(bench)
    assert one.told_at is None
    staff.down = None
    assert await settle(bench, staff) == [True]
    assert len(staff.told) == 1


@asynccontextmanager
async def trying(desk: Desk, mended: Collection[str] = ()) -> AsyncGenerator[None]:
    task = asyncio.ensure_future(
        refused.keep_trying(desk, tuple, lambda trouble: trouble.name in mended)
    )
    yield
    task.cancel()
    await asyncio.wait([task])


async def test_a_trouble_that_stood_before_a_start_is_taken_up_and_ends(bench: Bench):
    await met(bench)
    now = bench.clock.now
    await bench.store.write(lambda tx: tx.channels.told("post 7", now))
    desk = bench.desk

    async def over() -> list[str]:
        return [one.trouble.name for one in await kept(bench) if one.over_at is not None]

    async with trying(desk):
        await until(lambda: desk.troubles.current == (POST,))
        desk.troubles.over("post 7")
        desk.troubles.met(THREAD)
        await eventually(over, "its end to be kept")
    assert await over() == ["post 7"]
    assert {one.trouble for one in await kept(bench)} == {POST, THREAD}


async def test_a_help_ends_once_the_right_for_it_is_back(bench: Bench):
    desk = bench.desk
    mended: set[str] = set()
    async with trying(desk, mended):
        desk.troubles.met(THREAD)
        desk.troubles.met(POST)

        async def both() -> bool:
            return len(await kept(bench)) == 2

        await eventually(both, "both to be kept")
        mended |= {"thread 7", "post 7"}
        desk.troubles.reopen()
        await until(lambda: len(desk.troubles.current) < 2)
    assert desk.troubles.current == (POST,), "what waits for it finds out by trying"


async def test_cases_without_a_card_where_one_should_stand_get_one(bench: Bench):
    channel = Channel(bench.clock)
    case = await bench.take()
    await turn(card_lane(bench.desk, channel))
    assert await refused.compare(bench.desk, {CHANNEL}) == 0
    await bench.store.write(lambda tx: tx.cards.lost(case))
    assert not await turn(card_lane(bench.desk, channel))

    assert await refused.compare(bench.desk, {CHANNEL}) == 1
    assert await turn(card_lane(bench.desk, channel))
    assert [card.case_id for card in channel.messages.values()] == [case, case]

"""The desk's clock compared with others', and what a clock that is set back leaves behind."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from bot.services.upkeep import DISCORD, ClockWatch, bring_near, set_back
from tests.services.desks import NOON, Bench, Clock


class Steady:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def steady() -> Steady:
    return Steady()


def told(off: timedelta = timedelta()) -> str:
    return format_datetime(NOON + off, usegmt=True)


@pytest.mark.parametrize(
    ("off", "wrong"),
    [
        ({"hours": -1}, True),
        ({"days": 1}, True),
        ({"minutes": 3}, True),
        ({"seconds": 90}, False),
        ({"seconds": -5}, False),
    ],
)
def test_a_jump_shows_at_once_and_goes_with_it(steady: Steady, off: dict, wrong: bool):
    clock = Clock()
    watch = ClockWatch(clock, steady)
    assert not watch.is_wrong
    watch.hear(DISCORD, told())
    clock.pass_by(**off)
    assert watch.is_wrong is wrong
    assert bool(watch.words) is wrong
    clock.pass_by(**{name: -value for name, value in off.items()})
    clock.pass_by(hours=9)
    steady.now += 9 * 3600
    assert not watch.is_wrong


def test_a_site_that_is_wrong_makes_nobody_else_wrong(steady: Steady):
    watch = ClockWatch(Clock(), steady)
    watch.hear("courier", told(timedelta(hours=2)))
    assert watch.is_wrong
    watch.hear("herald", told())
    assert not watch.is_wrong
    watch.hear("herald", told(timedelta(hours=2)))
    assert watch.is_wrong
    watch.hear(DISCORD, told())
    assert not watch.is_wrong


@pytest.mark.parametrize("date", [None, "", "yesterday", "Thu, 99 Nov 2026 99:99:99 GMT", "1"])
def test_a_date_that_is_none_is_passed_over(steady: Steady, date: str | None):
    watch = ClockWatch(Clock(), steady)
    watch.hear(DISCORD, date)
    assert not watch.is_wrong


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1), timedelta(seconds=30)])
async def test_what_waits_is_due_when_it_would_have_been(bench: Bench, back: timedelta):
    bench.clock.now += back
    case_id = await bench.take()
    due_at = bench.clock.now + timedelta(seconds=20)

    async def due() -> int:
        now = bench.clock.now
        return len(await bench.store.read(lambda tx: tx.outbox.due_cards(now, limit=9)))

    [card] = await bench.store.read(lambda tx: tx.outbox.due_cards(bench.clock.now, limit=9))
    await bench.store.write(lambda tx: tx.outbox.retry(card, due_at, "Later."))
    bench.clock.now -= back
    await set_back(bench.desk, back)
    assert await due() == 0
    bench.clock.pass_by(seconds=21)
    assert await due() == 1
    assert case_id == card.case_id


async def test_what_was_put_off_beyond_any_wait_is_due_at_the_next_start(bench: Bench):
    bench.clock.pass_by(days=1)
    await bench.take()
    bench.clock.pass_by(days=-1)
    now = bench.clock.now
    await bring_near(bench.desk)
    assert len(await bench.store.read(lambda tx: tx.outbox.due_cards(now, limit=9))) == 1

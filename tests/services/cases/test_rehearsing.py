"""A recorded day that is replayed, decided again, and queued under another policy."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.decisions import Action, Door
from bot.domain.ids import RuleNumber
from bot.domain.policy import Severity
from bot.domain.rehearsal import Moved, Recording, Settled
from bot.services.cases import rehearse
from bot.services.cases.reverse import amend, reverse
from bot.services.deliver import card_lane
from bot.services.outbox_worker import turn
from bot.store.sqlite import open_store
from tests.services.desks import ANA, NOON, Bench
from tests.services.outside import Channel
from tests.support.fresh import new_desk
from tests.support.waiting import PATIENCE

FIRST, SECOND = ("courier", "c1"), ("courier", "c2")


async def test_a_day_is_fed_faster_than_it_was_and_as_if_it_came_now(bench: Bench):
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        bench.clock.pass_by(seconds=seconds)

    old = NOON - timedelta(days=9)
    reports = [
        bench.report(comment=f"c{minute}", at=old + timedelta(minutes=minute))
        for minute in (0, 0, 2, 999)
    ]
    await rehearse.feed(bench.desk, reports, speed=60, sleep=sleep)

    assert slept == [2.0, 20.0]
    assert timedelta(seconds=20) == rehearse.LONGEST_WAIT
    cases = await bench.store.read(lambda tx: tx.cases.queue(limit=9))
    assert {case.opened_at - NOON for case in cases} == {
        timedelta(),
        timedelta(seconds=2),
        timedelta(seconds=22),
    }


async def test_what_was_settled_is_what_stands_in_the_end(bench: Bench):
    first = await bench.take(comment="c1")
    second = await bench.take(comment="c2", author="a2")
    third = await bench.take(comment="c3", author="a3")
    await bench.decide(first, rule=RuleNumber(3))
    await bench.decide(second, Action.KEEP)
    await bench.decide(third)
    await reverse(bench.desk, third, by=ANA, door=Door.SLASH)
    await amend(bench.desk, first, RuleNumber(5), by=ANA, door=Door.SLASH)

    assert await rehearse.settled(bench.store) == {
        FIRST: Settled(action=Action.HIDE, rule=RuleNumber(5), by_name="Ana"),
        SECOND: Settled(action=Action.KEEP, rule=None, by_name="Ana"),
    }


async def test_a_rehearsal_is_over_when_all_is_decided_and_drawn(bench: Bench):
    case = await bench.take()
    over = asyncio.ensure_future(rehearse.all_decided(bench.desk))
    await bench.decide(case)
    async with asyncio.timeout(PATIENCE):
        await bench.store.read(lambda tx: tx.cases.count_open())
    assert not over.done(), "its card is still to be drawn"
    bench.clock.pass_by(hours=1)
    await turn(card_lane(bench.desk, Channel(bench.clock)))
    await asyncio.wait_for(over, PATIENCE)


async def test_the_queue_is_made_anew_under_each_policy(bench: Bench, tmp_path):
    reports = [
        bench.report(comment="c1", rule=RuleNumber(3)),
        bench.report(comment="c2", rule=RuleNumber(5), at=NOON + timedelta(seconds=1)),
    ]
    recording = Recording(reports=reports, settled={})

    def with_worst(number: int):
        return replace(
            bench.policy,
            rules=tuple(
                replace(
                    rule,
                    severity=Severity.CRITICAL if rule.number == number else Severity.LOW,
                )
                for rule in bench.policy.rules
            ),
        )

    async with (
        open_store(new_desk(tmp_path / "before.db")) as before,
        open_store(new_desk(tmp_path / "after.db")) as after,
    ):
        found = await rehearse.moved_by((before, after), with_worst(3), with_worst(5), recording)
    assert found == [
        Moved(comment=SECOND, before=2, after=1),
        Moved(comment=FIRST, before=1, after=2),
    ]
    assert await rehearse.queue_under(bench.store, with_worst(3), recording) == [FIRST, SECOND]

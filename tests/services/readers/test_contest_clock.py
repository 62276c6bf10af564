"""Contests stand first in the overview, and are called out when they wait too long."""

from dataclasses import replace
from datetime import timedelta

import discord
import pytest

from bot.cards.staff import staff_messages
from bot.domain.cases import Answer
from bot.domain.effects import EffectKind
from bot.domain.sayings import PinnedOverview, StaffCall, StaffMessage, StaffMessageKind
from bot.domain.staff import WaitingContests
from bot.services.outbox_worker import turn
from bot.services.readers.contest import answer_contest, contest_by_author
from bot.services.readers.statement import hash_of
from bot.services.staff.overdue_contests import call_out_contests
from bot.services.staff.overview import refresh, stands
from bot.services.staff.reminders import reminder_lane
from bot.services.staff.shift import start_shift
from bot.services.staff.staff_messages import message_lane
from bot.store.deliveries import staff_message_from
from tests.services.desks import ANA, BEN, Bench
from tests.services.outside import EDITORS, Channel

SHIFT, TO_EDITORS = StaffMessageKind.LATE_CONTESTS, StaffMessageKind.LATE_CONTESTS_EDITORS


async def contested(bench: Bench, comment: str = "c1") -> int:
    case_id = await bench.take(comment=comment)
    made = await bench.decide(case_id, rule=4)
    now = bench.clock.now
    await bench.store.write(lambda tx: tx.contests.state(made.id, hash_of(comment), now))
    contest = await contest_by_author(bench.desk, comment, "It was a joke", "en")
    assert contest is not None
    return contest.id


async def calls(bench: Bench) -> list[StaffMessage]:
    await call_out_contests(bench.desk)
    now = bench.clock.now
    due = await bench.store.read(lambda tx: tx.outbox.due(EffectKind.STAFF, now, limit=50))
    return [staff_message_from(one.payload) for one in due]


async def waiting(bench: Bench) -> WaitingContests | None:
    return (await bench.store.read(lambda tx: stands(tx, bench.desk))).contests


async def test_the_overview_counts_them_and_names_the_first(bench: Bench):
    assert await waiting(bench) is None
    first = await contested(bench)
    at = bench.clock.now
    bench.clock.pass_by(hours=71)
    await contested(bench, "c2")
    due = at + timedelta(hours=72)
    assert await waiting(bench) == WaitingContests(number=2, overdue=0, first=first, due_at=due)
    bench.clock.pass_by(hours=1)
    assert await waiting(bench) == WaitingContests(number=2, overdue=1, first=first, due_at=due)
    await answer_contest(bench.desk, first, Answer.UPHELD, by=BEN, reasons="No joke")
    now = await waiting(bench)
    assert now is not None
    assert (now.number, now.overdue) == (1, 0)


async def test_they_stand_before_all_else_with_a_link(bench: Bench):
    await contested(bench)
    channel = Channel(bench.clock)
    await turn(reminder_lane(bench.desk, channel, None))
    await refresh(bench.desk, channel, None)
    [pinned] = [
        one.what for one in channel.messages.values() if isinstance(one.what, PinnedOverview)
    ]
    assert pinned.contest is not None
    drawn = staff_messages.overview(pinned.overview, {}, link="https://discord.com/x")
    [text, *_] = [one for one in drawn.walk_children() if isinstance(one, discord.ui.TextDisplay)]
    assert text.content.startswith(
        "⚖ **1 contest** waits for an answer; first [contest 1](https://"
    )


async def test_one_that_waits_too_long_calls_the_shift_and_then_the_editors_once_each(
    bench: Bench,
):
    await contested(bench)
    bench.clock.pass_by(hours=71, minutes=59)
    assert await calls(bench) == []
    bench.clock.pass_by(minutes=1)
    assert [one.kind for one in await calls(bench)] == [SHIFT]
    bench.clock.pass_by(hours=23, minutes=59)
    assert [one.kind for one in await calls(bench)] == [SHIFT]
    bench.clock.pass_by(minutes=1)
    assert [one.kind for one in await calls(bench)] == [SHIFT, TO_EDITORS]
    bench.clock.pass_by(days=9)
    assert len(await calls(bench)) == 2


async def test_those_that_fall_due_together_share_one_call(bench: Bench):
    for number in range(12):
        await contested(bench, f"c{number}")
    bench.clock.pass_by(hours=72)
    [message] = await calls(bench)
    assert (message.total, len(message.cases)) == (12, 10)
    bench.clock.pass_by(minutes=4)
    assert len(await calls(bench)) == 1


async def test_nobody_is_called_by_night(bench: Bench):
    bench.clock.now = bench.clock.now.replace(hour=23)
    await contested(bench)
    bench.clock.pass_by(hours=72)
    assert await calls(bench) == []
    bench.clock.pass_by(hours=7, minutes=59)
    assert await calls(bench) == []
    bench.clock.pass_by(minutes=1)
    assert [one.kind for one in await calls(bench)] == [SHIFT]


async def test_what_was_answered_in_time_calls_nobody(bench: Bench):
    number = await contested(bench)
    await answer_contest(bench.desk, number, Answer.UPHELD, by=BEN, reasons="No joke")
    bench.clock.pass_by(days=9)
    assert await calls(bench) == []


async def test_a_call_that_had_to_wait_is_not_made_for_what_was_answered(bench: Bench):
    number = await contested(bench)
    bench.clock.pass_by(hours=72)
    await calls(bench)
    await answer_contest(bench.desk, number, Answer.UPHELD, by=BEN, reasons="No joke")
    channel = Channel(bench.clock)
    await turn(message_lane(bench.desk, channel))
    assert channel.said == []


async def test_the_shift_is_called_by_name_and_the_editors_in_their_channel(bench: Bench):
    await contested(bench)
    bench.clock.pass_by(hours=72)
    await start_shift(bench.desk, ANA, timedelta(hours=48))
    await calls(bench)
    bench.clock.pass_by(hours=24)
    await calls(bench)
    channel = Channel(bench.clock)
    await turn(message_lane(bench.desk, channel))
    said = {one.what.message.kind: one for one in channel.said if isinstance(one.what, StaffCall)}
    assert said[SHIFT].what.message.people == (ANA.id,)  # type: ignore[union-attr]
    assert said[TO_EDITORS].channel_id == EDITORS


@pytest.mark.parametrize(("hours", "called"), [(None, False), (1, True), (72, False)])
async def test_the_policy_says_when(bench: Bench, hours: int | None, called: bool):
    within = timedelta(hours=hours) if hours else None
    bench.policy = replace(bench.policy, contests_within=within)
    await contested(bench)
    bench.clock.pass_by(hours=2)
    assert bool(await calls(bench)) is called
    seen = await waiting(bench)
    assert seen is not None
    assert (seen.due_at is None) is (hours is None)

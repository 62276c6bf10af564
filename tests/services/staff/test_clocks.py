"""Clocks: a case that nobody takes calls the shift, then the editors, once each."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.decisions import Action, Door
from bot.domain.effects import EffectKind
from bot.domain.errors import NotAllowed
from bot.domain.ids import RuleNumber
from bot.domain.sayings import StaffCall, StaffMessage, StaffMessageKind
from bot.domain.staff import RotaSpan, ShiftRules
from bot.services.authors.bans import lift
from bot.services.cases.claim import claim, release_expired
from bot.services.cases.escalate import escalate
from bot.services.cases.reverse import reverse
from bot.services.cases.snooze import snooze
from bot.services.outbox_worker import turn
from bot.services.staff.overdue import page_overdue
from bot.services.staff.shift import a_lot_today, end_shift, start_shift, take_break, who_is_on
from bot.services.staff.staff_messages import message_lane
from bot.store.deliveries import staff_message_from
from tests.services.desks import ANA, BEN, OLLY, SAM, Bench
from tests.services.outside import Channel

MILD, SEVERE = RuleNumber(9), RuleNumber(1)


async def errands(bench: Bench) -> list[StaffMessage]:
    now = bench.clock.now
    due = await bench.store.read(lambda tx: tx.outbox.due(EffectKind.STAFF, now, limit=50))
    return [staff_message_from(one.payload) for one in due]


async def calls(bench: Bench) -> list[tuple[StaffMessageKind, tuple[int, ...]]]:
    await page_overdue(bench.desk)
    return [(one.kind, one.cases) for one in await errands(bench)]


def shift(bench: Bench, **rules: object) -> None:
    bench.policy = replace(bench.policy, shift=ShiftRules(**rules))  # type: ignore[arg-type]


async def test_a_case_calls_the_shift_and_then_the_editors_and_each_once(bench: Bench):
    case_id = await bench.take()
    bench.clock.pass_by(minutes=19)
    assert await calls(bench) == []
    bench.clock.pass_by(minutes=1)
    late = (StaffMessageKind.LATE, (case_id,))
    assert await calls(bench) == [late]
    bench.clock.pass_by(minutes=40)
    assert await calls(bench) == [late, (StaffMessageKind.LATE_EDITORS, (case_id,))]
    bench.clock.pass_by(hours=5)
    assert len(await calls(bench)) == 2


async def test_cases_that_fall_due_together_share_one_call(bench: Bench):
    cases = [await bench.take(comment=f"c{number}") for number in range(12)]
    bench.clock.pass_by(minutes=21)
    await page_overdue(bench.desk)
    [message] = await errands(bench)
    assert message.total == 12
    assert set(message.cases) < set(cases)

    await bench.take(comment="later")
    bench.clock.pass_by(minutes=20)
    assert len(await calls(bench)) == 2


async def test_a_further_call_waits_for_others_to_share_it(bench: Bench):
    await bench.take()
    bench.clock.pass_by(minutes=1)
    await bench.take(comment="c2")
    bench.clock.pass_by(minutes=19)
    assert len(await calls(bench)) == 1
    bench.clock.pass_by(minutes=1)
    assert len(await calls(bench)) == 1, "c2 is due, but the last call was a minute ago"
    bench.clock.pass_by(minutes=4)
    assert len(await calls(bench)) == 2


async def test_what_somebody_has_calls_nobody_until_they_let_go(bench: Bench):
    claimed, snoozed = await bench.take(), await bench.take(comment="c2")
    handed_on, done = await bench.take(comment="c3"), await bench.take(comment="c4")
    await snooze(bench.desk, snoozed, ANA, bench.clock.now + timedelta(days=1))
    await escalate(bench.desk, handed_on, ANA)
    await bench.decide(done)
    bench.clock.pass_by(minutes=18)
    await claim(bench.desk, claimed, ANA)
    bench.clock.pass_by(minutes=10)
    assert [kind for kind, _ in await calls(bench)] == [StaffMessageKind.ESCALATED]
    bench.clock.pass_by(minutes=10)
    await release_expired(bench.desk)
    assert (await calls(bench))[-1] == (StaffMessageKind.LATE, (claimed,))


async def test_at_night_only_what_is_urgent_calls_anybody(bench: Bench):
    bench.clock.now = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    await bench.take(rule=MILD)
    severe = await bench.take(comment="c2", rule=SEVERE)
    bench.clock.pass_by(minutes=30)
    assert await calls(bench) == [(StaffMessageKind.LATE, (severe,))]
    bench.clock.now = datetime(2026, 11, 25, 7, 1, tzinfo=UTC)
    kinds = [kind for kind, _ in await calls(bench)]
    assert sorted(kinds) == [
        StaffMessageKind.LATE,
        StaffMessageKind.LATE,
        StaffMessageKind.LATE_EDITORS,
    ]


async def test_clocks_may_be_off(bench: Bench):
    shift(bench, shift_after=0, editors_after=0)
    await bench.take()
    bench.clock.pass_by(days=2)
    assert await calls(bench) == []


async def test_those_on_shift_are_called_but_for_who_has_a_break(bench: Bench):
    rota = RotaSpan(days=frozenset({1}), start=time(8), end=time(16), people=(SAM.id,))
    shift(bench, rota=(rota,))  # the bench's day is a Tuesday
    await start_shift(bench.desk, ANA, timedelta(hours=8))
    await start_shift(bench.desk, BEN, timedelta(hours=8))
    until = await take_break(bench.desk, BEN, timedelta(minutes=30))
    on = await who_is_on(bench.desk, ANA)
    assert (on.people, on.resting) == ((ANA.id, SAM.id), ((BEN.id, until),))

    await bench.take()
    bench.clock.pass_by(minutes=20)
    await page_overdue(bench.desk)
    [message] = await errands(bench)
    assert message.people == (ANA.id, SAM.id)

    await take_break(bench.desk, BEN, timedelta(0))
    assert await end_shift(bench.desk, ANA)
    assert await end_shift(bench.desk, SAM)
    assert (await who_is_on(bench.desk, ANA)).people == (BEN.id,)


async def test_ending_a_shift_that_does_not_run_changes_nothing(bench: Bench):
    rota = RotaSpan(days=frozenset({1}), start=time(8), end=time(16), people=(SAM.id,))
    shift(bench, rota=(rota,))
    assert not await end_shift(bench.desk, ANA)
    until = await take_break(bench.desk, ANA, timedelta(hours=1))
    assert not await end_shift(bench.desk, ANA)
    await start_shift(bench.desk, BEN, timedelta(hours=1))
    bench.clock.pass_by(minutes=59)
    assert await end_shift(bench.desk, BEN)
    assert not await end_shift(bench.desk, BEN)
    absent = await bench.store.read(lambda tx: tx.staff.absent(bench.clock.now))
    assert absent == {ANA.id: until}


async def test_a_shift_of_the_rota_is_ended_once_and_during_a_break_too(bench: Bench):
    rota = RotaSpan(days=frozenset({1}), start=time(8), end=time(16), people=(SAM.id,))
    shift(bench, rota=(rota,))
    await take_break(bench.desk, SAM, timedelta(minutes=30))
    assert await end_shift(bench.desk, SAM)
    assert not await end_shift(bench.desk, SAM)
    away = await bench.store.read(lambda tx: tx.staff.absent(bench.clock.now))
    assert away == {SAM.id: bench.clock.now.replace(hour=16)}
    bench.clock.pass_by(minutes=31)
    assert (await who_is_on(bench.desk, ANA)).people == ()


async def test_a_shift_that_is_forgotten_ends_by_itself(bench: Bench):
    await start_shift(bench.desk, ANA, timedelta(hours=8))
    bench.clock.pass_by(hours=8)
    assert (await who_is_on(bench.desk, ANA)).people == ()


@pytest.mark.parametrize(
    ("moment", "on"),
    [
        (datetime(2026, 11, 27, 22, 0, tzinfo=UTC), True),  # a Friday
        (datetime(2026, 11, 28, 5, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 28, 6, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 28, 22, 30, tzinfo=UTC), False),
        (datetime(2026, 7, 3, 21, 0, tzinfo=UTC), True),  # 22:00 in summer time
    ],
)
def test_a_rota_runs_past_midnight_by_the_newsrooms_clock(moment: datetime, on: bool):
    span = RotaSpan(days=frozenset({4}), start=time(22), end=time(6), people=(ANA.id,))
    assert bool(list(ShiftRules(rota=(span,)).on_rota(moment))) is on


async def test_somebody_who_decided_a_lot_is_told_so_but_not_at_every_case(bench: Bench):
    shift(bench, daily_cap=2)
    told = []
    for number in range(13):
        await bench.decide(await bench.take(comment=f"c{number}"))
        told.append(await a_lot_today(bench.desk, ANA))
    assert [number for number in told if number] == [2, 12]
    assert await a_lot_today(bench.desk, BEN) is None
    bench.clock.pass_by(days=1)
    assert await a_lot_today(bench.desk, ANA) is None


async def test_without_a_cap_nobody_is_told(bench: Bench):
    shift(bench, daily_cap=0)
    assert await a_lot_today(bench.desk, ANA) is None
    for number in range(10):
        await bench.decide(await bench.take(comment=f"c{number}"))
    assert await a_lot_today(bench.desk, ANA) is None


async def test_a_stranger_has_no_shift(bench: Bench):
    for attempt in (
        start_shift(bench.desk, OLLY, timedelta(hours=1)),
        end_shift(bench.desk, OLLY),
        take_break(bench.desk, OLLY, timedelta(minutes=5)),
        who_is_on(bench.desk, OLLY),
    ):
        with pytest.raises(NotAllowed):
            await attempt


async def wait_for_a_call(bench: Bench, case_id: int, minutes: int) -> None:
    """See that a case calls after so many minutes from now, and not before."""
    already = len(await calls(bench))
    bench.clock.pass_by(minutes=minutes - 1)
    assert len(await calls(bench)) == already
    bench.clock.pass_by(minutes=1)
    assert (await calls(bench))[-1] == (StaffMessageKind.LATE, (case_id,))
    *_, message = await errands(bench)
    assert message.since == bench.clock.now - timedelta(minutes=minutes)
    oldest = await bench.store.read(lambda tx: tx.staff.oldest_waiting())
    assert oldest == (case_id, message.since)
    assert await bench.store.read(lambda tx: tx.tallies.oldest_open()) == oldest


@pytest.mark.parametrize("called_before", [True, False])
async def test_a_case_opened_again_by_a_report_waits_since_that_report(
    bench: Bench, called_before: bool
):
    case_id = await bench.take()
    bench.clock.pass_by(minutes=25)
    if called_before:
        await calls(bench)
    await bench.decide(case_id, Action.KEEP)
    bench.clock.pass_by(hours=2)
    await bench.take(rule=MILD)
    await wait_for_a_call(bench, case_id, 20)


async def test_a_case_opened_again_by_an_edit_waits_since_the_edit(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id)
    bench.clock.pass_by(days=3)
    await bench.take(revision="r2", text="Milder.")
    bench.clock.pass_by(minutes=5)
    await bench.take()  # a further report begins no new clock
    await wait_for_a_call_since_an_edit(bench, case_id)


async def wait_for_a_call_since_an_edit(bench: Bench, case_id: int) -> None:
    bench.clock.pass_by(minutes=14)
    assert await calls(bench) == []
    bench.clock.pass_by(minutes=1)
    assert await calls(bench) == [(StaffMessageKind.LATE, (case_id,))]


async def test_a_case_opened_again_by_an_undo_waits_since_the_undo(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id)
    bench.clock.pass_by(days=3)
    await reverse(bench.desk, case_id, by=SAM, door=Door.BUTTON)
    await wait_for_a_call(bench, case_id, 20)


async def test_a_ban_that_is_lifted_meanwhile_begins_no_new_clock(bench: Bench):
    case_id = await bench.take()
    ban = await bench.decide(case_id, Action.BAN, lasting=timedelta(days=7))
    bench.clock.pass_by(hours=1)
    await bench.take(revision="r2", text="Milder.")
    bench.clock.pass_by(minutes=10)
    await lift(bench.desk, ban.id, by=SAM)
    bench.clock.pass_by(minutes=10)
    assert await calls(bench) == [(StaffMessageKind.LATE, (case_id,))]


@pytest.mark.parametrize("leave", ["a break", "the end"])
async def test_who_rests_by_the_time_of_the_call_is_not_called(bench: Bench, leave: str):
    await start_shift(bench.desk, ANA, timedelta(hours=8))
    await start_shift(bench.desk, BEN, timedelta(hours=8))
    await bench.take()
    bench.clock.pass_by(minutes=20)
    await page_overdue(bench.desk)
    if leave == "a break":
        await take_break(bench.desk, BEN, timedelta(minutes=30))
    else:
        await end_shift(bench.desk, BEN)
    room = Channel(bench.clock)
    await turn(message_lane(bench.desk, room))
    called = [one.what.message.people for one in room.said if isinstance(one.what, StaffCall)]
    assert called == [(ANA.id,)]

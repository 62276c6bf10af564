"""The overview says how the desk stands, and is edited only when that changed."""

from datetime import timedelta

from bot.domain.decisions import Action
from bot.domain.ids import MessageKind, MessageRef
from bot.domain.sayings import PinnedOverview
from bot.domain.staff import Overview, percentile
from bot.services.cases.claim import claim
from bot.services.cases.escalate import escalate
from bot.services.cases.lookup import look
from bot.services.cases.receive import receive
from bot.services.cases.snooze import snooze
from bot.services.staff.overview import EVERY, refresh, stands
from bot.services.staff.shift import start_shift
from tests.services.desks import ANA, BEN, Bench
from tests.services.outside import CHANNEL, Channel


async def overview(bench: Bench) -> Overview:
    return await bench.store.read(lambda tx: stands(tx, bench.desk))


async def test_the_overview_counts_what_waits_and_how_long_deciding_takes(bench: Bench):
    cases = [await bench.take(comment=f"c{number}") for number in range(8)]
    for minutes, case_id in zip((1, 2, 3), cases, strict=False):
        bench.clock.pass_by(minutes=1)
        await bench.decide(case_id, Action.KEEP)
        assert (await overview(bench)).decided == minutes
    await claim(bench.desk, cases[3], BEN)
    await escalate(bench.desk, cases[4], ANA)
    await snooze(bench.desk, cases[5], ANA, bench.clock.now + timedelta(hours=1))
    await start_shift(bench.desk, BEN, timedelta(hours=1))

    seen = await overview(bench)
    assert (seen.open, seen.waiting, seen.escalated, seen.snoozed) == (5, 2, 1, 1)
    assert seen.oldest is not None
    assert seen.oldest[0] in cases[6:]
    assert [one.by_name for one in seen.claimed] == ["Ben"]
    assert seen.on_shift == (BEN.id,)
    assert (seen.median, seen.slowest) == (timedelta(minutes=2), timedelta(minutes=3))
    bench.clock.pass_by(hours=12)
    assert (await overview(bench)).decided == 0, "a new day"


async def test_it_is_shown_once_for_each_change_and_found_again(bench: Bench):
    room = Channel(bench.clock)
    shown = await refresh(bench.desk, room, None)
    shown = await refresh(bench.desk, room, shown)
    await bench.take()
    room.trouble = "down"
    assert await refresh(bench.desk, room, shown) == shown
    [(number, first)] = room.messages.items()
    await refresh(bench.desk, room, shown)

    assert len(room.said) == 1
    [(again, second)] = room.messages.items()
    assert again == number
    pinned = [one.what for one in (first, second) if isinstance(one.what, PinnedOverview)]
    assert [one.overview.open for one in pinned] == [0, 1]


async def test_it_is_replaced_before_discord_takes_no_more_edits_of_it(bench: Bench):
    room = Channel(bench.clock)
    shown = await refresh(bench.desk, room, None)
    for number in range(4):
        bench.clock.pass_by(minutes=15)
        await bench.take(comment=f"c{number}")
        shown = await refresh(bench.desk, room, shown)
        [(_, standing)] = room.messages.items()
        assert bench.clock.now - standing.posted < timedelta(minutes=50)
        assert isinstance(standing.what, PinnedOverview)
        assert standing.what.overview.open == number + 1
        assert standing.silent or standing.posted < bench.clock.now
    assert len(room.said) == 2, "posted anew once within the hour"


async def test_an_old_one_that_says_what_is_so_stays(bench: Bench):
    room = Channel(bench.clock)
    shown = await refresh(bench.desk, room, None)
    bench.clock.pass_by(hours=5)
    await refresh(bench.desk, room, shown)
    assert len(room.said) == 1


async def test_one_whose_age_is_not_known_is_taken_for_young(bench: Bench):
    room = Channel(bench.clock)
    await refresh(bench.desk, room, None)
    [number] = room.messages
    at = MessageRef(channel_id=CHANNEL, message_id=number)
    await bench.store.write(lambda tx: tx.messages.place(MessageKind.OVERVIEW, at))
    assert await refresh(bench.desk, room, None) is not None
    assert list(room.messages) == [number]
    bench.clock.pass_by(minutes=51)
    await refresh(bench.desk, room, None)
    assert list(room.messages) != [number]


def test_it_is_edited_at_most_once_a_minute():
    assert EVERY >= 60


def test_a_percentile_is_one_of_the_times():
    minutes = [timedelta(minutes=number) for number in range(1, 11)]
    assert percentile(minutes, 0.5) == timedelta(minutes=5)
    assert percentile(minutes, 0.9) == timedelta(minutes=9)
    assert percentile(minutes[:1], 0.9) == timedelta(minutes=1)
    assert percentile([], 0.5) is None


async def test_cases_that_come_together_are_each_counted(bench: Bench):
    reports = [bench.report(comment=f"c{number}") for number in (1, 2, 3, 1)]
    receipts = await receive(bench.desk, reports)
    await bench.decide(receipts[0].case_id)

    counts = await bench.store.read(lambda tx: tx.staff.counts())
    assert (counts["open"], counts["waiting"]) == (2, 2)
    assert (await look(bench.desk, receipts[0].case_id)).record.reported == 3

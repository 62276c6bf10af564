"""Figures count what people at the desk first decided: nothing twice, and nothing of the desk's own."""

from datetime import timedelta

import pytest

from bot.domain.comments import ReaderRecord
from bot.domain.decisions import Action, Door
from bot.domain.detection.events import Tier
from bot.domain.ids import ReporterKey, RuleNumber, SiteId
from bot.domain.site import Seen
from bot.domain.stories import StoryState
from bot.services.alerts import digest
from bot.services.authors.bans import lift
from bot.services.cases.rehearse import settled
from bot.services.cases.reverse import amend, reverse
from bot.services.sites.site_sync import follow
from bot.services.staff.overview import stands
from bot.services.stories.story import StateChange, mark
from tests.services.desks import ANA, NOON, SAM, Bench

SITE = SiteId("courier")
HALF_AN_HOUR = timedelta(minutes=30)


async def figures(bench: Bench) -> tuple[int, timedelta | None, dict[Action, int], int]:
    """Return how many were decided today, how fast, as what, and how many of them by Ana."""
    end = bench.clock.now + timedelta(seconds=1)

    def read(tx):
        seen = stands(tx, bench.desk)
        decided = dict(tx.tallies.decided(NOON, end))
        return seen.decided, seen.median, decided, tx.staff.decided_by(ANA.id, since=NOON)

    return await bench.store.read(read)


async def decided_in_spike(bench: Bench) -> tuple[dict[Action, int], int]:
    end = bench.clock.now + timedelta(seconds=1)
    tally = await bench.store.read(lambda tx: tx.tallies.tally(SITE, Tier.STORY, "s1", NOON, end))
    return dict(tally.decided), tally.waiting


async def protect(bench: Bench) -> None:
    await bench.take(comment="first")
    marked = StateChange(site=SITE, story_id="s1", state=StoryState.PROTECTED)
    await mark(bench.desk, marked, by=SAM)


async def record(bench: Bench, reader: bytes) -> ReaderRecord:
    return await bench.store.read(lambda tx: tx.readers.get(ReporterKey(reader)))


async def test_what_the_desk_holds_by_itself_is_in_no_figure(bench: Bench):
    await protect(bench)
    held = await bench.take(comment="c1", reporter=ReporterKey(b"r"))
    assert await figures(bench) == (0, None, {}, 0)
    assert await decided_in_spike(bench) == ({}, 2)
    assert await settled(bench.store) == {}
    assert await record(bench, b"r") == ReaderRecord()

    bench.clock.pass_by(minutes=30)
    await bench.decide(held)

    assert await figures(bench) == (1, HALF_AN_HOUR, {Action.HIDE: 1}, 1)
    assert await decided_in_spike(bench) == ({Action.HIDE: 1}, 1)
    assert list(await settled(bench.store)) == [(SITE, "c1")]
    assert await record(bench, b"r") == ReaderRecord(agreed=1)


async def test_what_was_taken_over_from_the_site_is_in_no_figure(bench: Bench):
    case_id = await bench.take(reporter=ReporterKey(b"r"))
    bench.clock.pass_by(minutes=1)
    assert await follow(bench.desk, SITE, Seen(comment_id="c1", visible=False, at=bench.clock.now))
    assert await figures(bench) == (0, None, {}, 0)
    assert await decided_in_spike(bench) == ({}, 0), "nor does it wait"
    assert await settled(bench.store) == {}
    assert await record(bench, b"r") == ReaderRecord()

    await reverse(bench.desk, case_id, by=SAM, door=Door.BUTTON)
    assert await record(bench, b"r") == ReaderRecord(), "nothing to take back"
    bench.clock.pass_by(minutes=29)
    await bench.decide(case_id, Action.KEEP)

    assert await figures(bench) == (1, HALF_AN_HOUR, {Action.KEEP: 1}, 1)
    assert await record(bench, b"r") == ReaderRecord(disagreed=1)


async def correct(bench: Bench, case_id):
    await amend(bench.desk, case_id, RuleNumber(4), by=ANA, door=Door.BUTTON)


async def undo(bench: Bench, case_id):
    await reverse(bench.desk, case_id, by=ANA, door=Door.BUTTON)


async def overturn(bench: Bench, case_id):
    await reverse(bench.desk, case_id, by=SAM, door=Door.BUTTON)
    await bench.decide(case_id, Action.KEEP, by=SAM)


async def decide_again(bench: Bench, case_id):
    await undo(bench, case_id)
    await bench.decide(case_id, Action.HIDE)


async def report_an_edit(bench: Bench, case_id):
    await bench.take(revision="r2", text="Changed.")
    await bench.decide(case_id, Action.KEEP)


@pytest.mark.parametrize(
    "then", [correct, undo, overturn, decide_again, report_an_edit], ids=lambda one: one.__name__
)
async def test_a_case_is_counted_once_and_as_it_was_first_decided(bench: Bench, then):
    case_id = await bench.take()
    bench.clock.pass_by(minutes=30)
    await bench.decide(case_id, Action.HIDE)
    bench.clock.pass_by(minutes=5)
    await then(bench, case_id)

    assert await figures(bench) == (1, HALF_AN_HOUR, {Action.HIDE: 1}, 1)


async def test_a_lifted_ban_is_one_ban_and_no_hide(bench: Bench):
    case_id = await bench.take()
    bench.clock.pass_by(minutes=30)
    ban = await bench.decide(case_id, Action.BAN, lasting=timedelta(days=3))
    await lift(bench.desk, ban.id, by=ANA)
    assert await figures(bench) == (1, HALF_AN_HOUR, {Action.BAN: 1}, 1)


async def test_a_rule_corrected_during_a_spike_was_not_decided_in_it(bench: Bench):
    case_id = await bench.take()
    bench.clock.now = NOON - timedelta(minutes=1)
    await bench.decide(case_id)
    bench.clock.now = NOON + timedelta(minutes=1)
    await correct(bench, case_id)
    assert await decided_in_spike(bench) == ({}, 0)


async def test_the_morning_summary_counts_people_only(bench: Bench):
    await protect(bench)
    held = [await bench.take(comment=f"c{number}") for number in range(3)]
    await bench.decide(held[0])
    await correct(bench, held[0])
    bench.clock.pass_by(days=1)
    now, rules = bench.clock.now, bench.policy.alerts

    made = await bench.store.read(lambda tx: digest.make(tx, rules, now, now))

    assert made is not None
    assert (made.kept, made.hidden, made.banned) == (0, 1, 0)


async def test_each_reader_is_judged_once_a_case(bench: Bench):
    early, late = ReporterKey(b"early"), ReporterKey(b"late")
    case_id = await bench.take(reporter=early)
    bench.clock.pass_by(minutes=1)
    await bench.decide(case_id, Action.KEEP)
    await correct_nothing(bench)
    bench.clock.pass_by(days=2)
    await bench.take(reporter=late, rule=RuleNumber(4))
    bench.clock.pass_by(minutes=1)
    await bench.decide(case_id, Action.HIDE)

    assert await record(bench, early) == ReaderRecord(disagreed=1)
    assert await record(bench, late) == ReaderRecord(agreed=1)
    await undo(bench, case_id)
    assert await record(bench, early) == ReaderRecord(disagreed=1)
    assert await record(bench, late) == ReaderRecord()


async def correct_nothing(bench: Bench) -> None:
    """Let a case be hidden, corrected and undone by one and the same, which cancels out."""
    reader = ReporterKey(b"other")
    other = await bench.take(comment="other", reporter=reader)
    bench.clock.pass_by(minutes=1)
    await bench.decide(other)
    await correct(bench, other)
    assert await record(bench, reader) == ReaderRecord(agreed=1)
    await undo(bench, other)
    assert await record(bench, reader) == ReaderRecord()

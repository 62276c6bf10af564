"""Which text is a comment's now: the newest that the site told of, whatever it calls it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.cases import CaseState
from bot.domain.decisions import Action, Door
from bot.domain.errors import CommentEdited
from bot.domain.site import Seen
from bot.services.cases.lookup import look, seen_on_card
from bot.services.cases.receive import receive
from bot.services.cases.reverse import reverse
from bot.services.deliver import card_lane
from bot.services.outbox_worker import turn
from bot.services.sites.site_sync import follow
from tests.services.cases.test_decide import orders
from tests.services.desks import ANA, BEN, Bench
from tests.services.outside import Channel

A, B, C = "You are all bought.", "You are all lovely.", "You are all fools."


async def standing(bench: Bench, case_id) -> tuple[str, str | None, int]:
    view = await look(bench.desk, case_id)
    return view.comment.text, view.before, view.case.revision


@pytest.mark.parametrize("names", [("r1", "r2", "r1"), ("r1", "r2", "r3"), ("x", "x", "x")])
@pytest.mark.parametrize("apart", [0, 60])
async def test_a_text_that_is_edited_back_is_the_one_that_stands(bench: Bench, names, apart):
    for name, text in zip(names, (A, B, A), strict=True):
        case_id = await bench.take(revision=name, text=text)
        bench.clock.pass_by(seconds=apart)

    assert await standing(bench, case_id) == (A, B, 3)
    hidden = await bench.decide(case_id, seen=3)
    assert hidden.revision == 3
    undone = await reverse(bench.desk, case_id, by=ANA, door=Door.BUTTON)
    assert undone.verdict.action is Action.UNHIDE
    with pytest.raises(CommentEdited):
        await bench.decide(case_id, seen=1)


@pytest.mark.parametrize(
    "text",
    [
        A,
        f"  {A}\n",
        A.replace(" ", "\n\n"),
        A.replace(" ", "\u00a0"),
        "You are all  bought.",
    ],
)
async def test_a_new_name_for_the_same_text_is_no_edit(bench: Bench, text):
    case_id = await bench.take()
    kept = await bench.decide(case_id, Action.KEEP)
    bench.clock.pass_by(minutes=1)
    await bench.take(revision="2026-11-24T12:01:00Z", text=text)

    view = await look(bench.desk, case_id)
    assert (view.decision, view.before, view.case.revision) == (kept, None, 1)
    assert view.case.revision_key == "2026-11-24T12:01:00Z"


async def test_a_verdict_on_a_text_that_was_only_renamed_is_taken(bench: Bench):
    case_id = await bench.take()
    await bench.take(revision="r2")

    await bench.decide(case_id, seen=1)

    [order] = await orders(bench)
    assert order.revision_key == "r2"


async def test_letters_written_in_two_ways_are_the_same_letters(bench: Bench):
    case_id = await bench.take(text="Caf\u00e9, \u00c5ngstr\u00f6m")
    await bench.take(revision="r2", text="Cafe\u0301, A\u030angstro\u0308m")
    assert (await look(bench.desk, case_id)).case.revision == 1


@pytest.mark.parametrize(
    "other", ["you are all bought.", "You are all bought!", "You areall bought.", ""]
)
async def test_another_text_under_the_same_name_is_an_edit(bench: Bench, other):
    case_id = await bench.take()
    await bench.decide(case_id, Action.KEEP)
    await bench.take(text=other)

    view = await look(bench.desk, case_id)
    assert (view.comment.text, view.before, view.case.revision) == (other, A, 2)
    assert view.case.state is CaseState.REOPENED


async def test_a_report_that_comes_late_counts_and_does_not_bring_its_text_back(bench: Bench):
    first = bench.report(text=A)
    bench.clock.pass_by(minutes=5)
    case_id = await bench.take(revision="r2", text=B)
    bench.clock.pass_by(hours=8)
    [receipt] = await receive(bench.desk, [first])

    assert receipt.counted
    assert await standing(bench, case_id) == (B, None, 1)
    assert (await look(bench.desk, case_id)).case.reports == 2


async def test_a_late_report_does_not_open_a_decided_case(bench: Bench):
    late = bench.report(text=A)
    bench.clock.pass_by(minutes=5)
    case_id = await bench.take(revision="r2", text=B)
    hidden = await bench.decide(case_id, seen=1)
    await receive(bench.desk, [late])

    assert (await look(bench.desk, case_id)).decision == hidden


async def test_a_text_reported_again_later_is_not_replaced_by_one_from_between(bench: Bench):
    case_id = await bench.take(text=A)
    bench.clock.pass_by(minutes=1)
    between = bench.report(revision="r2", text=B)
    bench.clock.pass_by(minutes=1)
    await bench.take(revision="r3", text=A)
    await receive(bench.desk, [between])

    assert await standing(bench, case_id) == (A, None, 1)


async def test_a_batch_in_any_order_ends_with_its_newest_text(bench: Bench):
    reports = []
    for number, text in enumerate((A, B, C)):
        bench.clock.pass_by(seconds=7)
        reports.append(bench.report(revision=f"r{number}", text=text))

    [one, *_] = await receive(bench.desk, [reports[1], reports[2], reports[0]])

    text, _, _ = await standing(bench, one.case_id)
    assert text == C


@pytest.mark.parametrize("skew", [timedelta(minutes=9), timedelta(hours=-3)])
async def test_a_site_whose_clock_is_wrong_is_read_by_its_own_times(bench: Bench, skew):
    reports = []
    for number, text in enumerate((A, B, C)):
        bench.clock.pass_by(seconds=7)
        made = bench.report(revision=f"r{number}", text=text)
        reports.append(replace(made, at=made.at + skew))
    [one] = await receive(bench.desk, [reports[1]])
    bench.clock.pass_by(seconds=1)
    await receive(bench.desk, [reports[2]])
    bench.clock.pass_by(seconds=30)
    await receive(bench.desk, [reports[0]])

    assert await standing(bench, one.case_id) == (C, B, 2)


async def test_one_clock_that_runs_ahead_does_not_hold_later_texts_up(bench: Bench):
    ahead = bench.clock.now + timedelta(minutes=9)
    case_id = await bench.take(at=ahead, text=A)
    bench.clock.pass_by(minutes=1)
    await bench.take(revision="r2", text=B)

    assert await standing(bench, case_id) == (B, A, 2)


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [("2", "1", A), ("9", "10", B), ("10", "9", A), ("007", "8", B), ("r2", "r1", B)],
)
async def test_where_times_are_level_numbers_say_which_is_newer(
    bench: Bench, first, second, stands
):
    case_id = await bench.take(revision=first, text=A)
    await bench.take(revision=second, text=B)

    assert (await look(bench.desk, case_id)).comment.text == stands


async def test_times_that_know_only_seconds_are_level_within_one(bench: Bench):
    bench.clock.pass_by(milliseconds=400)
    case_id = await bench.take(text=A)
    bench.clock.pass_by(milliseconds=300)
    await bench.take(revision="r2", text=B, at=bench.clock.now.replace(microsecond=0))

    assert (await look(bench.desk, case_id)).comment.text == B


async def test_a_corrected_name_or_headline_is_no_edit(bench: Bench):
    report = bench.report()
    [one] = await receive(bench.desk, [report])
    await bench.decide(one.case_id, Action.KEEP)
    other = bench.report(revision="r2")
    named = replace(
        other,
        author=replace(other.author, name="sweet_dog"),
        story=replace(other.story, title="Raids: three charged"),
    )
    await receive(bench.desk, [named])

    case = (await look(bench.desk, one.case_id)).case
    assert (case.state, case.revision) == (CaseState.DECIDED, 1)


async def test_the_same_reader_who_reports_an_edit_back_shows_it(bench: Bench):
    report = bench.report(text=A)
    for number, text in enumerate((A, B, A)):
        bench.clock.pass_by(seconds=5)
        comment = replace(report.comment, text=text)
        again = replace(report, delivery=f"m{number}", comment=comment, at=bench.clock.now)
        [one] = await receive(bench.desk, [again])

    assert await standing(bench, one.case_id) == (A, B, 3)
    assert (await look(bench.desk, one.case_id)).case.reports == 1


async def test_what_is_read_at_the_site_is_newer_than_what_readers_reported(bench: Bench):
    report = bench.report(text=A)
    late = replace(bench.report(text=A), at=bench.clock.now + timedelta(seconds=30))
    [one] = await receive(bench.desk, [report])
    bench.clock.pass_by(minutes=1)
    seen = Seen(comment_id="c1", comment=replace(report.comment, revision="r2", text=B))

    assert await follow(bench.desk, report.site, seen)
    assert not await follow(bench.desk, report.site, seen)
    await receive(bench.desk, [late])

    assert await standing(bench, one.case_id) == (B, A, 2)


async def test_what_was_found_by_asking_counts_from_when_it_was_read(bench: Bench):
    """A flag of an hour ago comes with the text of now."""
    case_id = await bench.take(text=A)
    flagged = bench.report(revision="r2", text=B, at=bench.clock.now - timedelta(hours=1))
    bench.clock.pass_by(minutes=1)
    read = replace(flagged.comment, read_at=bench.clock.now)
    await receive(bench.desk, [replace(flagged, comment=read)])

    assert await standing(bench, case_id) == (B, A, 2)


async def test_a_case_from_before_texts_were_told_apart_is_compared_by_its_text(bench: Bench):
    case_id = await bench.take(text=A)
    case = (await look(bench.desk, case_id)).case
    await bench.store.write(lambda tx: tx.cases.save(replace(case, text=None)))
    bench.clock.pass_by(minutes=1)
    await bench.take(revision="r2", text=A)
    assert (await look(bench.desk, case_id)).case.revision == 1
    await bench.take(revision="r2", text=B)
    assert await standing(bench, case_id) == (B, A, 2)


async def test_an_edit_ends_what_was_proposed_on_the_text_before(bench: Bench):
    case_id = await bench.take(text=A)
    await bench.decide(case_id, Action.BAN)
    await bench.take(revision="r2", text=B)

    assert (await look(bench.desk, case_id)).proposal is None
    again = await bench.decide(case_id, Action.BAN, by=BEN)
    assert again.verdict.by.name == "Ben"


async def test_what_a_card_showed_at_a_time_is_known_later(bench: Bench):
    channel = Channel(bench.clock)
    case_id = await bench.take(text=A)
    typed = bench.clock.now + timedelta(seconds=10)
    assert await seen_on_card(bench.desk, case_id, typed) is None
    bench.clock.pass_by(seconds=5)
    await turn(card_lane(bench.desk, channel))
    bench.clock.pass_by(seconds=10)
    await bench.take(revision="r2", text=B)
    await turn(card_lane(bench.desk, channel))

    assert await seen_on_card(bench.desk, case_id, typed) == 1
    assert await seen_on_card(bench.desk, case_id, bench.clock.now) == 2
    with pytest.raises(CommentEdited):
        await bench.decide(case_id, seen=await seen_on_card(bench.desk, case_id, typed))


async def test_a_text_that_could_not_be_shown_counts_as_not_seen(bench: Bench):
    channel = Channel(bench.clock)
    case_id = await bench.take(text=A)
    await turn(card_lane(bench.desk, channel))
    await bench.take(revision="r2", text=B)
    channel.trouble = "down"
    await turn(card_lane(bench.desk, channel))

    assert await seen_on_card(bench.desk, case_id, bench.clock.now) == 1
    bench.clock.pass_by(minutes=1)
    await turn(card_lane(bench.desk, channel))
    assert await seen_on_card(bench.desk, case_id, bench.clock.now) == 2

"""Reports: counted once, joined to their comment's one case, reopening it when they should."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.cases import CaseState
from bot.domain.decisions import Action
from bot.domain.ids import RuleNumber
from bot.services.cases.lookup import look
from bot.services.cases.receive import receive
from bot.services.deliver import card_lane
from bot.services.outbox_worker import turn
from bot.services.readers.report import file_report, withdraw
from tests.services.desks import Bench
from tests.services.outside import Channel


async def test_reports_of_one_comment_share_one_case(bench: Bench):
    first = await bench.take()
    second = await bench.take()

    view = await look(bench.desk, first)

    assert second == first
    assert (view.case.reports, view.case.reporters) == (2, 2)


async def test_a_reader_with_two_reasons_is_one_reader(bench: Bench):
    report = bench.report()
    other = replace(report, delivery="msg_other", rule=RuleNumber(1))
    [receipt, _] = await receive(bench.desk, [report, other])

    case = (await look(bench.desk, receipt.case_id)).case

    assert (case.reports, case.reporters) == (2, 1)
    assert case.reasons == {RuleNumber(3): 1, RuleNumber(1): 1}


async def test_a_reader_who_repeats_a_reason_is_answered_and_not_counted(bench: Bench):
    report = bench.report()
    again = replace(report, delivery="msg_again")

    [first, second] = await receive(bench.desk, [report, again])

    assert (first.counted, second.counted) == (True, False)
    assert (await look(bench.desk, first.case_id)).case.reports == 1


async def test_a_delivery_that_comes_again_is_answered_as_before(bench: Bench):
    report = bench.report()

    [first] = await receive(bench.desk, [report])
    [second] = await receive(bench.desk, [report])

    assert second == first
    assert (await look(bench.desk, first.case_id)).case.reports == 1


async def test_a_worse_reason_moves_a_case_up(bench: Bench):
    case_id = await bench.take(rule=RuleNumber(8))
    before = (await look(bench.desk, case_id)).case.priority
    worst = max(bench.policy.rules, key=lambda rule: rule.severity).number
    for _ in range(2):
        await bench.take(rule=worst)

    assert (await look(bench.desk, case_id)).case.priority > before


async def test_an_edit_is_kept_beside_the_text_before(bench: Bench):
    case_id = await bench.take()
    await bench.take(revision="r2", text="You are all lovely.")

    view = await look(bench.desk, case_id)

    assert view.comment.text == "You are all lovely."
    assert view.before == "You are all bought."
    assert view.case.revision == 2


async def test_a_late_report_of_an_older_text_does_not_bring_it_back(bench: Bench):
    before = bench.clock.now
    case_id = await bench.take()
    bench.clock.pass_by(minutes=1)
    await bench.take(revision="r2", text="You are all lovely.")
    bench.clock.pass_by(minutes=1)
    await bench.take(revision="r1", text="You are all bought.", at=before)

    view = await look(bench.desk, case_id)

    assert view.comment.text == "You are all lovely."
    assert (view.case.revision, view.case.reports) == (2, 3)


async def test_the_same_reader_reporting_an_edit_shows_the_edit(bench: Bench):
    report = bench.report()
    edited = replace(
        report,
        delivery="msg_edit",
        comment=replace(report.comment, revision="r2", text="Worse."),
    )
    [first, second] = await receive(bench.desk, [report, edited])

    view = await look(bench.desk, first.case_id)

    assert not second.counted
    assert (view.comment.text, view.case.reports) == ("Worse.", 1)


async def test_a_kept_comment_reported_again_at_once_stays_decided(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id, Action.KEEP)
    await bench.take()

    case = (await look(bench.desk, case_id)).case

    assert (case.state, case.reports) == (CaseState.DECIDED, 2)


async def test_a_kept_comment_reported_for_a_new_reason_is_looked_at_again(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id, Action.KEEP)
    await bench.take(rule=RuleNumber(1))

    assert (await look(bench.desk, case_id)).case.state is CaseState.REOPENED


@pytest.mark.parametrize(
    ("hours", "seconds", "state"),
    [(24, 0, CaseState.DECIDED), (24, 1, CaseState.REOPENED), (25, 0, CaseState.REOPENED)],
)
async def test_a_kept_comment_reported_after_a_day_is_looked_at_again(
    bench: Bench, hours: int, seconds: int, state: CaseState
):
    case_id = await bench.take()
    await bench.decide(case_id, Action.KEEP)
    bench.clock.pass_by(hours=hours, seconds=seconds)
    await bench.take()

    assert (await look(bench.desk, case_id)).case.state is state


async def test_a_hidden_comment_reported_again_stays_hidden(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id)
    bench.clock.pass_by(days=3)
    await bench.take(rule=RuleNumber(1))

    assert (await look(bench.desk, case_id)).case.state is CaseState.DECIDED


async def test_a_hidden_comment_that_was_edited_is_looked_at_again(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id)
    await bench.take(revision="r2", text="Now it is fine.")

    assert (await look(bench.desk, case_id)).case.state is CaseState.REOPENED


@pytest.mark.parametrize(
    ("before", "rule", "seconds"), [(1, 3, 2), (2, 3, 8), (2, 4, 2), (5, 3, 8)]
)
async def test_a_card_waits_longer_for_a_report_that_says_little_new(
    bench: Bench, before: int, rule: int, seconds: int
):
    for _ in range(before):
        await bench.take(rule=RuleNumber(3))
    await turn(card_lane(bench.desk, Channel(bench.clock)))
    await bench.take(rule=RuleNumber(rule))
    later = bench.clock.now + timedelta(hours=1)
    [card] = await bench.store.read(lambda tx: tx.outbox.due_cards(later, limit=9))
    assert card.due_at == bench.clock.now + timedelta(seconds=seconds)


async def test_a_case_whose_only_report_was_taken_back_begins_anew(bench: Bench):
    fresh = (await look(bench.desk, await bench.take(comment="c2"))).case
    filed = await file_report(bench.desk, bench.report(comment="c1"), "en")
    assert await withdraw(bench.desk, filed.secret)
    case = (await look(bench.desk, await bench.take(comment="c1"))).case
    assert (case.taken_back, case.reports, case.reporters) == (False, 1, 1)
    assert (case.reasons, case.weight) == (fresh.reasons, fresh.weight)

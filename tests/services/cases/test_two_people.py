"""Two people: one proposes, somebody else agrees; bans end, are listed and are lifted."""

from datetime import timedelta

import pytest

from bot.domain.decisions import Action, Decision, Door, Proposal
from bot.domain.errors import NoChange, NotAllowed
from bot.domain.ids import RuleNumber, SiteId
from bot.services.authors.bans import bans, bans_named, end_due, lift
from bot.services.cases import two_person
from bot.services.cases.bulk import hide_all, reported_of_late
from bot.services.cases.lookup import look
from bot.services.cases.reverse import reverse
from tests.services.cases.test_decide import orders
from tests.services.desks import ANA, BEN, OLLY, SAM, Bench
from tests.support.chains import first_broken

LEGAL = RuleNumber(6)
COURIER = SiteId("courier")


async def deliver_everything(bench: Bench) -> None:
    while due := await bench.store.read(
        lambda tx: tx.outbox.due_orders(COURIER, bench.clock.now + timedelta(days=999), limit=9)
    ):
        for effect in due:
            await bench.store.write(lambda tx, e=effect: tx.outbox.done(e, bench.clock.now))


async def test_a_ban_for_good_waits_for_somebody_else(bench: Bench):
    case_id = await bench.take()

    proposal = await bench.decide(case_id, Action.BAN)

    view = await look(bench.desk, case_id)
    assert isinstance(proposal, Proposal)
    assert view.proposal == proposal
    assert view.case.is_open
    assert view.history == ()
    assert await orders(bench) == []


async def test_the_same_person_cannot_agree_to_their_own_proposal(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id, Action.BAN)

    with pytest.raises(NotAllowed, match="yourself"):
        await bench.decide(case_id, Action.BAN)
    with pytest.raises(NotAllowed, match="yourself"):
        await two_person.agree(bench.desk, case_id, by=ANA)
    with pytest.raises(NotAllowed):
        await two_person.agree(bench.desk, case_id, by=OLLY)


@pytest.mark.parametrize("by_the_same_verdict", [True, False])
async def test_somebody_else_agreeing_decides_and_both_are_in_the_record(
    bench: Bench, by_the_same_verdict: bool
):
    case_id = await bench.take()
    await bench.decide(case_id, Action.BAN, note="third time")

    if by_the_same_verdict:
        decision = await bench.decide(case_id, Action.BAN, by=BEN)
    else:
        decision = await two_person.agree(bench.desk, case_id, by=BEN)

    assert isinstance(decision, Decision)
    assert (decision.verdict.by.name, decision.second.name) == ("Ana", "Ben")
    assert (decision.verdict.note, decision.until) == ("third time", None)
    view = await look(bench.desk, case_id)
    assert view.proposal is None
    assert first_broken(view.history) is None


async def test_a_proposal_nobody_agreed_to_expires(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id, Action.BAN)
    bench.clock.pass_by(hours=13)

    with pytest.raises(NoChange):
        await two_person.agree(bench.desk, case_id, by=BEN)
    assert await two_person.expire(bench.desk) == 1
    assert (await look(bench.desk, case_id)).proposal is None


async def test_a_declined_proposal_does_nothing_and_a_hide_overrules_it(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id, Action.BAN)
    await two_person.decline(bench.desk, case_id, by=BEN)
    assert (await look(bench.desk, case_id)).proposal is None

    await bench.decide(case_id, Action.BAN)
    hidden = await bench.decide(case_id, Action.HIDE, by=BEN)

    assert isinstance(hidden, Decision)
    assert (await look(bench.desk, case_id)).proposal is None


async def test_showing_again_what_was_hidden_for_a_legal_reason_takes_two(bench: Bench):
    case_id = await bench.take(rule=LEGAL)
    await bench.decide(case_id)
    bench.clock.pass_by(hours=1)

    proposal = await reverse(bench.desk, case_id, by=SAM, door=Door.BUTTON)

    assert isinstance(proposal, Proposal)
    assert (await look(bench.desk, case_id)).decision is not None
    undone = await two_person.agree(bench.desk, case_id, by=BEN)
    assert undone.action is Action.UNHIDE
    assert (await look(bench.desk, case_id)).case.is_open


async def test_ones_own_slip_is_undone_alone_even_for_a_legal_reason(bench: Bench):
    case_id = await bench.take(rule=LEGAL)
    await bench.decide(case_id)

    assert isinstance(await reverse(bench.desk, case_id, by=ANA, door=Door.BUTTON), Decision)


async def test_an_old_undo_does_not_reach_a_newer_decision(bench: Bench):
    case_id = await bench.take()
    first = await bench.decide(case_id)
    await reverse(bench.desk, case_id, by=ANA, door=Door.BUTTON)
    await bench.decide(case_id, Action.KEEP)

    with pytest.raises(NoChange):
        await reverse(bench.desk, case_id, by=ANA, door=Door.BUTTON, meant=first.id)


async def test_bans_are_listed_found_by_name_and_lifted_with_the_comment_left_hidden(bench: Bench):
    case_id = await bench.take()
    ban = await bench.decide(case_id, Action.BAN, lasting=timedelta(days=7))
    await deliver_everything(bench)

    page = await bans(bench.desk, ANA, limit=10)
    assert [one.decision_id for one in page.bans] == [ban.id]
    assert len(await bans_named(bench.desk, ANA, "salt")) == 1
    assert await bans_named(bench.desk, ANA, "%") == ()

    await lift(bench.desk, ban.id, by=ANA, note="mistaken identity")

    view = await look(bench.desk, case_id)
    assert [one.action for one in view.history] == [Action.BAN, Action.UNBAN, Action.HIDE]
    assert not view.record.banned
    assert (await bans(bench.desk, ANA, limit=10)).total == 0
    [order] = await orders(bench)
    assert (order.action, order.banned, order.visible) == (Action.UNBAN, False, None)
    with pytest.raises(NoChange):
        await lift(bench.desk, ban.id, by=ANA)


async def test_a_ban_that_ended_is_lifted_once_at_a_site_that_cannot_time_it(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id, Action.BAN, lasting=timedelta(days=1))
    await deliver_everything(bench)
    assert await end_due(bench.desk, COURIER) == 0

    bench.clock.pass_by(days=1, minutes=1)

    assert await end_due(bench.desk, COURIER) == 1
    assert await end_due(bench.desk, COURIER) == 0
    [order] = await orders(bench)
    assert (order.action, order.banned, order.visible) == (Action.UNBAN, False, None)


async def test_an_author_banned_twice_is_let_in_after_the_longer_ban(bench: Bench):
    first, other = await bench.take(comment="c1"), await bench.take(comment="c2")
    await bench.decide(first, Action.BAN, lasting=timedelta(days=1))
    await bench.decide(other, Action.BAN, lasting=timedelta(days=7))
    await deliver_everything(bench)

    bench.clock.pass_by(days=2)
    await end_due(bench.desk, COURIER)
    assert await orders(bench) == []

    bench.clock.pass_by(days=6)
    await end_due(bench.desk, COURIER)
    assert [order.banned for order in await orders(bench)] == [False]


async def test_all_that_an_author_posted_of_late_is_hidden_at_once(bench: Bench):
    old = await bench.take(comment="old")
    bench.clock.pass_by(hours=30)
    late = [await bench.take(comment=f"c{number}") for number in range(3)]
    other = await bench.take(comment="other", author="a2")

    found = await reported_of_late(bench.desk, late[0], timedelta(hours=24), by=ANA)
    made = await hide_all(bench.desk, late[0], timedelta(hours=24), by=ANA, door=Door.BUTTON)

    assert {case.id for case in found} == set(late)
    assert {one.case_id for one in made} == set(late)
    assert (await look(bench.desk, old)).case.is_open
    assert (await look(bench.desk, other)).case.is_open
    with pytest.raises(NotAllowed):
        await hide_all(bench.desk, late[0], timedelta(hours=24), by=OLLY, door=Door.BUTTON)


async def test_readers_who_were_right_move_a_case_further_up(bench: Bench):
    reporter = bench.report().reporter
    for number in range(8):
        case_id = await bench.take(comment=f"right-{number}", reporter=reporter)
        await bench.decide(case_id)

    trusted = await look(bench.desk, await bench.take(comment="t", author="x", reporter=reporter))
    stranger = await look(bench.desk, await bench.take(comment="s", author="y"))

    assert trusted.case.weight > stranger.case.weight == 1.0
    assert trusted.case.priority > stranger.case.priority
    assert any("mostly right" in words for words in trusted.why)


async def test_a_reader_who_was_always_wrong_opens_a_case_without_weight(bench: Bench):
    reporter = bench.report().reporter
    for number in range(12):
        case_id = await bench.take(comment=f"wrong-{number}", reporter=reporter)
        await bench.decide(case_id, Action.KEEP)

    view = await look(bench.desk, await bench.take(comment="next", reporter=reporter))

    assert view.case.is_open
    assert view.case.weight < 0.2


async def test_undoing_a_decision_takes_its_judgement_of_readers_back(bench: Bench):
    report = bench.report()
    case_id = await bench.take(reporter=report.reporter)
    await bench.decide(case_id, Action.KEEP)
    await reverse(bench.desk, case_id, by=ANA, door=Door.BUTTON)

    record = await bench.store.read(lambda tx: tx.readers.get(report.reporter))

    assert (record.agreed, record.disagreed) == (0, 0)

"""What was hidden for a legal reason is shown by two people, by whatever way it is tried."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.decisions import Action, Decision, Door, Proposal
from bot.domain.errors import CommentEdited, NoChange, NotAllowed, NotUnderstood
from bot.domain.ids import CaseId, PersonId, RuleNumber
from bot.domain.site import Seen
from bot.domain.staff import Person
from bot.services.authors.bans import end_due, lift
from bot.services.cases import two_person
from bot.services.cases.bulk import hide_all, mark_of, reported_of_late
from bot.services.cases.lookup import look
from bot.services.cases.reverse import amend, reverse
from bot.services.cases.two_person import DecisionResult
from bot.services.sites.site_sync import follow
from tests.services.cases.test_decide import orders
from tests.services.cases.test_two_people import COURIER, LEGAL, deliver_everything
from tests.services.desks import ANA, BEN, SAM, SENIOR, Bench

OTHER = RuleNumber(5)
SUE = Person(id=PersonId(5), name="Sue", roles=frozenset({SENIOR}))
Way = Callable[[Bench], Awaitable[tuple[CaseId, DecisionResult]]]


async def undo(bench: Bench, case_id: CaseId, by: Person = SAM) -> DecisionResult:
    return await reverse(bench.desk, case_id, by=by, door=Door.BUTTON)


async def hidden(bench: Bench, action: Action = Action.HIDE, **more) -> tuple[CaseId, Decision]:
    """A comment that Ana hid for a legal reason an hour ago."""
    case_id = await bench.take(rule=LEGAL)
    lasting = timedelta(days=7) if action is Action.BAN else None
    made = await bench.decide(case_id, action, lasting=lasting, **more)
    bench.clock.pass_by(hours=1)
    return case_id, made


async def a_hide_is_undone(bench: Bench):
    case_id, _ = await hidden(bench)
    return case_id, await undo(bench, case_id)


async def a_ban_is_undone(bench: Bench):
    case_id, _ = await hidden(bench, Action.BAN)
    return case_id, await undo(bench, case_id)


async def another_rule_is_cited_first(bench: Bench):
    case_id, _ = await hidden(bench)
    await amend(bench.desk, case_id, OTHER, by=SAM, door=Door.BUTTON)
    return case_id, await undo(bench, case_id)


async def it_is_edited_and_kept(bench: Bench):
    case_id, _ = await hidden(bench)
    await bench.take(revision="r2", text="You are all bought!!")
    return case_id, await bench.decide(case_id, Action.KEEP, by=BEN)


async def it_is_edited_and_kept_by_who_hid_it_just_now(bench: Bench):
    case_id = await bench.take(rule=LEGAL)
    await bench.decide(case_id)
    await bench.take(revision="r2", text="You are all bought!!")
    return case_id, await bench.decide(case_id, Action.KEEP)


async def it_is_edited_hidden_under_another_rule_and_undone(bench: Bench):
    case_id, _ = await hidden(bench)
    await bench.take(revision="r2", text="You are all bought!!")
    await bench.decide(case_id, rule=OTHER, by=BEN)
    return case_id, await undo(bench, case_id, by=BEN)


async def the_ban_is_lifted_and_the_hide_that_is_left_undone(bench: Bench):
    case_id, made = await hidden(bench, Action.BAN)
    await lift(bench.desk, made.id, by=SAM)
    bench.clock.pass_by(hours=1)
    return case_id, await undo(bench, case_id, by=SUE)


async def the_ban_is_lifted_and_the_hide_undone_at_once_by_the_same(bench: Bench):
    case_id, made = await hidden(bench, Action.BAN)
    await lift(bench.desk, made.id, by=SAM)
    return case_id, await undo(bench, case_id)


async def the_ban_is_lifted_after_an_edit_and_the_comment_kept(bench: Bench):
    case_id, made = await hidden(bench, Action.BAN)
    await bench.take(revision="r2", text="You are all bought!!")
    await lift(bench.desk, made.id, by=SAM)
    return case_id, await bench.decide(case_id, Action.KEEP, by=SAM)


async def the_slip_is_no_slip_any_more_once_it_is_corrected(bench: Bench):
    case_id = await bench.take(rule=LEGAL)
    await bench.decide(case_id, by=SAM)
    bench.clock.pass_by(minutes=9)
    await amend(bench.desk, case_id, OTHER, by=SAM, door=Door.BUTTON)
    bench.clock.pass_by(minutes=2)
    return case_id, await undo(bench, case_id)


WAYS: list[Way] = [
    a_hide_is_undone,
    a_ban_is_undone,
    another_rule_is_cited_first,
    it_is_edited_and_kept,
    it_is_edited_and_kept_by_who_hid_it_just_now,
    it_is_edited_hidden_under_another_rule_and_undone,
    the_ban_is_lifted_and_the_hide_that_is_left_undone,
    the_ban_is_lifted_and_the_hide_undone_at_once_by_the_same,
    the_ban_is_lifted_after_an_edit_and_the_comment_kept,
    the_slip_is_no_slip_any_more_once_it_is_corrected,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_nobody_shows_alone_what_was_hidden_for_a_legal_reason(bench: Bench, way: Way):
    case_id, ruling = await way(bench)

    assert isinstance(ruling, Proposal)
    assert not any(order.visible for order in await orders(bench))
    proposer = Person(
        id=ruling.verdict.by.id, name=ruling.verdict.by.name, roles=frozenset({SENIOR})
    )
    with pytest.raises(NotAllowed, match="yourself"):
        await two_person.agree(bench.desk, case_id, by=proposer)
    other = BEN if proposer.id != BEN.id else ANA
    decided = await two_person.agree(bench.desk, case_id, by=other)
    assert decided.second.id == other.id
    assert decided.action in {Action.KEEP, Action.UNHIDE, Action.UNBAN}


async def test_a_legal_hide_that_is_only_renamed_by_the_site_stays(bench: Bench):
    case_id, made = await hidden(bench)
    await bench.take(revision="r2", rule=RuleNumber(1))
    assert (await look(bench.desk, case_id)).decision == made


async def test_what_was_shown_by_two_is_an_ordinary_comment_again(bench: Bench):
    case_id, _ = await hidden(bench)
    await undo(bench, case_id)
    await two_person.agree(bench.desk, case_id, by=BEN)

    assert isinstance(await bench.decide(case_id, Action.KEEP), Decision)


async def test_a_ban_that_ends_shows_nothing(bench: Bench):
    await hidden(bench, Action.BAN)
    await deliver_everything(bench)
    bench.clock.pass_by(days=8)
    await end_due(bench.desk, COURIER)

    assert [(one.banned, one.visible) for one in await orders(bench)] == [(False, None)]


async def test_ones_own_slip_is_undone_alone_though_its_rule_was_corrected(bench: Bench):
    case_id = await bench.take(rule=LEGAL)
    await bench.decide(case_id)
    await amend(bench.desk, case_id, OTHER, by=ANA, door=Door.BUTTON)

    assert isinstance(await undo(bench, case_id, by=ANA), Decision)


async def test_what_is_no_legal_matter_is_undone_alone(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id)
    bench.clock.pass_by(hours=1)
    assert isinstance(await undo(bench, case_id), Decision)


async def test_what_the_sites_own_staff_show_waits_for_a_second_person_here(bench: Bench):
    case_id, _ = await hidden(bench)
    await bench.take(revision="r2", text="You are all bought!!")
    bench.clock.pass_by(minutes=1)
    seen = Seen(comment_id="c1", visible=True, by="Robin", at=bench.clock.now)

    assert await follow(bench.desk, COURIER, seen)
    assert not await follow(bench.desk, COURIER, seen)

    view = await look(bench.desk, case_id)
    assert view.case.is_open
    assert view.proposal is not None
    assert view.proposal.verdict.by.name == "Robin"
    kept = await two_person.agree(bench.desk, case_id, by=BEN)
    assert (kept.action, kept.verdict.by.name, kept.second.name) == (Action.KEEP, "Robin", "Ben")


async def test_citing_another_rule_does_not_give_more_time_to_undo(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id)
    for _ in range(3):
        bench.clock.pass_by(minutes=4)
        rule = RuleNumber(1 + bench.clock.now.minute % 3)
        if bench.clock.now.minute <= bench.policy.undo_minutes:
            await amend(bench.desk, case_id, rule, by=ANA, door=Door.BUTTON)

    with pytest.raises(NotAllowed, match="10 minutes ago"):
        await undo(bench, case_id, by=ANA)
    with pytest.raises(NotAllowed, match="10 minutes ago"):
        await amend(bench.desk, case_id, OTHER, by=ANA, door=Door.BUTTON)
    assert isinstance(await undo(bench, case_id), Decision)


# ---- a second person agrees to what was proposed, and to nothing else


@pytest.mark.parametrize(
    "differently", [{"rule": RuleNumber(1)}, {"reason": "It names a child."}], ids=str
)
async def test_a_verdict_that_differs_is_a_proposal_of_its_own(bench: Bench, differently):
    rules = [
        replace(rule, reasons=("It names a child.",)) if rule.number == OTHER else rule
        for rule in bench.policy.rules
    ]
    bench.policy = replace(bench.policy, rules=tuple(rules))
    case_id = await bench.take()
    await bench.decide(case_id, Action.BAN, rule=OTHER)
    other = await bench.decide(case_id, Action.BAN, by=BEN, **{"rule": OTHER, **differently})

    assert isinstance(other, Proposal)
    assert other.verdict.by.name == "Ben"
    agreed = await two_person.agree(bench.desk, case_id, by=ANA)
    assert (agreed.verdict.by.name, agreed.second.name) == ("Ben", "Ana")
    assert agreed.verdict.rule == differently.get("rule", OTHER)


async def test_a_shorter_ban_is_decided_and_seconds_nothing(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id, Action.BAN, rule=OTHER)
    made = await bench.decide(case_id, Action.BAN, by=BEN, lasting=timedelta(days=7))

    assert isinstance(made, Decision)
    assert (made.verdict.by.name, made.second) == ("Ben", None)


async def test_a_proposal_on_the_text_before_an_edit_is_agreed_to_by_nobody(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id, Action.BAN, rule=OTHER)
    await bench.take(revision="r2", text="Fine now.")

    with pytest.raises(NoChange):
        await two_person.agree(bench.desk, case_id, by=BEN, seen=2)
    made = await bench.decide(case_id, Action.BAN, by=BEN, rule=RuleNumber(1), seen=2)
    assert isinstance(made, Proposal)
    with pytest.raises(CommentEdited):
        await two_person.agree(bench.desk, case_id, by=ANA, seen=1)


async def test_a_button_beside_one_proposal_does_not_agree_to_the_next(bench: Bench):
    case_id = await bench.take()
    first = await bench.decide(case_id, Action.BAN, rule=OTHER)
    assert isinstance(first, Proposal)
    bench.clock.pass_by(seconds=5)
    await bench.decide(case_id, Action.BAN, rule=RuleNumber(1))

    with pytest.raises(NoChange, match="no longer what is proposed"):
        await two_person.agree(bench.desk, case_id, by=BEN, meant=first.number)


async def test_a_change_of_role_makes_nobody_a_second_person(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id, Action.BAN)
    promoted = replace(ANA, name="Ana the Senior", roles=frozenset({SENIOR}))

    with pytest.raises(NotAllowed, match="yourself"):
        await two_person.agree(bench.desk, case_id, by=promoted)
    with pytest.raises(NotAllowed, match="yourself"):
        await bench.decide(case_id, Action.BAN, by=promoted, door=Door.SLASH)


async def test_an_old_menu_does_not_reach_a_newer_decision(bench: Bench):
    case_id = await bench.take()
    first = await bench.decide(case_id)
    amended = await amend(bench.desk, case_id, OTHER, by=ANA, door=Door.BUTTON, meant=first.id)
    # The same answer's menu, used again: it is the same decision still.
    await amend(bench.desk, case_id, RuleNumber(1), by=ANA, door=Door.BUTTON, meant=first.id)
    await undo(bench, case_id, by=ANA)
    await bench.decide(case_id)

    with pytest.raises(NoChange):
        await amend(bench.desk, case_id, OTHER, by=ANA, door=Door.BUTTON, meant=amended.id)


@pytest.mark.parametrize("happens", ["an edit", "another report of theirs", "a decision"])
async def test_many_are_hidden_at_once_only_as_they_were_listed(bench: Bench, happens: str):
    cases = [await bench.take(comment=f"c{number}") for number in range(3)]
    day = timedelta(days=1)
    listed = mark_of(await reported_of_late(bench.desk, cases[0], day, by=ANA))
    match happens:
        case "an edit":
            await bench.take(comment="c1", revision="r2", text="I take that back.")
        case "a decision":
            await bench.decide(cases[1], Action.KEEP, by=BEN)
        case _:
            await bench.take(comment="c9")

    how = {"by": ANA, "door": Door.BUTTON}
    with pytest.raises(NotUnderstood, match="nothing was hidden"):
        await hide_all(bench.desk, cases[0], day, listed=listed, **how)
    again = mark_of(await reported_of_late(bench.desk, cases[0], day, by=ANA))
    await bench.take(comment="c0")  # a further report of the same text changes nothing
    assert await hide_all(bench.desk, cases[0], day, listed=again, **how)

"""Whoever agreed stands beside whoever decided, and is offered nothing that is refused."""

import pytest

from bot.cards import authors
from bot.cards.cases import backlog_card, case_answers, case_card
from bot.cards.presses.cases import OtherRule, UndoDecision
from bot.cards.text import decisions as decision_text
from bot.domain.decisions import Action, Decision, Door
from bot.domain.errors import NotAllowed
from bot.domain.ids import RuleNumber
from bot.services.authors import author
from bot.services.cases import two_person
from bot.services.cases.lines import Done
from bot.services.cases.lookup import look
from bot.services.cases.reverse import after, reverse
from tests.services.desks import ANA, BEN, NOON, SAM, Bench
from tests.unit.cards.reading import kinds, text

LEGAL = RuleNumber(6)


async def banned_for_good(bench: Bench, by=BEN) -> Decision:
    case_id = await bench.take()
    await bench.decide(case_id, Action.BAN)
    bench.clock.pass_by(minutes=5)
    return await two_person.agree(bench.desk, case_id, by=by)


async def test_both_stand_wherever_the_decision_is_told(bench: Bench):
    made = await banned_for_good(bench)
    view = await look(bench.desk, made.case_id)
    sheet = await author.sheet(bench.desk, made.case_id, ANA)
    now, policy = bench.clock.now, bench.policy

    assert "by Ana with Ben" in text(case_card.render(view, policy, now=now))
    history = text(case_answers.details(view, policy, now=now)).partition(decision_text.HISTORY)[2]
    assert "by Ana with Ben" in history
    record = text(authors.author_card(sheet, policy, now=now, links={}))
    assert record.count("Ana with Ben") == 3, "as a strike, as a ban and as a case"
    assert "by Ana with Ben" in text(backlog_card.log_lines([made], policy, guild_id=1, cards={}))


async def test_both_stand_on_a_card_whose_decision_two_people_undid(bench: Bench):
    case_id = await bench.take(rule=LEGAL)
    await bench.decide(case_id)
    bench.clock.pass_by(hours=1)
    await reverse(bench.desk, case_id, by=SAM, door=Door.BUTTON)
    await two_person.agree(bench.desk, case_id, by=BEN)
    view = await look(bench.desk, case_id)
    shown = text(case_card.render(view, bench.policy, now=bench.clock.now))
    assert "Sam with Ben undid it" in shown


async def test_one_alone_stands_alone(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id)
    view = await look(bench.desk, case_id)
    assert "by Ana, <t:" in text(case_card.render(view, bench.policy, now=NOON))


@pytest.mark.parametrize(("by", "may"), [(BEN, False), (SAM, True)])
async def test_who_agreed_is_offered_undo_only_where_it_works(bench: Bench, by, may: bool):
    made = await banned_for_good(bench, by)
    left = await after(bench.desk, made, by)
    answer = case_answers.ruled(made, bench.policy, after=left)
    line = Done(case_id=made.case_id, outcome=made, after=left)
    typed = case_answers.typed([line], bench.policy)

    assert (UndoDecision in kinds(answer)) is may
    assert (OtherRule in kinds(answer)) is may
    assert (UndoDecision in kinds(typed)) is may
    if may:
        undone = await reverse(bench.desk, made.case_id, by=by, door=Door.BUTTON)
        assert isinstance(undone, Decision)
    else:
        with pytest.raises(NotAllowed):
            await reverse(bench.desk, made.case_id, by=by, door=Door.BUTTON)

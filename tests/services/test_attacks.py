"""Ways round the rules about who may decide what, each tried once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.decision import Action, Decision, Door
from bot.domain.errors import NothingToUndo, NotPossible, WithEditors
from bot.domain.ids import RuleNumber, SiteId
from bot.domain.proposal import Proposal
from bot.services import second
from bot.services.amend import amend
from bot.services.claim import claim
from bot.services.escalate import escalate
from bot.services.lookup import look
from bot.services.reverse import reverse
from bot.services.sweep import hide_all, reported_of_late
from tests.services.desks import ANA, BEN, SAM, Bench

LEGAL, OTHER = RuleNumber(6), RuleNumber(3)
DAY = timedelta(hours=24)


async def test_a_sweep_leaves_what_the_editors_or_a_colleague_have(bench: Bench):
    free = await bench.take()
    escalated = await bench.take(comment="c2")
    claimed = await bench.take(comment="c3")
    await escalate(bench.desk, escalated, BEN)
    await claim(bench.desk, claimed, BEN)

    counted = await reported_of_late(bench.desk, free, DAY, by=ANA)
    made = await hide_all(bench.desk, free, DAY, by=ANA, door=Door.BUTTON)

    assert [case.id for case in counted] == [free]
    assert [one.case_id for one in made] == [free]
    by_sam = await hide_all(bench.desk, free, DAY, by=SAM, door=Door.BUTTON)
    assert [one.case_id for one in by_sam] == [escalated]


async def test_a_sweep_asks_nothing_of_a_site_that_cannot_hide(bench: Bench):
    case_id = await bench.take()

    def can(_site: SiteId) -> frozenset[Action]:
        return frozenset({Action.KEEP})

    desk = replace(bench.desk, site_can=can)

    with pytest.raises(NotPossible):
        await hide_all(desk, case_id, DAY, by=ANA, door=Door.BUTTON)
    assert (await look(bench.desk, case_id)).case.is_open


async def test_agreeing_is_no_way_round_the_editors(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id, Action.BAN)
    await escalate(bench.desk, case_id, ANA)

    with pytest.raises(WithEditors):
        await second.agree(bench.desk, case_id, by=BEN)
    assert isinstance(await second.agree(bench.desk, case_id, by=SAM), Decision)


async def test_citing_another_rule_is_no_way_round_two_people(bench: Bench):
    case_id = await bench.take(rule=LEGAL)
    await bench.decide(case_id)
    bench.clock.pass_by(hours=1)
    await amend(bench.desk, case_id, OTHER, by=SAM, door=Door.BUTTON)
    bench.clock.pass_by(hours=1)

    undone = await reverse(bench.desk, case_id, by=SAM, door=Door.BUTTON)

    assert isinstance(undone, Proposal)
    assert (await look(bench.desk, case_id)).decision is not None


async def test_an_undo_agreed_to_after_the_case_came_back_undoes_nothing(bench: Bench):
    case_id = await bench.take(rule=LEGAL)
    await bench.decide(case_id)
    bench.clock.pass_by(hours=1)
    await reverse(bench.desk, case_id, by=SAM, door=Door.BUTTON)
    await bench.take(rule=LEGAL, revision="r2", text="Another text altogether.")
    view = await look(bench.desk, case_id)
    assert view.case.is_open

    with pytest.raises(NothingToUndo):
        await second.agree(bench.desk, case_id, by=BEN, seen=view.case.revision)
    assert len((await look(bench.desk, case_id)).history) == 1

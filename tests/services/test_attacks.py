"""Ways round the rules about who may decide what, each tried once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.decisions import Action, Decision, Door, Proposal
from bot.domain.effects import Order, Outcome, Verb
from bot.domain.errors import NoChange, NotPossible, WithEditors
from bot.domain.ids import RuleNumber, SiteId
from bot.domain.site import Ability
from bot.services.cases import two_person
from bot.services.cases.bulk import hide_all, reported_of_late
from bot.services.cases.claim import claim
from bot.services.cases.escalate import escalate
from bot.services.cases.lookup import look
from bot.services.cases.reverse import amend, reverse
from bot.services.deliver import order_lane
from bot.services.outbox_worker import turn
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
        await two_person.agree(bench.desk, case_id, by=BEN)
    assert isinstance(await two_person.agree(bench.desk, case_id, by=SAM), Decision)


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

    with pytest.raises(NoChange):
        await two_person.agree(bench.desk, case_id, by=BEN, seen=view.case.revision)
    assert len((await look(bench.desk, case_id)).history) == 1


class Site:
    """Keeps what it was told last of each author, and can be down."""

    def __init__(self) -> None:
        self.down = True
        self.banned: dict[str, tuple[bool | None, datetime | None]] = {}

    @property
    def abilities(self) -> frozenset[Ability]:
        return frozenset(Ability)

    async def carry_out(self, order: Order) -> Outcome:
        if self.down:
            return Outcome(verb=Verb.LATER, words="It is down.")
        if order.banned is not None:
            self.banned[order.author_id] = (order.banned, order.until)
        return Outcome(verb=Verb.DONE)


async def told_everything(bench: Bench, site: Site) -> None:
    bench.clock.pass_by(hours=1)
    while await turn(order_lane(bench.desk, SiteId("courier"), site)):
        bench.clock.pass_by(hours=1)


async def test_undoing_one_ban_late_does_not_end_another(bench: Bench):
    site = Site()
    first, second_case = await bench.take(), await bench.take(comment="c2")
    week, month = timedelta(days=7), timedelta(days=30)
    await bench.decide(first, Action.BAN, lasting=week)
    await bench.decide(second_case, Action.BAN, lasting=month)
    ends = bench.clock.now + month
    site.down = False
    await told_everything(bench, site)
    site.down = True
    await reverse(bench.desk, first, by=SAM, door=Door.BUTTON)
    await turn(order_lane(bench.desk, SiteId("courier"), site))
    site.down = False

    await told_everything(bench, site)

    assert site.banned["a1"] == (True, ends)


async def test_a_short_ban_does_not_cut_a_long_one_off(bench: Bench):
    site = Site()
    site.down = False
    first, later = await bench.take(), await bench.take(comment="c2")
    await bench.decide(first, Action.BAN, lasting=timedelta(days=30))
    ends = bench.clock.now + timedelta(days=30)
    await told_everything(bench, site)

    await bench.decide(later, Action.BAN, lasting=timedelta(days=1))
    await told_everything(bench, site)

    assert site.banned["a1"] == (True, ends)
    assert (await look(bench.desk, later)).record.banned_until == ends


async def test_an_undo_that_comes_while_another_ban_is_on_its_way_leaves_that_one(bench: Bench):
    site = Site()
    first, later = await bench.take(), await bench.take(comment="c2")
    await bench.decide(first, Action.BAN, lasting=timedelta(days=7))
    site.down = False
    await told_everything(bench, site)
    site.down = True
    await reverse(bench.desk, first, by=SAM, door=Door.BUTTON)
    await turn(order_lane(bench.desk, SiteId("courier"), site))
    await bench.decide(later, Action.BAN, lasting=timedelta(days=30))
    ends = bench.clock.now + timedelta(days=30)
    site.down = False
    # The newer ban is told first, and the older undo is retried after it.
    await turn(order_lane(bench.desk, SiteId("courier"), site))

    await told_everything(bench, site)

    assert site.banned["a1"] == (True, ends)

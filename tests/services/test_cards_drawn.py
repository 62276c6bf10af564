"""Where a case's card stands, when it gets reactions to press, and when it needs no card."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.cases import CaseState
from bot.domain.decisions import Action, Door
from bot.domain.errors import BoardDown
from bot.domain.ids import CaseId, MessageRef, RuleNumber, SiteId
from bot.domain.policy import ReactionBan
from bot.domain.routing import Route
from bot.domain.sayings import Saying
from bot.services.cases.claim import claim
from bot.services.cases.reverse import reverse
from bot.services.deliver import card_lane, order_lane
from bot.services.outbox_worker import turn
from tests.services.desks import ANA, BEN, Bench
from tests.services.outside import CHANNEL, Channel, ObedientSite
from tests.support.waiting import PATIENCE

ELSEWHERE = 701


@pytest.fixture
def channel(bench: Bench) -> Channel:
    return Channel(bench.clock)


async def draw(bench: Bench, channel: Channel, **later: float) -> None:
    bench.clock.pass_by(**(later or {"seconds": 3}))
    while await turn(card_lane(bench.desk, channel)):
        pass


def cards(channel: Channel, case: CaseId) -> list[int]:
    """Return the channels in which a case's card stands."""
    return [
        shown.channel_id
        for shown in channel.messages.values()
        if getattr(getattr(shown.what, "case", None), "id", None) == case
    ]


async def message_of(bench: Bench, case: CaseId) -> int:
    ref = await bench.store.read(lambda tx: tx.cards.get(case))
    assert ref is not None
    return ref.message_id


def routed(bench: Bench, *routes: Route) -> None:
    bench.policy = replace(bench.policy, routes=routes)


async def test_a_card_stands_where_the_first_route_says(bench: Bench, channel: Channel):
    routed(bench, Route(channel_id=ELSEWHERE, reason=RuleNumber(3)))
    routed_one = await bench.take()
    other = await bench.take(comment="c2", rule=RuleNumber(5))
    await draw(bench, channel)

    assert cards(channel, routed_one) == [ELSEWHERE]
    assert cards(channel, other) == [CHANNEL]


async def test_a_card_that_belongs_elsewhere_moves_and_stands_once(bench: Bench, channel: Channel):
    case = await bench.take()
    await draw(bench, channel)
    old = await message_of(bench, case)
    routed(bench, Route(channel_id=ELSEWHERE))
    await bench.take()
    await draw(bench, channel)

    assert cards(channel, case) == [ELSEWHERE]
    assert await message_of(bench, case) != old
    assert (await bench.store.read(lambda tx: tx.cards.get(case))).channel_id == ELSEWHERE


async def test_new_cards_get_reactions_while_it_is_calm(bench: Bench, channel: Channel):
    case = await bench.take()
    await draw(bench, channel)

    assert channel.seeded == {await message_of(bench, case)}
    ref = await bench.store.read(lambda tx: tx.cards.get(case))
    assert ref is not None
    assert ref.seeded


async def test_in_a_rush_no_card_waits_for_its_reactions(bench: Bench, channel: Channel):
    bench.policy = replace(bench.policy, calm_backlog=2)
    for number in range(3):
        await bench.take(comment=f"c{number}")
    await turn(card_lane(bench.desk, channel))

    assert len(channel.messages) == 3
    assert channel.seeded == set()


async def test_a_decided_card_has_none_and_one_that_is_open_again_has(
    bench: Bench, channel: Channel
):
    case = await bench.take()
    await draw(bench, channel)
    await bench.decide(case)
    await draw(bench, channel)
    assert channel.seeded == set()

    await reverse(bench.desk, case, by=ANA, door=Door.BUTTON)
    await draw(bench, channel)
    assert channel.seeded == {await message_of(bench, case)}


@pytest.mark.parametrize(("how", "offered"), [(ReactionBan.OFF, 2), (ReactionBan.ASK, 3)])
async def test_a_reaction_that_bans_nobody_is_not_offered(
    bench: Bench, channel: Channel, how: ReactionBan, offered: int
):
    emoji = bench.policy.emoji
    bench.policy = replace(bench.policy, reaction_ban=how)
    put: list[list[str]] = []
    channel.react = lambda _at, marks: _done(put.append(list(marks)))  # type: ignore[method-assign]
    await bench.take()
    await draw(bench, channel)

    assert put == [[emoji.keep, emoji.hide, emoji.ban][:offered]]


async def _done(result: None) -> None:
    return result


async def test_an_open_card_that_was_deleted_is_posted_anew(bench: Bench, channel: Channel):
    case = await bench.take()
    await draw(bench, channel)
    channel.messages.clear()
    await bench.take()
    await draw(bench, channel)

    assert cards(channel, case) == [CHANNEL]


async def test_a_decided_card_that_was_deleted_is_not_wanted_back(bench: Bench, channel: Channel):
    case = await bench.take()
    await draw(bench, channel)
    await bench.decide(case)
    channel.messages.clear()
    await draw(bench, channel)
    await draw(bench, channel, minutes=10)

    assert channel.messages == {}


async def test_what_was_decided_while_cards_were_held_back_gets_none(
    bench: Bench, channel: Channel
):
    rules = replace(bench.policy.channel, backlog_digest=1)
    bench.policy = replace(bench.policy, channel=rules)
    first = await bench.take()
    await draw(bench, channel)
    second = await bench.take(comment="c2", author="a2")
    await bench.decide(second, Action.KEEP)
    await draw(bench, channel)

    assert cards(channel, first) == [CHANNEL]
    assert cards(channel, second) == []


async def test_what_was_decided_before_its_card_was_drawn_gets_one(bench: Bench, channel: Channel):
    case = await bench.take()
    await bench.decide(case)
    await draw(bench, channel)

    assert cards(channel, case) == [CHANNEL]
    assert channel.seeded == set()


async def test_a_card_whose_answer_was_lost_is_found_and_not_posted_twice(
    bench: Bench, channel: Channel
):
    channel.trouble = "lost"
    case = await bench.take()
    await draw(bench, channel)
    await draw(bench, channel, minutes=5)

    assert cards(channel, case) == [CHANNEL]
    assert len(channel.said) == 1


async def test_a_text_that_could_not_be_shown_counts_as_unseen(bench: Bench, channel: Channel):
    case = await bench.take()
    await draw(bench, channel)
    bench.clock.pass_by(minutes=1)
    await bench.take(revision="r2", text="Quite another text.")
    channel.down = BoardDown("nobody is there")
    await draw(bench, channel)
    now = bench.clock.now
    assert await bench.store.read(lambda tx: tx.cases.revision_shown(case, now)) == 1

    channel.down = None
    await draw(bench, channel, minutes=5)
    now = bench.clock.now
    assert await bench.store.read(lambda tx: tx.cases.revision_shown(case, now)) == 2


async def test_what_was_just_decided_waits_a_moment_for_the_site_and_is_drawn_once(
    bench: Bench, channel: Channel
):
    within = timedelta(seconds=0.7)
    lane = card_lane(bench.desk, channel, site_answers_within=within)
    case, other = await bench.take(), await bench.take(comment="c2")
    assert await turn(lane)
    await bench.decide(case)
    await claim(bench.desk, other, BEN)

    await turn(lane)
    shown = {one.case_id: one.state for one in channel.messages.values()}
    assert shown == {case: CaseState.OPEN, other: CaseState.CLAIMED}, "no other card waits"

    await turn(order_lane(bench.desk, SiteId("courier"), ObedientSite()))
    await turn(lane)
    shown = {one.case_id: one.state for one in channel.messages.values()}
    assert shown[case] is CaseState.DECIDED


async def test_a_site_that_does_not_answer_holds_no_card_up(bench: Bench, channel: Channel):
    within = timedelta(seconds=0.7)
    lane = card_lane(bench.desk, channel, site_answers_within=within)
    case = await bench.take()
    await turn(lane)
    await bench.decide(case)
    assert not await turn(lane)

    bench.clock.pass_by(seconds=0.7)
    assert await turn(lane)
    assert [one.state for one in channel.messages.values()] == [CaseState.DECIDED]


async def test_a_site_that_fails_is_said_at_once(bench: Bench, channel: Channel):
    lane = card_lane(bench.desk, channel, site_answers_within=timedelta(seconds=0.7))
    case = await bench.take()
    await turn(lane)
    await bench.decide(case)
    site = ObedientSite()
    site.trouble = "down"
    await turn(order_lane(bench.desk, SiteId("courier"), site))
    assert await turn(lane)
    assert [one.state for one in channel.messages.values()] == [CaseState.DECIDED]


@pytest.mark.parametrize("trouble", ["", "down"], ids=["does it", "fails"])
async def test_what_the_site_says_wakes_whoever_draws_the_card(
    bench: Bench, channel: Channel, trouble: str
):
    lane = card_lane(bench.desk, channel, site_answers_within=timedelta(seconds=0.7))
    case = await bench.take()
    await turn(lane)
    await bench.decide(case)
    assert not await turn(lane), "the card waits for the site"
    heard = await bench.store.changed(0, within=0)

    site = ObedientSite()
    site.trouble = trouble or None
    await turn(order_lane(bench.desk, SiteId("courier"), site))
    assert await bench.store.changed(heard, within=PATIENCE) > heard
    assert await turn(lane)


async def test_what_the_site_did_while_its_card_was_drawn_is_shown_at_once(
    bench: Bench, channel: Channel, monkeypatch: pytest.MonkeyPatch
):
    lane = card_lane(bench.desk, channel)
    case = await bench.take()
    await turn(lane)
    await bench.decide(case)
    edit, orders = channel.edit, order_lane(bench.desk, SiteId("courier"), ObedientSite())

    async def edit_meanwhile(at: MessageRef, what: Saying) -> bool:
        drawn = await edit(at, what)
        await turn(orders)
        return drawn

    monkeypatch.setattr(channel, "edit", edit_meanwhile)
    await turn(lane)
    assert await turn(lane), "it is not put off as one more report is"
    assert not await turn(lane)


async def test_a_report_while_the_card_was_drawn_waits_for_others(
    bench: Bench, channel: Channel, monkeypatch: pytest.MonkeyPatch
):
    lane = card_lane(bench.desk, channel)
    await bench.take()
    await turn(lane)
    await bench.take()
    bench.clock.pass_by(seconds=2)
    edit = channel.edit

    async def edit_meanwhile(at: MessageRef, what: Saying) -> bool:
        await bench.take()
        return await edit(at, what)

    monkeypatch.setattr(channel, "edit", edit_meanwhile)
    await turn(lane)
    assert not await turn(lane)


async def test_a_new_card_does_not_wait_for_a_site(bench: Bench, channel: Channel):
    lane = card_lane(bench.desk, channel, site_answers_within=timedelta(seconds=0.7))
    case = await bench.take()
    await bench.decide(case)
    assert await turn(lane)
    assert [one.case_id for one in channel.messages.values()] == [case]


@pytest.mark.parametrize(
    ("reports", "rule", "seconds"),
    [(1, 3, 2), (2, 3, 8), (9, 3, 8), (1, 5, 2), (9, 5, 2)],
    ids=["the second", "the third", "the tenth", "a new reason", "a new reason, late"],
)
async def test_the_more_reports_there_are_the_longer_one_more_waits(
    bench: Bench, channel: Channel, reports: int, rule: int, seconds: int
):
    for _ in range(reports):
        case = await bench.take()
    await draw(bench, channel, seconds=30)
    await bench.take(rule=RuleNumber(rule))
    bench.clock.pass_by(seconds=seconds - 0.1)
    assert not await turn(card_lane(bench.desk, channel))
    bench.clock.pass_by(seconds=0.1)
    assert await turn(card_lane(bench.desk, channel))
    [shown] = channel.messages.values()
    assert shown.case_id == case

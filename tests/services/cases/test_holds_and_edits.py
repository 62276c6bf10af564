"""Holds, bans and the two-person rule, where the site has another text than the one judged."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.cases import hidden_by
from bot.domain.comments import Comment
from bot.domain.decisions import Action, Decision, Door, Proposal
from bot.domain.effects import Order, Outcome, Verb
from bot.domain.ids import RuleNumber
from bot.domain.site import Ability
from bot.domain.stories import StoryState
from bot.services.cases.reverse import amend
from bot.services.deliver import order_lane
from bot.services.outbox_worker import turn
from bot.services.stories.rights import release
from bot.store.sqlite import open_store
from tests.services.cases.test_holds import COURIER, StoryDesk
from tests.services.desks import ANA, BEN, SAM
from tests.support.fresh import new_desk

A, B, C = "You are all bought.", "You are all lovely.", "You are all fools."
ABUSE, COURT, DEFAMATION = RuleNumber(5), RuleNumber(6), RuleNumber(7)


class Guarded:
    """A site that obeys an order once, and only on the text that was judged."""

    abilities = frozenset(Ability)

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.hidden: set[str] = set()
        self.banned: set[str] = set()

    async def carry_out(self, order: Order) -> Outcome:
        there = Comment(
            external_id=order.comment_id, revision="r9", text=self.texts.get(order.comment_id, A)
        )
        if order.text_sha256 not in (None, there.text_sha256):
            return Outcome(verb=Verb.REFUSED, words="It was edited.", found=there)
        if order.visible is not None:
            (self.hidden.discard if order.visible else self.hidden.add)(order.comment_id)
        if order.banned is not None:
            (self.banned.add if order.banned else self.banned.discard)(order.author_id)
        return Outcome(verb=Verb.DONE)


class Desk(StoryDesk):
    async def deliver(self, site: Guarded) -> None:
        while await turn(order_lane(self.desk, COURIER, site)):
            self.clock.pass_by(seconds=1)
        self.clock.pass_by(minutes=1)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    async with open_store(new_desk(tmp_path / "desk.db")) as store:
        yield Desk(store)


@pytest.mark.parametrize("action", [Action.HIDE, Action.BAN])
@pytest.mark.parametrize("reported", [True, False])
async def test_what_was_on_hold_stays_so_when_a_verdict_is_not_carried_out(desk, action, reported):
    site = Guarded()
    case_id = await desk.take(rule=COURT, text=A)
    await desk.say(StoryState.PROCEEDINGS)
    await desk.deliver(site)
    site.texts["c1"] = B
    await desk.decide(case_id, action, lasting=timedelta(days=7), rule=ABUSE)
    if reported:
        desk.clock.pass_by(minutes=1)
        await desk.take(rule=COURT, text=B, revision="r9")
    await desk.deliver(site)

    case = await desk.case(case_id)
    assert (case.is_open, case.is_held, site.hidden, site.banned) == (True, True, {"c1"}, set())
    story = await desk.say(StoryState.NORMAL)
    assert story.unwanted == 1, "so it is offered for release"
    assert await release(desk.desk, COURIER, "s1", by=SAM) == 1
    await desk.deliver(site)
    assert not site.hidden


async def test_a_verdict_that_was_corrected_and_not_carried_out_hides_nothing(desk):
    site = Guarded()
    case_id = await desk.take(text=A)
    await desk.decide(case_id, Action.HIDE, rule=ABUSE)
    await amend(desk.desk, case_id, DEFAMATION, by=ANA, door=Door.BUTTON)
    site.texts["c1"] = B
    await desk.deliver(site)

    assert not site.hidden
    assert hidden_by(await desk.history(case_id)) == ()
    assert (await desk.decide(case_id, Action.KEEP, by=BEN)).action is Action.KEEP


async def test_what_is_decided_since_says_what_becomes_of_an_undo_that_came_too_late(desk):
    site = Guarded()
    case_id = await desk.take(text=A)
    await desk.decide(case_id, Action.HIDE, rule=ABUSE)
    await desk.deliver(site)
    await desk.undo(case_id)
    site.texts["c1"] = B
    desk.clock.pass_by(minutes=1)
    await desk.take(text=B, revision="r9")
    await desk.decide(case_id, Action.KEEP)
    await desk.deliver(site)

    case = await desk.case(case_id)
    assert (case.is_open, case.is_held, site.hidden) == (False, False, set())
    assert await desk.did(case_id) == [Action.HIDE, Action.UNHIDE, Action.KEEP]


async def test_a_comment_is_on_hold_if_neither_an_undo_nor_what_came_after_was_carried_out(desk):
    site = Guarded()
    case_id = await desk.take(text=A)
    await desk.decide(case_id, Action.HIDE, rule=ABUSE)
    await desk.deliver(site)
    await desk.undo(case_id)
    await desk.decide(case_id, Action.HIDE, rule=ABUSE)
    site.texts["c1"] = B
    await desk.deliver(site)

    case = await desk.case(case_id)
    assert (case.is_open, case.is_held, site.hidden) == (True, True, {"c1"})
    await desk.decide(case_id, Action.KEEP)
    await desk.deliver(site)
    assert site.hidden == set()


async def test_a_ban_that_came_along_with_another_order_ends_when_it_was_not_carried_out(desk):
    site = Guarded()
    one, two = await desk.take(), await desk.take(comment="c2", text=A)
    await desk.decide(one, Action.BAN, lasting=timedelta(days=7), rule=ABUSE)
    await desk.deliver(site)
    site.texts["c2"] = B
    await desk.undo(one)
    await desk.decide(two, Action.BAN, lasting=timedelta(days=90), rule=ABUSE)
    await desk.deliver(site)

    assert await desk.did(two) == [Action.BAN, Action.UNBAN]
    assert site.banned == set()


async def test_a_ban_of_another_comment_stands_though_one_was_not_carried_out(desk):
    site = Guarded()
    one, two = await desk.take(), await desk.take(comment="c2", text=A)
    await desk.decide(one, Action.BAN, lasting=timedelta(days=7), rule=ABUSE)
    site.texts["c2"] = B
    await desk.decide(two, Action.BAN, lasting=timedelta(days=90), rule=ABUSE)
    await desk.deliver(site)
    assert site.banned == {"a1"}


@pytest.mark.parametrize("action", [Action.HIDE, Action.BAN])
async def test_what_was_hidden_for_a_legal_reason_is_not_released_with_others(desk, action):
    site = Guarded()
    case_id = await desk.take(rule=COURT)
    other = await desk.take(rule=COURT, comment="c2")
    await desk.say(StoryState.PROCEEDINGS)
    await desk.decide(case_id, action, lasting=timedelta(days=7), rule=DEFAMATION, by=BEN)
    await desk.undo(case_id, by=SAM)
    assert (await desk.case(case_id)).is_held
    assert (await desk.say(StoryState.NORMAL)).unwanted == 1
    assert await release(desk.desk, COURIER, "s1", by=SAM) == 1
    await desk.deliver(site)

    assert site.hidden == {"c1"}
    assert not (await desk.case(other)).is_held
    assert isinstance(await desk.decide(case_id, Action.KEEP, by=SAM), Proposal)
    assert isinstance(await desk.decide(case_id, Action.KEEP, by=BEN), Decision)
    await desk.deliver(site)
    assert site.hidden == set()

"""The site has another text than the one that was judged: nothing is done, and it is asked again."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.cards.cases import case_card
from bot.domain.cases import CaseState
from bot.domain.comments import Comment, sha256_of
from bot.domain.decisions import Action, Decision, Door, Proposal
from bot.domain.effects import Order, Outcome, Verb
from bot.domain.errors import CommentEdited, NoChange
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.site import ALL_ABILITIES
from bot.services.authors.bans import bans
from bot.services.cases import two_person
from bot.services.cases.lookup import look, retry
from bot.services.cases.receive import receive
from bot.services.cases.reverse import amend, reverse
from bot.services.deliver import order_lane
from bot.services.outbox_worker import turn
from bot.sites.base.outcomes import outcome_of
from tests.services.cases.test_two_people import COURIER, LEGAL
from tests.services.desks import ANA, SAM, Bench
from tests.support.chains import first_broken
from tests.unit.cards.reading import text

A, B = "You are all bought.", "I take that back."
WEEK = timedelta(days=7)


@dataclass
class GuardedSite:
    """A site that obeys on the text it has, and says which that is."""

    text: str = A
    revision: str = "r1"
    hidden: bool = False
    banned: bool = False
    orders: list[Order] = field(default_factory=list)
    abilities = ALL_ABILITIES

    async def carry_out(self, order: Order) -> Outcome:
        self.orders.append(order)
        if order.text_sha256 not in (None, sha256_of(self.text)):
            answer = f'{{"comment": {{"revision": "{self.revision}", "text": "{self.text}"}}}}'
            return outcome_of(409, {}, answer.encode(), order, order.at)
        if order.visible is not None:
            self.hidden = not order.visible
        if order.banned is not None:
            self.banned = order.banned
        return Outcome(verb=Verb.DONE)


async def told(bench: Bench, site: GuardedSite) -> int:
    """Give the site all that is due; return how many orders there were."""
    before = len(site.orders)
    for _ in range(20):
        if not await turn(order_lane(bench.desk, COURIER, site)):
            return len(site.orders) - before
        bench.clock.pass_by(seconds=5)
    raise AssertionError("the site is asked without end")


async def card(bench: Bench, case_id: CaseId) -> str:
    view = await look(bench.desk, case_id)
    return text(case_card.render(view, bench.policy, now=bench.clock.now))


def edit(site: GuardedSite) -> None:
    site.text, site.revision = B, "r2"


@pytest.mark.parametrize("action", [Action.KEEP, Action.HIDE, Action.BAN])
async def test_a_decision_on_a_text_that_is_gone_is_taken_back_and_asked_again(
    bench: Bench, action: Action
):
    site, case_id = GuardedSite(), await bench.take()
    made = await bench.decide(case_id, action, lasting=WEEK)
    edit(site)

    assert await told(bench, site) == 1

    view = await look(bench.desk, case_id)
    assert (view.comment.text, view.before) == (B, A)
    assert (view.case.state, view.case.revision, view.case.revision_key) == (
        CaseState.REOPENED,
        2,
        "r2",
    )
    assert (site.hidden, site.banned) == (False, False)
    assert (view.record.strikes, view.record.banned) == (0, False)
    assert (await bans(bench.desk, ANA, limit=9)).total == 0
    assert [one.reverses for one in view.history] == [None, made.id]
    assert view.history[-1].verdict.door is Door.DESK
    assert first_broken(view.history) is None
    said = await card(bench, case_id)
    assert A in said.replace("\\", "")
    assert B in said.replace("\\", "")
    assert "edited before the site could" in said
    assert "Ana" in said
    with pytest.raises(NoChange):
        await retry(bench.desk, case_id, ANA)
    with pytest.raises(CommentEdited):
        await bench.decide(case_id, action, seen=1, lasting=WEEK)
    await bench.decide(case_id, Action.HIDE, seen=2)
    assert await told(bench, site) == 1
    assert site.hidden


async def test_a_report_of_the_text_before_does_not_bring_it_back(bench: Bench):
    site, late = GuardedSite(), bench.report()
    case_id = await bench.take()
    await bench.decide(case_id)
    edit(site)
    bench.clock.pass_by(minutes=1)
    await told(bench, site)
    await receive(bench.desk, [late])

    assert (await look(bench.desk, case_id)).comment.text == B


async def test_an_edit_that_was_reported_before_the_site_was_told_counts_once(bench: Bench):
    site, case_id = GuardedSite(), await bench.take()
    await bench.decide(case_id)
    edit(site)
    bench.clock.pass_by(seconds=1)
    await bench.take(revision="r2", text=B)
    await told(bench, site)

    view = await look(bench.desk, case_id)
    assert (view.case.state, view.case.revision) == (CaseState.REOPENED, 2)
    assert view.record.strikes == 0
    await bench.decide(case_id, seen=2)
    await told(bench, site)
    assert site.hidden
    assert (await look(bench.desk, case_id)).record.strikes == 1


@pytest.mark.parametrize("action", [Action.HIDE, Action.BAN])
async def test_what_was_edited_out_of_sight_is_not_shown_again_unread(bench: Bench, action: Action):
    site, case_id = GuardedSite(), await bench.take()
    await bench.decide(case_id, action, lasting=WEEK)
    await told(bench, site)
    edit(site)
    await reverse(bench.desk, case_id, by=ANA, door=Door.BUTTON)
    await told(bench, site)

    view = await look(bench.desk, case_id)
    assert (site.hidden, site.banned) == (True, False)
    assert (view.comment.text, view.before) == (B, A)
    assert view.case.is_open
    assert view.case.is_held
    assert "on hold" in (await card(bench, case_id)).casefold()
    kept = await bench.decide(case_id, Action.KEEP, seen=2)
    assert isinstance(kept, Decision)
    await told(bench, site)
    assert not site.hidden


async def test_two_who_let_a_text_be_shown_let_no_other_be(bench: Bench):
    site, case_id = GuardedSite(), await bench.take(rule=LEGAL)
    await bench.decide(case_id)
    await told(bench, site)
    bench.clock.pass_by(hours=1)
    edit(site)
    await reverse(bench.desk, case_id, by=SAM, door=Door.BUTTON)
    await two_person.agree(bench.desk, case_id, by=ANA)
    await told(bench, site)

    assert site.hidden
    assert isinstance(await bench.decide(case_id, Action.KEEP, by=SAM, seen=2), Proposal)


async def test_citing_another_rule_for_a_hidden_comment_that_was_edited_leaves_it_hidden(
    bench: Bench,
):
    site, case_id = GuardedSite(), await bench.take()
    await bench.decide(case_id)
    await told(bench, site)
    edit(site)
    bench.clock.pass_by(minutes=5)
    amended_at = bench.clock.now
    await amend(bench.desk, case_id, RuleNumber(1), by=ANA, door=Door.BUTTON)
    await told(bench, site)

    waits = await bench.store.read(lambda tx: tx.staff.oldest_waiting())
    assert waits == (case_id, amended_at), "since it was opened again, not since its first report"
    view = await look(bench.desk, case_id)
    assert site.hidden
    assert (view.case.state, view.comment.text) == (CaseState.REOPENED, B)
    assert view.record.strikes == 1


async def test_orders_that_waited_together_all_stop_at_the_new_text(bench: Bench):
    site, case_id = GuardedSite(), await bench.take()
    await bench.decide(case_id)
    await reverse(bench.desk, case_id, by=ANA, door=Door.BUTTON)
    await bench.decide(case_id, Action.BAN, lasting=WEEK)
    edit(site)
    await told(bench, site)

    view = await look(bench.desk, case_id)
    assert view.case.is_open
    assert (view.case.revision, view.comment.text) == (2, B)
    assert (view.record.strikes, view.record.banned) == (0, False)
    assert first_broken(view.history) is None


@pytest.mark.parametrize("other", [f" {A}", A.replace(" ", "  "), A.replace(" ", "\u00a0")])
async def test_a_text_that_only_looks_the_same_is_obeyed_with_the_sites_own_hash(
    bench: Bench, other: str
):
    site, case_id = GuardedSite(text=other), await bench.take()
    made = await bench.decide(case_id)

    assert await told(bench, site) == 2

    first, again = site.orders
    assert site.hidden
    assert first.key != again.key
    assert (await look(bench.desk, case_id)).decision == made


@dataclass
class StubbornSite:
    """A site that refuses every order with 409."""

    answers: Sequence[bytes]
    orders: list[Order] = field(default_factory=list)
    abilities = ALL_ABILITIES

    async def carry_out(self, order: Order) -> Outcome:
        self.orders.append(order)
        answer = self.answers[min(len(self.orders), len(self.answers)) - 1]
        return outcome_of(409, {}, answer, order, order.at)


@pytest.mark.parametrize(
    ("answers", "attempts", "words"),
    [
        ([b'{"comment": {"text": "You are all bought."}}'], 1, "by hand"),
        ([b'{"comment": {"text": " You are all bought."}}'], 2, "by hand"),
        (
            [
                b'{"comment": {"text": "You are  all bought."}}',
                b'{"comment": {"text": "You are all\\nbought."}}',
            ],
            2,
            "by hand",
        ),
        ([b""], 1, "409"),
        ([b"<html><h1>Conflict</h1></html>"], 1, "409"),
        ([b'{"comment": null}'], 1, "409"),
        ([b'{"comment": {"text": 7}}'], 1, "409"),
        ([b'{"comment": "You are all bought."}'], 1, "409"),
        ([b"[1, 2]"], 1, "409"),
        ([b'{"error": "Busy with something else"}'], 1, "Busy with something else"),
    ],
)
async def test_a_refusal_without_another_text_is_said_and_not_repeated(
    bench: Bench, answers, attempts, words
):
    site, case_id = StubbornSite(answers=answers), await bench.take()
    made = await bench.decide(case_id)
    for _ in range(6):
        await turn(order_lane(bench.desk, COURIER, site))
        bench.clock.pass_by(hours=1)

    assert len(site.orders) == attempts
    view = await look(bench.desk, case_id)
    assert view.decision == made
    assert view.delivery is not None
    assert words in (view.delivery.trouble or "")


@pytest.mark.parametrize(
    ("answer", "taken"),
    [
        (b'{"comment": {"revision": "r9", "html": "<p>Fine <b>now</b>.</p>"}}', "Fine now."),
        (b'{"comment": {"text": ""}}', ""),
        (b'{"comment": {"text": "Half \\ud83d of it"}}', "Half \ufffd of it"),
        (b'{"comment": {"revision": 12, "text": "Fine.", "likes": 3}, "error": "edited"}', "Fine."),
        (b'{"comment": {"text": "' + b"x" * 90_000 + b'"}}', "x" * 19_998 + " \u2026"),
    ],
)
async def test_the_new_text_is_taken_in_whatever_shape_it_comes(bench: Bench, answer, taken):
    site, case_id = StubbornSite(answers=[answer]), await bench.take()
    await bench.decide(case_id)
    await turn(order_lane(bench.desk, COURIER, site))

    view = await look(bench.desk, case_id)
    assert view.case.state is CaseState.REOPENED
    assert view.comment.text == taken
    assert view.before == A


async def test_the_hash_is_of_the_text_as_the_site_sent_it(bench: Bench):
    html = "<p>You are all bought.</p>"
    report = bench.report()
    comment = replace(report.comment, sent=sha256_of(html))
    [one] = await receive(bench.desk, [replace(report, comment=comment)])
    site = GuardedSite()
    await bench.decide(one.case_id)
    await turn(order_lane(bench.desk, COURIER, site))

    assert site.orders[0].text_sha256 == sha256_of(html)
    assert Comment(external_id="c", revision="r", text=A).text_sha256 == sha256_of(A)

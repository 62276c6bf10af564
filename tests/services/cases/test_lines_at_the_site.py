"""What a site makes of a typed line is told when it has answered all of it, and only what is its."""

from dataclasses import replace

from bot.domain.bans import Aftermath
from bot.domain.comments import Comment
from bot.domain.decisions import Decision, Door
from bot.domain.effects import EffectState, Order, Outcome, Verb
from bot.domain.ids import CaseId
from bot.services.cases.lines import Done, with_site
from bot.services.cases.reverse import reverse
from bot.services.deliver import order_lane
from bot.services.outbox_worker import turn
from tests.services.desks import ANA, Bench
from tests.services.newsdesk import SITE
from tests.services.outside import ObedientSite

AFTER = Aftermath(may_change=True, author="Ant")


class RefusingSite(ObedientSite):
    async def carry_out(self, order: Order) -> Outcome:
        del order
        return Outcome(verb=Verb.REFUSED, words="There is no such comment.")


class EditedThere(ObedientSite):
    async def carry_out(self, order: Order) -> Outcome:
        there = Comment(external_id=order.comment_id, revision="there", text="Edited there.")
        return Outcome(verb=Verb.CHANGED, words="It was edited.", found=there)


async def answer(bench: Bench, site: ObedientSite | None = None) -> None:
    lane = order_lane(bench.desk, SITE, site or ObedientSite())
    while await turn(lane):
        pass


async def hidden(bench: Bench, name: str) -> Decision:
    return await bench.decide(await bench.take(comment=name, author=name))


def done(made: Decision) -> Done:
    return Done(case_id=made.case_id, outcome=made, after=AFTER)


async def test_nothing_is_told_while_the_site_has_one_order_to_answer(bench: Bench):
    first = await hidden(bench, "c1")
    assert await with_site(bench.desk, [done(first)]) is None
    await answer(bench)
    second = await hidden(bench, "c2")
    assert await with_site(bench.desk, [done(first), done(second)]) is None
    await answer(bench)
    told = await with_site(bench.desk, [done(first), done(second)])
    assert told is not None
    assert [(one.outcome, one.after, one.overtaken) for one in told] == [
        (first, AFTER, False),
        (second, AFTER, False),
    ]
    assert [one.delivery and one.delivery.state for one in told] == [EffectState.DONE] * 2


async def test_what_the_site_refused_is_told_too(bench: Bench):
    made = await hidden(bench, "c1")
    await answer(bench, RefusingSite())
    told = await with_site(bench.desk, [done(made)])
    assert told is not None
    [one] = told
    assert one.delivery is not None
    assert (one.delivery.state, one.delivery.trouble) == (
        EffectState.FAILED,
        "There is no such comment.",
    )


async def test_the_answer_to_a_later_decision_is_not_told_as_that_to_an_earlier(bench: Bench):
    first = await hidden(bench, "c1")
    second = await reverse(bench.desk, first.case_id, by=ANA, door=Door.BUTTON)
    assert isinstance(second, Decision)
    told = await with_site(bench.desk, [done(first)])
    assert told == (replace(done(first), delivery=None),)
    assert await with_site(bench.desk, [done(second)]) is None


async def test_what_is_no_decision_of_a_case_is_told_at_once(bench: Bench):
    made = await hidden(bench, "c1")
    passed_over = Done(case_id=made.case_id, outcome=None)
    gone = replace(done(made), case_id=CaseId(99))
    assert await with_site(bench.desk, [passed_over, gone]) == (passed_over, gone)


async def test_an_order_that_the_desk_took_back_is_told_as_overtaken(bench: Bench):
    made = await hidden(bench, "c1")
    await answer(bench, EditedThere())
    told = await with_site(bench.desk, [done(made)])
    assert told == (replace(done(made), overtaken=True),)


async def test_one_that_a_person_took_back_is_not(bench: Bench):
    made, other = await hidden(bench, "c1"), await hidden(bench, "c2")
    await reverse(bench.desk, made.case_id, by=ANA, door=Door.BUTTON)
    await answer(bench)
    told = await with_site(bench.desk, [done(made)])
    assert told == (done(made),)
    [one] = await with_site(bench.desk, [done(other)]) or ()
    assert one.delivery is not None

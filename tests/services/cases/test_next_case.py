"""Next gives each person the worst case that is free to them, and nobody the same one."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.cases import CaseState
from bot.domain.comments import Story
from bot.domain.decisions import Action
from bot.domain.errors import NotAllowed
from bot.domain.ids import CaseId, RuleNumber, SiteId
from bot.domain.routing import Route
from bot.domain.staff import Person
from bot.domain.stories import StateRules, StoryRules, StoryState
from bot.services.cases import two_person
from bot.services.cases.claim import assign, claim, release
from bot.services.cases.escalate import escalate, take_back
from bot.services.cases.lookup import look
from bot.services.cases.next_case import Handed, hand_out, skip
from bot.services.cases.snooze import snooze, wake
from bot.services.stories.story import StateChange, mark
from tests.services.desks import ANA, BEN, OLLY, SAM, Bench

OWN, SPORT = 700, 701


async def ask(bench: Bench, by: Person = ANA, where: int = OWN) -> Handed:
    return await hand_out(bench.desk, by, where=where, own=OWN)


async def given(bench: Bench, by: Person = ANA, where: int = OWN) -> CaseId | None:
    return (await ask(bench, by, where)).case_id


async def queue(bench: Bench, many: int = 3) -> list[CaseId]:
    """Open cases and return them, the worst first: rule 1 is the gravest."""
    rules = sorted(bench.policy.rules, key=lambda rule: -rule.severity)
    worst = [RuleNumber(rules[0].number), *[RuleNumber(rules[-1].number)] * (many - 1)]
    return [
        await bench.take(comment=f"c{number}", author=f"a{number}", rule=rule)
        for number, rule in reversed(list(enumerate(worst)))
    ][::-1]


async def test_the_worst_case_comes_first_and_is_claimed(bench: Bench):
    cases = await queue(bench)
    assert await given(bench) == cases[0]
    view = await look(bench.desk, cases[0])
    assert view.work.claim is not None
    assert (view.work.claim.by_name, view.case.state) == ("Ana", CaseState.CLAIMED)


async def test_what_was_raised_comes_before_what_is_worse(bench: Bench):
    cases = await queue(bench)

    def lift(tx):  # type: ignore[no-untyped-def] - what `raise_cases` does for an alert's cases
        case = tx.cases.get(cases[2])
        tx.cases.save(replace(case, raised=True, priority=case.priority + 1_000_000))

    await bench.store.write(lift)
    assert await given(bench) == cases[2]


async def test_many_who_ask_at_once_never_get_the_same(bench: Bench):
    cases = await queue(bench, 3)
    got = await asyncio.gather(*(given(bench, by) for by in (ANA, BEN, SAM)))
    assert sorted(got) == sorted(cases)


async def test_one_who_asks_again_gets_what_they_have_until_it_is_dealt_with(bench: Bench):
    cases = await queue(bench)
    assert [await given(bench), await given(bench)] == [cases[0]] * 2
    await bench.decide(cases[0], Action.KEEP)
    assert await given(bench) in cases[1:]


async def test_a_claim_that_ran_out_makes_it_free(bench: Bench):
    [case] = await queue(bench, 1)
    await claim(bench.desk, case, BEN)
    assert await ask(bench) == Handed(waits=True)
    bench.clock.pass_by(minutes=16)
    assert await given(bench) == case


async def hand_to_ben(bench: Bench, case: CaseId) -> None:
    await assign(bench.desk, case, BEN, ANA)


async def hand_to_editors(bench: Bench, case: CaseId) -> None:
    await escalate(bench.desk, case, ANA)


async def put_off(bench: Bench, case: CaseId) -> None:
    await snooze(bench.desk, case, ANA, bench.clock.now + timedelta(minutes=30))


async def let_go(bench: Bench, case: CaseId) -> None:
    await skip(bench.desk, case, ANA)


async def give_back(bench: Bench, case: CaseId) -> None:
    await release(bench.desk, case, ANA)


async def propose(bench: Bench, case: CaseId) -> None:
    await bench.decide(case, Action.BAN, lasting=None)


WAYS = [hand_to_ben, hand_to_editors, put_off, let_go, give_back, propose]


@pytest.mark.parametrize("way", WAYS)
async def test_what_somebody_passed_on_is_not_given_to_them_again(
    bench: Bench, way: Callable[[Bench, CaseId], Awaitable[None]]
):
    cases = await queue(bench)
    assert await given(bench) == cases[0]
    await way(bench, cases[0])
    assert await given(bench) in cases[1:]


@pytest.mark.parametrize("way", [hand_to_ben, let_go, give_back, propose])
async def test_it_is_free_to_a_colleague(
    bench: Bench, way: Callable[[Bench, CaseId], Awaitable[None]]
):
    [case] = await queue(bench, 1)
    await given(bench)
    await way(bench, case)
    assert await given(bench) is None
    assert await given(bench, BEN) == case


async def test_a_senior_does_not_get_what_they_handed_to_the_editors_but_another_does(
    bench: Bench,
):
    [case] = await queue(bench, 1)
    await escalate(bench.desk, case, SAM)
    other = replace(SAM, id=BEN.id, name="Sue")
    assert [await given(bench, by) for by in (ANA, SAM, other)] == [None, None, case]


async def test_what_comes_back_is_given_again(bench: Bench):
    [case] = await queue(bench, 1)
    await put_off(bench, case)
    await wake(bench.desk, case, BEN)
    assert await given(bench) == case
    await hand_to_editors(bench, case)
    await take_back(bench.desk, case, BEN)
    assert await given(bench) is None, "she handed it on just now"
    bench.clock.pass_by(minutes=61)
    assert await given(bench) == case


async def test_who_cannot_be_the_second_person_is_not_asked(bench: Bench):
    [case] = await queue(bench, 1)
    await propose(bench, case)
    brake = replace(bench.policy.brake, bans=0)
    calm, bench.policy = bench.policy, replace(bench.policy, brake=brake)
    assert await given(bench, BEN) is None
    bench.policy = calm
    assert await given(bench, BEN) == case
    await two_person.agree(bench.desk, case, by=BEN)


async def test_skipping_leaves_alone_what_is_decided_or_a_colleagues(bench: Bench):
    cases = await queue(bench, 2)
    await bench.decide(cases[0], Action.KEEP)
    await skip(bench.desk, cases[0], ANA)
    await claim(bench.desk, cases[1], BEN)
    await skip(bench.desk, cases[1], ANA)
    await skip(bench.desk, CaseId(999), ANA)
    held = (await look(bench.desk, cases[1])).work.claim
    assert held is not None
    assert held.by_name == "Ben"


async def test_nothing_is_given_where_nothing_waits(bench: Bench):
    assert await ask(bench) == Handed()
    [case] = await queue(bench, 1)
    await put_off(bench, case)
    assert await ask(bench, BEN) == Handed(waits=True)


async def test_each_channel_gives_its_own_cases(bench: Bench):
    bench.policy = replace(bench.policy, routes=(Route(channel_id=SPORT, section="Sport"),))
    story = Story(external_id="s2", title="Cup", url="https://courier.example/s2", section="Sport")
    routed = await bench.take(comment="cup", story=story, rule=RuleNumber(1))
    assert await ask(bench) == Handed(waits=True, elsewhere=(SPORT,))
    [own] = await queue(bench, 1)
    assert await given(bench) == own
    assert await given(bench, BEN, SPORT) == routed
    assert await given(bench, SAM, 999) is None, "elsewhere it is as in the desk's own channel"


async def test_what_may_not_be_read_here_is_not_given(bench: Bench):
    rules = StoryRules(by_state={StoryState.PROTECTED: StateRules(restricted=True)})
    routes = (Route(channel_id=SPORT, state=StoryState.PROTECTED),)
    bench.policy = replace(bench.policy, stories=rules, routes=routes)
    [case] = await queue(bench, 1)
    marked = StateChange(site=SiteId("courier"), story_id="s1", state=StoryState.PROTECTED)
    await mark(bench.desk, marked, by=SAM)
    assert await given(bench) is None
    assert await given(bench, where=SPORT) == case


async def test_long_behind_what_others_have_a_free_one_is_found(bench: Bench):
    cases = await queue(bench, 60)
    for case in cases[:-1]:
        await claim(bench.desk, case, BEN)
    assert await given(bench) == cases[-1]


async def test_long_behind_what_belongs_elsewhere_one_of_this_channel_is_found(bench: Bench):
    rules = sorted(bench.policy.rules, key=lambda rule: -rule.severity)
    route = Route(channel_id=SPORT, reason=rules[0].number)
    bench.policy = replace(bench.policy, routes=(route,))
    for number in range(55):
        await bench.take(comment=f"c{number}", rule=rules[0].number)
    mild = await bench.take(comment="mild", rule=rules[-1].number)
    assert await given(bench) == mild


async def test_a_stranger_is_given_nothing(bench: Bench):
    [case] = await queue(bench, 1)
    with pytest.raises(NotAllowed):
        await ask(bench, OLLY)
    with pytest.raises(NotAllowed):
        await skip(bench.desk, case, OLLY)

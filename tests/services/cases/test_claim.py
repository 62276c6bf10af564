"""Claims: one person has a case at a time, and never for longer than they work on it."""

import asyncio

import pytest

from bot.domain.cases import CaseState
from bot.domain.decisions import Action, Door
from bot.domain.errors import AlreadyClaimed, AlreadyDecided, NoSuchCase, NotAllowed
from bot.domain.ids import CaseId
from bot.services.cases.claim import claim, release, release_expired
from bot.services.cases.lookup import look
from bot.services.cases.reverse import reverse
from tests.services.desks import ANA, BEN, NOON, OLLY, SAM, Bench


async def holder(bench: Bench, case_id: CaseId) -> str | None:
    held = (await look(bench.desk, case_id)).work.claim
    return held.by_name if held else None


async def test_a_claim_is_on_the_card_until_it_runs_out(bench: Bench):
    case_id = await bench.take()
    made = await claim(bench.desk, case_id, ANA)

    view = await look(bench.desk, case_id)
    assert (view.work.claim, view.case.state) == (made, CaseState.CLAIMED)
    bench.clock.pass_by(minutes=14)
    assert await release_expired(bench.desk) == 0
    bench.clock.pass_by(minutes=1)
    assert await release_expired(bench.desk) == 1

    view = await look(bench.desk, case_id)
    assert (view.work.claim, view.case.state) == (None, CaseState.OPEN)


async def test_of_two_who_claim_at_once_one_has_it_and_the_other_is_told_who(bench: Bench):
    case_id = await bench.take()
    results = await asyncio.gather(
        claim(bench.desk, case_id, ANA), claim(bench.desk, case_id, BEN), return_exceptions=True
    )
    [refused] = [one for one in results if isinstance(one, BaseException)]
    assert isinstance(refused, AlreadyClaimed)
    assert refused.claim.by_name == await holder(bench, case_id)


async def test_a_claimed_case_is_decided_by_who_has_it_or_takes_it_over(bench: Bench):
    case_id = await bench.take()
    await claim(bench.desk, case_id, ANA)

    with pytest.raises(AlreadyClaimed):
        await bench.decide(case_id, by=BEN)
    await claim(bench.desk, case_id, BEN, take_over=True)
    with pytest.raises(AlreadyClaimed):
        await bench.decide(case_id, by=ANA)
    await bench.decide(case_id, by=BEN)

    assert await holder(bench, case_id) is None


async def test_a_claim_that_ran_out_stops_nobody_even_before_it_is_released(bench: Bench):
    case_id = await bench.take()
    await claim(bench.desk, case_id, ANA)
    bench.clock.pass_by(minutes=15)

    assert (await bench.decide(case_id, by=BEN)).verdict.by.name == "Ben"


async def test_claiming_again_makes_it_last(bench: Bench):
    case_id = await bench.take()
    first = await claim(bench.desk, case_id, ANA)
    bench.clock.pass_by(minutes=10)
    assert (await claim(bench.desk, case_id, ANA)).until > first.until


async def test_only_who_has_it_or_a_senior_releases_it(bench: Bench):
    case_id = await bench.take()
    await claim(bench.desk, case_id, ANA)
    with pytest.raises(NotAllowed, match="Ana has case"):
        await release(bench.desk, case_id, BEN)
    await release(bench.desk, case_id, SAM)
    assert await holder(bench, case_id) is None


async def test_a_claim_on_a_case_opened_again_leaves_it_opened_again(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id)
    await reverse(bench.desk, case_id, by=ANA, door=Door.BUTTON)
    await claim(bench.desk, case_id, ANA)
    await release(bench.desk, case_id, ANA)
    assert (await look(bench.desk, case_id)).case.state is CaseState.REOPENED


async def test_a_stranger_claims_nothing(bench: Bench):
    case_id = await bench.take()
    for work in (claim, release):
        with pytest.raises(NotAllowed):
            await work(bench.desk, case_id, OLLY)
    with pytest.raises(NoSuchCase):
        await claim(bench.desk, CaseId(999), ANA)


async def test_what_is_decided_cannot_be_claimed(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id)
    with pytest.raises(AlreadyDecided):
        await claim(bench.desk, case_id, BEN)


async def test_what_waits_for_a_second_person_is_free_to_that_person(bench: Bench):
    case_id = await bench.take()
    await claim(bench.desk, case_id, ANA)
    await bench.decide(case_id, Action.BAN, by=ANA)  # for good, so it takes two

    decision = await bench.decide(case_id, Action.BAN, by=BEN)

    assert (decision.verdict.by.name, decision.second.name) == ("Ana", "Ben")
    assert decision.at == NOON

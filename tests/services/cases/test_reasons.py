"""Texts of a rule that a moderator may add to what the author is told."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.decisions import Action, Door
from bot.domain.errors import NotUnderstood
from bot.domain.ids import RuleNumber, SiteId
from bot.services.cases.reverse import amend
from tests.services.desks import ANA, BEN, Bench
from tests.support.chains import first_broken

VICTIM = "It is aimed at a victim."
OTHER = "It insults another reader."


@pytest.fixture(autouse=True)
def reasons(bench: Bench) -> None:
    texts = {3: (VICTIM,), 5: (OTHER,)}
    rules = tuple(
        replace(rule, reasons=texts.get(rule.number, ()), notice="Removed.")
        for rule in bench.policy.rules
    )
    bench.policy = replace(bench.policy, rules=rules)


async def notices(bench: Bench) -> list[str | None]:
    """What the authors are told, in order; an order waits for the earlier ones of its case."""

    def work(tx):
        told = []
        later = datetime(2100, 1, 1, tzinfo=UTC)
        while due := tx.outbox.due_orders(SiteId("courier"), later, limit=50):
            for effect in due:
                told.append(tx.outbox.order(effect.id).notice)
                tx.outbox.done(effect, later)
        return told

    return await bench.store.write(work)


async def test_a_picked_reason_is_added_to_the_notice_and_the_record(bench: Bench):
    case_id = await bench.take()
    decision = await bench.decide(case_id, reason=VICTIM)
    assert decision.verdict.reason == VICTIM
    assert await notices(bench) == [f"Removed. {VICTIM}"]


async def test_a_reason_of_another_rule_is_refused(bench: Bench):
    case_id = await bench.take()
    for reason in (OTHER, "anything else"):
        with pytest.raises(NotUnderstood):
            await bench.decide(case_id, reason=reason)
    with pytest.raises(NotUnderstood):
        await bench.decide(case_id, Action.KEEP, reason=VICTIM)
    assert await notices(bench) == []


async def test_a_reason_is_added_afterwards_and_goes_when_the_rule_does(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id)
    rule = RuleNumber(3)
    added = await amend(bench.desk, case_id, rule, by=ANA, door=Door.BUTTON, reason=VICTIM)
    again = await amend(bench.desk, case_id, rule, by=ANA, door=Door.BUTTON, reason=VICTIM)
    assert again == added
    await amend(bench.desk, case_id, RuleNumber(5), by=ANA, door=Door.BUTTON)
    assert await notices(bench) == ["Removed.", f"Removed. {VICTIM}", "Removed."]
    assert first_broken(await bench.store.read(lambda tx: tx.decisions.after(0, limit=9))) is None


async def test_a_reason_waits_with_what_takes_two(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id, Action.BAN, reason=VICTIM)
    decision = await bench.decide(case_id, Action.BAN, by=BEN)
    assert (decision.verdict.reason, decision.verdict.by.name) == (VICTIM, "Ana")

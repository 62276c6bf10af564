"""House rules that count at one site alone: offered there, refused in words elsewhere."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards.cases.ban_modal import BanModal
from bot.cards.parts import rule_options
from bot.domain.cases import CaseView
from bot.domain.decisions import Action, Door
from bot.domain.errors import NotPossible, NotUnderstood
from bot.domain.ids import CaseId, RuleNumber, SiteId
from bot.domain.policy import Policy, Rule, Severity
from bot.services.cases.reverse import amend
from bot.services.staff.set_up import choose_rules
from tests.services.desks import ANA, Bench
from tests.services.staff.test_set_up import OWNER, opened

ARGUS, COURIER = SiteId("argus"), SiteId("courier")
ALL, OURS, THEIRS = RuleNumber(3), RuleNumber(10), RuleNumber(11)


def rule(number: RuleNumber, *sites: SiteId) -> Rule:
    return Rule(
        number=number,
        code=f"code-{number}",
        name=f"Rule {number}",
        text="No.",
        severity=Severity.MEDIUM,
        notice="It broke a rule.",
        sites=sites,
    )


POLICY = Policy(rules=(rule(ALL), rule(OURS, COURIER), rule(THEIRS, ARGUS)))


@pytest.fixture
def shared(bench: Bench) -> Bench:
    """One queue of two sites, of which each has a rule of its own."""
    return replace(bench, policy=POLICY)


async def view(bench: Bench, case: CaseId) -> CaseView:
    since = bench.clock.now
    found = await bench.store.read(lambda tx: tx.cases.view(case, strikes_since=since))
    assert found is not None
    return found


async def test_each_site_has_the_rules_for_all_and_its_own():
    at = POLICY.at(COURIER)
    assert [one.number for one in at.rules] == [ALL, OURS]
    assert set(at.by_code) == {"code-3", "code-10"}
    assert at.rule(THEIRS).name == "Rule 11", "an old decision is still read"
    assert [one.number for one in POLICY.at(SiteId("third")).rules] == [ALL]
    assert POLICY.at(COURIER) is POLICY.at(COURIER)
    assert POLICY.at(SiteId("Courier")).rules == at.rules
    alike = Policy(rules=(rule(ALL),))
    assert alike.at(COURIER) is alike
    off = replace(POLICY, rules=POLICY.rules[:2], off=POLICY.rules[2:])
    assert off.at(COURIER).switched_off(THEIRS) is None
    assert off.at(ARGUS).switched_off(THEIRS) is not None


@pytest.mark.parametrize("action", [Action.HIDE, Action.BAN])
async def test_a_rule_of_another_site_is_refused_in_words(shared: Bench, action: Action):
    for site, own, other, where in (
        (COURIER, OURS, THEIRS, "argus"),
        (ARGUS, THEIRS, OURS, "courier"),
    ):
        case = await shared.take(site=site, comment=f"c-{site}")
        with pytest.raises(NotUnderstood, match=f"Rule {other}, counts at {where}"):
            await shared.decide(case, action, rule=other)
        lasting = timedelta(days=7) if action is Action.BAN else None
        made = await shared.decide(case, action, rule=own, lasting=lasting)
        assert made.verdict.rule == own
        with pytest.raises(NotUnderstood, match="There is no house rule 99"):
            await amend(shared.desk, case, RuleNumber(99), by=ANA, door=Door.BUTTON)
        words = (
            rf"^House rule {other}, Rule {other}, counts at {where} and not at this comment's site, so "
            r"nothing was decided\. /rules lists them; pick another\.$"
        )
        with pytest.raises(NotUnderstood, match=words):
            await amend(shared.desk, case, other, by=ANA, door=Door.BUTTON)
        await amend(shared.desk, case, ALL, by=ANA, door=Door.BUTTON)


async def test_cards_offer_the_rules_of_the_comments_site(shared: Bench):
    for site, own in ((COURIER, OURS), (ARGUS, THEIRS)):
        case = await view(shared, await shared.take(site=site, comment=f"c-{site}"))
        offered = [one.value for one in rule_options(POLICY.at(site))]
        assert offered == [str(ALL), str(own)]
        form = str(BanModal(case, POLICY).to_dict())
        assert f"Rule {own}" in form
        assert f"Rule {THEIRS if own == OURS else OURS}" not in form


async def test_setup_leaves_no_site_without_a_rule(bench: Bench):
    each = Policy(rules=(rule(OURS, COURIER), rule(THEIRS, ARGUS)))
    desk = opened(replace(bench, policy=each))
    words = (
        r"^The site argus would be left without a house rule, as every decision cites one\. Nothing "
        r"was changed\.$"
    )
    with pytest.raises(NotPossible, match=words):
        await choose_rules(desk, [OURS], OWNER)
    assert await choose_rules(opened(replace(bench, policy=POLICY)), [ALL, OURS], OWNER)

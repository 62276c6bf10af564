"""A rule is called as severe on cards, in /help and in /policy as in the policy file."""

import json
from dataclasses import replace

import pytest

from bot.cards.staff import help_pages, policy_card
from bot.domain.policy import Severity
from bot.domain.priority import reasons_for_place
from tests.unit.cards.samples import POLICY, VIEW


@pytest.mark.parametrize("severity", Severity)
def test_a_severity_has_one_word(severity):
    top = POLICY.rule(VIEW.case.top_rule)
    rules = tuple(
        replace(rule, severity=severity) if rule == top else rule for rule in POLICY.rules
    )
    policy = replace(POLICY, rules=rules)

    said = [
        reasons_for_place(policy, VIEW.case)[0],
        help_pages._rules(policy),
        json.dumps(policy_card.rules(policy).to_components()),
    ]
    assert all(severity.word in words for words in said)
    assert severity.word.upper() in Severity.__members__

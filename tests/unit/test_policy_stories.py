"""What the policy file says of stories, routes and the channel."""

from pathlib import Path

import pytest

from bot.domain.stories import DEFAULTS, HoldRules, StoryState
from config.policy import PolicyError, load_policy

RULE = """\
[[rules]]
number = 4
code = "threats"
name = "Threats"
text = "Do not threaten anybody."
severity = "critical"
notice = "Your comment was removed because it threatens somebody."
"""


def loaded(tmp_path: Path, text: str):
    path = tmp_path / "policy.toml"
    path.write_text(text)
    return load_policy(path)


def test_the_delivered_file_says_what_the_desk_does_without_it(tmp_path):
    assert load_policy().stories == loaded(tmp_path, RULE).stories
    assert load_policy().stories.by_state == DEFAULTS


def test_what_a_state_leaves_out_stays_as_delivered(tmp_path):
    policy = loaded(tmp_path, "[stories.protected]\nextra = 10\n" + RULE)

    rules = policy.stories.of(StoryState.PROTECTED)
    assert (rules.extra, rules.hold_rules, rules.restricted) == (10, HoldRules.ALL, True)
    assert policy.stories.of(StoryState.NORMAL).extra == 0


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ('hold_rules = "all"', HoldRules.ALL),
        ("hold_rules = []", frozenset()),
        ('hold_rules = ["threats"]', {4}),
        ('hold_rules = ["  THREATS "]', {4}),
        ("hold_rules = [4]", {4}),
        ('hold_rules = ["threats", "Threats", 4]', {4}),
        ('hold_rules = [\n  "threats",\n]', {4}),
        ("hide_first = true", HoldRules.ALL),
        ("hide_first = false", HoldRules.NONE),
    ],
)
@pytest.mark.parametrize("state", ["watch", "proceedings", "protected", "closed"])
def test_each_state_names_the_rules_that_hold(tmp_path, state, said, holds):
    policy = loaded(tmp_path, f"[stories.{state}]\n{said}\n{RULE}")
    assert policy.stories.of(StoryState(state)).hold_rules == holds


@pytest.mark.parametrize(
    ("state", "codes"),
    [
        (StoryState.NORMAL, set()),
        (StoryState.WATCH, set()),
        (StoryState.CLOSED, set()),
        (StoryState.PROCEEDINGS, {"threats", "private", "court", "libel"}),
    ],
)
def test_as_delivered_proceedings_hold_for_legal_and_critical_rules(state, codes):
    policy = load_policy()
    assert {rule.code for rule in policy.holding(state)} == codes
    for rule in policy.rules:
        assert policy.holds(state, [rule.number]) is (rule.code in codes)
    assert policy.holding(StoryState.PROTECTED) == policy.rules


def test_a_rule_that_was_struck_from_the_policy_holds_only_where_all_do():
    policy = load_policy()
    assert not policy.holds(StoryState.PROCEEDINGS, [77])
    assert policy.holds(StoryState.PROTECTED, [77])


def test_routes_are_kept_in_their_order_and_name_rules_by_code(tmp_path):
    policy = loaded(
        tmp_path,
        f'[[routes]]\nstate = "protected"\nchannel = {10**17}\n'
        f'[[routes]]\nreason = "threats"\nsite = "courier"\nchannel = {10**17 + 1}\n{RULE}',
    )

    first, second = policy.routes
    assert (first.channel_id, first.state) == (10**17, StoryState.PROTECTED)
    assert (second.channel_id, second.reason, second.site) == (10**17 + 1, 4, "courier")


def test_a_threat_to_life_is_marked_in_the_rule(tmp_path):
    assert not loaded(tmp_path, RULE).rules[0].life
    assert loaded(tmp_path, RULE + 'urgent = "life"\n').rules[0].life


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("[stories.protected]\nextra = 3.5\n", 2, "`extra` is 3.5; it should be a whole number"),
        ("[stories.watch]\nhide = true\n", 2, "`hide` is not known under [stories.watch]"),
        ('[stories.watch]\nhold_rules = "al"\n', 2, '`hold_rules` is "al"; it should be a list of'),
        ('[stories.watch]\nhold_rules = "threats"\n', 2, "it should be a list of house rules"),
        ("[stories.watch]\nhold_rules = true\n", 2, "`hold_rules` is true; it should be"),
        ("[stories.watch]\nhold_rules = 4\n", 2, "`hold_rules` is 4; it should be"),
        ("[stories.watch]\nhold_rules = [true]\n", 2, "it should be a list of house rules"),
        ("[stories.watch]\nhold_rules = [[]]\n", 2, "it should be a list of house rules"),
        ('[stories.watch]\nhold_rules = [""]\n', 2, 'names "", which is no house rule'),
        (
            '[stories.watch]\nextra = 3\nhold_rules = [\n  "threats",\n  "spam",\n]\n',
            3,
            '`hold_rules` names "spam", which is no house rule; the rules: threats',
        ),
        ("[stories.watch]\nhold_rules = [9]\n", 2, 'names "9", which is no house rule'),
        (
            '[stories.watch]\nhide_first = true\nhold_rules = "all"\n',
            2,
            "`hide_first` is the older name of `hold_rules`",
        ),
        ("[stories.trial]\nextra = 1\n", 1, "`trial` is not known under [stories]"),
        ('[[routes]]\nchannel = "general"\n', 2, "the number of a channel"),
        ("[[routes]]\nchannel = 12\n", 2, "the number of a channel"),
        ("[[routes]]\nsite = 'courier'\n", 1, "`channel` is missing in route 1 of the file"),
        (
            "[[routes]]\nchannel = 123456789012345678\nreason = 'threat'\n",
            3,
            "which is no rule's `code`; the codes: threats",
        ),
        ("[channel]\nbacklog_digest = -1\n", 2, "from 0 to 1000"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, content: str, line: int, says: str):
    with pytest.raises(PolicyError) as caught:
        loaded(tmp_path, content + RULE)

    [problem] = caught.value.problems
    assert problem.line == line
    assert says in problem.words

"""What a new volunteer is told."""

import discord
import pytest

from bot.cards import parts
from bot.cards.presses.others import ShowHelp
from bot.cards.staff.help_pages import help_page
from bot.cards.text import contests as contest_text
from bot.cards.text import help as help_text
from bot.cards.text import notices as notice_text
from bot.domain.search import parse
from bot.domain.staff import Rank
from config.policy import load_policy
from tests.services.desks import NOON

from .reading import presses

POLICY = load_policy(None)
COMMANDS = [(f"command{number}", "d" * 100) for number in range(60)]


def shown(topic: help_text.Topic, rank: Rank = Rank.EDITOR) -> discord.ui.LayoutView:
    return help_page(topic, rank, POLICY, COMMANDS)


def words(view: discord.ui.LayoutView) -> str:
    return "\n".join(
        item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)
    )


@pytest.mark.parametrize("topic", help_text.Topic)
def test_every_page_fits_and_leads_to_every_other(topic: help_text.Topic):
    view = shown(topic)
    assert parts.size(view) <= parts.MOST_TEXT
    assert presses(view) == [ShowHelp(topic=one) for one in help_text.Topic if one is not topic]


def test_every_search_in_the_help_is_understood():
    said = words(shown(help_text.Topic.FINDING))
    examples = [part for part in said.split("`")[1::2] if part != "/"]
    assert len(examples) > 8
    for example in examples:
        query = parse(example, POLICY, NOON)
        assert not query.is_empty, example
        assert query.remarks == (), example


def test_what_becomes_of_contests_and_notices_is_told_by_the_names_on_their_cards():
    said = words(shown(help_text.Topic.AFTER))
    for button in (
        contest_text.UPHOLD,
        contest_text.OVERTURN,
        contest_text.SHORTEN,
        notice_text.READ,
        notice_text.ANSWER,
    ):
        assert f"**{button}**" in said
    assert all(command in said for command in ("/contests", "/complaint"))


def test_what_takes_two_people_is_said_as_the_policy_has_it():
    assert "a permanent ban" in words(shown(help_text.Topic.PEOPLE))


def test_every_house_rule_is_named():
    said = words(shown(help_text.Topic.RULES))
    assert all(rule.name in said for rule in POLICY.rules)

"""Which action a reaction asks for."""

import pytest

from bot.domain.decisions import Action
from bot.domain.policy import Emoji


@pytest.mark.parametrize(
    ("emoji", "action"),
    [
        ("✅", Action.KEEP),
        ("✅\ufe0f", Action.KEEP),
        ("✅\ufe0e", Action.KEEP),
        ("🙈", Action.HIDE),
        ("🔨", Action.BAN),
        ("🔨🏽", Action.BAN),
        ("☑️", None),
        ("🙉", None),
        ("⚒️", None),
        ("<:keep:123456789012345678>", None),
        ("", None),
    ],
)
def test_the_delivered_emoji_are_known_however_they_look(emoji: str, action: Action | None):
    assert Emoji().action(emoji) == action


@pytest.mark.parametrize("given", ["👍", "👍🏻", "👍🏿", "👍🏽\ufe0f"])
@pytest.mark.parametrize("chosen", ["👍", "👍🏾"])
def test_skin_tones_make_no_difference(chosen: str, given: str):
    assert Emoji(keep=chosen).action(given) == Action.KEEP


@pytest.mark.parametrize(
    "given",
    [
        "<:keep:123456789012345678>",
        "<:renamed:123456789012345678>",
        "<a:keep:123456789012345678>",
    ],
)
def test_a_servers_own_emoji_is_known_by_its_number(given: str):
    emoji = Emoji(keep="<:keep:123456789012345678>")

    assert emoji.action(given) == Action.KEEP
    assert emoji.action("<:keep:999999999999999999>") is None
    assert emoji.action("keep") is None

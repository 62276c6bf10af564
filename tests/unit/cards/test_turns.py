"""Buttons that turn pages: what they stand for survives the way through Discord."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.turns import LONGEST_ABOUT, Leaf, Turn, parse

LINES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=LONGEST_ABOUT)


@given(st.sampled_from(Leaf), LINES, st.integers(0, 9_999_999))
def test_what_a_button_stands_for_is_read_back(leaf: Leaf, about: str, page: int):
    turn = Turn(leaf=leaf, about=about, page=page)
    assert parse(turn.custom_id) == turn
    assert len(turn.custom_id) <= 100


@pytest.mark.parametrize(
    "strange",
    ["", "turn:", "turn:author:x:1", "turn:nothing:1:1", "desk:keep:1:1:0", "turn:help:1"],
)
def test_what_is_none_of_ours_is_left_alone(strange: str):
    assert parse(strange) is None

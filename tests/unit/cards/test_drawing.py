"""Whatever the desk says of its own accord has one way to be drawn."""

from typing import get_args

from bot.cards.drawing import DRAW
from bot.domain.alerts import AlertView
from bot.domain.sayings import Saying


def test_everything_that_is_said_is_drawn_in_one_way():
    assert {*DRAW, AlertView} == {*get_args(Saying)}

"""Case numbers as people write them."""

import pytest

from bot.domain.errors import NotUnderstood
from bot.domain.lines import case_number


@pytest.mark.parametrize("words", ["1042", "#1042", " #1042 ", "##1042", "00001042"])
def test_a_number_is_a_case_with_or_without_its_sign(words: str):
    assert case_number(words) == 1042


@pytest.mark.parametrize("words", ["", "#", "Greta", "1042a", "10 42", "-3", "²"])
def test_other_words_are_none(words: str):
    assert case_number(words) is None


@pytest.mark.parametrize("length", [16, 20, 5000])
def test_a_number_no_case_can_have_is_said_to_be_too_long(length: int):
    with pytest.raises(NotUnderstood, match=f"No case has a number of {length} digits"):
        case_number("#" + "9" * length)

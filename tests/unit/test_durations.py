from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import durations
from bot.domain.errors import NotUnderstood


@pytest.mark.parametrize(
    ("word", "hours"),
    [("12h", 12), ("1d", 24), ("7d", 168), ("7days", 168), ("2w", 336), ("1week", 168)],
)
def test_a_length_is_read_as_people_write_it(word: str, hours: int):
    assert durations.parse(word) == timedelta(hours=hours)


@pytest.mark.parametrize(
    "word", ["", "d", "7", "7x", "d7", "7d5", "seven", "-7d", "7.5d", "\u0667d"]
)
def test_what_is_no_length_is_none(word: str):
    assert durations.parse(word) is None


@pytest.mark.parametrize("word", ["0d", "00h", "366d", "53w", "8761h", "999999w"])
def test_no_time_and_more_than_a_year_are_refused(word: str):
    with pytest.raises(NotUnderstood, match=word):
        durations.parse(word)


@given(st.text())
def test_any_word_is_a_length_within_a_year_or_none_or_refused(word: str):
    try:
        lasting = durations.parse(word)
    except NotUnderstood:
        return
    assert lasting is None or timedelta(hours=1) <= lasting <= durations.LONGEST


@pytest.mark.parametrize(
    ("lasting", "words"),
    [
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=12), "12 hours"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=90), "90 days"),
        (None, "for good"),
    ],
)
def test_a_length_is_said_in_words(lasting: timedelta | None, words: str):
    assert durations.in_words(lasting) == words


@pytest.mark.parametrize("days", [5, 366, 10**15])
def test_an_option_that_was_never_offered_is_never_taken_for_good(days: int):
    lasting = durations.of_days(days)
    assert lasting is not None
    assert (lasting <= durations.LONGEST) == (days < 366)


def test_the_options_of_a_form_stand_for_their_days():
    assert durations.of_days(7) == timedelta(days=7)
    assert durations.of_days(0) is None
    assert durations.of_days(-3) < timedelta()

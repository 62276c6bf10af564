"""How long a ban lasts, in words and within its bounds."""

from datetime import timedelta

import pytest

from bot.domain import bans
from bot.domain.errors import NotUnderstood
from bot.domain.lengths import Length


@pytest.mark.parametrize(
    "length",
    [
        Length(time=timedelta(hours=1)),
        Length(time=timedelta(days=365)),
        Length(months=12),
        Length(months=11, time=timedelta(days=30)),
    ],
)
def test_a_ban_lasts_an_hour_to_a_year(length: Length):
    assert bans.of_ban(length, "so long") == length


@pytest.mark.parametrize(
    "length",
    [
        Length(),
        Length(time=timedelta(minutes=59)),
        Length(time=timedelta(days=365, minutes=1)),
        Length(months=12, time=timedelta(minutes=1)),
        Length(months=13),
    ],
)
def test_no_time_and_more_than_a_year_are_refused(length: Length):
    with pytest.raises(NotUnderstood, match="so long"):
        bans.of_ban(length, "so long")


@pytest.mark.parametrize(
    ("lasting", "words"),
    [
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=90), "1 hour 30 minutes"),
        (timedelta(hours=12), "12 hours"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=90), "90 days"),
        (timedelta(days=31, hours=1), "31 days 1 hour"),
        (None, "for good"),
    ],
)
def test_a_length_is_said_in_words(lasting: timedelta | None, words: str):
    assert bans.in_words(lasting) == words

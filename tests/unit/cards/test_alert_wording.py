"""Single sentences about alerts."""

from dataclasses import replace

from bot.cards import wording_alert_answers as told
from bot.cards import wording_alerts as wording
from bot.domain.brigades import Clue, Sign


def test_a_sign_that_all_readers_bear_is_said_of_all():
    found = Clue(sign=Sign.REFERRER, weight=3.0, readers=9, of=9)
    assert wording.clue(found) == "all 9 readers came from the same place"
    assert wording.clue(replace(found, readers=8)).startswith("8 of the 9 readers")


def test_a_day_without_reports_is_said_in_words():
    assert "3 reports today; none by this time a week ago." in told.trend("courier", 3, 0, 3)

"""Single sentences about alerts."""

from dataclasses import replace

from bot.cards.text import alert_answers as alert_answer_text
from bot.cards.text import alerts as alert_text
from bot.domain.detection.brigades import Clue, Sign


def test_a_sign_that_all_readers_bear_is_said_of_all():
    found = Clue(sign=Sign.REFERRER, weight=3.0, readers=9, of=9)
    assert alert_text.clue(found, 9) == "all 9 readers came from the same place"
    some = alert_text.clue(replace(found, readers=8), 9)
    assert some == "8 of the 9 readers came from the same place"


def test_a_sign_counts_among_no_other_readers_than_the_card():
    found = Clue(sign=Sign.REFERRER, weight=3.0, readers=9, of=9)
    assert alert_text.clue(found, 31) == "9 readers came from the same place"


def test_a_day_without_reports_is_said_in_words():
    assert "3 reports today; none by this time a week ago." in alert_answer_text.trend(
        "courier", 3, 0, 3
    )


def test_readers_who_are_all_new_are_said_to_be_none_that_had_reported():
    found = Clue(sign=Sign.NEW_READERS, weight=3.0, readers=38, of=38)
    assert alert_text.clue(found, 38) == "none of the 38 readers had reported before"
    some = alert_text.clue(replace(found, readers=30), 38)
    assert some == "30 of the 38 readers had never reported before"
    assert alert_text.clue(replace(found, readers=1, of=1), 1).startswith("the reader had")

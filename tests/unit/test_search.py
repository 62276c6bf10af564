"""What is made of a searched line."""

from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import NotUnderstood
from bot.domain.search import EXAMPLE, Query, Stand, excerpt, parse
from config.policy import load_policy

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 24, 12, tzinfo=LONDON)  # a Tuesday
POLICY = load_policy(None)


def read(line: str) -> Query:
    return parse(line, POLICY, NOW)


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=LONDON)


def test_the_example_says_everything_at_once():
    assert read(EXAMPLE) == Query(
        words=("stolen", "bike"), author=("salty",), rule=3, by="ana", after=day(2026, 11, 1)
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("stolen bike", Query(words=("stolen", "bike"))),
        ('"stolen bike" thief', Query(words=("stolen bike", "thief"))),
        ("“stolen bike”", Query(words=("stolen bike",))),
        ('"stolen bike', Query(words=("stolen bike",))),
        ("bike -stolen", Query(words=("bike",), without=("stolen",))),
        ("AUTHOR:salty_dog", Query(author=("salty dog",))),
        ('from:"salty dog"', Query(author=("salty dog",))),
        ("author: salty", Query(author=("salty",))),
        ("story:raids title:colchester", Query(story=("raids", "colchester"))),
        ("rule:harassment", Query(rule=3)),
        ("reason:hara", Query(rule=3)),
        ('rule:"private det"', Query(rule=2)),
        ("mod:@ana", Query(by="ana")),
        ("is:hidden", Query(stand=Stand.HIDDEN)),
        ("status:OPEN", Query(stand=Stand.OPEN)),
        ("site:courier", Query(site="courier")),
        ("#1042", Query(case_id=1042)),
        ("case:1042", Query(case_id=1042)),
        ("https://courier.example/x", Query(words=("https courier example x",))),
        ("10:30", Query(words=("10 30",))),
        ("…!?", Query()),
        ("", Query()),
    ],
)
def test_what_people_write_is_understood(line: str, expected: Query):
    assert read(line) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-01", day(2026, 11, 1)),
        ("2026-11", day(2026, 11, 1)),
        ("1/11/2026", day(2026, 11, 1)),
        ("1.11.26", day(2026, 11, 1)),
        ("1/11", day(2026, 11, 1)),
        ("25/12", day(2025, 12, 25)),
        ("today", day(2026, 11, 24)),
        ("yesterday", day(2026, 11, 23)),
        ("monday", day(2026, 11, 23)),
        ("tue", day(2026, 11, 17)),
        ("7d", NOW.replace(day=17)),
        ("2w", NOW.replace(day=10)),
        ("30min", NOW - timedelta(minutes=30)),
        ("90minutes", NOW - timedelta(minutes=90)),
        ("3h", NOW.replace(hour=9)),
        ("1d12h", datetime(2026, 11, 23, 0, tzinfo=LONDON)),
        ("1.5d", datetime(2026, 11, 23, 0, tzinfo=LONDON)),
        ("1mo", NOW.replace(month=10)),
        ("2months", NOW.replace(month=9)),
        ("1y", NOW.replace(year=2025)),
        ('"2 weeks ago"', NOW.replace(day=10)),
        ('"a week"', NOW.replace(day=17)),
        ("12dec", day(2025, 12, 12)),
        ("12-dec", day(2025, 12, 12)),
        ("12december", day(2025, 12, 12)),
        ("12dec2024", day(2024, 12, 12)),
        ('"12 Dec 2024"', day(2024, 12, 12)),
        ('"Dec 12, 2024"', day(2024, 12, 12)),
        ("dec12", day(2025, 12, 12)),
        ("1st-nov", day(2026, 11, 1)),
        ("5mar", day(2026, 3, 5)),
        ("3oct", day(2026, 10, 3)),
        ("october", day(2026, 10, 1)),
        ("sept", day(2026, 9, 1)),
        ("nov2025", day(2025, 11, 1)),
        ('"November 2025"', day(2025, 11, 1)),
        ('"Nov, 2025"', day(2025, 11, 1)),
        ("dec-2024", day(2024, 12, 1)),
        ("29feb", day(2024, 2, 29)),
        ("29/2", day(2024, 2, 29)),
        ("1-11-2026", day(2026, 11, 1)),
        ("2026/11/01", day(2026, 11, 1)),
        ("2026", day(2026, 1, 1)),
        ("tomorrow", day(2026, 11, 25)),
        ('"last monday"', day(2026, 11, 23)),
        ("\uff17d", NOW.replace(day=17)),
    ],
)
def test_days_are_those_of_the_newsroom(written: str, expected: datetime):
    assert read(f"after:{written}").after == expected


@pytest.mark.parametrize("written", ["yesterday", "23nov", "monday", "1d", "23/11"])
def test_on_is_one_day(written: str):
    query = read(f"on:{written}")
    assert (query.after, query.before) == (day(2026, 11, 23), day(2026, 11, 24))


def test_so_many_hours_ago_are_hours_though_the_clocks_changed():
    now = datetime(2026, 10, 25, 12, tzinfo=LONDON)  # the night before, the clocks went back
    assert parse("after:12h", POLICY, now).after == datetime(2026, 10, 25, 1, tzinfo=LONDON)
    assert parse("after:7d", POLICY, now).after == datetime(2026, 10, 18, 12, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("after:soonish", "no day that I know"),
        ("after:2026-13-45", "no day that I know"),
        ("after:30m", "no day that I know"),
        ("after:7", "no day that I know"),
        ("after:2 weeks", "no day that I know"),
        ("after:30febr", "no day that I know"),
        ("after:12dez", "no day that I know"),
        ("after:31feb", "no day that I know"),
        ("after:5dayz", "no day that I know"),
        ("after:9999y", "no day that I know"),
        ("after:30sec", "no day that I know"),
        ("before:forever", "no day that I know"),
        ("after:10:30", "no day that I know"),
        ("rule:99", "no house rule"),
        ("rule:ha", "no house rule"),
        ("is:strange", "is:open"),
        ("case:abc", "Write case:1042"),
        ("bike rule:", "nothing after rule:"),
        ("-rule:3", "minus works before words only"),
        ("author:!!", "no letter or digit"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused_with_a_sentence(line: str, said: str):
    with pytest.raises(NotUnderstood, match=said):
        read(line)


def test_a_slip_of_the_pen_is_read_and_told():
    query = read("auther:salty")
    assert query.author == ("salty",)
    assert query.remarks == ("auther: is read as author:.",)


def test_what_is_no_filter_is_looked_for_as_words_and_told():
    query = read("colour:blue")
    assert query.words == ("colour", "blue")
    assert "colour: is no filter" in query.remarks[0]


@given(st.text(max_size=80))
def test_nothing_that_is_typed_breaks_it(line: str):
    with suppress(NotUnderstood):
        assert all(words.strip() for words in read(line).words)


def test_an_excerpt_shows_where_the_word_stands():
    text = "word " * 100 + "the stolen bike was red"
    assert "stolen bike" in excerpt(text, read("stolen"), 120)[:120]
    assert excerpt("a stolen bike", read("stolen"), 120) == "a stolen bike"


@pytest.mark.parametrize("day", ["9999-12-31", "31/12/9999", "0001-01-01", "1/1/0001"])
def test_a_day_at_the_end_of_the_calendar_is_refused_with_a_sentence(day: str):
    with pytest.raises(NotUnderstood, match="is no day that I know"):
        read(f"on:{day}")

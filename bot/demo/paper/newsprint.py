"""What the paper prints and who reads it. All of it is invented, people and events alike."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody with an account at the paper."""

    id: str
    name: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstComment:
    """A comment that stands under the story when the paper is first opened."""

    by: str
    before: timedelta
    text: str
    answers: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What the desk is told of the one story; its text is in the template."""

    id: str
    title: str
    section: str
    before: timedelta


STORY = Article(
    id="2231847",
    title="Three charged after Colchester raids",
    section="Crime",
    before=timedelta(hours=5),
)

ROBIN = "robin"
"""The reader as whom the paper is first opened."""

_ACCOUNTS = (
    (ROBIN, "Robin Ashdown", 2021, 4),
    ("northhillnan", "NorthHillNan", 2016, 9),
    ("maryk", "maryk", 2018, 2),
    ("salty_dog", "salty_dog", 2019, 6),
    ("estuary_ed", "estuary_ed", 2014, 11),
    ("j_b_1962", "j_b_1962", 2020, 1),
    ("wivenhoe_wader", "wivenhoe_wader", 2017, 7),
    ("castle_kev", "castle_kev", 2024, 10),
    ("priya_m", "Priya M", 2022, 3),
    ("tidewatch", "tidewatch", 2015, 5),
    ("lexdenliz", "LexdenLiz", 2023, 8),
)

READERS = {
    reader: Reader(id=reader, name=name, since=datetime(year, month, 12, 9, 30, tzinfo=UTC))
    for reader, name, year, month in _ACCOUNTS
}

COMMENTS = (
    FirstComment(
        by="northhillnan",
        before=timedelta(hours=4, minutes=31),
        text="Thank you to everybody who was out at five in the morning in that rain. Our street "
        "has been quieter this week than I can remember.",
    ),
    FirstComment(
        by="maryk",
        before=timedelta(hours=4, minutes=2),
        text="My son walked past there ten minutes before. I keep thinking about it.\n\nCould "
        "somebody from the council say what happens to the empty flats now?",
    ),
    FirstComment(
        by="salty_dog",
        before=timedelta(hours=3, minutes=47),
        text="You are all bought, every one of you. I know where the editor lives.",
        answers="2",
    ),
    FirstComment(
        by="estuary_ed",
        before=timedelta(hours=3, minutes=20),
        text="County lines is a tidy name for something grim. The children who carry for them are "
        "victims too. I hope that is said in court as well.",
    ),
    FirstComment(
        by="j_b_1962",
        before=timedelta(hours=2, minutes=58),
        text="Guilty, the lot of them. Everybody round here knows the older one has done time for "
        "it before. Why waste money on a trial?",
    ),
    FirstComment(
        by="wivenhoe_wader",
        before=timedelta(hours=2, minutes=44),
        text="That is for a jury to say. Please don't hand the defence an excuse.",
        answers="5",
    ),
    FirstComment(
        by="castle_kev",
        before=timedelta(hours=2, minutes=9),
        text="It's the end house with the green door, number 14, grey van outside. About time "
        "somebody went round there and had a word.",
    ),
    FirstComment(
        by="priya_m",
        before=timedelta(hours=1, minutes=35),
        text="I help at the Thursday drop-in. We have room for more, fourteen and up, no "
        "questions asked, hot food. Tell the young people you know.",
    ),
    FirstComment(
        by="tidewatch",
        before=timedelta(hours=1, minutes=12),
        text="How many more raids before the evening buses come back? They hang about the station "
        "because nothing else is open after eight.",
    ),
    FirstComment(
        by="lexdenliz",
        before=timedelta(minutes=26),
        text="The late one still runs, on paper. I have waited for it more often than I have been "
        "on it.",
        answers="9",
    ),
)
"""In the order in which they stand; the first has the id ``1``. Three deserve trouble."""

MOST_READ = (
    "Oyster festival to go ahead after all, say fishermen",
    "Bakery queue reaches the war memorial as sourdough returns",
    "Man rescued from mud at low tide for second time",
    "Town bridge to close for eleven nights in March",
    "Lost tortoise found in next village after four years",
)

SEEDED = (
    ("5", "lexdenliz", "court", None),
    ("5", "wivenhoe_wader", "court", "There is a trial coming, he should know better."),
    ("7", "maryk", "private", "That is a real family's door."),
    ("7", "priya_m", "threats", None),
    ("7", "estuary_ed", "private", None),
)
"""Reports that come in by themselves: comment, reader, the rule's code, note."""

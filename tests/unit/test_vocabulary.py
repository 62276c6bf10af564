"""Every word that the desk takes in a typed line, and every letter that it takes for another."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import NotUnderstood
from bot.domain.folding import folded, searchable
from bot.domain.grammar import asks_help, parse
from bot.domain.lengths import Length
from bot.domain.typed_order import Verb
from config.policy import load_policy

LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 11, 24, 12, tzinfo=UTC)
POLICY = load_policy(None)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
UNITS = {
    "min mins minute minutes": Length(time=timedelta(minutes=1)),
    "h hr hrs hour hours": Length(time=HOUR),
    "d day days": Length(time=DAY),
    "w wk wks week weeks": Length(time=WEEK),
    "fortnight fortnights": Length(time=2 * WEEK),
    "mo mos mth mths month months": Length(months=1),
    "y yr yrs year years": Length(months=12),
}
ONE_OF_EACH = [(word, length) for words, length in UNITS.items() for word in words.split()]
NUMBERS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
DASHES = "-–—−‐‑‒―"


def ban(words: str) -> Length | None:
    [order] = parse(f"ban #1042 {words}", POLICY, reply=False)
    assert order.verb is Verb.BAN
    return order.length


@pytest.mark.parametrize(("unit", "length"), ONE_OF_EACH)
def test_every_unit_is_read_behind_a_figure(unit: str, length: Length):
    number = 90 if unit.startswith("min") else 1 if unit.startswith("y") else 3
    expected = Length(months=number * length.months, time=number * length.time)
    assert ban(f"{number} {unit}") == expected
    assert ban(f"{number}{unit}") == expected


@pytest.mark.parametrize(("number", "word"), list(enumerate(NUMBERS, 1)))
def test_numbers_up_to_twelve_may_be_words(number: int, word: str):
    assert ban(f"{word} days") == Length(time=number * DAY)


@pytest.mark.parametrize("word", ["a day", "an hour", "half a day"])
def test_one_may_be_an_article(word: str):
    times = {"a day": DAY, "an hour": HOUR, "half a day": DAY / 2}
    assert ban(word) == Length(time=times[word])


@pytest.mark.parametrize(
    "words",
    [
        *(["forever", "permanent", "permanently", "perm", "permaban", "indefinitely"]),
        "for good",
        "for ever",
        "for life",
    ],
)
def test_every_word_for_good(words: str):
    assert ban(words) is None


@pytest.mark.parametrize(
    "unit",
    [
        "m",
        "s",
        "secs",
        "seconds",
        "nights",
        "weekends",
        "quarter",
        "quarters",
        "seasons",
        "decade",
        "decades",
        "century",
        "centuries",
        "working",
        "business",
        "calendar",
    ],
)
def test_what_the_desk_does_not_count_in_is_refused_and_no_note(unit: str):
    with pytest.raises(NotUnderstood):
        ban(f"2 {unit}")
    with pytest.raises(NotUnderstood):
        ban(f"7d 2 {unit}")


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        (Verb.KEEP, ["k", "keep", "K", "Keep"]),
        (Verb.HIDE, ["h", "hide"]),
        (Verb.UNDO, ["u #1042", "undo #1042"]),
        (Verb.CLAIM, ["c #1042", "claim #1042"]),
        (Verb.BAN, ["b #1042 7d", "ban #1042 7d"]),
    ],
)
def test_every_verb_and_its_letter(verb: Verb, words: list[str]):
    for line in words:
        [order] = parse(line, POLICY, reply=False)
        assert order.verb is verb


@pytest.mark.parametrize("dash", [*DASHES, "--"])
def test_every_dash_of_a_telephone_skips_a_card(dash: str):
    first, skipped, third = parse(f"k {dash} h", POLICY, reply=False)
    assert (first.verb, skipped.verb, third.verb) == (Verb.KEEP, Verb.SKIP, Verb.HIDE)


@pytest.mark.parametrize("dash", DASHES)
def test_every_dash_begins_a_note_in_a_reply_and_is_no_part_of_it(dash: str):
    [order] = parse(f"h 3 {dash} third time", POLICY, reply=True)
    assert order.note == "third time"


@pytest.mark.parametrize(
    "word",
    [
        "and",
        "or",
        "&",
        "+",
        "also",
        "then",
        "not",
        "for",
        "on",
        "in",
        "at",
        "to",
        "under",
        "as",
        "rule",
        "case",
        "card",
        "comment",
        "no",
        "nr",
        "number",
    ],
)
def test_no_second_order_hides_in_a_note(word: str):
    for meant in ("5", "5x", "keep", "two"):
        with pytest.raises(NotUnderstood):
            parse(
                f"h 3 #1042 {word} #7" if meant == "5" else f"h 3 #1042 {word} {meant}",
                POLICY,
                reply=False,
            )


@pytest.mark.parametrize("word", ["help", "commands", "usage", "?", "", "help?", "HELP"])
def test_every_way_to_ask_for_help(word: str):
    assert asks_help(word)


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ("ıøłđðħŧĸŋ", "iolddhtkn"),
        ("ØŁĐ", "old"),
        ("æœþ", "aeoeth"),
        ("ی", "ي"),
        ("ى", "ي"),
        ("ک", "ك"),
        ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"),
        ("".join(chr(0x1F150 + place) for place in range(26)), "abcdefghijklmnopqrstuvwxyz"),
        ("".join(chr(0x1F170 + place) for place in range(26)), "abcdefghijklmnopqrstuvwxyz"),
        ("𝔥𝔢𝔩𝔩𝔬 ｗｏｒｌｄ", "hello world"),
        ("a\u115fb\u1160c\u17b4d\u17b5e\u3164f\uffa0g\ufffch\u2800i\u0640j", "abcdefghij"),
        ("a\u200bb\ufe0fc\u034fd\u180be", "abcde"),
        ("café", "cafe"),
    ],
)
def test_letters_that_people_take_for_others(odd: str, plain: str):
    assert folded(odd) == plain


@pytest.mark.parametrize("sign", "’‘‛ʼʻ`´′＇")
def test_every_apostrophe_is_one(sign: str):
    assert folded(f"o{sign}neil é") == "o'neil e"


@pytest.mark.parametrize("sign", "“”„‟«»")
def test_every_quotation_mark_is_one(sign: str):
    assert folded(f"{sign}x") == '"x'


@pytest.mark.parametrize("sign", "‐‑‒–—―−﹘﹣－")
def test_every_hyphen_is_one(sign: str):
    assert folded(f"a{sign}b") == "a-b"


@pytest.mark.parametrize("text", ["กข", "ကခ", "កខ", "あい", "ㇰㇱ", "㐀㐁", "中文", "豈更", "𠀀𠀁"])
def test_each_letter_of_a_script_without_spaces_stands_alone(text: str):
    assert searchable(text).split() == list(folded(text))


@pytest.mark.parametrize("text", ["дом", "δομος", "한국", "סלם", "हिंदी", "plain"])
def test_words_of_other_scripts_stay_whole(text: str):
    assert len(searchable(text).split()) == 1

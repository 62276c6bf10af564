import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.cards import escape

from .discord_markdown import active

ACTIVE = [
    "**bold**",
    "*italic*",
    "_italic_",
    "__under__",
    "~~struck~~",
    "||spoiler||",
    "`code`",
    "```block\ncode```",
    "# heading",
    "### heading",
    "-# small",
    "- item",
    "* item",
    "+ item",
    "1. item",
    "1) item",
    "> quote",
    ">>> quote",
    "[here](http://evil.example)",
    "<http://evil.example>",
    "http://evil.example/path",
    "HTTPS://evil.example",
    "steam://run",
    "discord.gg/abc",
    "discord.com/invite/abc",
    "www.evil.com",
    "@everyone",
    "@here",
    "<@123>",
    "<@!123>",
    "<@&123>",
    "<#123>",
    "</ban:123>",
    "<t:0:R>",
    "<:blob:123>",
    "<a:blob:123>",
    "<id:guide>",
    "<mailto:a@evil.example>",
    "<+442079460000>",
    ":smile:",
]

HOSTILE = st.lists(
    st.sampled_from([*ACTIVE, "\\", "\n", " ", "|", "*", "#", "1", ".", "-", ":", "<", "@", "]("])
    | st.text(max_size=5),
    max_size=12,
).map("".join)


@pytest.mark.parametrize("text", ACTIVE)
def test_the_oracle_sees_what_discord_would_do(text: str):
    assert active(text)


@pytest.mark.parametrize("text", ACTIVE)
@pytest.mark.parametrize(
    "around", ["{}", "a {} b", "a\n{}\nb", "\u200b{}", "  {}", "\\{}", "\u202e{}"]
)
def test_nothing_a_reader_can_write_does_anything(text: str, around: str):
    assert not active(escape.prose(around.format(text), 300))


@given(HOSTILE)
@example("\u1fef" * 2 + "a" + "\u1fef" * 2)  # normalises to a backtick
@example("|\u200b|a|\u200b|")
@example("\n\u00ad# heading")
def test_no_text_does_anything(text: str):
    assert not active(escape.prose(text, 300))
    assert not active(escape.line(text, 40))
    assert not any(active(page) for page in escape.pages(text, 200))


@given(HOSTILE)
def test_escaping_twice_is_inert_too_and_cleaning_twice_changes_nothing(text: str):
    assert not active(escape.prose(escape.prose(text, 300), 600))
    assert escape.clean(escape.clean(text)) == escape.clean(text)


@given(HOSTILE, st.integers(2, 60))
def test_a_cut_text_is_inert_and_no_longer_than_asked(text: str, length: int):
    clean = escape.clean(text)
    cut = escape.cut(clean, length)
    assert len(cut) <= length
    assert cut == clean or cut.endswith(escape.ELLIPSIS)
    assert not active(escape.inert(cut))


@given(HOSTILE)
def test_what_people_read_is_what_was_written(text: str):
    clean = escape.clean(text)
    shown = escape.inert(clean)
    for added in "\\\u200b\u2068\u2069":
        shown = shown.replace(added, "")
    assert shown == clean.replace("\\", "")


@given(st.text(max_size=2000), st.integers(200, 500))
def test_pages_hold_all_of_a_text_and_each_fits(text: str, size: int):
    pages = escape.pages(text, size)
    assert all(escape.units(page) <= size for page in pages)
    together = "".join("".join(pages).split())
    assert together == "".join(escape.inert(escape.clean(text)).split()) or "\u2068" in together


@pytest.mark.parametrize("mark", ["\u0301", "\u0335", "\u20dd", "\u0e49", "\u0f90", "\ufe0f"])
def test_marks_do_not_stack_without_end(mark: str):
    shown = escape.prose("Z" + mark * 10_000 + "algo", 600)
    assert len(shown) < 12
    assert shown.endswith("algo")


def test_marks_do_not_stack_with_joiners_between_them():
    shown = escape.clean("Z" + "\u0301\u200d" * 1000 + "a")
    assert sum(unicodedata.category(character) == "Mn" for character in shown) <= 4
    assert len(shown) < 12


@pytest.mark.parametrize(
    "character",
    [
        *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u00ad\u200b\u2060\ufeff\u180e\U000e0041",
        "\x00",
        "\x1b",
        "\x7f",
        "\ufdd0",
        "\uffff",
        "\U0001ffff",
    ],
)
def test_what_hides_or_reorders_is_taken_out(character: str):
    assert escape.clean(f"a{character}b{character * 500}c") == "abc"


def test_a_lone_half_of_a_character_is_replaced_so_that_it_can_be_sent():
    escape.clean("a\ud800b").encode()


def test_right_to_left_text_is_isolated_line_by_line():
    shown = escape.prose("أنتم (هنا)\nplain", 100)
    assert shown == "\u2068أنتم \\(هنا\\)\u2069\nplain"


@pytest.mark.parametrize(
    "kept", ["👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "👍🏽", "🇬🇧", "नमस्ते", "می‌خواهم", "שָׁלוֹם", "Việt", "naïve"]
)
def test_ordinary_writing_of_every_kind_is_left_alone(kept: str):
    assert escape.clean(kept) == unicodedata.normalize("NFC", kept)


@pytest.mark.parametrize(
    ("whole", "kept"),
    [
        ("abc 👩‍👩‍👧", 6),
        ("abc 👍🏽", 6),
        ("abc 🇬🇧", 6),
        ("abcde\u0335\u0336", 6),
        ("नमस्ते जी", 4),
    ],
)
def test_a_cut_never_falls_within_what_is_seen_as_one_character(whole: str, kept: int):
    cut = escape.cut(whole, kept).removesuffix(escape.ELLIPSIS)
    rest = whole[len(cut) :].lstrip()
    assert not rest or unicodedata.category(rest[0]) not in {"Mn", "Mc", "Me", "Cf"}
    assert not cut.endswith("\u200d")
    assert not cut.endswith("\U0001f1ec")
    assert not rest.startswith("🏽")


def test_a_cut_falls_between_words():
    assert escape.cut("the council looked away", 16) == "the council…"
    assert escape.cut("short", 16) == "short"


def test_empty_lines_and_lines_without_end_do_not_fill_a_screen():
    assert escape.prose("a\n\n\n\n \n b", 100) == "a\n\nb"
    assert escape.prose("\n".join("abcdef"), 100, lines=3) == "a\nb\nc d e f"
    assert escape.line("a\n\nb\r\nc\u2028d", 100) == "a b c d"


def test_blank_characters_are_spaces():
    assert escape.clean("\u3164a\u2800\u00a0\u3000b\u115f") == "a b"


def test_a_label_is_one_clean_line_without_escapes():
    assert escape.label("Hate *and*\nspite\u202e", 40) == "Hate *and* spite"
    assert escape.label("x" * 200, 20) == "x" * 19 + "…"


def test_a_very_long_text_is_known_to_be_longer_without_being_read_whole():
    assert escape.is_longer("a" * 1_000_000, 600)
    assert escape.is_longer("a" * 601, 600)
    assert not escape.is_longer("a" * 600 + "\u200b" * 50, 600)

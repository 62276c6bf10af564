"""The readers' pages in every language: no sentence is missing, and none has lost its blanks."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.web.public import words
from bot.web.public.words import Language, language, wanted
from config.public import LANGUAGES

OURS = language("en")
BLANK = re.compile(r"{\w+}")


def sentences(said: Language) -> dict[str, str]:
    rooms = {
        "form": said.form,
        "receipt": said.receipt,
        "page": said.page,
        "statement": said.statement,
        "contest": said.contest,
        "notices": said.notices,
        "mail": said.mail,
    }
    rooms["dates"] = {name: text for name, text in said.dates.items() if isinstance(text, str)}
    return {f"{room}.{name}": text for room, named in rooms.items() for name, text in named.items()}


def test_each_file_is_a_language_and_each_language_has_a_file():
    files = {path.stem for path in (Path(words.__file__).parent / "strings").glob("*.toml")}
    assert files == set(LANGUAGES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_language_lacks_a_sentence_or_a_blank(code: str):
    theirs = sentences(language(code))
    assert theirs.keys() == sentences(OURS).keys()
    for name, text in sentences(OURS).items():
        assert theirs[name].strip(), name
        assert sorted(BLANK.findall(theirs[name])) == sorted(BLANK.findall(text)), name


def test_only_english_was_read_by_somebody_who_grew_up_with_it():
    assert [code for code in LANGUAGES if language(code).read_by] == ["en"]


@pytest.mark.parametrize(
    ("asked", "accepted", "spoken", "code"),
    [
        ("cy", "", ["en", "cy"], "cy"),
        ("CY-GB", "", ["en", "cy"], "cy"),
        ("fr", "", ["en", "cy"], "en"),
        (None, "fr-CA, de;q=0.9, en;q=0.8", ["en", "de"], "de"),
        (None, "en;q=0.1, de;q=0.9", ["en", "de"], "de"),
        (None, "*", ["pl", "en"], "pl"),
        (None, ";q=x,,;q=", ["en"], "en"),
        (None, "de;q=1" * 1000, ["en", "de"], "en"),
        ("../../etc/passwd", "", ["en"], "en"),
    ],
)
def test_the_language_is_one_that_is_switched_on(
    asked: str | None, accepted: str, spoken: list[str], code: str
):
    assert wanted(asked, accepted, spoken).code == code


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "1 July 2026 at 00:30"),
        ("cy", "1 Gorffennaf 2026 am 00:30"),
        ("de", "1. Juli 2026 um 00:30 Uhr"),
        ("fr", "1er juillet 2026 à 00:30"),
        ("es", "1 de julio de 2026, 00:30"),
        ("pl", "1 lipca 2026, godz. 00:30"),
    ],
)
def test_a_moment_is_said_as_people_say_it_by_the_newsrooms_clock(code: str, said: str):
    """In summer, just after midnight there, which is the day before by UTC."""
    here = replace(language(code), zone=ZoneInfo("Europe/London"))
    assert here.when(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == said


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_language_has_a_name_for_each_month(code: str):
    assert len(set(language(code).dates["months"])) == 12
    for month in range(1, 13):
        said = language(code).when(datetime(2026, month, 27, 14, 5, tzinfo=UTC))
        assert "{" not in said
        assert all(part in said for part in ("27", "2026", "14:05"))

"""The readers' pages in every language: no sentence is missing, and none has lost its blanks."""

import re
from pathlib import Path

import pytest

from bot.domain.readers.languages import LANGUAGES
from bot.web.public import words
from bot.web.public.words import Language, language, wanted

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

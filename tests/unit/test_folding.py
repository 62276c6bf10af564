"""What people take for the same name is the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.folding import begins, folded, searchable


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("юлия", "ЮЛИЯ"),
        ("zoe", "Zoë"),
        ("zoe", "Zoe\u0308"),
        ("strasse", "Straße"),
        ("STRASSE", "STRAẞE"),
        ("ivan", "\u2060Iv\u200ban\u00ad"),
        ("istanbul", "İstanbul"),
        ("istanbul", "ISTANBUL"),
        ("ISIK", "ışık"),
        ("σοφος", "ΣΟΦΌΣ"),
        ("admin", "ａｄｍｉｎ"),
        ("admin", "𝓪𝓭𝓶𝓲𝓷"),
        ("office", "oﬃce"),
        ("o'brien", "O’Brien"),
        ("jean-luc", "Jean‑Luc"),
        ("lukasz", "Łukasz"),
        ("soren", "Søren"),
        ("bjork", "Björk"),
        ("aethelred", "Æthelred"),
        ("nguyen", "Nguyễn"),
        ("ガンダム", "ｶﾞﾝﾀﾞﾑ"),
        ("한글", "한글"),
        ("محمد", "مُحَمَّد"),
        ("محمد", "محـــمد"),
        ("שלום", "שָׁלוֹם"),
        ("ann other", " Ann\u00a0\u3000Other\n"),
        ("❤", "❤\ufe0f"),
        ("éa", "E\u0301\u034fA"),
        ("admin", "ᴀᴅᴍɪɴ"),
        ("admin", "🅐🅓🅜🅘🅝"),
        ("admin", "🅰🅳🅼🅸🅽"),
        ("كريم علي", "کریم علی"),
        ("ᠮᠣᠩ", "ᠮᠣ\u180bᠩ"),
        ("john", "John\uf8ff\ufffc"),
    ],
)
def test_a_name_is_found_however_it_is_typed(typed: str, name: str):
    assert folded(typed) == folded(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ガ", "カ"),
        ("कि", "की"),
        ("ann", "anna"),
        ("มุม", "มม"),
        ("ไม่", "ไม้"),
        ("ບຸນ", "ບນ"),
        ("a b", "ab"),
        ("salty_dog", "saltydog"),
    ],
)
def test_names_that_people_tell_apart_stay_apart(one: str, other: str):
    assert folded(one) != folded(other)


@given(st.text())
def test_folding_again_changes_nothing(text: str):
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_case_makes_no_difference(text: str):
    assert folded(text.upper()) == folded(text.upper().lower())


def test_a_beginning_of_any_word_of_a_name_will_do():
    assert begins("ötz", "Ann Oetz") is False
    assert begins("müller", "Ann MULLER")
    assert begins("ann m", "Änn Müller")
    assert not begins("nn", "Ann")


def test_words_without_spaces_between_them_can_be_found_one_by_one():
    assert searchable("東京都 Tower").split() == ["東", "京", "都", "tower"]
    assert searchable("cry\u200bpto") == "crypto"

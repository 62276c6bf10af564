"""What two accounts have in common, and how seldom different people's do."""

import csv
from hashlib import sha256
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.account_similarity import (
    _ALIKE,
    WORTH_A_HINT,
    AuthorRef,
    BannedAccount,
    NewAccount,
    name_similarity,
    phrase_similarity,
    profile,
    similarity,
    skeleton,
    usual,
)

COMMENTS = Path(__file__).parents[3] / "shared" / "data" / "news-comments.csv"


@pytest.mark.parametrize(
    "disguised", ["S4lty__Dogg", "saltydog2", "SALTY DOG", "sàlty_d0g99", "sa1ty.dog", "$alty_dog"]
)
def test_a_disguised_name_has_the_same_bones(disguised: str):
    assert skeleton(disguised).replace("i", "l") == "saltydog"


@pytest.mark.parametrize("given_out", ["reader1042", "User 7", "guest", "Anonymous", "commenter9"])
def test_a_name_that_a_site_gives_out_is_like_no_other(given_out: str):
    assert name_similarity(skeleton(given_out), skeleton(given_out)) == 0


@pytest.mark.parametrize(
    ("one", "other"), [("bluebird", "redbird"), ("old_salt", "salty_dog"), ("Mo", "Mo")]
)
def test_other_names_are_not_alike(one: str, other: str):
    assert name_similarity(skeleton(one), skeleton(other)) < 0.6


@given(st.text(max_size=40), st.text(max_size=40))
def test_similarity_of_names_is_the_same_both_ways(one: str, other: str):
    one, other = skeleton(one), skeleton(other)
    assert name_similarity(one, other) == name_similarity(other, one)
    assert 0 <= name_similarity(one, other) <= 1


def barred(**changes) -> BannedAccount:
    fields = {
        "ref": AuthorRef(site="courier", id="a1"),
        "name": "salty_dog",
        "case_id": 1,
        "until": None,
        "skeleton": "saltydog",
        "profile": {},
    }
    return BannedAccount(**(fields | changes))


def newcomer(name: str = "harmless") -> NewAccount:
    return NewAccount(ref=AuthorRef(site="courier", id="a2"), name=name, texts=())


@pytest.mark.parametrize(
    ("name", "shared", "said"),
    [
        ("saltydog7", {}, ("nearly the same name",)),
        ("harmless", {"shared_keys": ("network",)}, ("same network key",)),
        ("harmless", {"shared_keys": ("",)}, ("same key",)),
        (
            "salty_sea_dog",
            {"shared_targets": ("ann", "bob")},
            ("similar name", "answers the same people (ann, bob)"),
        ),
        (
            "salty_sea_dog",
            {"shared_keys": ("email", "network")},
            ("same email key and network key", "similar name"),
        ),
    ],
)
def test_the_reasons_are_said_in_words(name: str, shared: dict, said: tuple[str, ...]):
    found = similarity(newcomer(name), {}, barred(**shared))
    assert found.reasons == said
    assert found.strength >= WORTH_A_HINT


@pytest.mark.parametrize(
    ("name", "shared"),
    [
        ("salty_sea_dog", {}),
        ("harmless", {"shared_targets": ("ann", "bob", "cy")}),
        ("harmless", {"shared_targets": ("ann",)}),
    ],
)
def test_one_weak_reason_is_not_worth_a_hint(name: str, shared: dict):
    assert similarity(newcomer(name), {}, barred(**shared)).strength < WORTH_A_HINT


HABITS = (
    "Wake up sheeple, the council are laughing at you.",
    "As per usual the council are laughing all the way to the bank.",
    "Mark my words, it will end in tears. Wake up sheeple.",
    "As per usual nobody asked the residents. Mark my words.",
    "Laughing all the way to the bank as per usual, and the sheeple pay.",
    "It will end in tears, mark my words, and the residents pay for it as per usual.",
)
OTHERS = (
    "I cycle past the library every morning and the new lights are wonderful.",
    "Does anybody know when the swimming pool opens again after the repairs?",
    "The bakery on North Hill closed, which is a shame for the whole street.",
    "Our school could do with a crossing; two children were nearly hit in spring.",
    "Thank you to the volunteers who cleaned the river bank at the weekend.",
    "Buses run hourly now. That is no good to anybody who works shifts.",
)


def test_who_repeats_themselves_is_known_by_it_whatever_the_topic():
    telling = usual(OTHERS * 3)
    first, second = OTHERS[:3] * 2, OTHERS[3:] * 2
    one = profile([*map(" ".join, zip(first, HABITS, strict=True))], telling)
    same = profile([*map(" ".join, zip(second, reversed(HABITS), strict=True))], telling)
    other = profile(second, telling)
    assert phrase_similarity(one, same) > _ALIKE > phrase_similarity(one, other)


def test_too_little_text_says_nothing():
    assert profile(["Short."], {}) == {}


def test_different_people_hardly_ever_write_alike():
    if not COMMENTS.exists():
        pytest.skip("the readers' comments are not beside the project")
    with COMMENTS.open(encoding="utf-8") as file:
        texts = [row["comment"] for row in csv.DictReader(file)]
    # By a hash, so that neighbours, which answer one story, come apart.
    texts.sort(key=lambda text: sha256(text.encode()).digest())
    telling = usual(texts[:300])
    profiles = [
        found
        for start in range(300, 3300, 25)
        if (found := profile(texts[start : start + 25], telling))
    ]
    pairs = list(combinations(profiles, 2))
    alike = sum(phrase_similarity(one, other) >= _ALIKE for one, other in pairs)
    assert len(pairs) > 5000
    assert alike / len(pairs) < 0.001

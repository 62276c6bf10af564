"""Thousands of comments that people wrote under a newspaper's stories, each on a card."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from bot.cards.cases import case_answers
from bot.cards.cases.case_card import render

from .discord_markdown import active
from .reading import check_limits, text, texts
from .samples import NOW, POLICY, decided, decision, view

COMMENTS = Path(__file__).parents[4] / "shared" / "data" / "news-comments.csv"


@pytest.fixture(scope="module")
def comments() -> list[str]:
    if not COMMENTS.exists():
        pytest.skip("the comments are not beside the project")
    with COMMENTS.open(encoding="utf-8", newline="") as file:
        return [row["comment"] for row in csv.DictReader(file)]


def test_every_real_comment_makes_a_card_that_discord_takes_and_does_nothing(comments: list[str]):
    assert len(comments) > 4000
    for comment in comments:
        drawn = render(view(comment, before=comment, revision=2), POLICY, now=NOW)
        check_limits(drawn)
        assert active(texts(drawn)[1].removeprefix("### ")) == Counter(), comment
        settled = render(decided(decision(), text=comment), POLICY, now=NOW)
        check_limits(settled)


def test_every_real_comment_can_be_read_whole(comments: list[str]):
    for comment in comments:
        pages = case_answers.full_text(view(comment), POLICY)
        check_limits(pages)
        shown = text(pages).replace("\\", "").replace("\u200b", "").split()
        assert set(comment.replace("\\", "").split()) - set(shown) <= set(), comment

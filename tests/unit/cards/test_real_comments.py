"""Thousands of comments that people wrote under a newspaper's stories, each on a card.

Most are a line of words and of signs that Discord does nothing with, and one is drawn like the
other: of these every eighth is tried, and all of them where CI_FULL is 1.
"""

import csv
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from bot.cards.cases import case_answers
from bot.cards.cases.case_card import render

from .discord_markdown import active
from .reading import check_limits, text, texts
from .samples import NOW, POLICY, decided, decision, view

PLAIN = re.compile(r"(?![-+=]|\d+[.)])(?:[\w ,;'\"!?&%$-]|\.(?![^\W_]))*", re.ASCII)
"""What has no sign that formats, no beginning of a list and no dot as in an address."""
ONE_IN = 1 if os.environ.get("CI_FULL") == "1" else 8

COMMENTS = Path(__file__).parents[4] / "shared" / "data" / "news-comments.csv"


@pytest.fixture(scope="module")
def comments() -> list[str]:
    if not COMMENTS.exists():
        pytest.skip("the comments are not beside the project")
    with COMMENTS.open(encoding="utf-8", newline="") as file:
        written = [row["comment"] for row in csv.DictReader(file)]
    assert len(written) > 4000
    plain = [one for one in written if PLAIN.fullmatch(one)]
    return [one for one in written if not PLAIN.fullmatch(one)] + plain[::ONE_IN]


def test_every_real_comment_makes_a_card_that_discord_takes_and_does_nothing(comments: list[str]):
    assert len(comments) > 1000
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

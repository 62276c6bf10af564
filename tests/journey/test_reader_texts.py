"""4,400 comments that real readers wrote, as reports through HTTP into cards."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from bot.cards.cases.case_card import render
from bot.domain.ids import CaseId
from bot.services.cases.lookup import look
from tests.journey.newsroom import ROOT, Newsroom
from tests.support.waiting import until
from tests.unit.cards.discord_markdown import active
from tests.unit.cards.reading import check_limits, texts

COMMENTS = ROOT.parent / "shared" / "data" / "news-comments.csv"
POSTED = 40
"""How many cards are really posted and looked at; all the others are drawn from the store."""

BATCH = 400

pytestmark = pytest.mark.skipif(
    not COMMENTS.exists(), reason="the readers' comments are not beside the project"
)


def real_comments(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row["comment"] for row in csv.DictReader(file) if row["comment"].strip()]


async def report_all(newsroom: Newsroom, comments: list[str]) -> list[CaseId]:
    cases: list[CaseId] = []
    for start in range(0, len(comments), BATCH):
        reports = [
            newsroom.report_body(
                comment={"id": f"r{start + number}", "text": text},
                reason=("harassment", "hate", "spam")[number % 3],
            )
            for number, text in enumerate(comments[start : start + BATCH])
        ]
        for report in reports:
            del report["site"]  # said once for the whole batch
        status, answer = await newsroom.post(
            "/v1/reports/batch", {"site": "courier", "reports": reports}
        )
        assert status == 202
        assert [one for one in answer["answers"] if "case" not in one] == []
        cases += [CaseId(one["case"]) for one in answer["answers"]]
    return cases


async def test_real_comments_become_valid_cards_with_nothing_alive_in_them(newsroom: Newsroom):
    comments = real_comments(COMMENTS)
    assert len(comments) > 4000

    cases = await report_all(newsroom, comments)
    assert len(set(cases)) == len(comments)
    await until(lambda: len(newsroom.cards()) >= POSTED, what="cards")

    assert newsroom.sandbox.violations == []
    assert all(card.pinged == set() for card in newsroom.cards())
    desk = newsroom.desk.desk
    policy = desk.policy()
    for case_id in cases:
        view = await look(desk, case_id)
        drawn = render(view, policy, now=desk.clock())
        check_limits(drawn)
        quoted = next(text for text in texts(drawn) if "“" in text)
        alive = active(quoted.removeprefix("### ").removeprefix("-# ").replace("||", ""))
        assert alive == Counter(), view.comment.text

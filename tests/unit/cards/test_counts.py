"""One is one: no sentence counts a single thing as several."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards.staff import policy_card
from bot.cards.text import alert_answers as alert_answer_text
from bot.cards.text import authors as author_text
from bot.cards.text import cases as case_text
from bot.cards.text import charts as chart_text
from bot.cards.text import common as common_text
from bot.cards.text import staff as staff_text
from bot.domain.lines import count
from bot.services.rules import Reloaded
from tests.unit.cards.reading import text
from tests.unit.cards.samples import NOW, POLICY

MINUTE = timedelta(minutes=1)
ONES = [
    count(1, "decision"),
    case_text.readers(1),
    case_text.read_all("word"),
    case_text.reported_since(1, NOW),
    case_text.site_failed("No.", 1),
    staff_text.today(1, MINUTE, MINUTE),
    staff_text.told_late("", 1, NOW, "#1"),
    staff_text.told_late_editors("", 1, NOW, "#1"),
    staff_text.how_many(1, 1),
    staff_text.raised_ones(1, "#1"),
    staff_text.rest(1),
    alert_answer_text.figures(1, 1),
    alert_answer_text.waiting(1, "#1", "today"),
    alert_answer_text.spikes([("x", 1)]),
    alert_answer_text.busiest([("x", 1)]),
    author_text.cases(1, 1, 1),
    case_text.found(1, 1, more=False),
    chart_text.no_reports(1),
    chart_text.hotspots(1, 1, 1),
    chart_text.behind("author", 40, 1, 7),
    chart_text.behind("story", 40, 1, 7),
    text(policy_card.reloaded(Reloaded(moved=1))),
]


@pytest.mark.parametrize("words", ONES)
def test_one_is_not_told_as_several(words: str):
    bare = re.sub(r"[*_-]", "", words)
    assert not re.search(
        r"(?<![\d,.])1 (open |reported |earlier )?\w*[^s\W]s\b(?! (first|more))",
        bare.replace("1 is", "").replace("1 waits", ""),
    ), words
    assert not re.search(r"\b(?<![\d,.])1 (of [\d,]+ )?(are|were|wait|have)\b", bare), words


def test_a_policy_of_ones_is_told_in_ones():
    ones = replace(
        POLICY,
        undo_minutes=1,
        strike_days=1,
        agree_within=timedelta(hours=1),
        channel=replace(POLICY.channel, backlog_digest=1),
        shift=replace(POLICY.shift, claim_minutes=1, shift_after=1, editors_after=1),
    )
    said = text(policy_card.policy(ones))
    assert not re.search(r"(?<![\d,.:])1 (minute|hour|day|open case|case)s\b", said)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("My son walked past there", "5 words"),
        ("Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz", "1 word"),
        ("他住在我们这条街上，大家都认识他。", "17 characters"),
        ("他住在 Elm Street 上，大家都认识他。 \n", "21 characters"),
        ("ฉันเห็นเขาเดินผ่านไป", "20 characters"),
        ("彼は嘘つきだ", "6 characters"),
        ("Он живёт на нашей улице", "5 words"),
        ("그는 거짓말쟁이다", "2 words"),
    ],
)
def test_a_text_without_spaces_is_counted_in_characters(text: str, length: str):
    assert case_text.read_all(text) == f"Read all ({length})"


@pytest.mark.parametrize(
    ("words", "ended"),
    [
        ("Note: see the other one", "Note: see the other one."),
        ("Note: third time.", "Note: third time."),
        ("Note: why?", "Note: why?"),
        (
            "The author is also told: “It names a victim.”",
            "The author is also told: “It names a victim.”",
        ),
        ("The author is also told: “a victim”", "The author is also told: “a victim”."),
    ],
)
def test_a_sentence_that_another_follows_has_its_full_stop(words: str, ended: str):
    assert common_text.ended(words) == ended

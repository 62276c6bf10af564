"""One is one: no sentence counts a single thing as several."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards import policy_card, wording, wording_digest, wording_knowing, wording_shift
from bot.services.rules import Reloaded
from tests.unit.cards.reading import text
from tests.unit.cards.samples import NOW, POLICY

MINUTE = timedelta(minutes=1)
ONES = [
    wording.count(1, "decision"),
    wording.readers(1),
    wording.read_all(1),
    wording.reported_since(1, NOW),
    wording.site_failed("No.", 1),
    wording_shift.today(1, MINUTE, MINUTE),
    wording_shift.told_late("", 1, NOW, "#1"),
    wording_shift.told_late_editors("", 1, NOW, "#1"),
    wording_shift.how_many(1, 1),
    wording_shift.raised_ones(1, "#1"),
    wording_shift.rest(1),
    wording_digest.figures(1, 1),
    wording_digest.waiting(1, "#1", "today"),
    wording_digest.spikes([("x", 1)]),
    wording_digest.busiest([("x", 1)]),
    wording_knowing.cases(1, 1, 1),
    wording_knowing.found(1, 1, more=False),
    wording_knowing.no_reports(1),
    wording_knowing.hotspots(1, 1, 1),
    wording_knowing.behind("author", 40, 1, 7),
    wording_knowing.behind("story", 40, 1, 7),
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

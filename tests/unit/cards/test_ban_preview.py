"""The exact words that an author will read are shown before anybody is banned."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards.cases.ban_modal import BanModal
from bot.cards.cases.ban_preview import preview
from bot.cards.presses.cases import CancelBan, ChangeBan, SendBan
from bot.domain.bans import BanDraft
from bot.domain.ids import CaseId, PersonId, RuleNumber
from bot.standin import modal_limits

from .discord_markdown import active
from .reading import check_limits, labels, press, text
from .samples import NOW, POLICY, VIEW, view

OWN = "It names a victim."
RULES = tuple(
    replace(one, reasons=(OWN,)) if one.number == 3 else replace(one, reasons=("Other.", OWN))
    for one in POLICY.rules
)
WITH_REASONS = replace(POLICY, rules=RULES)
DRAFT = BanDraft(
    case_id=CaseId(1042),
    by_id=PersonId(1),
    at=NOW,
    seen=1,
    rule=RuleNumber(3),
    lasting=timedelta(days=7),
)


def test_it_says_whom_for_how_long_and_in_which_words():
    shown = preview(DRAFT, view(), POLICY)
    check_limits(shown)
    said = text(shown).replace("\\:", ":")
    assert "salty\\_dog is to be banned for 7 days and #1042 hidden" in said
    assert f"“{POLICY.rule(RuleNumber(3)).notice}”" in said
    assert labels(shown) == ["Send", "Change…", "Cancel"]
    for kind in (SendBan, ChangeBan, CancelBan):
        assert press(shown, kind).draft == DRAFT.number
    assert "banned for good" in text(preview(replace(DRAFT, lasting=None), view(), POLICY))


def test_an_extra_sentence_stands_in_the_words():
    drawn = preview(replace(DRAFT, reason=OWN), view(), WITH_REASONS)
    shown = text(drawn).replace("\\:", ":")
    assert f"{POLICY.rule(RuleNumber(3)).notice} {OWN}”" in shown
    assert "another rule" not in shown


def test_one_that_does_not_fit_is_said_and_not_among_the_words():
    shown = text(preview(replace(DRAFT, reason="Other."), view(), WITH_REASONS))
    assert "“Other.” belongs to another rule" in shown
    assert shown.count("Other.") == 1


@pytest.mark.parametrize("words", ["**bold** @everyone", "x" * 500, "```\n[a](b)"])
def test_a_note_is_inert(words: str):
    name = replace(VIEW.author, name=words)
    shown = preview(replace(DRAFT, note=words), view(author=name), POLICY)
    check_limits(shown)
    extra = active(text(shown)) - active(text(preview(DRAFT, view(), POLICY)))
    assert set(extra) <= {"small"}


@pytest.mark.parametrize("lasting", [timedelta(days=7), timedelta(days=12), None])
def test_the_form_is_filled_in_as_it_was(lasting: timedelta | None):
    draft = replace(DRAFT, rule=RuleNumber(3), lasting=lasting, note="third time", reason=OWN)
    sent = BanModal(view(), WITH_REASONS, draft).to_dict()
    modal_limits.check(sent)
    rule, length, reason, note = (field["component"] for field in sent["components"])

    def chosen(field):  # type: ignore[no-untyped-def] - as Discord is sent it
        return [one["value"] for one in field["options"] if one.get("default")]

    assert chosen(rule) == ["3"]
    assert chosen(length) == ["0" if lasting is None else str(lasting.days)]
    assert chosen(reason) == [OWN]
    assert note["value"] == "third time"


def test_a_rule_that_is_gone_is_not_chosen():
    draft = replace(DRAFT, rule=RuleNumber(77), reason="Gone.")
    sent = BanModal(view(), POLICY, draft).to_dict()
    modal_limits.check(sent)
    rule = sent["components"][0]["component"]
    assert [one["value"] for one in rule["options"] if one.get("default")] == ["3"]

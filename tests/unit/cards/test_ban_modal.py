from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.cards.cases import ban_modal
from bot.cards.cases.ban_modal import Ban, BanModal
from bot.cards.press_table import fields_of
from bot.cards.presses.cases import BanForm
from bot.cards.presses.scheme import read
from bot.domain.ids import CaseId, RuleNumber
from bot.standin import modal_limits

from .samples import POLICY, VIEW, view


def filled(rule: str = "3", days: str = "7", note: str = "") -> dict[str, tuple[str, ...]]:
    sent: Any = SimpleNamespace(
        data={
            "components": [
                {"type": 18, "component": {"type": 3, "custom_id": "rule", "values": [rule]}},
                {"type": 18, "component": {"type": 3, "custom_id": "days", "values": [days]}},
                {"type": 18, "component": {"type": 4, "custom_id": "note", "value": note}},
            ],
        }
    )
    return dict(fields_of(sent))


def chosen(modal: BanModal, field: int) -> list[str]:
    select = modal.to_dict()["components"][field]["component"]
    return [option["label"] for option in select["options"] if option.get("default")]


def test_the_form_is_one_that_discord_opens():
    modal = BanModal(view(revision=2), POLICY)
    modal_limits.check(modal.to_dict())
    assert read(modal.custom_id) == BanForm(case=CaseId(1042), seen=2)


def titled(name: str, number: int = 1042) -> str:
    shown = view(id=CaseId(number), author=replace(VIEW.author, name=name))
    modal = BanModal(shown, POLICY)
    modal_limits.check(modal.to_dict())
    return modal.title


def test_the_form_says_who_is_banned():
    assert titled("Greta") == "Ban Greta, case #1042"
    assert titled(" \n") == "Ban the author, case #1042"


@pytest.mark.parametrize("sign", ["x", "😀", "👩‍👩‍👧‍👦", "e\u0301\u0302", "\u202e"])
@pytest.mark.parametrize("number", [1, 10**15])
def test_a_long_name_leaves_room_for_the_case(sign: str, number: int):
    title = titled(sign * 60, number)
    assert title.endswith(f", case #{number}")
    assert len(title.encode("utf-16-le")) // 2 <= 45


def test_the_most_reported_rule_and_the_next_step_are_chosen_already():
    modal = BanModal(view(), POLICY)
    assert chosen(modal, 0) == ["3 Harassment"]
    assert chosen(modal, 1) == ["3 days"]
    why = modal.to_dict()["components"][1]["description"]
    assert why == "3 days is suggested: 1 strike."


@pytest.mark.parametrize("strikes", [0, 4, 50])
def test_a_ban_for_good_is_offered_and_never_suggested(strikes: int):
    record = replace(VIEW.record, strikes=strikes)
    modal = BanModal(view(record=record), POLICY)
    select = modal.to_dict()["components"][1]["component"]
    assert [option["label"] for option in select["options"]][-1] == "For good"
    assert chosen(modal, 1) != ["For good"]


async def test_the_form_is_not_kept_in_memory():
    assert BanModal(view(), POLICY).is_finished()


def test_what_was_filled_in_is_read_from_the_submission_alone():
    assert ban_modal.read(filled(note="  third time ")) == Ban(
        rule=RuleNumber(3), lasting=timedelta(days=7), note="third time"
    )


def test_for_good_is_no_length_and_an_empty_note_is_none():
    form = ban_modal.read(filled(days="0"))
    assert form is not None
    assert form.lasting is None
    assert form.note is None


@pytest.mark.parametrize(
    "fields",
    [filled(rule="x"), filled(days=""), filled(days="seven"), filled(rule="9" * 40), {}],
)
def test_what_is_not_our_form_filled_in_is_left_alone(fields: Any):
    assert ban_modal.read(fields) is None

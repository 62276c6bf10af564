"""A case that is handed to the editors brings its comment, and what decides it."""

import pytest

from bot.cards.cases.handed_card import handed_over
from bot.cards.presses.cases import OpenCase, ReadNotes, ReadText
from bot.domain.cases import CaseState, CaseView
from bot.domain.decisions import Action

from .reading import check_limits, kinds, labels, text
from .samples import NOW, POLICY, STATES, view

SAID = "<@&5> Ana hands you #1042."


def drawn(found: CaseView):
    return handed_over(SAID, found, POLICY, now=NOW, can=frozenset(Action))


@pytest.mark.parametrize("state", STATES)
def test_it_begins_with_whom_it_calls_and_is_never_taken_for_the_card(state: str):
    shown = drawn(STATES[state]())
    check_limits(shown)
    assert text(shown).startswith(SAID)
    assert OpenCase not in kinds(shown)


def test_the_comment_stands_there_with_what_decides_it():
    shown = drawn(view(state=CaseState.ESCALATED))
    assert "I know where the editor lives." in text(shown)
    assert labels(shown) == ["Keep", "Hide: harassment", "Ban…", "Readers' notes"]
    assert ReadText in kinds(drawn(view("word " * 300)))


def test_a_text_that_may_not_stand_there_is_not_decided_there():
    shown = drawn(view("", withheld=7, notes=2))
    assert "I know where" not in text(shown)
    assert kinds(shown) == set()


def test_what_is_decided_meanwhile_is_not_offered_to_be_decided():
    assert kinds(drawn(STATES["kept"]())) == {ReadNotes}

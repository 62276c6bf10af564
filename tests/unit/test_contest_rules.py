"""Who may contest which decision, who may not answer, and how it may end."""

from datetime import UTC, datetime

import pytest

from bot.domain.cases import Answer, Party
from bot.domain.decisions import Action, Decision, Door, Verdict
from bot.domain.ids import CaseId, DecisionId, PersonId, SiteId
from bot.domain.readers.contest import (
    answers_for,
    can_be_contested,
    is_stated,
    took_part,
)
from bot.domain.staff import Person


def person(number: int) -> Person:
    return Person(id=PersonId(number), name=f"Person {number}")


def made(action: Action, number: int = 1, by: int = 1, **more: object) -> Decision:
    verdict = Verdict(action=action, by=person(by), door=Door.BUTTON)
    return Decision(  # type: ignore[arg-type]
        id=DecisionId(number),
        case_id=CaseId(1),
        site=SiteId("courier"),
        comment_id="c1",
        author_id="a1",
        verdict=verdict,
        revision=1,
        at=datetime(2026, 11, 24, 12, tzinfo=UTC),
        **more,
    )


@pytest.mark.parametrize("action", list(Action))
def test_the_author_contests_what_hides_and_readers_what_keeps(action: Action):
    hides = action in (Action.HIDE, Action.BAN)
    assert can_be_contested(made(action), Party.AUTHOR) is hides
    assert can_be_contested(made(action), Party.REPORTER) is (action is Action.KEEP)
    assert is_stated(made(action)) is (hides or action is Action.HOLD)


def test_only_a_ban_is_shortened_and_a_corrected_ban_is_one():
    ban, hide = made(Action.BAN), made(Action.HIDE)
    corrected = made(Action.BAN, 2, amends=ban.id)
    whole = (Answer.UPHELD, Answer.OVERTURNED)
    assert answers_for(hide, [hide]) == whole
    assert answers_for(ban, [ban]) == (*whole, Answer.SHORTENED)
    assert answers_for(corrected, [ban, corrected]) == (*whole, Answer.SHORTENED)


def test_whoever_had_a_part_in_the_case_is_known_and_the_desk_is_nobody():
    history = [
        made(Action.HOLD, 1, by=0),
        made(Action.BAN, 2, by=1, second=person(2)),
        made(Action.UNBAN, 3, by=3),
    ]
    assert took_part(history) == {PersonId(1), PersonId(2), PersonId(3)}
    assert took_part([]) == frozenset()

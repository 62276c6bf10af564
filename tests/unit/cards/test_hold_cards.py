"""What cards say of a hold: on hold for as long as it is so, and never a verdict."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.cards import stories
from bot.cards.cases import case_answers, case_card, progress, reading
from bot.cards.cases.backlog_card import log_lines
from bot.cards.cases.case_lines import case_line
from bot.cards.presses.others import LeaveStory, MarkAsAsked
from bot.domain.bans import Aftermath
from bot.domain.cases import CaseState, CaseView
from bot.domain.decisions import Action, Decision, Door, from_row
from bot.domain.effects import Delivery, EffectState
from bot.domain.ids import CaseId, DecisionId, PersonId, RuleNumber
from bot.domain.stories import Closing, KnownStory, Prospect, StoryState, StoryStatus
from config.policy import load_policy

from .reading import check_limits, labels, options, pressable, text
from .samples import CASE, NOW, SITE, VIEW

POLICY = load_policy()
DONE = Delivery(state=EffectState.DONE, done_at=NOW)
WAITING = Delivery(state=EffectState.WAITING, due_at=NOW)
TROUBLE = Delivery(
    state=EffectState.WAITING, attempts=3, due_at=NOW + timedelta(minutes=1), trouble="It is busy."
)


def line(number: int, action: Action, **more: Any) -> Decision:
    by_desk = action is Action.HOLD
    made = dict[str, Any](
        id=DecisionId(number),
        case_id=CASE.id,
        site=SITE,
        comment_id=CASE.comment_id,
        author_id=CASE.author_id,
        action=action,
        rule=None if by_desk else RuleNumber(5),
        note=None,
        by_id=PersonId(0 if by_desk else 7),
        by_name="the desk" if by_desk else "Ana",
        door=Door.DESK if by_desk else Door.BUTTON,
        revision=1,
        at=NOW - timedelta(minutes=1),
    )
    return from_row(made | more)


OLD_HOLD = line(1, Action.HIDE, by_id=0, by_name="the desk", door=Door.DESK, rule=RuleNumber(9))
"""A hold as an earlier version recorded it."""
HOLDS = pytest.mark.parametrize("hold", [line(1, Action.HOLD), OLD_HOLD], ids=["hold", "old"])


def standing(state: StoryState) -> StoryStatus:
    return StoryStatus(site=SITE, story_id="raids", state=state, by_id=3, by_name="Sam", at=NOW)


def held(hold: Decision, *more: Decision, **changes: Any) -> CaseView:
    case = replace(CASE, hold_id=hold.id, state=changes.pop("state", CaseState.OPEN))
    view = replace(VIEW, case=case, history=(hold, *more), delivery=DONE)
    return replace(view, **changes)


def drawn(view: CaseView) -> str:
    card = case_card.render(view, POLICY, now=NOW)
    check_limits(card)
    return text(card)


@HOLDS
@pytest.mark.parametrize("state", [None, *StoryState])
def test_a_card_says_on_hold_for_as_long_as_it_is_so_however_the_story_stands(hold, state):
    stands = standing(state) if state and state is not StoryState.NORMAL else None
    said = drawn(held(hold, story_status=stands))
    assert "⏸ **On hold**" in said
    assert "until a moderator has looked at it" in said
    for verdict in ("Hidden", "hidden by", "removed"):
        assert verdict not in said.replace("3 hidden", "")


@HOLDS
def test_it_is_said_only_once_the_site_has_done_it(hold):
    assert "**Being put on hold**" in drawn(held(hold, delivery=WAITING))
    said = drawn(held(hold, delivery=TROUBLE))
    assert "**Still visible: the site was asked to put it on hold.**" in said
    assert said.count("Still visible") == 1
    assert "It is busy." in said
    assert "On hold" not in said


def test_a_comment_off_hold_is_not_said_to_be_on_it():
    released = line(2, Action.UNHIDE, reverses=DecisionId(1), rule=None)
    view = replace(held(line(1, Action.HOLD), released), case=CASE)
    assert "hold" not in drawn(view)


@pytest.mark.parametrize("action", [Action.KEEP, Action.HIDE])
def test_a_decided_card_says_what_was_decided(action):
    made = line(2, action)
    case = replace(CASE, state=CaseState.DECIDED, decision_id=made.id)
    view = replace(held(line(1, Action.HOLD), made), case=case, decision=made)
    assert "hold" not in drawn(view).lower()


@HOLDS
def test_what_was_decided_so_far_has_it_as_held_by_the_desk(hold):
    made = line(2, Action.HIDE)
    undone = line(3, Action.UNHIDE, reverses=made.id)
    again = line(4, Action.HOLD)
    view = held(hold, made, undone, again, state=CaseState.REOPENED)
    shown = reading.details(
        replace(view, case=replace(view.case, hold_id=again.id)), POLICY, now=NOW
    )
    said = text(shown)
    assert said.count("Held by the desk") == 2
    assert "by the desk, by" not in said
    assert "Spam" not in said.partition("What was decided so far")[2].partition("\n\n")[0]
    assert "Taken back · by Ana" in said
    assert "Shown again" not in said, "it went back on hold"
    card = drawn(replace(view, case=replace(view.case, hold_id=again.id)))
    assert "↩ Ana undid it" in card, "the reopening is told of the person, not of the desk"


@HOLDS
def test_a_line_of_the_log_names_no_rule_for_it(hold):
    said = text(log_lines([hold], POLICY, guild_id=1, cards={}))
    assert "Put on hold" in said
    assert "Spam" not in said
    assert "Hidden" not in said


@HOLDS
def test_lists_say_so_beside_the_case(hold):
    view = held(hold)
    assert "⏸ on hold" in reading.queue_line(view, POLICY, None)
    assert "⏸ on hold" in case_line(view, POLICY, {}, text="x", length=40)
    assert "hold" not in reading.queue_line(replace(view, case=CASE), POLICY, None)


def test_held_by_a_person_it_is_theirs_in_the_record():
    made = line(1, Action.HOLD, by_id=PersonId(7), by_name="Ana", door=Door.BUTTON)
    assert progress.recorded(made, POLICY).startswith("Put on hold · by Ana")


def test_an_undo_that_leaves_it_on_hold_says_so():
    undone = line(2, Action.UNHIDE, reverses=DecisionId(1))
    said = text(case_answers.ruled(undone, POLICY, after=Aftermath(held_again=True)))
    assert "Undone: #1042." in said
    assert "on hold" in said
    assert "No longer hidden" not in said


# ---- a story's card


def known(**changes: Any) -> KnownStory:
    story = KnownStory(site=SITE, story_id="raids", case_id=CaseId(1), title="Raids")
    return replace(story, **changes)


def closed(*, done: bool, trouble: str | None = None) -> KnownStory:
    closing = Closing(site=SITE, story_id="raids", closed=True, is_done=done, trouble=trouble)
    return known(status=standing(StoryState.CLOSED), closing=closing)


@pytest.mark.parametrize("draw", ["story", "list", "card", "review", "choice"])
def test_closed_for_comments_is_only_said_once_the_site_has_said_so(draw):
    def said(story: KnownStory) -> str:
        view = replace(VIEW, story_status=story.status, closing=story.closing)
        return {
            "story": lambda: text(stories.story(story, POLICY)),
            "list": lambda: text(stories.marked([story], total=1)),
            "card": lambda: drawn(view),
            "review": lambda: text(stories.review(story)),
            "choice": lambda: stories.choice(story),
        }[draw]()

    for story in (closed(done=False), closed(done=False, trouble="It said no.")):
        assert "Closed for comments" not in said(story)
        assert "Asked to close for comments" in said(story)
    assert "Closed for comments" in said(closed(done=True))
    assert "Asked to close" not in said(closed(done=True))


def test_to_close_is_offered_only_where_the_site_can():
    closed_at = str(stories.STATES.index(StoryState.CLOSED))
    assert closed_at in options(stories.story(known(), POLICY))
    cannot = stories.story(known(closable=False), POLICY)
    assert closed_at not in options(cannot)
    assert "by hand" in text(cannot)
    protected = known(closable=False, status=standing(StoryState.PROTECTED))
    assert "asked to take no more" not in text(stories.story(protected, POLICY))


def test_what_the_state_does_not_hold_is_offered_for_release_with_its_number():
    shown = stories.story(known(held=3, unwanted=2), POLICY)
    check_limits(shown)
    assert "3 comments** are on hold" in text(shown)
    assert "Release 2 comments" in labels(shown)
    none = stories.story(known(held=3), POLICY)
    assert labels(none) == []


@pytest.mark.parametrize(
    ("holds", "frees", "closes", "says"),
    [
        (0, 0, None, ["No comment goes on hold now."]),
        (1, 0, None, ["**1 comment** goes on hold"]),
        (6, 0, True, ["**6 comments** go on hold", "asked to close the story"]),
        (0, 1, False, ["**1 comment** stays on hold", "asked to open the story"]),
        (0, 1200, None, ["**1,200 comments** stay on hold"]),
    ],
)
def test_the_question_says_what_would_come_of_it(holds, frees, closes, says):
    found = Prospect(
        story=known(),
        wanted=StoryState.PROTECTED,
        holds=holds,
        frees=frees,
        closes=closes,
        matters=True,
    )
    shown = stories.ask(found, POLICY, note="A child <@1> is in it.", minutes=10)
    check_limits(shown)
    for words in [*says, "Sexual offence or child involved", "take it back for 10 minutes"]:
        assert words in text(shown)
    assert "<@1>" not in text(shown)
    assert [type(one.press) for one in pressable(shown)] == [MarkAsAsked, LeaveStory]
    senior = stories.ask(found, POLICY, note=None, minutes=None)
    assert "take it back" not in text(senior)


def test_what_a_state_holds_is_said_by_the_rules_names():
    said = stories.effects(POLICY, StoryState.PROCEEDINGS)
    assert said is not None
    assert "under Threats, Private details, Contempt of court or Defamation" in said
    assert "showing a comment again takes two people" in said
    everything = stories.effects(POLICY, StoryState.PROTECTED)
    assert everything is not None
    assert everything.startswith("One report puts a comment on hold")
    assert stories.effects(POLICY, StoryState.NORMAL) is None

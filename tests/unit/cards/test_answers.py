from collections import Counter
from dataclasses import replace
from datetime import timedelta

import discord
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.cards.cases import case_answers
from bot.cards.presses.cases import (
    BanAuthor,
    CiteInstead,
    HideCase,
    HideUnder,
    KeepCase,
    OpenCase,
    OtherRule,
    ReadNotes,
    ReadText,
    ShowQueue,
    UndoDecision,
)
from bot.cards.text import cases as case_text
from bot.cards.text import decisions as decision_text
from bot.domain.bans import NOTHING_ELSE
from bot.domain.comments import Note
from bot.domain.decisions import Action, Decision
from bot.domain.errors import AlreadyDecided, DeskError, NoSuchCase, NotAllowed, NotUnderstood
from bot.domain.ids import CaseId, DecisionId, RuleNumber, SiteId
from bot.services.cases.lines import Done

from .discord_markdown import active
from .reading import check_limits, kinds, labels, options, press, text, texts
from .samples import CASE, NOW, POLICY, STATES, decided, decision, reopened, view
from .test_case_card import everywhere
from .test_escape import HOSTILE

WEEK = NOW + timedelta(days=7)
HARASSMENT = RuleNumber(3)
TOKEN = "Zk3-x_9aQ1vB"


def note(words: str) -> Note:
    return Note(rule=HARASSMENT, text=words, at=NOW)


def test_a_hide_is_told_on_one_line_with_undo_and_other_rules_behind_a_button():
    answer = case_answers.done(decision(), POLICY)
    check_limits(answer)
    assert text(answer) == "Hidden #1042, citing *3 Harassment*. The site is being told."
    assert labels(answer) == ["Undo", "Other rule…"]
    assert CiteInstead not in kinds(answer)
    assert press(answer, UndoDecision).decision == 57
    assert press(answer, OtherRule).decision == 57


def test_the_other_rules_are_listed_with_a_way_back():
    answer = case_answers.other_rule(decision(), POLICY, TOKEN)
    check_limits(answer)
    assert text(answer).startswith("#1042 cites *3 Harassment*.")
    assert options(answer) == ["1", "2", "4", "5", "6", "7", "8", "9"]
    assert press(answer, CiteInstead).case == 1042
    assert press(answer, UndoDecision).decision == 57
    assert press(answer, OpenCase) == OpenCase(case=CaseId(1042), token=TOKEN)


@pytest.mark.parametrize("action", [Action.KEEP, Action.HIDE, Action.BAN, Action.UNHIDE])
def test_whose_comment_it_was_is_said(action: Action):
    after = replace(NOTHING_ELSE, author="*salty*_dog")
    said = text(case_answers.ruled(decision(action), POLICY, after=after))
    assert "#1042 (\\*salty\\*\\_dog)" in said
    assert "\n" not in said
    assert not active(said.partition("citing")[0])


def test_a_ban_says_until_when_and_repeats_the_note():
    answer = case_answers.done(decision(Action.BAN, until=WEEK, note="*third* time"), POLICY)
    assert f"banned until <t:{int(WEEK.timestamp())}:D>" in text(answer)
    assert "Note: \\*third\\* time" in text(answer)
    assert "for good" in text(case_answers.done(decision(Action.BAN), POLICY))


def test_a_keep_cites_nothing_and_offers_undo():
    answer = case_answers.done(decision(Action.KEEP), POLICY)
    assert text(answer) == "Kept #1042. It stays on the site."
    assert labels(answer) == ["Undo"]


@pytest.mark.parametrize("action", [Action.REOPEN, Action.UNHIDE, Action.UNBAN])
def test_an_undoing_says_so_and_cannot_itself_be_undone(action: Action):
    answer = case_answers.undone(decision(action, reverses=DecisionId(3)), POLICY)
    check_limits(answer)
    assert "No longer" in text(answer)
    assert "open again" in text(answer)
    assert labels(answer) == []


def test_a_corrected_rule_is_told_and_can_be_corrected_again():
    answer = case_answers.amended(decision(rule=RuleNumber(5), amends=DecisionId(57)), POLICY)
    assert "now cites *5 Abusive language*" in text(answer)
    assert labels(answer) == ["Undo", "Other rule…"]


def test_who_was_first_is_named_with_what_they_decided():
    answer = case_answers.already_decided(decision(), POLICY)
    check_limits(answer)
    for words in ("Ana was first", "hidden, citing *3 Harassment*", "changed nothing"):
        assert words in text(answer)
    assert press(answer, UndoDecision).decision == 57


def test_an_edited_comment_is_shown_old_and_new_with_the_choice_on_the_new_one():
    answer = case_answers.edited(STATES["edited since"](), POLICY)
    check_limits(answer)
    assert text(answer).index("lovely") < text(answer).index("bought")
    for kind in (KeepCase, HideCase, BanAuthor):
        assert press(answer, kind).seen == 2


@pytest.mark.parametrize(
    "error", [NoSuchCase(CaseId(9)), NotAllowed("Only a moderator can."), NotUnderstood("What?")]
)
def test_trouble_is_told_in_its_own_words(error: DeskError):
    answer = case_answers.trouble(error, POLICY)
    check_limits(answer)
    assert text(answer).replace("\\", "") == str(error)


def test_trouble_without_words_says_that_nothing_was_done():
    assert text(case_answers.trouble(NotAllowed(), POLICY)) == decision_text.NOTHING_DONE


def test_a_decided_case_met_by_any_door_names_who_was_first():
    assert "Ana was first" in text(case_answers.trouble(AlreadyDecided(decision()), POLICY))


@given(HOSTILE)
def test_what_an_error_repeats_is_inert(words: str):
    answer = case_answers.trouble(NotUnderstood(f'I do not know "{words}".'), POLICY)
    assert not active(text(answer))


def test_notes_are_shown_page_by_page_with_a_warning():
    found = [note(f"note {number}") for number in range(12)]
    first = case_answers.notes(CASE, found, POLICY)
    check_limits(first)
    assert decision_text.NOTES_WARNING in text(first)
    assert "note 4" in text(first)
    assert "note 5" not in text(first)
    assert press(first, ReadNotes).page == 1
    last = case_answers.notes(CASE, found, POLICY, page=2)
    assert "note 11" in text(last)
    assert press(last, ReadNotes).page == 0
    assert labels(last) == ["First page"]


def test_no_notes_are_told_so():
    assert text(case_answers.notes(CASE, [], POLICY)) == decision_text.NO_NOTES


@given(st.lists(HOSTILE, min_size=1, max_size=50), st.integers(-3, 99))
def test_reporters_notes_are_inert_and_fit(words: list[str], page: int):
    answer = case_answers.notes(CASE, [note(each) for each in words], POLICY, page=page)
    check_limits(answer)
    for shown in texts(answer)[1:-1]:
        did = active(shown)
        assert set(did) <= {"small", "time", "shortcode", "italic"}


def test_a_long_text_is_all_there_page_by_page():
    found = view(" ".join(f"word{number}" for number in range(2000)))
    shown, page = "", 0
    while True:
        answer = case_answers.full_text(found, POLICY, page=page)
        check_limits(answer)
        shown += " " + texts(answer)[1]
        page = press(answer, ReadText).page
        if page == 0:
            break
    assert shown.split() == found.comment.text.split()


@given(HOSTILE, st.integers(1, 300), st.integers(-2, 50))
def test_any_page_of_any_text_fits(words: str, times: int, page: int):
    found = view(words * times, reasons={RuleNumber(4): 1})
    check_limits(case_answers.full_text(found, POLICY, page=page))


@pytest.mark.parametrize("state", STATES)
def test_the_details_of_every_case_fit(state: str):
    answer = case_answers.details(
        STATES[state](), POLICY, now=NOW, link="https://discord.com/channels/1"
    )
    check_limits(answer)
    assert "[Go to the card](https://discord.com/channels/1)" in text(answer)
    assert "Readers' notes (3)" in labels(answer)


@settings(max_examples=25)
@given(HOSTILE)
@example("<@<@")
def test_the_details_of_a_hostile_case_fit(words: str):
    hostile = everywhere(words * 50)
    long_history = tuple(
        decision(id=DecisionId(number), by_name=words * 9, note=words * 50) for number in range(30)
    )
    check_limits(case_answers.details(hostile, POLICY, now=NOW))
    check_limits(case_answers.details(replace(hostile, history=long_history), POLICY, now=NOW))


def test_details_tell_what_was_decided_so_far():
    answer = case_answers.details(STATES["undone"](), POLICY, now=NOW)
    assert "Hidden · 3 Harassment · by Ana" in text(answer)
    assert "Shown again · by Ben" in text(answer)
    assert press(answer, HideUnder).seen == 1
    corrected = case_answers.details(STATES["rule corrected"](), POLICY, now=NOW)
    assert "Rule corrected · 1 Threats · by Ben" in text(corrected)
    assert press(corrected, UndoDecision).decision == 58


def test_the_queue_is_listed_with_links_to_the_cards():
    views = [view(id=CaseId(number)) for number in range(1, 11)]
    answer = case_answers.queue(views, POLICY, total=23, links={CaseId(1): "https://discord.com/x"})
    check_limits(answer)
    assert "23 open cases" in text(answer)
    assert "[#1](https://discord.com/x)" in text(answer)
    assert "**#2**" in text(answer)
    assert press(answer, ShowQueue).offset == 10
    last = case_answers.queue(views[:3], POLICY, total=23, links={}, offset=20)
    assert press(last, ShowQueue).offset == 0


def test_a_queue_of_one_page_has_no_button_and_an_empty_one_says_so():
    assert labels(case_answers.queue([view()], POLICY, total=1, links={})) == []
    assert text(case_answers.queue([], POLICY, total=0, links={})) == decision_text.QUEUE_EMPTY
    assert (
        text(case_answers.queue([], POLICY, total=3, links={}, offset=10))
        == decision_text.QUEUE_END
    )


@settings(max_examples=25)
@given(HOSTILE)
def test_a_queue_of_hostile_cases_fits(words: str):
    hostile = replace(everywhere(words * 40), case=view(id=CaseId(10**15)).case)
    links = {CaseId(10**15): "https://discord.com/channels/" + "1" * 60}
    check_limits(case_answers.queue([hostile] * 10, POLICY, total=10**6, links=links, offset=10**5))


def test_a_typed_line_is_repeated_order_by_order_with_undo_for_each():
    ban = decision(Action.BAN, id=DecisionId(58), case_id=CaseId(1044), until=WEEK)
    answer = case_answers.typed(
        [
            Done(case_id=CaseId(1042), outcome=decision()),
            Done(case_id=CaseId(1043), outcome=None),
            Done(case_id=CaseId(1044), outcome=ban),
            Done(case_id=CaseId(1045), outcome=AlreadyDecided(decision(case_id=CaseId(1045)))),
        ],
        POLICY,
    )
    check_limits(answer)
    said = text(answer).split("\n")
    assert len(said) == 4
    assert said[0].startswith("Hidden #1042, citing *3 Harassment*.")
    assert said[1] == "#1043 is left as it is."
    assert "banned until" in said[2]
    assert "Ana was first: #1045" in said[3]
    assert labels(answer) == ["Undo #1042", "Undo #1044"]


def test_nobody_is_told_in_an_answer_to_a_line_that_they_were_beaten_by_themselves():
    mine = decision()
    line = [Done(case_id=mine.case_id, outcome=AlreadyDecided(mine))]
    assert "You decided this already" in text(
        case_answers.typed(line, POLICY, asked_by=mine.verdict.by.id)
    )
    assert "Ana was first" in text(
        case_answers.typed(line, POLICY, asked_by=mine.verdict.by.id + 1)
    )


def test_a_note_in_a_typed_answer_ends_before_the_next_sentence():
    noted = decision(note="see the other one")
    said = text(case_answers.typed([Done(case_id=noted.case_id, outcome=noted)], POLICY))
    assert "Note: see the other one. The site is being told." in said


def test_a_lifted_ban_is_told_with_the_author_s_name():
    made = decision(Action.UNBAN)
    said = text(case_answers.lifted(made, NOTHING_ELSE, author="salty_dog"))
    assert said.startswith(f"salty\\_dog's ban is lifted (#{made.case_id})")


def test_one_typed_order_has_a_plain_undo():
    answer = case_answers.typed([Done(case_id=CaseId(1042), outcome=decision())], POLICY)
    assert labels(answer) == ["Undo"]


def test_a_line_of_many_orders_fits():
    def outcome(number: int) -> Decision:
        return decision(
            Action.BAN, id=DecisionId(number), case_id=CaseId(number), note="@" * 500, until=WEEK
        )

    lines = [Done(case_id=CaseId(number), outcome=outcome(number)) for number in range(1, 31)]
    answer = case_answers.typed(lines, POLICY)
    check_limits(answer)
    errors = [Done(case_id=CaseId(1), outcome=NotAllowed("@" * 2000))] * 30
    check_limits(case_answers.typed(errors, POLICY))


def test_no_answer_does_what_a_reader_wrote():
    words = STATES["formatting"]().comment.text
    for answer in (
        case_answers.edited(replace(everywhere(words), why=()), POLICY),
        case_answers.full_text(view(words), POLICY),
    ):
        did = active(text(answer))
        assert did - Counter({"bold": 1}) == Counter()


def test_no_answer_offers_what_the_site_cannot_do():
    def nothing(_site: SiteId) -> frozenset[Action]:
        return frozenset()

    hidden, edit = decision(), STATES["edited since"]()
    line = [Done(case_id=CaseId(1042), outcome=hidden)]
    assert labels(case_answers.done(hidden, POLICY, site_can=nothing)) == []
    assert labels(case_answers.amended(hidden, POLICY, site_can=nothing)) == []
    assert labels(case_answers.already_decided(hidden, POLICY, site_can=nothing)) == []
    assert labels(case_answers.typed(line, POLICY, site_can=nothing)) == []
    assert labels(case_answers.edited(edit, POLICY, site_can=nothing)) == ["Keep"]
    shown = case_answers.details(view(), POLICY, now=NOW, site_can=nothing)
    assert labels(shown) == ["Readers' notes (3)", "Story…", "Author's record"]
    assert case_text.HIDE_AS not in str(shown.to_components())


def test_every_answer_can_be_sent_without_the_loop_running():
    assert isinstance(case_answers.saying("The site is being asked."), discord.ui.LayoutView)
    assert reopened(decision()).history == decided(decision()).history

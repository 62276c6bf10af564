import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.cases.case_card import LATE, render
from bot.cards.presses.cases import HideCase, ReadNotes, UndoDecision
from bot.cards.text import cases as case_text
from bot.domain import foreign
from bot.domain.cases import CaseView
from bot.domain.comments import Author, Comment, Parent, Story
from bot.domain.decisions import Action
from bot.domain.effects import TRIES, Delivery, EffectState
from bot.domain.ids import PersonId, RuleNumber
from bot.domain.triage import CaseNote, CaseWork

from .discord_markdown import active
from .reading import accent, check_limits, labels, press, text, texts
from .samples import NOW, POLICY, STATES, decided, decision, view
from .test_escape import HOSTILE


def card(found: CaseView, **options):
    return render(found, POLICY, now=NOW, **options)


@pytest.mark.parametrize("state", STATES)
def test_every_card_is_one_that_discord_takes(state: str):
    drawn = card(STATES[state]())
    check_limits(drawn)
    assert "#1042" in text(drawn)


@pytest.mark.parametrize("state", STATES)
def test_a_card_has_no_empty_line_but_those_of_the_comment(state: str):
    for shown in texts(card(STATES[state]())):
        assert shown.strip() == shown
        assert "\n\n" not in shown or shown.startswith("“")
        assert "·  ·" not in shown
        assert "None" not in shown


@pytest.mark.parametrize("state", STATES)
def test_a_button_row_is_short_enough_for_a_telephone(state: str):
    drawn = card(STATES[state]())
    assert len(labels(drawn)) <= 6
    assert all(len(label) <= 30 for label in labels(drawn))


def everywhere(words: str) -> CaseView:
    """A case in which every word that comes from outside is that one."""
    return view(
        comment=Comment(
            external_id="c",
            revision="r2",
            text=words,
            permalink=f"https://courier.example/{words}",
            parent=Parent(author=words, text=words),
        ),
        before=words,
        revision=2,
        author=Author(external_id="u", name=words),
        story=Story(
            external_id="s", title=words, url=f"https://courier.example/?{words}", section=words
        ),
        why=(words, words),
    )


CASES = st.builds(everywhere, HOSTILE) | st.builds(
    lambda words, by: decided(
        decision(by_name=by, note=words),
        comment=Comment(external_id="c", revision="r1", text=words),
        author=Author(external_id="u", name=by),
        delivery=Delivery(state=EffectState.FAILED, attempts=10, trouble=words),
    ),
    HOSTILE,
    HOSTILE,
)
OURS = Counter({"bold": 4, "masked link": 2, "small": 3, "heading": 1})
"""The most of each that a card does of its own accord, beside telling the time."""
LINK = re.compile(r"\]\(https://courier\.example/[^()\s<>]*\)")


@given(CASES)
def test_whatever_readers_write_the_card_is_taken_and_does_only_what_is_ours(found: CaseView):
    drawn = card(found)
    check_limits(drawn)
    did = active(LINK.sub("](it)", text(drawn)))
    for ours in ("time", "italic", "shortcode"):  # stamps hold colons, and one text is in italics
        did.pop(ours, None)
    assert did - OURS == Counter()


@given(HOSTILE)
def test_only_the_sites_own_addresses_are_linked(words: str):
    drawn = text(card(everywhere(words)))
    for target in drawn.split("](")[1:]:
        assert target.startswith("https://courier.example/")


def test_a_card_full_of_escapes_shows_less_of_the_comment_rather_than_nothing():
    worst = everywhere("<@" * 500)
    long = replace(worst.comment, permalink="https://courier.example/" + "p" * 270)
    story = replace(worst.story, url="https://courier.example/" + "s" * 270)
    drawn = card(replace(worst, comment=long, story=story))
    check_limits(drawn)
    assert text(drawn).count("p" * 270) == 1
    assert "Read all (1 word)" in labels(drawn)


@pytest.mark.parametrize("words", ["<@" * 500, "a|b_c~`>" * 80, "ordinary words " * 40, ""])
@pytest.mark.parametrize("letter", ["p", "щ", "新"])
def test_a_card_never_lacks_its_link_for_the_length_of_the_address(words: str, letter: str):
    far = "https://courier.example/" + letter * 1_976
    found = everywhere(words)
    below = replace(found, comment=replace(found.comment, permalink=foreign.address(far)))
    note = CaseNote(by_id=PersonId(3), by_name=words, text=words, at=NOW)
    below = replace(below, work=CaseWork(notes=(note,), notes_total=9))
    drawn = card(replace(below, story=replace(found.story, url=foreign.address(far))))
    check_limits(drawn)
    assert text(drawn).count(f"]({far})") == 1
    alone = replace(found.comment, permalink=None)
    drawn = card(
        replace(found, comment=alone, story=replace(found.story, url=foreign.address(far)))
    )
    check_limits(drawn)
    assert text(drawn).count(f"]({far})") == 1


def test_an_open_card_says_what_a_decision_needs():
    shown = text(card(view()))
    for fact in (
        "Harassment",
        "7 readers",
        "Harassment 5 · Threats 2 · Spam 1",
        "I know where the editor lives.",
        "salty\\_dog",
        "41 reported, 3 hidden",
        "1 strike",
        "here since 2019",
        "[Three charged after Colchester raids](https://courier.example/story/raids)",
        "answering maryk",
        "harassment is a serious rule",
        f"<t:{int((NOW - timedelta(minutes=3)).timestamp())}:R>",
    ):
        assert fact in shown
    assert labels(card(view())) == ["Keep", "Hide: harassment", "Ban…", "Readers' notes", "More"]


@pytest.mark.parametrize(
    ("notes", "said"), [(1, " · 1 note · "), (2, " · 2 notes · "), (1200, " · 1,200 notes · ")]
)
def test_how_many_readers_left_a_note_is_said_and_they_are_one_press_away(notes: int, said: str):
    for drawn in (card(view(notes=notes)), card(view(notes=notes, withheld=7))):
        check_limits(drawn)
        assert said in text(drawn)
        assert press(drawn, ReadNotes).case == 1042


def test_where_no_reader_left_a_note_no_card_speaks_of_one():
    drawn = card(view(notes=0))
    assert "note" not in text(drawn)
    assert "Readers' notes" not in labels(drawn)


def test_hide_carries_the_rule_and_the_revision_that_were_shown():
    pressed = press(card(view(revision=4)), HideCase)
    assert (pressed.case, pressed.seen, pressed.rule) == (1042, 4, 3)


def test_a_long_comment_is_cut_with_the_rest_one_press_away():
    drawn = card(STATES["long text"]())
    assert "Read all (416 words)" in labels(drawn)
    assert "…”" in text(drawn)
    assert "Read all (1 word)" not in labels(card(view("short")))


def test_an_edited_comment_shows_old_and_new():
    shown = text(card(STATES["edited since"]()))
    assert "You are all lovely" in shown
    assert "Edited since" in shown
    assert "You are all bought" in shown


def test_a_decided_card_is_small_and_says_who_what_which_rule_and_when():
    drawn = card(STATES["hidden"]())
    shown = text(drawn)
    for fact in ("Hidden", "3 Harassment", "by Ana", "<t:", "down on the site"):
        assert fact in shown
    assert labels(drawn) == ["Undo", "Open"]
    assert press(drawn, UndoDecision).decision == 57
    assert len(shown) < len(text(card(view()))) / 2


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("kept", "Kept"),
        ("banned", "Banned** until <t:"),
        ("banned for good", "Banned** for good"),
        ("hidden, site being told", "the site is being told"),
        ("rule corrected", "1 Threats · by Ana"),
        ("rule corrected", "rule corrected by Ben"),
        ("reported after the decision", "Reported again 5 times since, last <t:"),
        ("reported once after it", "Reported once more since, <t:"),
        ("hidden at the site", "on the site itself, by Pat at Coral, <t:"),
        ("hidden at the site by somebody", "on the site itself, <t:"),
        ("undone", "Ben undid it"),
        ("undone", "it was hidden"),
        ("kept, reported again", "Ana kept it"),
        ("hidden, edited", "Edited and reported again"),
        ("received late", "could not show it sooner"),
        ("no title", "[the story](https://courier.example/news/2026/11/a-b)"),
        ("no title, no address", "a story without a title"),
        ("nameless author", "Anonymous"),
        ("banned author", "banned until"),
        ("nothing to see", "There is no text to show"),
        ("open, one reader", "not reported before"),
        ("claimed", "Claimed"),
        ("escalated", "With the editors"),
        ("right to left", "**\u2068"),
        ("emoji only", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
    ],
)
def test_a_state_is_told_in_words(state: str, words: str):
    assert words in text(card(STATES[state]()))


def test_a_failing_site_is_on_the_card_in_red_with_what_happens_next():
    drawn = card(STATES["site failing"]())
    assert accent(drawn) == case_text.TROUBLE_COLOUR
    assert "did not answer within 10 seconds" in text(drawn)
    assert "Trying again <t:" in text(drawn)
    assert f"(3 of {TRIES})" in text(drawn)
    assert labels(drawn) == ["Try now", "Undo", "Open"]


def test_a_site_that_was_given_up_is_named_with_what_to_do():
    drawn = card(STATES["site failed"]())
    assert "by hand" in text(drawn)
    assert "Try now" in labels(drawn)
    assert "Try now" in labels(card(STATES["undone, site failing"]()))


def test_a_first_attempt_under_way_is_no_trouble():
    assert "Try now" not in labels(card(STATES["hidden, site being told"]()))


@pytest.mark.parametrize("state", ["behind a spoiler", "hidden, behind a spoiler"])
def test_text_under_a_spoiler_rule_is_behind_a_click(state: str):
    assert "||“You are all bought" in text(card(STATES[state]()))
    assert active(text(card(STATES[state]())))["spoiler"] == 1


@given(HOSTILE)
def test_a_reader_cannot_write_their_way_out_of_a_spoiler(words: str):
    found = view(words, reasons={RuleNumber(4): 1}, why=())
    shown = texts(card(found))[1].removeprefix("### ")
    assert shown == case_text.NO_TEXT or (shown.startswith("||“") and shown.endswith("”||"))
    assert "||" not in shown[2:-2]


def test_nothing_is_offered_that_the_site_cannot_do():
    hiding = ["Keep", "Hide: harassment", "More"]
    assert labels(card(view(notes=0), site_can={Action.HIDE})) == hiding
    assert labels(card(view(notes=0), site_can={Action.KEEP})) == ["Keep", "More"]
    hidden, kept = STATES["hidden"](), STATES["kept"]()
    assert labels(card(hidden, site_can={Action.HIDE})) == ["Open"]
    assert labels(card(hidden, site_can={Action.HIDE, Action.UNHIDE})) == ["Undo", "Open"]
    assert labels(card(kept, site_can=())) == ["Undo", "Open"]


def test_a_card_is_late_by_when_it_was_posted_and_not_by_when_it_is_redrawn():
    waited = view(opened_at=NOW - 2 * LATE)
    assert "sooner" in text(card(waited))
    assert "sooner" not in text(card(waited, posted=NOW - 2 * LATE))


def test_an_expired_ban_is_not_mentioned():
    found = STATES["banned author"]()
    past = replace(found.record, banned_until=NOW - timedelta(days=1))
    assert "banned" not in text(card(replace(found, record=past)))


def test_a_rule_struck_from_the_policy_can_still_be_read_and_decided():
    drawn = card(view(reasons={RuleNumber(77): 2}))
    assert "Former rule 77" in text(drawn)
    assert press(drawn, HideCase).rule == 77


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://x y", "", "https://u:p@h/", "//h"])
def test_an_address_that_is_none_is_not_linked(url: str):
    found = view(story=Story(external_id="s", title="Title", url=url))
    assert "on “Title”" in text(card(found))


def test_the_same_case_is_drawn_the_same_way_each_time():
    assert card(view()).to_components() == card(view()).to_components()

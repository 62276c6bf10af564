"""What cards, messages to staff and the overview say about a shift's work."""

from dataclasses import replace
from datetime import timedelta

import discord
import pytest

from bot.cards.cases import case_answers, case_menu, facts
from bot.cards.cases.case_card import render
from bot.cards.escape import blur
from bot.cards.presses.cases import AddReason
from bot.cards.staff import staff_messages
from bot.cards.text import staff as staff_text
from bot.domain.cases import CaseState
from bot.domain.decisions import Action
from bot.domain.errors import AlreadyClaimed
from bot.domain.ids import CaseId, PersonId, RuleNumber
from bot.domain.sayings import StaffMessage, StaffMessageKind
from bot.domain.staff import Claimed, Overview
from bot.domain.triage import Assignment, CaseNote, CaseWork, Claim, Escalation, Snooze, Viewer
from tests.unit.cards.reading import kinds
from tests.unit.cards.samples import NOW, POLICY, decision, view

ANA, BEN = PersonId(1), PersonId(2)
HOSTILE = "@everyone **x** <@1> [a](http://b.example) ||c||"
CLAIM = Claim(by_id=ANA, by_name="Ana", at=NOW, until=NOW + timedelta(minutes=15))


def text_of(drawn: discord.ui.LayoutView) -> str:
    items = drawn.walk_children()
    return "\n".join(one.content for one in items if isinstance(one, discord.ui.TextDisplay))


def labels(items: list[discord.ui.Item]) -> list[str]:
    found = []
    for row in items:
        for item in row.children:  # type: ignore[attr-defined]
            inner = getattr(item, "item", item)
            found.append(getattr(inner, "label", None) or inner.placeholder)
    return found


def rows(work: CaseWork, by: PersonId = ANA, **changes: object) -> list[str]:
    can = frozenset(Action)
    case = view(work=work, **changes)
    return labels(list(case_menu.rows(case, POLICY, now=NOW, by_id=by, can=can)))


def everything(hostile: str = "note") -> CaseWork:
    note = CaseNote(by_id=BEN, by_name=hostile, text=hostile, at=NOW)
    return CaseWork(
        claim=replace(CLAIM, by_name=hostile),
        assigned=Assignment(to_id=BEN, to_name=hostile, by_name=hostile, at=NOW),
        snooze=Snooze(by_id=ANA, by_name=hostile, until=NOW, revision=1, reasons=1),
        escalation=Escalation(by_id=ANA, by_name=hostile, at=NOW, note=hostile),
        thread_id=77,
        notes=(note,) * 5,
        notes_total=9,
    )


def test_a_card_without_work_says_nothing_of_it():
    assert text_of(render(view(), POLICY, now=NOW)) == text_of(
        render(view(work=CaseWork()), POLICY, now=NOW)
    )
    assert list(facts.on_card(view(), NOW)) == []


def test_what_colleagues_write_and_are_called_is_inert():
    hostile = view(work=everything(HOSTILE))
    for drawn in (
        render(hostile, POLICY, now=NOW),
        case_answers.details(hostile, POLICY, now=NOW),
        facts.claimed_by_other(AlreadyClaimed(CaseId(1), replace(CLAIM, by_name=HOSTILE))),
    ):
        said = text_of(drawn)
        assert "@everyone" not in said
        assert "**x**" not in said
        assert "](http://b" not in said
        assert "<@1>" not in said


def test_a_card_shows_the_newest_note_and_how_many_more():
    said = text_of(render(view(work=everything()), POLICY, now=NOW))
    assert said.count("🗒") == 1
    assert "8 earlier staff notes in More" in said
    assert text_of(case_answers.details(view(work=everything()), POLICY, now=NOW)).count("🗒") == 5


def test_a_claim_that_ran_out_is_not_shown():
    case = view(work=CaseWork(claim=CLAIM))
    assert "has it until" in text_of(render(case, POLICY, now=NOW))
    assert "has it until" not in text_of(render(case, POLICY, now=CLAIM.until))


def test_the_menu_offers_what_can_be_done_and_nothing_else():
    free = rows(CaseWork())
    assert free[:4] == [staff_text.CLAIM, staff_text.ESCALATE, staff_text.NOTE, staff_text.THREAD]
    assert "Keep" not in free
    mine = rows(CaseWork(claim=CLAIM))
    assert {"Keep", staff_text.RELEASE} <= set(mine)
    theirs = rows(CaseWork(claim=CLAIM), BEN)
    assert staff_text.TAKE_OVER in theirs
    assert not {"Keep", staff_text.RELEASE, staff_text.CLAIM} & set(theirs)
    put_off = rows(replace(everything(), claim=None, thread_id=None))
    assert staff_text.WAKE in put_off
    assert staff_text.SNOOZE not in put_off
    with_editors = rows(everything(), state=CaseState.ESCALATED)
    assert staff_text.TAKE_BACK in with_editors
    assert staff_text.ESCALATE not in with_editors
    assert rows(CaseWork(), decision=decision()) == [staff_text.NOTE, staff_text.THREAD]


def test_details_with_every_row_fit_into_one_message():
    case = view("x" * 5000, work=everything("*" * 500), notes=9)
    can = frozenset(Action)

    def further() -> list[discord.ui.Item]:
        return list(case_menu.rows(case, POLICY, now=NOW, by_id=ANA, can=can))

    drawn = case_answers.details(case, POLICY, now=NOW, further=further, said=("Done.", None))
    assert len(text_of(drawn)) <= 4000
    assert len(list(drawn.walk_children())) <= 40


def test_who_else_looks_is_said_in_a_sentence():
    one = Viewer(by_id=BEN, by_name="Ben", at=NOW)
    assert facts.lookers([]) is None
    assert facts.lookers([one]) == "👀 Ben is looking at this too."
    assert facts.lookers([one, replace(one, by_name="Sam")]) == (
        "👀 Ben and Sam are looking at this too."
    )


def test_a_card_of_a_veiled_rule_warns_before_the_text():
    reasons = {RuleNumber(3): 5, RuleNumber(8): 1}
    said = text_of(render(view("gore", reasons=reasons), POLICY, now=NOW))
    assert "Reported under *Graphic content*" in said
    assert "||“gore”||" in said
    assert "Reported under" not in text_of(render(view(), POLICY, now=NOW))


@pytest.mark.parametrize(
    ("words", "text", "seen"),
    [
        (("scum",), "You scum, SCUM. Scummy!", "You ||scum||, ||SCUM||. Scummy!"),
        (("scum*",), "Scummy scumbags", "||Scummy|| ||scumbags||"),
        (("sub", "subhuman"), "subhuman sub", "||subhuman|| ||sub||"),
        (("a.b",), "axb", "axb"),
        (("naïve",), "NAÏVE", "||NAÏVE||"),
        ((), "scum", "scum"),
    ],
)
def test_listed_words_stay_behind_a_click(words: tuple[str, ...], text: str, seen: str):
    assert blur(text, words) == seen


def test_listed_words_are_blurred_wherever_a_reader_wrote_them():
    policy = replace(POLICY, blurred=("scum",))
    case = view("You scum.", before="Old scum.", revision=2)
    parent = replace(case.comment.parent, text="What scum?")  # type: ignore[type-var]
    case = replace(case, comment=replace(case.comment, parent=parent))
    for drawn in (
        render(case, policy, now=NOW),
        case_answers.details(case, policy, now=NOW),
        case_answers.full_text(case, policy),
        case_answers.queue([case], policy, total=1, links={}),
    ):
        said = text_of(drawn)
        assert "||scum||" in said
        assert "scum" not in said.replace("||scum||", "")


def test_a_veiled_text_is_veiled_once():
    policy = replace(POLICY, blurred=("scum",))
    said = text_of(render(view("You scum.", reasons={RuleNumber(4): 1}), policy, now=NOW))
    assert "||“You scum.”||" in said


@pytest.mark.parametrize("kind", list(StaffMessageKind))
def test_a_message_to_staff_begins_with_whom_it_calls(kind: StaffMessageKind):
    message = StaffMessage(
        kind=kind,
        cases=(CaseId(7), CaseId(9)),
        total=12,
        by_name=HOSTILE,
        note=HOSTILE,
        rule="Threats",
        since=NOW,
    )
    said = staff_messages.in_words(message, "<@5>", {CaseId(7): "https://discord.com/x"})
    assert "@everyone" not in said
    assert "**x**" not in said
    if kind is not StaffMessageKind.THREAD:
        assert said.startswith("<@5> ")
        assert "[#7](https://discord.com/x)" in said
    if kind in {StaffMessageKind.LATE, StaffMessageKind.LATE_EDITORS}:
        assert "12 " in said
        assert said.endswith("#9 and 10 more")


def test_the_overview_says_what_there_is_and_no_more():
    empty = Overview(
        open=0,
        waiting=0,
        escalated=0,
        snoozed=0,
        oldest=None,
        claimed=(),
        on_shift=(),
        decided=0,
        median=None,
        slowest=None,
    )
    said = text_of(staff_messages.overview(empty, {}))
    assert said == (
        "**Nothing waits.** Every reported comment is decided.\n-# Today: nothing decided yet"
    )
    busy = replace(
        empty,
        open=9,
        waiting=4,
        escalated=1,
        snoozed=2,
        oldest=(CaseId(7), NOW),
        claimed=(Claimed(case_id=CaseId(8), by_name="**Ana**", until=NOW),),
        on_shift=(ANA, BEN),
        decided=31,
        median=timedelta(seconds=95),
        slowest=timedelta(hours=2, minutes=5),
    )
    said = text_of(staff_messages.overview(busy, {CaseId(7): "https://discord.com/x"}))
    assert "**9 open cases**, 4 of them free" in said
    assert "Longest waiting: [#7](https://discord.com/x)" in said
    assert "1 with the editors · 2 put off" in said
    assert "**Ana**" not in said
    assert "On shift: <@1>, <@2>" in said
    assert "31 decided, half of them within 2 min, nine in ten within 2 h 5 min" in said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (89, "89 s"), (90, "2 min"), (3590, "1 h"), (7500, "2 h 5 min"), (200_000, "2 d")],
)
def test_a_span_is_said_as_people_say_it(seconds: int, said: str):
    assert staff_text.span(timedelta(seconds=seconds)) == said


def test_a_lot_is_said_kindly_beside_what_was_done():
    done = text_of(case_answers.ruled(decision(), POLICY, a_lot=150))
    assert "You have decided 150 cases today" in done
    assert "today" not in text_of(case_answers.ruled(decision(), POLICY))


def test_the_reason_menu_is_there_while_the_rule_has_some_and_none_is_given():
    rules = tuple(replace(rule, reasons=("It names a victim.",)) for rule in POLICY.rules)
    policy = replace(POLICY, rules=rules)

    def menus(made, with_policy) -> bool:
        drawn = case_answers.other_rule(made, with_policy, "")
        return AddReason in kinds(drawn)

    assert menus(decision(), policy)
    assert not menus(decision(), POLICY)
    assert not menus(decision(reason="It names a victim."), policy)
    assert not menus(decision(Action.KEEP), policy)

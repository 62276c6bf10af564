"""Typed lines: which cases they mean, done whole, once, and as they stood when they were typed."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from bot.domain.cases import CardRef
from bot.domain.decisions import Action, Decision, Door, Proposal
from bot.domain.errors import AlreadyDecided, CommentEdited, NoSuchCase, NotAllowed, NotUnderstood
from bot.domain.ids import CaseId
from bot.domain.lines import TypedLine
from bot.domain.staff import Person
from bot.domain.triage import Claim
from bot.services.cases import lines, snooze
from bot.store.tx import Tx
from tests.services.desks import ANA, BEN, NOON, OLLY, SAM, Bench

CHANNEL, THREAD = 7, 70
EPOCH = 1_420_070_400.0
"""When Discord's ids begin."""
_order = count(1)


def number_at(bench: Bench) -> int:
    """Return a message's number, as Discord makes them of the time."""
    return int((bench.clock.now.timestamp() - EPOCH) * 1000) * 2**22 + next(_order)


def typed(bench: Bench, by: Person = ANA, **changes: object) -> TypedLine:
    line = TypedLine(
        message_id=number_at(bench),
        channel_id=CHANNEL,
        by=by,
        at=bench.clock.now,
        then=bench.clock.now,
    )
    return replace(line, **changes)  # type: ignore[arg-type]


async def draw(bench: Bench, case_id: CaseId, message_id: int, revision: int = 1) -> None:
    case = await bench.store.read(lambda tx: tx.cases.get(case_id))
    assert case is not None
    ref = CardRef(
        case_id=case_id,
        channel_id=CHANNEL,
        message_id=message_id,
        revision=revision,
        decided=not case.is_open,
    )
    now = bench.clock.now

    def work(tx: Tx) -> None:
        tx.cards.drawn(ref, case.touched, listed=case.is_open, at=now)
        tx.cases.shown(case_id, revision, now)

    await bench.store.write(work)


async def cards(bench: Bench, many: int) -> list[tuple[CaseId, int]]:
    """Return so many cases with the messages of their cards, which people have had time to read."""
    found = []
    for number in range(many):
        case = await bench.take(comment=f"t{number}", author=f"t{number}")
        message = number_at(bench)
        await draw(bench, case, message)
        bench.clock.pass_by(seconds=1)
        found.append((case, message))
    bench.clock.pass_by(seconds=10)
    return found


async def carry_out(bench: Bench, text: str, line: TypedLine | None = None) -> list[object]:
    done = await lines.carry_out(bench.desk, line or typed(bench), text)
    return [one.outcome for one in done]


async def refused(bench: Bench, text: str, line: TypedLine, match: str) -> None:
    """Fail unless a line is refused with these words, and nothing was done."""
    before = await bench.store.read(lambda tx: tx.decisions.last())
    with pytest.raises(NotUnderstood, match=match):
        await lines.carry_out(bench.desk, line, text)
    assert await bench.store.read(lambda tx: tx.decisions.last()) == before


async def test_orders_without_a_number_mean_the_newest_cards_in_turn(bench: Bench):
    (old, _), (middle, _), (new, _) = await cards(bench, 3)

    first, second = await lines.carry_out(bench.desk, typed(bench), "k h 3")

    assert [one.case_id for one in (first, second)] == [new, middle]
    assert isinstance(first.outcome, Decision)
    assert isinstance(second.outcome, Decision)
    assert (first.outcome.action, second.outcome.action) == (Action.KEEP, Action.HIDE)
    assert second.outcome.verdict.rule == 3
    assert second.outcome.verdict.door is Door.TYPED
    assert second.outcome.verdict.by == ANA
    assert first.view is not None, "an answer says whose comment it hit"
    assert first.view.case.id == new
    assert (await bench.store.read(lambda tx: tx.cases.get(old))).is_open


async def test_a_dash_leaves_a_card_as_it_is(bench: Bench):
    (old, _), (new, _) = await cards(bench, 2)

    skipped, kept = await lines.carry_out(bench.desk, typed(bench), "- k")

    assert (skipped.case_id, skipped.outcome) == (new, None)
    assert kept.case_id == old


async def test_a_reply_means_the_card_that_it_answers(bench: Bench):
    (old, card), _ = await cards(bench, 2)

    [done] = await lines.carry_out(bench.desk, typed(bench, answers=card), "h 3 - third time")

    assert done.case_id == old
    assert done.view is None
    assert isinstance(done.outcome, Decision)
    assert done.outcome.verdict.note == "third time"


async def test_a_number_means_that_case_and_the_others_go_on_from_the_newest(bench: Bench):
    (old, _), (middle, _), (new, _) = await cards(bench, 3)

    done = await lines.carry_out(bench.desk, typed(bench), f"k #{new} h 3 k #{old}")

    assert [one.case_id for one in done] == [new, middle, old]


async def test_a_line_is_carried_out_once_and_says_again_what_came_of_it(bench: Bench):
    [(_, card)] = await cards(bench, 1)
    line = typed(bench, answers=card)

    [first] = await carry_out(bench, "k", line)
    [again] = await carry_out(bench, "h 3", line)

    assert again == first


async def test_a_ban_lasts_as_long_as_was_typed(bench: Bench):
    [(case, _)] = await cards(bench, 1)

    [made] = await carry_out(bench, f"ban #{case} 7d 5")

    assert isinstance(made, Decision)
    assert made.until == bench.clock.now + timedelta(days=7)
    assert made.verdict.rule == 5


async def test_a_ban_for_good_waits_for_a_second_person_and_says_so_again(bench: Bench):
    [(case, _)] = await cards(bench, 1)
    line = typed(bench)

    [asked] = await carry_out(bench, f"ban #{case} forever", line)
    assert isinstance(asked, Proposal)

    [again] = await carry_out(bench, f"ban #{case} forever", line)
    assert isinstance(again, Proposal)
    assert again.verdict.by == ANA


async def test_claim_and_undo_work_too(bench: Bench):
    [(case, _)] = await cards(bench, 1)
    line = typed(bench)

    [claim] = await carry_out(bench, f"c #{case}", line)
    assert isinstance(claim, Claim)
    assert await carry_out(bench, f"c #{case}", line) == [claim]
    [made] = await carry_out(bench, f"h 3 #{case}")
    [undone] = await carry_out(bench, f"u #{case}")
    assert isinstance(made, Decision)
    assert isinstance(undone, Decision)
    assert undone.reverses == made.id


async def test_one_order_that_fails_does_not_keep_the_others_from_being_done(bench: Bench):
    (old, _), (new, _) = await cards(bench, 2)
    await bench.decide(new, by=BEN)

    failed, made = await carry_out(bench, f"k #{new} h 3 #{old}")

    assert isinstance(failed, AlreadyDecided)
    assert isinstance(made, Decision)


async def test_what_failed_is_told_again_as_far_as_the_record_tells(bench: Bench):
    [(case, _)] = await cards(bench, 1)
    await bench.decide(case, by=BEN)
    line = typed(bench)
    await carry_out(bench, f"k #{case}", line)

    [again] = await carry_out(bench, f"k #{case}", line)

    assert str(again) == (f"Your line about #{case} decided nothing. Its card shows how it stands.")


async def test_lines_that_nobody_heard_back_of_are_found_after_a_crash(bench: Bench):
    [(case, _)] = await cards(bench, 1)
    line = typed(bench)
    done = await lines.carry_out(bench.desk, line, f"h 3 #{case}")

    [(kept, again)] = await lines.unanswered(bench.desk)
    assert (kept.message_id, kept.channel_id, kept.by_id) == (line.message_id, CHANNEL, ANA.id)
    assert [one.outcome for one in again] == [one.outcome for one in done]

    await lines.answered(bench.desk, line.message_id, 4711, done)
    assert await lines.unanswered(bench.desk) == ()
    assert await lines.belongs(bench.desk, 4711), "a reply to the answer means the case"
    assert not await lines.belongs(bench.desk, 4712)


async def test_what_the_desk_says_of_a_card_is_about_its_case(bench: Bench):
    (old, card), _ = await cards(bench, 2)

    await lines.say_of_card(bench.desk, card, 4711)

    [done] = await lines.carry_out(bench.desk, typed(bench, answers=4711), "k")
    assert done.case_id == old


async def about(bench: Bench, message_id: int, *cases: CaseId) -> None:
    await bench.store.write(lambda tx: tx.lines.say(message_id, cases))


async def test_a_line_in_a_cases_thread_is_about_that_case(bench: Bench):
    (old, _), _ = await cards(bench, 2)
    await about(bench, THREAD, old)

    in_thread = typed(bench, channel_id=THREAD)
    [done] = await lines.carry_out(bench.desk, in_thread, "h 3")
    assert done.case_id == old


async def test_a_reply_to_a_colleague_in_a_thread_is_about_its_case_too(bench: Bench):
    (old, _), _ = await cards(bench, 2)
    await about(bench, THREAD, old)

    [done] = await lines.carry_out(bench.desk, typed(bench, channel_id=THREAD, answers=4242), "k")
    assert done.case_id == old


async def test_a_reply_in_a_thread_to_another_cases_message_is_asked_back(bench: Bench):
    (old, _), (new, card) = await cards(bench, 2)
    await about(bench, THREAD, old)

    await refused(
        bench,
        "k",
        typed(bench, channel_id=THREAD, answers=card),
        rf"^What you replied to is about #{old} and #{new}, so nothing was done\. Write which one "
        rf"you mean, such as h 3 #{old}, or reply to its card\.$",
    )


async def test_a_thread_of_several_cases_is_asked_back_without_a_number(bench: Bench):
    (old, _), (new, _) = await cards(bench, 2)
    await about(bench, THREAD, old, new)

    await refused(
        bench, "k", typed(bench, channel_id=THREAD), rf"^This thread is about #{old} and #{new}, so"
    )
    [done] = await lines.carry_out(bench.desk, typed(bench, channel_id=THREAD), f"k #{new}")
    assert done.case_id == new


async def test_a_reply_to_what_is_about_no_case_is_asked_back(bench: Bench):
    await cards(bench, 1)

    await refused(
        bench,
        "k",
        typed(bench, answers=4242),
        r"^What you replied to belongs to no one case, so nothing was done\. Write the case's "
        r"number, such as h 3 #1042, or reply to its card\.$",
    )


async def test_a_number_against_the_card_replied_to_is_asked_back(bench: Bench):
    (old, card), (new, _) = await cards(bench, 2)

    await refused(
        bench,
        f"k #{new}",
        typed(bench, answers=card),
        rf"^What you replied to is about #{old}, and you wrote #{new}, so nothing was done\. Write "
        r"it again without the reply, or without the number\.$",
    )
    await about(bench, THREAD, old)
    await refused(
        bench,
        f"k #{new}",
        typed(bench, channel_id=THREAD),
        rf"^This thread is about #{old}, and you wrote #{new}, so nothing was done\. Write it again"
        r" in the channel, or without the number\.$",
    )


async def test_more_orders_than_cards_are_asked_back_whole(bench: Bench):
    await cards(bench, 1)

    await refused(
        bench,
        "h 3 k",
        typed(bench),
        r"^Your line has 2 orders without a case, and only 1 open card had stood here for 5 seconds"
        r" when you typed, so nothing was done\. Write the numbers, such as h 3 #1042\.$",
    )


@pytest.mark.parametrize(
    ("text", "such_as"), [("k", "k #1042"), ("h", "h #1042"), ("- h 5", "h 5 #1042")]
)
async def test_where_no_card_stands_the_answer_shows_how_to_name_one(
    bench: Bench, text: str, such_as: str
):
    await refused(bench, text, typed(bench), rf"no open card had stood .* such as {such_as}\.$")


async def test_a_card_that_nobody_can_have_read_is_not_meant(bench: Bench):
    (old, _), _ = await cards(bench, 2)
    new = await bench.take(comment="new", author="new")
    await draw(bench, new, number_at(bench))
    bench.clock.pass_by(seconds=4)

    first, second = await lines.carry_out(bench.desk, typed(bench), "k k")
    assert new not in {first.case_id, second.case_id}
    assert second.case_id == old


async def test_a_card_that_changed_just_now_is_asked_back(bench: Bench):
    [(case, card)] = await cards(bench, 1)
    await bench.decide(case, by=BEN)
    await draw(bench, case, card)
    bench.clock.pass_by(seconds=2)

    await refused(
        bench,
        "k",
        typed(bench),
        rf"^#{case} changed just before you typed, so I cannot tell which cards you mean, and "
        rf"nothing was done\. Write the numbers, such as h 3 #{case}\.$",
    )


async def test_whoever_settled_a_case_counts_on_from_the_next(bench: Bench):
    (old, _), (new, card) = await cards(bench, 2)
    await bench.decide(new)
    await draw(bench, new, card)
    bench.clock.pass_by(seconds=2)

    [done] = await lines.carry_out(bench.desk, typed(bench), "k")
    assert done.case_id == old


async def test_whoever_put_a_case_off_counts_on_from_the_next(bench: Bench):
    (old, _), (new, _) = await cards(bench, 2)
    await snooze.snooze(bench.desk, new, ANA, bench.clock.now + timedelta(hours=1))
    bench.clock.pass_by(seconds=10)

    [hers] = await lines.carry_out(bench.desk, typed(bench), "k")
    assert hers.case_id == old
    [his] = await lines.carry_out(bench.desk, typed(bench, BEN), "k")
    assert his.case_id == new


async def test_a_text_that_changed_while_a_line_was_typed_is_not_judged(bench: Bench):
    [(case, card)] = await cards(bench, 1)
    line = typed(bench)
    bench.clock.pass_by(seconds=1)
    await bench.take(comment="t0", author="t0", text="Quite another text.", revision="r2")
    await draw(bench, case, card, revision=2)

    with pytest.raises(CommentEdited):
        await lines.carry_out(bench.desk, line, f"h 3 #{case}")


async def test_a_number_of_no_case_fails_the_whole_line(bench: Bench):
    [(case, _)] = await cards(bench, 1)

    with pytest.raises(NoSuchCase):
        await lines.carry_out(bench.desk, typed(bench), f"k #{case} h 3 #4040")
    assert (await bench.store.read(lambda tx: tx.cases.get(case))).is_open


async def test_a_line_that_was_read_late_must_name_its_case(bench: Bench):
    [(case, _)] = await cards(bench, 1)
    late = typed(bench, late=True)
    bench.clock.pass_by(minutes=2)

    await refused(
        bench,
        "h 3",
        late,
        r"^I read this line late, and it names no case, so nothing was done: the newest cards are "
        r"others now\. Write the number, such as h 3 #1042, or reply to the card\.$",
    )
    assert isinstance((await carry_out(bench, f"h 3 #{case}", late))[0], Decision)


async def test_a_late_line_does_nothing_to_a_case_that_has_moved_on(bench: Bench):
    [(case, card)] = await cards(bench, 1)
    late = typed(bench, late=True)
    bench.clock.pass_by(minutes=2)
    made = await bench.decide(case, by=BEN)
    await draw(bench, case, card)

    [outcome] = await carry_out(bench, f"k #{case}", late)
    assert isinstance(outcome, AlreadyDecided), "who decided is told"
    assert outcome.decision.id == made.id

    other = typed(bench, late=True, then=NOON, at=NOON)
    await carry_out(bench, f"u #{case}", typed(bench, BEN))
    await refused(
        bench,
        f"k #{case}",
        other,
        rf"^I read this line late, and #{case} has changed since you typed it, so nothing was "
        r"done\. Look at its card, and if you still mean it, type it again\.$",
    )


async def test_a_late_line_does_nothing_once_its_author_has_done_something_else(bench: Bench):
    [(case, _)] = await cards(bench, 1)
    late = typed(bench, late=True)
    bench.clock.pass_by(minutes=2)
    await carry_out(bench, f"c #{case}")

    await refused(
        bench,
        f"k #{case}",
        late,
        rf"^I read this line late, and you have typed or done something else about #{case} since, "
        r"so nothing was done\. If you still mean it, type it again\.$",
    )


async def test_a_late_line_of_somebody_who_decided_since_by_a_button(bench: Bench):
    [(case, _)] = await cards(bench, 1)
    late = typed(bench, late=True)
    bench.clock.pass_by(minutes=2)
    await bench.decide(case)

    await refused(bench, f"k #{case}", late, "done something else about")


async def test_only_moderators_lines_are_carried_out(bench: Bench):
    [(case, _)] = await cards(bench, 1)

    with pytest.raises(NotAllowed):
        await lines.carry_out(bench.desk, typed(bench, OLLY), f"k #{case}")
    assert isinstance((await carry_out(bench, f"k #{case}", typed(bench, SAM)))[0], Decision)

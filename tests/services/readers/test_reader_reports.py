"""A reader's own report: filed, found again, added to, taken back, and forgotten."""

from datetime import timedelta

import discord
import pytest

from bot.cards.cases import case_card
from bot.domain.cases import Case
from bot.domain.decisions import Action, Door
from bot.domain.effects import EffectKind
from bot.domain.ids import ReporterKey, RuleNumber
from bot.domain.readers.report import (
    ALPHABET,
    Progress,
    Stage,
    read_reference,
    shown,
)
from bot.services.cases import lookup
from bot.services.cases.claim import claim
from bot.services.cases.reverse import reverse
from bot.services.readers import report as readers
from bot.services.readers.report import Filed, FiledReport, NoRoom, TooLate
from bot.services.staff.overdue import page_overdue
from tests.services.desks import ANA, NOON, Bench

KEPT = timedelta(days=215)


async def filed(bench: Bench, **changes: object) -> Filed:
    return await readers.file_report(bench.desk, bench.report(**changes), "cy")


async def found(bench: Bench, secret: str) -> FiledReport:
    report = await readers.look_up(bench.desk, secret)
    assert report is not None
    return report


async def case_of(bench: Bench, report: FiledReport) -> Case:
    case = await bench.store.read(lambda tx: tx.cases.get(report.report.case_id))
    assert case is not None
    return case


async def test_a_report_is_kept_with_all_that_its_reader_sees_again(bench: Bench):
    report = bench.report(note="Look at this.")
    given = await readers.file_report(bench.desk, report, "cy")

    seen = await found(bench, given.secret)

    assert seen.report.reference == given.reference
    assert seen.report.site == "courier"
    assert (seen.report.reporter, seen.report.rule) == (report.reporter, RuleNumber(3))
    assert (seen.report.locale, seen.report.revision, seen.report.at) == ("cy", 1, NOON)
    assert seen.rule == bench.policy.rule(RuleNumber(3))
    assert seen.note == "Look at this."
    assert seen.until == NOON + KEPT
    assert seen.progress == Progress(stage=Stage.RECEIVED)
    assert seen.is_pending
    assert (await case_of(bench, seen)).reports == 1


async def test_secrets_and_references_are_their_own(bench: Bench):
    given = [await filed(bench, comment=f"c{number}") for number in range(20)]

    assert len({one.secret for one in given}) == len({one.reference for one in given}) == 20
    for one in given:
        assert len(one.secret) >= 43
        assert len(one.reference) == 9
        assert set(one.reference) <= set(ALPHABET)
    assert await readers.look_up(bench.desk, given[0].secret + "x") is None
    assert await readers.look_up(bench.desk, "\ud800") is None


async def test_a_way_back_lasts_as_long_as_a_decision_can_be_contested_and_a_month(bench: Bench):
    given = await filed(bench)

    bench.clock.now = NOON + KEPT - timedelta(seconds=1)
    await found(bench, given.secret)
    assert await readers.forget_reports(bench.desk) == 0
    bench.clock.now = NOON + KEPT
    assert await readers.look_up(bench.desk, given.secret) is None
    bench.clock.pass_by(seconds=1)
    assert await readers.forget_reports(bench.desk) == 1
    assert await readers.forget_reports(bench.desk) == 0


async def test_the_reader_sees_that_somebody_looks_and_what_was_decided(bench: Bench):
    given = await filed(bench)
    seen = await found(bench, given.secret)
    await claim(bench.desk, seen.report.case_id, ANA)
    assert (await found(bench, given.secret)).progress.stage is Stage.LOOKED_AT

    bench.clock.pass_by(minutes=1)
    await bench.decide(seen.report.case_id, Action.HIDE, rule=RuleNumber(5))
    seen = await found(bench, given.secret)
    assert seen.progress == Progress(
        stage=Stage.REMOVED, rule=RuleNumber(5), decided_at=bench.clock.now
    )
    assert not seen.is_pending


@pytest.mark.parametrize(
    ("action", "stage"),
    [
        (Action.KEEP, Stage.KEPT),
        (Action.HIDE, Stage.REMOVED),
        (Action.BAN, Stage.REMOVED),
    ],
)
async def test_what_became_of_the_author_is_not_told(bench: Bench, action: Action, stage: Stage):
    given = await filed(bench)
    case = (await found(bench, given.secret)).report.case_id
    lasting = bench.policy.ladder[0] if action is Action.BAN else None
    await bench.decide(case, action, lasting=lasting)

    told = (await found(bench, given.secret)).progress
    assert told.stage is stage
    assert (told.rule is None) is (action is Action.KEEP)


async def test_a_case_that_is_opened_again_is_looked_at_again(bench: Bench):
    given = await filed(bench)
    case = (await found(bench, given.secret)).report.case_id
    await bench.decide(case)
    await reverse(bench.desk, case, by=ANA, door=Door.BUTTON)

    seen = await found(bench, given.secret)
    assert seen.progress.stage is Stage.LOOKED_AT
    assert seen.is_pending


async def test_another_text_since_is_told(bench: Bench):
    given = await filed(bench)
    await bench.take(revision="r2", text="Fine now.")

    assert (await found(bench, given.secret)).progress.edited
    newer = await filed(bench, revision="r2", text="Fine now.")
    assert not (await found(bench, newer.secret)).progress.edited


async def test_words_are_added_line_by_line_until_there_is_no_room(bench: Bench):
    given = await filed(bench)
    first = await readers.add_note(bench.desk, given.secret, "One.")
    assert first is not None
    assert first.note == "One."
    touched = (await case_of(bench, first)).touched

    both = await readers.add_note(bench.desk, given.secret, "x" * 495)
    assert both is not None
    assert both.note == "One.\n" + "x" * 495
    assert (await case_of(bench, both)).touched > touched
    with pytest.raises(NoRoom, match=r"^A report takes 500 characters in all\.$"):
        await readers.add_note(bench.desk, given.secret, "y")
    assert (await found(bench, given.secret)).note == both.note
    assert await readers.add_note(bench.desk, "nothing", "y") is None


async def test_nothing_is_changed_once_it_is_decided(bench: Bench):
    given = await filed(bench, note="One.")
    await bench.decide((await found(bench, given.secret)).report.case_id)

    with pytest.raises(TooLate):
        await readers.add_note(bench.desk, given.secret, "y")
    with pytest.raises(TooLate):
        await readers.withdraw(bench.desk, given.secret)
    seen = await found(bench, given.secret)
    assert (seen.note, seen.progress.stage) == ("One.", Stage.REMOVED)


async def withdrawn(bench: Bench, given: Filed) -> FiledReport:
    report = await readers.withdraw(bench.desk, given.secret)
    assert report is not None
    return report


async def test_a_report_that_is_taken_back_counts_no_more(bench: Bench):
    other = await filed(bench)
    given = await filed(bench, rule=RuleNumber(5))
    before = await case_of(bench, await found(bench, other.secret))
    assert before.reasons == {3: 1, 5: 1}
    bench.clock.pass_by(minutes=1)

    back = await withdrawn(bench, given)

    assert back.progress.stage is Stage.WITHDRAWN
    assert not back.is_pending
    after = await case_of(bench, back)
    assert (after.reports, after.reporters, after.reasons) == (1, 1, {3: 1})
    assert after.weight == pytest.approx(before.weight - 1)
    assert after.priority < before.priority
    assert (after.pace, after.reported_at) == (before.pace, before.reported_at)
    assert back.report.withdrawn_at == bench.clock.now
    assert (await withdrawn(bench, given)).report == back.report, "twice is once"
    assert (await case_of(bench, back)).reports == 1
    with pytest.raises(TooLate):
        await readers.add_note(bench.desk, given.secret, "y")


async def test_the_only_report_leaves_its_case_to_be_looked_at(bench: Bench):
    given = await filed(bench)

    back = await withdrawn(bench, given)

    case = await case_of(bench, back)
    assert case.is_open
    assert (case.reports, case.reasons) == (1, {3: 1})
    assert await readers.withdraw(bench.desk, "nothing") is None


async def test_a_reader_of_two_rules_still_counts_for_the_other(bench: Bench):
    await filed(bench)
    reader = ReporterKey(b"r" * 16)
    first = await filed(bench, reporter=reader, rule=RuleNumber(3))
    await filed(bench, reporter=reader, rule=RuleNumber(5))
    before = await case_of(bench, await found(bench, first.secret))

    after = await case_of(bench, await withdrawn(bench, first))

    assert (before.reports, before.reporters) == (3, 2)
    assert (after.reports, after.reporters) == (2, 2)
    assert after.reasons == {3: 1, 5: 1}
    assert after.weight == pytest.approx(before.weight)


async def test_a_report_that_was_filed_twice_counts_until_both_are_taken_back(bench: Bench):
    await filed(bench)
    reader = ReporterKey(b"r" * 16)
    twice = [await filed(bench, reporter=reader) for _ in range(2)]

    assert (await case_of(bench, await withdrawn(bench, twice[0]))).reports == 2
    assert (await case_of(bench, await withdrawn(bench, twice[1]))).reports == 1


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("K7Q-F2M-9XB", "K7QF2M9XB"),
        ("k7qf2m9xb", "K7QF2M9XB"),
        (" k7q f2m 9xb ", "K7QF2M9XB"),
        ("OIL-01U-222", "QJJQJV222"),
        ("K7Q-F2M-9X", None),
        ("K7Q-F2M-9XBB", None),
        ("K7Q-F2M-9X!", None),
        ("", None),
    ],
)
def test_a_reference_is_read_however_it_is_typed(typed: str, reference: str | None):
    assert read_reference(typed) == reference


def test_a_reference_is_shown_in_threes():
    assert shown("K7QF2M9XB") == "K7Q-F2M-9XB"
    assert read_reference(shown(ALPHABET[:9])) == ALPHABET[:9]


async def test_a_sole_report_taken_back_is_said_and_sinks_and_is_kept_by_one_press(bench: Bench):
    given = await filed(bench, rule=RuleNumber(1))
    await bench.take(comment="c2", rule=RuleNumber(9))

    case = await case_of(bench, await withdrawn(bench, given))

    assert (case.taken_back, case.is_open) == (True, True)
    queue = await lookup.queue(bench.desk, ANA, limit=5)
    assert [view.comment.external_id for view in queue.views] == ["c2", "c1"]
    view = queue.views[1]
    assert view.why[0] == "the report was taken back"
    said = text_of(case_card.render(view, bench.policy, now=bench.clock.now))
    assert "The reader took the report back." in said
    made = await bench.decide(case.id, Action.KEEP)
    assert made.action is Action.KEEP


async def test_what_is_said_of_a_taken_back_report_ends_with_the_next(bench: Bench):
    given = await filed(bench, rule=RuleNumber(1))
    sunk = await case_of(bench, await withdrawn(bench, given))

    await filed(bench, rule=RuleNumber(5))

    case = await case_of(bench, await found(bench, given.secret))
    assert not case.taken_back
    assert (case.reports, case.reporters, case.reasons) == (1, 1, {5: 1})
    assert case.priority > sunk.priority


async def test_whoever_took_the_only_report_back_may_report_again(bench: Bench):
    reader = ReporterKey(b"r" * 16)
    given = await filed(bench, reporter=reader)
    await withdrawn(bench, given)

    again = await filed(bench, reporter=reader)

    seen = await found(bench, again.secret)
    assert seen.progress.stage is Stage.RECEIVED
    case = await case_of(bench, seen)
    assert (case.taken_back, case.reports, case.reporters) == (False, 1, 1)


async def test_a_comment_nobody_complains_of_any_more_calls_nobody(bench: Bench):
    given = await filed(bench)
    await withdrawn(bench, given)
    bench.clock.pass_by(hours=2)
    await page_overdue(bench.desk)
    due = await bench.store.read(
        lambda tx: tx.outbox.due(EffectKind.STAFF, bench.clock.now, limit=5)
    )
    assert not due


async def test_a_reader_who_was_kept_waiting_by_a_decision_counts_as_before(bench: Bench):
    given = await filed(bench)
    await withdrawn(bench, given)
    case = await case_of(bench, await found(bench, given.secret))
    await bench.decide(case.id, Action.KEEP)

    await filed(bench)

    after = await case_of(bench, await found(bench, given.secret))
    assert not after.is_open, "a known reason is not looked at twice within a day"
    assert after.reports == 1


def text_of(view: discord.ui.LayoutView) -> str:
    texts = (one for one in view.walk_children() if isinstance(one, discord.ui.TextDisplay))
    return "\n".join(one.content for one in texts)

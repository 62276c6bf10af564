"""Readers with many unfounded reports: warned, not counted for a time, and heard again."""

from dataclasses import replace
from datetime import timedelta

import discord
import pytest

from bot.cards.cases import case_card
from bot.cards.readers.contest_card import contest_card
from bot.domain.cases import Answer, CaseView
from bot.domain.decisions import Action, Door
from bot.domain.ids import CaseId, DecisionId, ReporterKey, RuleNumber
from bot.domain.readers.contest import About
from bot.domain.reporters import JudgedReport, ReaderStanding, UnfoundedRules, standing_after
from bot.domain.retention import Kept
from bot.services.cases import lookup
from bot.services.cases.reverse import reverse
from bot.services.privacy.retention import purge
from bot.services.readers import report as readers
from bot.services.readers.contest import CannotContest, answer_contest, contest_not_counting
from bot.services.readers.contest_view import to_answer
from bot.services.readers.report import Filed, FiledReport
from tests.services.desks import ANA, BEN, NOON, SAM, Bench

PEST = ReporterKey(b"p" * 16)
RULES = UnfoundedRules()
_comments = iter(range(10_000))


async def reports(bench: Bench, times: int, action: Action = Action.KEEP) -> list[CaseId]:
    """Let the pest report so many comments, each decided at once."""
    cases = [await bench.take(comment=f"x{next(_comments)}", reporter=PEST) for _ in range(times)]
    for case_id in cases:
        bench.clock.pass_by(minutes=1)
        await bench.decide(case_id, action)
    return cases


async def standing(bench: Bench) -> ReaderStanding | None:
    return await bench.store.read(lambda tx: tx.readers.standing(PEST))


async def is_uncounted(bench: Bench) -> bool:
    found = await standing(bench)
    return found is not None and found.is_uncounted(bench.clock.now)


async def uncounted(bench: Bench) -> None:
    await reports(bench, 10)
    await reports(bench, 10)
    assert await is_uncounted(bench)


async def filed(bench: Bench, comment: str, reporter: ReporterKey = PEST) -> Filed:
    report = bench.report(comment=comment, reporter=reporter)
    return await readers.file_report(bench.desk, report, "en")


async def found(bench: Bench, given: Filed) -> FiledReport:
    report = await readers.look_up(bench.desk, given.secret)
    assert report is not None
    return report


async def view_of(bench: Bench, case_id: CaseId) -> CaseView:
    return await lookup.view(bench.desk, case_id, ANA)


def text_of(view: discord.ui.LayoutView) -> str:
    texts = (one for one in view.walk_children() if isinstance(one, discord.ui.TextDisplay))
    return "\n".join(one.content for one in texts)


async def test_ten_of_the_last_twenty_bring_a_warning_on_the_next_receipt(bench: Bench):
    before = await filed(bench, "first")
    await reports(bench, 9)
    assert await standing(bench) is None
    await reports(bench, 1)
    assert (await found(bench, before)).standing is None, "it was made before the warning"
    after = (await found(bench, await filed(bench, "next"))).standing
    assert after is not None
    assert after.uncounted_until is None


async def test_what_became_of_reports_is_forgotten_with_their_receipts(bench: Bench):
    await reports(bench, 3)
    bench.clock.pass_by(days=214)
    await reports(bench, 2)
    bench.clock.pass_by(days=2)
    dry = (await purge(bench.desk, dry=True))[Kept.RECEIPTS]

    assert dry == 3
    assert (await purge(bench.desk))[Kept.RECEIPTS] == 3
    left = await bench.store.read(lambda tx: tx.readers.judged(PEST))
    assert len(left) == 2


async def test_a_smaller_share_brings_none(bench: Bench):
    for _ in range(9):
        await reports(bench, 2, Action.HIDE)
        await reports(bench, 1)
    assert await standing(bench) is None


async def test_a_warning_ends_once_the_share_is_small_again(bench: Bench):
    await reports(bench, 10)
    assert await standing(bench) is not None
    await reports(bench, 11, Action.HIDE)
    await reports(bench, 1)
    assert await standing(bench) is None


async def test_ten_more_since_the_warning_are_not_counted_for_thirty_days(bench: Bench):
    await reports(bench, 10)
    await reports(bench, 9)
    assert not await is_uncounted(bench)
    await reports(bench, 1)
    made = await standing(bench)
    assert made is not None
    assert made.uncounted_until == bench.clock.now + timedelta(days=30)
    bench.clock.pass_by(days=30)
    assert not await is_uncounted(bench)


async def test_reports_made_before_the_warning_are_none_of_the_ten_more(bench: Bench):
    early = [await bench.take(comment=f"early{one}", reporter=PEST) for one in range(10)]
    await reports(bench, 10)
    for case_id in early:
        bench.clock.pass_by(minutes=1)
        await bench.decide(case_id, Action.KEEP)
    assert not await is_uncounted(bench)


async def test_what_is_not_counted_is_kept_and_said_on_the_card(bench: Bench):
    await uncounted(bench)
    case_id = await bench.take(comment="c1")
    before = (await view_of(bench, case_id)).case
    bench.clock.pass_by(minutes=1)
    given = await filed(bench, "c1")
    other = await filed(bench, "c1", ReporterKey(b"o" * 16))
    view = await view_of(bench, case_id)
    assert (view.case.reports, view.uncounted) == (before.reports + 1, 1)
    assert "1 report not counted" in text_of(
        case_card.render(view, bench.policy, now=bench.clock.now)
    )
    assert (await found(bench, given)).report.case_id == case_id
    assert (await found(bench, other)).standing is None, "nothing is said of other readers"
    kept = await bench.store.read(lambda tx: tx.reports.has_of_reader(case_id, PEST))
    assert kept


async def test_a_comment_only_they_report_is_looked_at_and_begins_with_the_next(bench: Bench):
    await uncounted(bench)
    case_id = await bench.take(comment="c1", reporter=PEST, rule=RuleNumber(1))
    case = (await view_of(bench, case_id)).case
    assert (case.is_open, case.weight) == (True, 0.0)
    await bench.take(comment="c1", rule=RuleNumber(5))
    case = (await view_of(bench, case_id)).case
    assert (case.reports, case.reporters, case.reasons) == (1, 1, {5: 1})
    assert case.weight == pytest.approx(1.0)


async def test_they_open_no_kept_case_again(bench: Bench):
    case_id = await bench.take(comment="c1")
    await bench.decide(case_id, Action.KEEP)
    await uncounted(bench)
    bench.clock.pass_by(days=2)
    await bench.take(comment="c1", reporter=PEST, rule=RuleNumber(9))
    assert not (await view_of(bench, case_id)).case.is_open


async def test_an_edit_that_they_report_is_not_missed(bench: Bench):
    await uncounted(bench)
    case_id = await bench.take(comment="c1")
    await bench.decide(case_id, Action.HIDE)
    await bench.take(comment="c1", reporter=PEST, text="Worse", revision="r2")
    view = await view_of(bench, case_id)
    assert view.comment.text == "Worse"
    assert view.case.is_open


async def test_taking_such_a_report_back_changes_no_count(bench: Bench):
    await uncounted(bench)
    case_id = await bench.take(comment="c1")
    given = await filed(bench, "c1")
    await readers.withdraw(bench.desk, given.secret)
    view = await view_of(bench, case_id)
    assert (view.case.reports, view.case.reporters, view.uncounted) == (1, 1, 0)
    assert not view.case.taken_back


async def test_what_was_undone_is_not_unfounded_any_more(bench: Bench):
    await reports(bench, 9)
    [last] = await reports(bench, 1)
    assert await standing(bench) is not None
    await reverse(bench.desk, last, by=SAM, door=Door.BUTTON)
    assert await standing(bench) is None


async def test_an_undone_keep_lets_the_reader_be_heard_again(bench: Bench):
    await reports(bench, 10)
    *_, last = await reports(bench, 10)
    assert await is_uncounted(bench)
    await reverse(bench.desk, last, by=SAM, door=Door.BUTTON)
    assert not await is_uncounted(bench)


async def test_after_the_time_it_takes_ten_more_again(bench: Bench):
    await uncounted(bench)
    bench.clock.pass_by(days=30)
    await reports(bench, 9)
    assert not await is_uncounted(bench)
    await reports(bench, 1)
    assert await is_uncounted(bench)


async def test_the_policy_may_warn_nobody(bench: Bench):
    bench.policy = replace(bench.policy, unfounded=replace(RULES, warned=0))
    await reports(bench, 25)
    assert await standing(bench) is None


async def test_the_reader_contests_it_once_and_is_answered_by_somebody_else(bench: Bench):
    await uncounted(bench)
    given = await filed(bench, "c9")
    contest = await contest_not_counting(bench.desk, given.secret, "I @everyone mean well", "en")
    assert contest is not None
    assert contest.about is About.REPORTS
    with pytest.raises(CannotContest):
        await contest_not_counting(bench.desk, given.secret, "Again", "en")
    seen = await to_answer(bench.desk, contest.id, BEN)
    assert seen.unfounded == (20, 20)
    assert seen.answers == (Answer.UPHELD, Answer.OVERTURNED)
    said = text_of(contest_card(seen, bench.policy, now=bench.clock.now, link=None))
    assert "contests that their reports are not counted" in said
    assert "20 of their last 20 reports" in said

    await answer_contest(bench.desk, contest.id, Answer.OVERTURNED, by=BEN, reasons="You do")
    assert await standing(bench) is None
    objection = (await found(bench, given)).objection
    assert objection is not None
    assert objection.reasons == "You do"
    await reports(bench, 9)
    assert await standing(bench) is None, "nothing of before is held against them"


async def test_whoever_took_part_in_it_does_not_answer(bench: Bench):
    await uncounted(bench)
    contest = await contest_not_counting(bench.desk, (await filed(bench, "c9")).secret, "No", "en")
    assert contest is not None
    with pytest.raises(Exception, match="took part"):
        await answer_contest(bench.desk, contest.id, Answer.OVERTURNED, by=ANA, reasons="x")
    await answer_contest(bench.desk, contest.id, Answer.UPHELD, by=BEN, reasons="Twenty")
    assert await is_uncounted(bench)


async def test_whose_reports_count_has_nothing_to_contest(bench: Bench):
    given = await filed(bench, "c9")
    with pytest.raises(CannotContest):
        await contest_not_counting(bench.desk, given.secret, "But", "en")
    assert await contest_not_counting(bench.desk, "nothing", "But", "en") is None


@pytest.mark.parametrize(
    ("judged", "warned"),
    [
        ("u" * 9, False),
        ("u" * 10, True),
        ("f" * 10 + "u" * 10, True),
        ("f" * 11 + "u" * 10, False),
        ("uf" * 10, True),
        ("", False),
    ],
)
def test_the_share_is_of_the_last_twenty(judged: str, warned: bool):
    """The newest comes first."""
    found = [JudgedReport(reported_at=NOON, unfounded=one == "u") for one in judged]
    made = standing_after(None, found, RULES, decision_id=DecisionId(1), now=NOON)
    assert (made is not None) is warned

"""What becomes of a case when a reader takes a report on it back."""

from dataclasses import replace

from bot.domain.cases import Case, Counts
from bot.domain.comments import weight
from bot.domain.ids import RuleNumber
from bot.domain.priority import of_story, priority, priority_with
from bot.domain.readers.report import ReaderReport
from bot.services.desk import REDRAW_AFTER, Desk
from bot.store.tx import Tx


def uncount(tx: Tx, desk: Desk, report: ReaderReport) -> None:
    """Let a report that was taken back count no more in its case."""
    case = tx.cases.get(report.case_id)
    if case is None or tx.reader_reports.stands_elsewhere(report):
        return
    if not tx.reports.remove(case.id, report.reporter, report.rule):
        return
    uncounted = tx.reports.is_uncounted(case.id, report.reporter)
    if uncounted and not tx.reports.has_of_reader(case.id, report.reporter):
        tx.reports.forget_uncounted(case.id, report.reporter)
    if uncounted or case.reports <= 1:
        # Nothing is counted anew: it was not counted, or it was the only one.
        _touch(tx, desk, case)
        return
    tx.cases.count(case.id, _less(tx, desk, case, report))
    tx.outbox.want_card(case.id, desk.clock() + REDRAW_AFTER)


def _touch(tx: Tx, desk: Desk, case: Case) -> None:
    if case.reports <= 1 and not tx.reports.any_of(case.id):
        _sink(tx, desk, case)
    else:
        tx.cases.touch(case, desk.clock() + REDRAW_AFTER)


def _sink(tx: Tx, desk: Desk, case: Case) -> None:
    """Put a case last in the queue whose only report was taken back."""
    sunk = replace(case, taken_back=True)
    place = priority(desk.policy(), sunk, of_story(desk.policy(), tx.stories.of_case(case.id)))
    tx.cases.touch(replace(sunk, priority=place), desk.clock() + REDRAW_AFTER)


def _less(tx: Tx, desk: Desk, case: Case, report: ReaderReport) -> Counts:
    policy = desk.policy()
    gone = not tx.reports.has_of_reader(case.id, report.reporter)
    reasons: dict[RuleNumber, int] = {**case.reasons}
    reasons[report.rule] = reasons.get(report.rule, 1) - 1
    reasons = {rule: count for rule, count in reasons.items() if count > 0} or {report.rule: 1}
    weighs = case.weight - (weight(tx.readers.get(report.reporter)) if gone else 0.0)
    story = of_story(policy, tx.stories.of_case(case.id))
    weighs = max(1.0, weighs)
    return Counts(
        reports=case.reports - 1,
        reporters=max(1, case.reporters - gone),
        reasons=reasons,
        weight=weighs,
        pace=case.pace,
        priority=priority_with(policy, case, reasons, weighs, case.pace, story),
        reported_at=case.reported_at,
    )

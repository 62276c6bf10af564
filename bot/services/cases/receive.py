"""Take readers' reports: each opens a case or joins the one its comment has."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.cases import Case, CaseState, Counts
from bot.domain.comments import Receipt, Report, TextMark, text_key, weight
from bot.domain.decisions import Action
from bot.domain.detection.brigades import FEWEST_ON_A_CASE
from bot.domain.errors import IdUsedBefore
from bot.domain.ids import CaseId
from bot.domain.priority import Circumstances, of_story, pace_after, priority, priority_with
from bot.domain.stories import StoryStatus
from bot.services.cases.auto_hide import alarm, hold_first
from bot.services.cases.decision_log import DecisionWriter
from bot.services.cases.revise import take_text
from bot.services.desk import REDRAW_AFTER, REDRAW_LATER, Desk
from bot.store.tx import Tx

_FEW = 2
"""Reports up to which each further one is soon on the card."""
_SETTLED_FOR = timedelta(hours=24)
"""A kept comment reported again for a known reason is not looked at twice within this time."""


async def receive(
    desk: Desk, reports: Sequence[Report], also: Callable[[Tx, list[Receipt]], None] | None = None
) -> list[Receipt]:
    """Keep the reports and return a receipt for each, in their order, once all are on disk.

    `also` keeps more of them in the same transaction.

    Raises:
        IdUsedBefore: Another body came under the same id before; nothing of this one is kept.
    """
    intake = _Intake(desk, DecisionWriter.of(desk))

    def work(tx: Tx) -> list[Receipt]:
        receipts = intake.take_all(tx, reports)
        if also is not None:
            also(tx, receipts)
        return receipts

    return await desk.store.write(work)


class _Intake:
    """One batch's fixed facts: the rules and the times."""

    __slots__ = ("_desk", "_now", "_policy", "_redraw_at", "_strikes_since", "_writer")

    def __init__(self, desk: Desk, writer: DecisionWriter) -> None:
        self._desk = desk
        self._writer = writer
        self._policy = writer.policy
        self._now = writer.now
        self._redraw_at = writer.now + REDRAW_AFTER
        self._strikes_since = writer.strikes_since

    def take_all(self, tx: Tx, reports: Sequence[Report]) -> list[Receipt]:
        for report in {report.request: report for report in reports}.values():
            if tx.reports.clashes(report):
                raise IdUsedBefore(f"another body came as {report.request}")
        return [self.take(tx, report) for report in reports]

    def take(self, tx: Tx, report: Report) -> Receipt:
        before = tx.reports.answered(report.site, report.delivery)
        if before is not None:
            return before
        case = tx.cases.find(report.site, report.comment.external_id)
        if case is None:
            receipt = self._open(tx, report)
        else:
            for renamed in tx.cases.keep_names(report):
                tx.outbox.want_card(renamed, self._redraw_at)
            receipt = self._extend(tx, case, report)
        tx.reports.remember(report.site, report.delivery, receipt, self._now, report.digest)
        return receipt

    def _open(self, tx: Tx, report: Report) -> Receipt:
        author = report.author.external_id
        strikes = tx.cases.strikes(report.site, author, since=self._strikes_since)
        new = Case(
            id=CaseId(0),
            site=report.site,
            comment_id=report.comment.external_id,
            author_id=author,
            state=CaseState.OPEN,
            revision=1,
            revision_key=report.comment.revision,
            touched=1,
            reports=1,
            reporters=1,
            reasons={report.rule: 1},
            strikes=strikes,
            weight=weight(tx.readers.get(report.reporter)),
            priority=0,
            # So the card says since when it waits, and takes its place in the queue.
            opened_at=min(report.at, self._now) if report.missed else self._now,
            reported_at=self._now,
            text=TextMark(
                key=text_key(report.comment.text),
                at=report.comment.read_at or report.at,
                taken_at=self._now,
            ),
        )
        if self._is_uncounted(tx, report):
            return self._open_uncounted(tx, report, new)
        status = tx.stories.get(report.site, report.story.external_id)
        place = priority(self._policy, new, of_story(self._policy, status))
        case = tx.cases.open(report, replace(new, priority=place))
        tx.reports.add(case.id, report)
        tx.report_events.add(case.id, report, self._now)
        tx.outbox.want_card(case.id, self._now)
        hold_first(self._desk, self._writer, tx, case, status)
        alarm(tx, self._policy, case, report.rule, self._now)
        return Receipt(case_id=case.id, counted=True)

    def _is_uncounted(self, tx: Tx, report: Report) -> bool:
        """Whether the reader's reports are kept and not counted for now."""
        standing = tx.readers.standing(report.reporter)
        return standing is not None and standing.is_uncounted(self._now)

    def _open_uncounted(self, tx: Tx, report: Report, new: Case) -> Receipt:
        """Open a case that nobody's word counts for: somebody looks at it, and nothing else."""
        case = replace(new, weight=0.0)
        status = tx.stories.get(report.site, report.story.external_id)
        place = priority(self._policy, case, of_story(self._policy, status))
        case = tx.cases.open(report, replace(case, priority=place))
        tx.reports.add(case.id, report)
        tx.reports.uncount(case.id, report.reporter)
        tx.outbox.want_card(case.id, self._now)
        alarm(tx, self._policy, case, report.rule, self._now)
        return Receipt(case_id=case.id, counted=False)

    def _extend_uncounted(self, tx: Tx, case: Case, report: Report) -> Receipt:
        """Keep a report that is not counted, but do not miss an edit of the comment."""
        tx.reports.uncount(case.id, report.reporter)
        if report.rule not in case.reasons:
            alarm(tx, self._policy, case, report.rule, self._now)
        receipt = self._again(tx, case, report)
        tx.cases.touch(self._writer.case(tx, case.id), self._redraw_at)
        return receipt

    def _extend(self, tx: Tx, case: Case, report: Report) -> Receipt:
        uncounted = self._is_uncounted(tx, report)
        # Whoever was counted before goes on being counted for this comment.
        uncounted = uncounted and not self._counts_already(tx, case, report)
        begins = case.reports == 1 and not uncounted and not tx.reports.any_counted(case.id)
        if not tx.reports.add(case.id, report):
            return self._again(tx, case, report)
        if uncounted:
            return self._extend_uncounted(tx, case, report)
        tx.report_events.add(case.id, report, self._now)
        reasons = case.reasons
        if case.taken_back or begins:
            case = self._anew(tx, case)
        case, edited = take_text(tx, case, report.comment, report.at, self._now)
        status = tx.stories.of_case(case.id)
        counts = self._counts(tx, case, report, of_story(self._policy, status))
        if report.rule not in case.reasons:
            alarm(tx, self._policy, case, report.rule, self._now)
        if edited or not case.is_open:
            known = report.rule in reasons
            self._reconsider(tx, case.counted(counts), status, edited=edited, known=known)
        else:
            tx.cases.count(case.id, counts)
            tx.outbox.want_card(case.id, self._shown_at(case, report))
            if status is not None:
                hold_first(self._desk, self._writer, tx, case.counted(counts), status)
        return Receipt(case_id=case.id, counted=True)

    def _counts_already(self, tx: Tx, case: Case, report: Report) -> bool:
        known = tx.reports.has_of_reader(case.id, report.reporter)
        return known and not tx.reports.is_uncounted(case.id, report.reporter)

    def _shown_at(self, case: Case, report: Report) -> datetime:
        """Return when the card is to show a further report: soon, unless it says little new."""
        says_more = case.reports < _FEW or report.rule not in case.reasons
        return self._redraw_at if says_more else self._now + REDRAW_LATER

    def _anew(self, tx: Tx, case: Case) -> Case:
        """Return a case without the only report, which was taken back or does not count."""
        none = replace(case, taken_back=False, reports=0, reporters=0, reasons={}, weight=0.0)
        tx.cases.save(none)
        return none

    def _counts(self, tx: Tx, case: Case, report: Report, story: Circumstances) -> Counts:
        # Where all gave this report's reason, nobody who gives it now gave another before.
        alone = len(case.reasons) == 1 and report.rule in case.reasons
        first = alone or tx.reports.is_first_of_reader(case.id, report)
        joins = _joins_brigade(tx, case)
        adds = weight(tx.readers.get(report.reporter)) if first and not joins else 0.0
        weighs = case.weight + adds
        reasons = {**case.reasons, report.rule: case.reasons.get(report.rule, 0) + 1}
        pace = case.pace if joins else pace_after(case, self._now)
        return Counts(
            reports=case.reports + 1,
            reporters=case.reporters + first,
            reasons=reasons,
            weight=weighs,
            pace=pace,
            priority=priority_with(self._policy, case, reasons, weighs, pace, story),
            reported_at=self._now,
            text=case.text,
        )

    def _again(self, tx: Tx, case: Case, report: Report) -> Receipt:
        """Count nothing twice, but do not miss an edit that the same reader reports again."""
        known = case
        case, edited = take_text(tx, case, report.comment, report.at, self._now)
        if edited:
            status = tx.stories.of_case(case.id)
            place = priority(self._policy, case, of_story(self._policy, status))
            seen = replace(case, priority=place, reported_at=self._now)
            self._reconsider(tx, seen, status, edited=True, known=True)
        elif case != known:
            tx.cases.save(case)
        return Receipt(case_id=case.id, counted=False)

    def _reconsider(
        self,
        tx: Tx,
        case: Case,
        status: StoryStatus | None,
        *,
        edited: bool,
        known: bool,
    ) -> None:
        """Keep a case that was edited or decided before this report, open again if it must be."""
        reopened = not case.is_open and self._reopens(tx, case, edited=edited, known=known)
        if reopened:
            case = replace(case, state=CaseState.REOPENED, decision_id=None)
            tx.triage.reopened(case.id, self._now)
        case = tx.cases.touch(case, self._now if edited or reopened else self._redraw_at)
        if case.is_open:
            hold_first(self._desk, self._writer, tx, case, status)

    def _reopens(self, tx: Tx, case: Case, *, edited: bool, known: bool) -> bool:
        """Whether a further report puts a decided case back before the moderators."""
        if edited:
            return True
        current = tx.decisions.current(case)
        if current is None or current.action is not Action.KEEP:
            return False  # the comment is down already
        return not known or self._now - current.at > _SETTLED_FOR


def _joins_brigade(tx: Tx, case: Case) -> bool:
    """Whether a further report joins those of a brigade that is still at it, and so adds nothing.

    It is kept, counted and answered as every other one.
    """
    if case.reporters < FEWEST_ON_A_CASE:
        return False  # and so most reports need not be looked up
    alert_id = tx.alerts.brigade_of(case.id)
    alert = tx.alerts.get(alert_id) if alert_id is not None else None
    return alert is not None and alert.is_live

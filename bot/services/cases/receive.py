"""Take readers' reports: each opens a case or joins the one its comment has."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.domain.cases import Case, CaseState, Counts
from bot.domain.comments import Receipt, Report, TextMark, text_key, weight
from bot.domain.decisions import Action
from bot.domain.detection.brigades import FEWEST_ON_A_CASE
from bot.domain.errors import IdUsedBefore
from bot.domain.ids import CaseId, RuleNumber, SiteId
from bot.domain.making import maker_of
from bot.domain.priority import Circumstances, of_story, pace_after, priority, priority_with
from bot.domain.stories import StoryStatus
from bot.services.cases.auto_hide import alarm, hold_first, may_hold
from bot.services.cases.decision_log import DecisionWriter
from bot.services.cases.revise import newer_mark, take_text
from bot.services.desk import REDRAW_AFTER, REDRAW_LATER, Desk
from bot.store.arrivals import Arrivals
from bot.store.tx import Tx
from bot.store.writer import Together

_make_counts, _make_receipt = maker_of(Counts), maker_of(Receipt)

_AT_ONCE = 1_000
"""Reports that are looked up together at most, so that none of the memory for it is large."""
_FEW = 2
"""Reports up to which each further one is soon on the card."""
_SETTLED_FOR = timedelta(hours=24)
"""A kept comment reported again for a known reason is not looked at twice within this time."""


async def receive(
    desk: Desk,
    reports: Sequence[Report],
    also: Callable[[Tx, list[Receipt]], None] | None = None,
    *,
    waits: bool = False,
) -> list[Receipt]:
    """Keep the reports and return a receipt for each, in their order, once all are on disk.

    Those of other callers who wait are taken with them. `also` keeps more of them in the same
    transaction. With it, or if it `waits`, they are taken in their turn however many others wait.

    Raises:
        StoreBusy: So many wait that there is no room for these now; nothing of them is kept.
        IdUsedBefore: Another body came under the same id before; nothing of this one is kept.
    """
    call = _Call(_Intake(desk, DecisionWriter.of(desk)), reports)
    if also is None:
        alike: Together[list[Receipt]] = Together(_take_calls, call, len(reports))
        if waits:
            return await desk.store.write(alike)
        return await desk.store.write_together(alike)

    def work(tx: Tx) -> list[Receipt]:
        (receipts,) = _take_calls(tx, [call])
        if isinstance(receipts, IdUsedBefore):
            raise receipts
        also(tx, receipts)
        return receipts

    return await desk.store.write(work)


class _Call(NamedTuple):
    intake: "_Intake"
    reports: Sequence[Report]


def _take_calls(tx: Tx, calls: Sequence[_Call]) -> list[list[Receipt] | IdUsedBefore]:
    """Take the reports of several calls; one whose id was used before is only told so."""
    taken: list[list[Receipt] | IdUsedBefore] = []
    for some in _apart(calls):
        arrivals = Arrivals(tx, [report for call in some for report in call.reports])
        taken += [call.intake.take_all(arrivals, call.reports) for call in some]
        arrivals.write()
    return taken


def _apart(calls: Sequence[_Call]) -> Iterator[list[_Call]]:
    """Yield the calls in their order, so many at once that no two came under one id."""
    some: list[_Call] = []
    names: dict[tuple[SiteId, str], None] = {}
    many = 0
    for call in calls:
        own = {(report.site, report.request): None for report in call.reports}
        many += len(call.reports)
        if some and (many > _AT_ONCE or not names.keys().isdisjoint(own)):
            yield some
            some, names, many = [], {}, len(call.reports)
        some.append(call)
        names |= own
    yield some


class _Intake:
    """One call's fixed facts: the rules and the times."""

    __slots__ = ("_desk", "_now", "_policy", "_redraw_at", "_strikes_since", "_writer")

    def __init__(self, desk: Desk, writer: DecisionWriter) -> None:
        self._desk = desk
        self._writer = writer
        self._policy = writer.policy
        self._now = writer.now
        self._redraw_at = writer.now + REDRAW_AFTER
        self._strikes_since = writer.strikes_since

    def take_all(self, there: Arrivals, reports: Sequence[Report]) -> list[Receipt] | IdUsedBefore:
        clash = there.clash(reports)
        if clash is not None:
            return IdUsedBefore(f"another body came as {clash.request}")
        return [self.take(there, report) for report in reports]

    def take(self, there: Arrivals, report: Report) -> Receipt:
        before = there.answer(report)
        if before is not None:
            return before
        renamed = there.names.keep(report)
        case = there.case(report)
        if case is None:
            receipt = self._open(there, report)
        else:
            for case_id in renamed:
                there.want_card(case_id, self._redraw_at)
            receipt = self._extend(there, case, report)
        there.remember(report, receipt, self._now)
        return receipt

    def _open(self, there: Arrivals, report: Report) -> Receipt:
        """Open a case. Of one that nobody's word counts for, somebody takes a look, and no more."""
        counted = not self._is_uncounted(there, report)
        strikes = there.strikes(report, since=self._strikes_since)
        new = Case(
            id=CaseId(0),
            site=report.site,
            comment_id=report.comment.external_id,
            author_id=report.author.external_id,
            state=CaseState.OPEN,
            revision=1,
            revision_key=report.comment.revision,
            touched=1,
            reports=1,
            reporters=1,
            reasons={report.rule: 1},
            strikes=strikes,
            weight=weight(there.record(report)) if counted else 0.0,
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
        status = there.story(report)
        place = priority(self._policy, new, of_story(self._policy, status))
        case = there.open(report, new, place)
        there.add(case, report)
        if counted:
            there.see(case, report, self._now)
        else:
            there.tables().reports.uncount(case.id, report.reporter)
        there.want_card(case.id, self._now)
        if counted and status is not None:
            self._hold_first(there, case, status)
        self._alarm(there, case, report.rule)
        return _make_receipt(case_id=case.id, counted=counted)

    def _hold_first(self, there: Arrivals, case: Case, status: StoryStatus) -> None:
        if may_hold(self._policy, case, status):
            hold_first(self._desk, self._writer, there.tables(), case, status)
            there.look_again(case)

    def _alarm(self, there: Arrivals, case: Case, rule: RuleNumber) -> None:
        if self._policy.rule(rule).life:
            alarm(there.tables(), self._policy, case, rule, self._now)

    def _is_uncounted(self, there: Arrivals, report: Report) -> bool:
        """Whether the reader's reports are kept and not counted for now."""
        standing = there.standing(report)
        return standing is not None and standing.is_uncounted(self._now)

    def _goes_uncounted(self, there: Arrivals, case: Case, report: Report) -> bool:
        """Whether a further report is not counted, as none of its reader's is for this comment.

        Whoever was counted before goes on being counted for it.
        """
        return self._is_uncounted(there, report) and not _counts_already(
            there.tables(), case, report
        )

    def _extend_uncounted(self, there: Arrivals, case: Case, report: Report) -> Receipt:
        """Keep a report that is not counted, but do not miss an edit of the comment."""
        there.tables().reports.uncount(case.id, report.reporter)
        if report.rule not in case.reasons:
            self._alarm(there, case, report.rule)
        receipt = self._again(there, case, report)
        tx = there.tables()
        tx.cases.touch(self._writer.case(tx, case.id), self._redraw_at)
        there.look_again(case)
        return receipt

    def _extend(self, there: Arrivals, case: Case, report: Report) -> Receipt:
        uncounted = self._goes_uncounted(there, case, report)
        if not there.add(case, report):
            return self._again(there, case, report)
        if uncounted:
            return self._extend_uncounted(there, case, report)
        begins = case.reports == 1 and not there.any_counted(case)
        there.see(case, report, self._now)
        known = report.rule in case.reasons
        if case.taken_back or begins:
            case = self._anew(there, case)
        case, mark, edited = self._text(there, case, report)
        status = there.story_of(case)
        counts = self._counts(there, case, report, mark, of_story(self._policy, status))
        if report.rule not in case.reasons:
            self._alarm(there, case, report.rule)
        if edited or not case.is_open:
            self._reconsider(there, case.counted(counts), status, edited=edited, known=known)
        else:
            there.count(case, counts)
            there.want_card(case.id, self._shown_at(case, report))
            if status is not None:
                self._hold_first(there, case.counted(counts), status)
        return _make_receipt(case_id=case.id, counted=True)

    def _text(
        self, there: Arrivals, case: Case, report: Report
    ) -> tuple[Case, TextMark | None, bool]:
        """Return the case, the mark of the text that stands now, and whether it is another text.

        Most reports say no more of a text than that it is still there.
        """
        comment, stands = report.comment, case.text
        if stands is not None:
            mark = newer_mark(stands, case.revision_key, comment, report.at, self._now)
            if mark is None:
                return case, stands, False
            if mark.key == stands.key and comment.revision == case.revision_key:
                return case, mark, False
        case, edited = take_text(there.tables(), case, comment, report.at, self._now)
        return case, case.text, edited

    def _shown_at(self, case: Case, report: Report) -> datetime:
        """Return when the card is to show a further report: soon, unless it says little new."""
        says_more = case.reports < _FEW or report.rule not in case.reasons
        return self._redraw_at if says_more else self._now + REDRAW_LATER

    def _anew(self, there: Arrivals, case: Case) -> Case:
        """Return a case without the only report, which was taken back or does not count."""
        none = replace(case, taken_back=False, reports=0, reporters=0, reasons={}, weight=0.0)
        there.tables().cases.save(none)
        there.look_again(none)
        return none

    def _counts(
        self,
        there: Arrivals,
        case: Case,
        report: Report,
        mark: TextMark | None,
        story: Circumstances,
    ) -> Counts:
        first = not there.gave_another_reason(case, report)
        joins = _joins_brigade(there, case)
        adds = weight(there.record(report)) if first and not joins else 0.0
        weighs = case.weight + adds
        reasons = {**case.reasons, report.rule: case.reasons.get(report.rule, 0) + 1}
        pace = case.pace if joins else pace_after(case, self._now)
        return _make_counts(
            reports=case.reports + 1,
            reporters=case.reporters + first,
            reasons=reasons,
            weight=weighs,
            pace=pace,
            priority=priority_with(self._policy, case, reasons, weighs, pace, story),
            reported_at=self._now,
            text=mark,
        )

    def _again(self, there: Arrivals, case: Case, report: Report) -> Receipt:
        """Count nothing twice, but do not miss an edit that the same reader reports again."""
        known = case
        case, mark, edited = self._text(there, case, report)
        case = replace(case, text=mark)
        if edited:
            status = there.story_of(case)
            place = priority(self._policy, case, of_story(self._policy, status))
            seen = replace(case, priority=place, reported_at=self._now)
            self._reconsider(there, seen, status, edited=True, known=True)
        elif case != known:
            there.tables().cases.save(case)
            there.look_again(case)
        return _make_receipt(case_id=case.id, counted=False)

    def _reconsider(
        self,
        there: Arrivals,
        case: Case,
        status: StoryStatus | None,
        *,
        edited: bool,
        known: bool,
    ) -> None:
        """Keep a case that was edited or decided before this report, open again if it must be."""
        tx = there.tables()
        reopened = not case.is_open and self._reopens(tx, case, edited=edited, known=known)
        if reopened:
            case = replace(case, state=CaseState.REOPENED, decision_id=None)
            tx.triage.reopened(case.id, self._now)
        case = tx.cases.touch(case, self._now if edited or reopened else self._redraw_at)
        if case.is_open:
            hold_first(self._desk, self._writer, tx, case, status)
        there.look_again(case)

    def _reopens(self, tx: Tx, case: Case, *, edited: bool, known: bool) -> bool:
        """Whether a further report puts a decided case back before the moderators."""
        if edited:
            return True
        current = tx.decisions.current(case)
        if current is None or current.action is not Action.KEEP:
            return False  # the comment is down already
        return not known or self._now - current.at > _SETTLED_FOR


def _joins_brigade(there: Arrivals, case: Case) -> bool:
    """Whether a further report joins those of a brigade that is still at it, and so adds nothing.

    It is kept, counted and answered as every other one.
    """
    return case.reporters >= FEWEST_ON_A_CASE and there.brigade_lives(case)


def _counts_already(tx: Tx, case: Case, report: Report) -> bool:
    known = tx.reports.has_of_reader(case.id, report.reporter)
    return known and not tx.reports.is_uncounted(case.id, report.reporter)

"""What arriving reports need to know of the database, asked once for all, and write, at once.

What could go wrong, and why it does not:

Seen too late. Whatever a report changes is known here at once, and in the tables only after `write`.
Who needs the tables themselves takes `tables`, which writes first, and then says which case is to be
read again. Most reports never do.

In another order. Rows are written in the order of their reports, and cases get their numbers in it,
so that what comes of many reports together is what comes of them one by one.

Asked about at length. A key is asked for once, however many reports have it, and by an index; what
nobody reported before costs an empty answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any

from bot.domain.cases import Case, Counts
from bot.domain.comments import ReaderRecord, Receipt, Report
from bot.domain.ids import CaseId, ReporterKey, SiteId
from bot.domain.reporters import ReaderStanding
from bot.domain.stories import StoryStatus
from bot.store.cases import Opened
from bot.store.detection import event_row
from bot.store.names import Names
from bot.store.readers import STRANGER
from bot.store.reports import Answered, receipt_row, report_row
from bot.store.times import new_token
from bot.store.tx import Tx

_Key = tuple[SiteId, str]


class Arrivals:
    """What some reports know and write; for one transaction."""

    def __init__(self, tx: Tx, reports: Sequence[Report]) -> None:
        """Ask for all that the reports need to know.

        Args:
            tx: The transaction.
            reports: The reports that are to be taken, in their order.
        """
        self._tx = tx
        self._begin_rows()
        there = _by_site(reports)
        bodies = {site: _bodies(some) for site, some in there.items()}
        self._answers = self._ask_answers(there, bodies)
        self._clashes = self._ask_clashes(bodies)
        fresh = [one for one in reports if (one.site, one.delivery) not in self._answers]
        self._ask_cases(_by_site(fresh))
        joining: list[tuple[CaseId, ReporterKey]] = []
        opening: list[Report] = []
        for one in fresh:
            number = self._number(one)
            if number is None:
                opening.append(one)
            else:
                joining.append((number, one.reporter))
        self._ask_openings(opening)
        self._ask_stories(opening)
        self._ask_readers([one.reporter for one in fresh])
        self._given = {**tx.reports.given(joining)}
        self.names = Names(tx.connection, fresh, self.write)

    def _begin_rows(self) -> None:
        self._opened: list[Opened] = []
        self._added: list[tuple[Any, ...]] = []
        self._seen: list[tuple[Any, ...]] = []
        self._counted: dict[CaseId, tuple[int, Counts]] = {}
        self._due: dict[CaseId, datetime] = {}
        self._answered: list[tuple[Any, ...]] = []

    # What is known before.

    def _ask_answers(
        self,
        there: Mapping[SiteId, Sequence[Report]],
        bodies: Mapping[SiteId, Mapping[str, bytes]],
    ) -> dict[_Key, Answered]:
        """Ask about the requests as well, of which one was perhaps no batch before."""
        return {
            (site, delivery): answer
            for site, reports in there.items()
            for delivery, answer in self._tx.reports.answers(
                site, chain([one.delivery for one in reports], bodies[site])
            ).items()
        }

    def _ask_clashes(self, bodies: Mapping[SiteId, Mapping[str, bytes]]) -> set[_Key]:
        clashes: set[_Key] = set()
        for site, some in bodies.items():
            clashes |= {(site, name) for name in self._tx.reports.other_batches(site, some.items())}
            for name, digest in some.items():
                known = self._answers.get((site, name))
                if known is not None and known.digest not in (None, digest):
                    clashes.add((site, name))
        return clashes

    def _ask_cases(self, there: Mapping[SiteId, Sequence[Report]]) -> None:
        self._cases: dict[CaseId, Case] = {}
        self._ahead: dict[CaseId, Counts] = {}
        self._numbers: dict[_Key, CaseId] = {}
        self._story_ids: dict[CaseId, _Key] = {}
        for site, reports in there.items():
            comments = [one.comment.external_id for one in reports]
            for case, story in self._tx.cases.find_all(site, comments):
                self._cases[case.id] = case
                self._numbers[site, case.comment_id] = case.id
                self._story_ids[case.id] = (site, story)
        self._brigades = self._tx.alerts.brigades_of(self._cases)
        alone = [case.id for case in self._cases.values() if case.reports == 1]
        self._any_counted = self._tx.reports.counted(alone)

    def _ask_openings(self, opening: Sequence[Report]) -> None:
        new = len({(one.site, one.comment.external_id) for one in opening})
        self._new_ids = self._tx.cases.new_ids(new) if new else iter(())
        self._strikes: dict[_Key, Sequence[datetime]] = {
            (site, author): times
            for site, reports in _by_site(opening).items()
            for author, times in self._tx.cases.strikes_at(
                site, [one.author.external_id for one in reports]
            ).items()
        }

    def _ask_stories(self, opening: Sequence[Report]) -> None:
        """Ask about the stories of the cases that there are, and of those that will be opened."""
        wanted: dict[SiteId, set[str]] = {}
        opened = [(one.site, one.story.external_id) for one in opening]
        for site, story in (*self._story_ids.values(), *opened):
            wanted.setdefault(site, set()).add(story)
        self._stories: dict[_Key, StoryStatus] = {
            (site, story): status
            for site, stories in wanted.items()
            for story, status in self._tx.stories.get_all(site, sorted(stories)).items()
        }

    def _ask_readers(self, readers: Sequence[ReporterKey]) -> None:
        self._records = self._tx.readers.records(readers)
        self._standings = self._tx.readers.standings(readers)

    def _number(self, report: Report) -> CaseId | None:
        return self._numbers.get((report.site, report.comment.external_id))

    # What a report asks.

    def clash(self, reports: Sequence[Report]) -> Report | None:
        """Return the first report that came by a request of whose id another body came before.

        What came before digests were kept, or was not sent but asked for, has none and clashes
        with nothing.
        """
        if not self._clashes:
            return None
        clashing = (
            one
            for one in reports
            if one.digest is not None and (one.site, one.request) in self._clashes
        )
        return next(clashing, None)

    def answer(self, report: Report) -> Receipt | None:
        """Return what a report's delivery was answered before, `None` if it is new."""
        known = self._answers.get((report.site, report.delivery))
        return known.receipt if known else None

    def case(self, report: Report) -> Case | None:
        """Return the case of a report's comment as it now is, `None` if there is none yet."""
        number = self._number(report)
        if number is None:
            return None
        ahead = self._ahead.pop(number, None)
        if ahead is not None:
            self._cases[number] = self._cases[number].counted(ahead)
        return self._cases[number]

    def strikes(self, report: Report, *, since: datetime) -> int:
        """Return the strikes since then of the author of a comment without a case."""
        times = self._strikes.get((report.site, report.author.external_id), ())
        return sum(at >= since for at in times)

    def story_of(self, case: Case) -> StoryStatus | None:
        """Return how the story of a case stands, `None` for a normal one."""
        return self._stories.get(self._story_ids[case.id])

    def story(self, report: Report) -> StoryStatus | None:
        """Return how the story of a report stands that opens a case."""
        return self._stories.get((report.site, report.story.external_id))

    def record(self, report: Report) -> ReaderRecord:
        """Return the record of a report's reader."""
        return self._records.get(report.reporter, STRANGER)

    def standing(self, report: Report) -> ReaderStanding | None:
        """Return that a report's reader was warned, `None` for all others."""
        return self._standings.get(report.reporter)

    def any_counted(self, case: Case) -> bool:
        """Whether any complaint is counted of a case that has one."""
        return case.id in self._any_counted

    def gave_another_reason(self, case: Case, report: Report) -> bool:
        """Whether a report's reader gave another reason for the case before."""
        given = self._given.get((case.id, report.reporter))
        return given is not None and not given <= {report.rule}

    def brigade_lives(self, case: Case) -> bool:
        """Whether the readers of a brigade that is still at it reached a case."""
        alert_id = self._brigades.get(case.id)
        alert = self._tx.alerts.get(alert_id) if alert_id is not None else None
        return alert is not None and alert.is_live

    # What a report changes.

    def open(self, report: Report, case: Case, place: int) -> Case:
        """Keep a new case at its place in the queue, its text, author and story.

        It comes back with number and token.
        """
        opened = replace(case, id=next(self._new_ids), token=new_token(), priority=place)
        self._opened.append(Opened(opened, report, *self.names.of(report)))
        self._cases[opened.id] = opened
        self._numbers[case.site, case.comment_id] = opened.id
        self._story_ids[opened.id] = (report.site, report.story.external_id)
        return opened

    def add(self, case: Case, report: Report) -> bool:
        """Keep a report; false if this reader already gave this reason for this case."""
        given = self._given.setdefault((case.id, report.reporter), set())
        if report.rule in given:
            return False
        given.add(report.rule)
        self._added.append(report_row(case.id, report))
        return True

    def see(self, case: Case, report: Report, at: datetime) -> None:
        """Keep that a report was counted, for those who look for spikes."""
        self._any_counted.add(case.id)
        self._seen.append(event_row(case.id, report, at))

    def count(self, case: Case, counts: Counts) -> None:
        """Keep what one more report changed in a case, which is touched by it."""
        touches, _ = self._counted.get(case.id, (0, None))
        self._counted[case.id] = (touches + 1, counts)
        self._ahead[case.id] = counts

    def want_card(self, case_id: CaseId, due_at: datetime) -> None:
        """Ask for the case's card to be drawn; asking again can only make it due earlier."""
        due = self._due.get(case_id)
        if due is None or due_at < due:
            self._due[case_id] = due_at

    def remember(self, report: Report, receipt: Receipt, at: datetime) -> None:
        """Keep what a report's delivery was answered."""
        row = receipt_row(report.site, report.delivery, receipt, at, report.digest)
        self._answered.append(row)
        self._answers[report.site, report.delivery] = Answered(receipt, report.digest)

    def tables(self) -> Tx:
        """Return the tables, in which everything stands that was kept until now."""
        self.write()
        return self._tx

    def look_again(self, case: Case) -> None:
        """Read a case again that was changed in the tables."""
        self._ahead.pop(case.id, None)
        changed = self._tx.cases.get(case.id)
        if changed is not None:
            self._cases[case.id] = changed

    def write(self) -> None:
        """Write down all that waits."""
        tx = self._tx
        self.names.write()
        for rows, write in (
            (self._opened, tx.cases.open_all),
            (self._added, tx.reports.add_all),
            (self._seen, tx.report_events.add_all),
            (self._counted, tx.cases.count_all),
            (self._due, tx.outbox.want_cards),
            (self._answered, tx.reports.remember_all),
        ):
            if rows:
                write(rows)  # pyright: ignore[reportArgumentType] - each its own
        self._begin_rows()


def _bodies(reports: Sequence[Report]) -> dict[str, bytes]:
    """Return the digests of the bodies that were sent, by the requests' ids."""
    return {one.request: one.digest for one in reports if one.digest is not None}


def _by_site(reports: Sequence[Report]) -> dict[SiteId, list[Report]]:
    there: dict[SiteId, list[Report]] = {}
    for report in reports:
        there.setdefault(report.site, []).append(report)
    return there

"""The complaints, and what each delivery was answered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from bot.domain.comments import Note, Receipt, Report, request_of
from bot.domain.ids import CaseId, ReporterKey, RuleNumber, SiteId
from bot.store.engine.connection import Connection
from bot.store.times import moment, stored
from bot.store.together import found, found_by_several, wide

Row = tuple[Any, ...]

_ANSWERED = wide(
    "SELECT delivery, case_id, counted, digest FROM receipts WHERE site = ? AND delivery IN ("
)
# A batch's reports have the request's id, a slash and their place; a nought follows the slash.
_OTHER_BATCHES = wide(
    "SELECT delivery FROM receipts WHERE ",
    one="(site = ? AND delivery > ? AND delivery < ? AND digest <> ?)",
    between=" OR ",
    after="",
)
_REMEMBER = """
INSERT INTO receipts (site, delivery, case_id, counted, at, digest) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (site, delivery) DO NOTHING
"""
_ADD = """
INSERT INTO reports (case_id, reporter, rule, note, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (case_id, reporter, rule) DO NOTHING
"""
_GIVEN = wide(
    "SELECT case_id, reporter, rule FROM reports WHERE ",
    one="(case_id = ? AND reporter = ?)",
    between=" OR ",
    after="",
)
_NOTE = "SELECT note FROM reports WHERE case_id = ? AND reporter = ? AND rule = ?"
_SET_NOTE = "UPDATE reports SET note = ? WHERE case_id = ? AND reporter = ? AND rule = ?"
_REMOVE = "DELETE FROM reports WHERE case_id = ? AND reporter = ? AND rule = ?"
_OF_READER = "SELECT 1 FROM reports WHERE case_id = ? AND reporter = ? LIMIT 1"
_ANY = "SELECT 1 FROM reports WHERE case_id = ? LIMIT 1"
_ANY_BEFORE = "SELECT 1 FROM reports WHERE case_id = ? AND at <= ? LIMIT 1"
_UNCOUNT = """
INSERT INTO uncounted_reports (case_id, reporter) VALUES (?, ?)
ON CONFLICT (case_id, reporter) DO NOTHING
"""
_IS_UNCOUNTED = "SELECT 1 FROM uncounted_reports WHERE case_id = ? AND reporter = ?"
_COUNTED = wide("""
SELECT id FROM cases WHERE EXISTS (
    SELECT 1 FROM reports WHERE reports.case_id = cases.id AND NOT EXISTS (
        SELECT 1 FROM uncounted_reports AS not_counted
        WHERE not_counted.case_id = reports.case_id AND not_counted.reporter = reports.reporter
    )
) AND id IN (""")
_FORGET_UNCOUNTED = "DELETE FROM uncounted_reports WHERE case_id = ? AND reporter = ?"
_NOTES = """
SELECT rule, note, at FROM reports WHERE case_id = ? AND note IS NOT NULL ORDER BY at LIMIT 50
"""


class Answered(NamedTuple):
    """What a delivery was answered, and the digest of its body if that was kept."""

    receipt: Receipt
    digest: bytes | None


class Reports:
    """The complaints, and what was answered."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run
        self._run_each = connection.run_each

    def answered(self, site: SiteId, delivery: str) -> Receipt | None:
        """Return what this delivery was answered before, `None` if it is new."""
        known = self.answers(site, [delivery]).get(delivery)
        return known.receipt if known else None

    def answers(self, site: SiteId, deliveries: Iterable[str]) -> Mapping[str, Answered]:
        """Return what those of a site's deliveries that are not new were answered before."""
        return {
            delivery: Answered(Receipt(case_id=case_id, counted=counted == 1), digest)
            for delivery, case_id, counted, digest in found(self._run, _ANSWERED, deliveries, site)
        }

    def other_batches(self, site: SiteId, requests: Iterable[tuple[str, bytes]]) -> frozenset[str]:
        """Return those of a site's requests under whose ids batches came with other digests."""
        asked = [(site, f"{name}/", f"{name}0", digest) for name, digest in requests]
        rows = found_by_several(self._run, _OTHER_BATCHES, asked)
        return frozenset(request_of(delivery) for (delivery,) in rows)

    def remember(
        self,
        site: SiteId,
        delivery: str,
        receipt: Receipt,
        at: datetime,
        digest: bytes | None = None,
    ) -> None:
        """Keep what a delivery was answered; the first answer stays."""
        self._run(_REMEMBER, receipt_row(site, delivery, receipt, at, digest))

    def remember_all(self, rows: Sequence[Row]) -> None:
        """Keep what deliveries were answered, by `receipt_row`; the first answer stays."""
        self._run_each(_REMEMBER, rows)

    def add(self, case_id: CaseId, report: Report) -> bool:
        """Keep a report; false if this reader already gave this reason for this case."""
        return self._run(_ADD, report_row(case_id, report)).rowcount == 1

    def add_all(self, rows: Sequence[Row]) -> None:
        """Keep reports, by `report_row`."""
        self._run_each(_ADD, rows)

    def given(
        self, pairs: Iterable[tuple[CaseId, ReporterKey]]
    ) -> Mapping[tuple[CaseId, ReporterKey], set[RuleNumber]]:
        """Return the reasons that readers gave for cases, for those of the pairs that have any."""
        reasons: dict[tuple[CaseId, ReporterKey], set[RuleNumber]] = {}
        for case_id, reporter, rule in found_by_several(self._run, _GIVEN, pairs):
            reasons.setdefault((case_id, reporter), set()).add(rule)
        return reasons

    def notes(self, case_id: CaseId) -> Sequence[Note]:
        """Return the readers' notes on a case, oldest first, at most 50."""
        rows = self._run(_NOTES, (case_id,)).fetchall()
        return [Note(rule=rule, text=text, at=moment(at)) for rule, text, at in rows]

    def note_of(self, case_id: CaseId, reporter: ReporterKey, rule: RuleNumber) -> str | None:
        """Return what a reader wrote with a complaint, `None` if nothing."""
        row = self._run(_NOTE, (case_id, reporter, rule)).fetchone()
        return row[0] if row else None

    def set_note(self, case_id: CaseId, reporter: ReporterKey, rule: RuleNumber, note: str) -> None:
        """Let a complaint have another note."""
        self._run(_SET_NOTE, (note, case_id, reporter, rule))

    def remove(self, case_id: CaseId, reporter: ReporterKey, rule: RuleNumber) -> bool:
        """Take a complaint back; false if there is none."""
        return self._run(_REMOVE, (case_id, reporter, rule)).rowcount == 1

    def uncount(self, case_id: CaseId, reporter: ReporterKey) -> None:
        """Keep that a reader's complaints about a case are not counted."""
        self._run(_UNCOUNT, (case_id, reporter))

    def is_uncounted(self, case_id: CaseId, reporter: ReporterKey) -> bool:
        """Whether a reader's complaints about a case are not counted."""
        return self._run(_IS_UNCOUNTED, (case_id, reporter)).fetchone() is not None

    def forget_uncounted(self, case_id: CaseId, reporter: ReporterKey) -> None:
        """Forget that, as none of them is left."""
        self._run(_FORGET_UNCOUNTED, (case_id, reporter))

    def counted(self, cases: Iterable[CaseId]) -> set[CaseId]:
        """Return those of the cases of which any complaint is counted."""
        return {case_id for (case_id,) in found(self._run, _COUNTED, cases)}

    def has_of_reader(self, case_id: CaseId, reporter: ReporterKey) -> bool:
        """Whether a reader has complained about the case for any reason."""
        return self._run(_OF_READER, (case_id, reporter)).fetchone() is not None

    def any_of(self, case_id: CaseId) -> bool:
        """Whether any complaint about a case is left."""
        return self._run(_ANY, (case_id,)).fetchone() is not None

    def any_before(self, case_id: CaseId, at: datetime) -> bool:
        """Whether somebody had complained about the case by then."""
        return self._run(_ANY_BEFORE, (case_id, stored(at))).fetchone() is not None


def report_row(case_id: CaseId, report: Report) -> Row:
    """Return a report as its table takes it."""
    return (case_id, report.reporter, report.rule, report.note, stored(report.at))


def receipt_row(
    site: SiteId, delivery: str, receipt: Receipt, at: datetime, digest: bytes | None
) -> Row:
    """Return an answer as its table takes it."""
    return (site, delivery, receipt.case_id, receipt.counted, stored(at), digest)

"""The complaints, and what each delivery was answered."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.comments import Note, Receipt, Report
from bot.domain.ids import CaseId, ReporterKey, RuleNumber, SiteId
from bot.store.engine.connection import Connection
from bot.store.times import moment, stored

_ANSWERED = "SELECT case_id, counted FROM receipts WHERE site = ? AND delivery = ?"
# A batch's reports have the request's id, a slash and their place; a nought follows the slash.
_OTHER_BODY = """
SELECT 1 FROM receipts WHERE site = ? AND delivery = ? AND digest <> ?
UNION ALL
SELECT 1 FROM receipts WHERE site = ? AND delivery > ? AND delivery < ? AND digest <> ?
LIMIT 1
"""
_REMEMBER = """
INSERT INTO receipts (site, delivery, case_id, counted, at, digest) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (site, delivery) DO NOTHING
"""
_ADD = """
INSERT INTO reports (case_id, reporter, rule, note, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (case_id, reporter, rule) DO NOTHING
"""
_OTHER_REASON = "SELECT 1 FROM reports WHERE case_id = ? AND reporter = ? AND rule <> ? LIMIT 1"
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
_COUNTED = """
SELECT 1 FROM reports WHERE case_id = ? AND NOT EXISTS (
    SELECT 1 FROM uncounted_reports AS not_counted
    WHERE not_counted.case_id = reports.case_id AND not_counted.reporter = reports.reporter
) LIMIT 1
"""
_FORGET_UNCOUNTED = "DELETE FROM uncounted_reports WHERE case_id = ? AND reporter = ?"
_NOTES = """
SELECT rule, note, at FROM reports WHERE case_id = ? AND note IS NOT NULL ORDER BY at LIMIT 50
"""


class Reports:
    """The complaints, and what was answered."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def answered(self, site: SiteId, delivery: str) -> Receipt | None:
        """Return what this delivery was answered before, `None` if it is new."""
        row = self._run(_ANSWERED, (site, delivery)).fetchone()
        return Receipt(case_id=row[0], counted=row[1] == 1) if row else None

    def clashes(self, report: Report) -> bool:
        """Whether another body came under the id of the request that brought the report.

        What came before digests were kept, or was not sent but asked for, has none and clashes
        with nothing.
        """
        site, request, digest = report.site, report.request, report.digest
        if digest is None:
            return False
        row = (site, request, digest, site, f"{request}/", f"{request}0", digest)
        return self._run(_OTHER_BODY, row).fetchone() is not None

    def remember(
        self,
        site: SiteId,
        delivery: str,
        receipt: Receipt,
        at: datetime,
        digest: bytes | None = None,
    ) -> None:
        """Keep what a delivery was answered; the first answer stays."""
        row = (site, delivery, receipt.case_id, receipt.counted, stored(at), digest)
        self._run(_REMEMBER, row)

    def add(self, case_id: CaseId, report: Report) -> bool:
        """Keep a report; false if this reader already gave this reason for this case."""
        row = (case_id, report.reporter, report.rule, report.note, stored(report.at))
        return self._run(_ADD, row).rowcount == 1

    def is_first_of_reader(self, case_id: CaseId, report: Report) -> bool:
        """Whether the reader has no other reason on this case than this report's."""
        key = (case_id, report.reporter, report.rule)
        return self._run(_OTHER_REASON, key).fetchone() is None

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

    def any_counted(self, case_id: CaseId) -> bool:
        """Whether any complaint about a case is counted."""
        return self._run(_COUNTED, (case_id,)).fetchone() is not None

    def has_of_reader(self, case_id: CaseId, reporter: ReporterKey) -> bool:
        """Whether a reader has complained about the case for any reason."""
        return self._run(_OF_READER, (case_id, reporter)).fetchone() is not None

    def any_of(self, case_id: CaseId) -> bool:
        """Whether any complaint about a case is left."""
        return self._run(_ANY, (case_id,)).fetchone() is not None

    def any_before(self, case_id: CaseId, at: datetime) -> bool:
        """Whether somebody had complained about the case by then."""
        return self._run(_ANY_BEFORE, (case_id, stored(at))).fetchone() is not None

"""The reports that their readers can come back to, by a secret of which only the hash is here."""

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.ids import CaseId
from bot.domain.readers.report import ReaderReport
from bot.store.engine.connection import Connection
from bot.store.times import moment, moment_if, stored

_COLUMNS = "id, reference, site, case_id, reporter, rule, revision, locale, at, withdrawn_at"
_ADD = """
INSERT INTO reader_reports
    (reference, secret, site, case_id, reporter, rule, revision, locale, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_BY_SECRET = f"SELECT {_COLUMNS}, secret FROM reader_reports WHERE secret = ?"  # noqa: S608 - names of our own
_BY_REFERENCE = f"SELECT {_COLUMNS} FROM reader_reports WHERE reference = ?"  # noqa: S608 - names of our own
_OF_CASE = f"SELECT {_COLUMNS} FROM reader_reports WHERE case_id = ? ORDER BY id"  # noqa: S608 - names of our own
_WITHDRAW = "UPDATE reader_reports SET withdrawn_at = ? WHERE id = ? AND withdrawn_at IS NULL"
_OTHERS = """
SELECT 1 FROM reader_reports
WHERE case_id = ? AND reporter = ? AND rule = ? AND id <> ? AND withdrawn_at IS NULL LIMIT 1
"""
_FORGET = (
    "DELETE FROM reader_reports WHERE id IN (SELECT id FROM reader_reports WHERE at < ? LIMIT ?)"
)


class ReaderReports:
    """What readers can come back to."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def add(self, report: ReaderReport, secret: bytes) -> None:
        """Keep a report with the hash of its secret; its `id` is given here.

        Raises:
            StoreTrouble: The reference or the secret is another report's.
        """
        whose = (report.reference, secret, report.site, report.case_id, report.reporter)
        what = (report.rule, report.revision, report.locale, stored(report.at))
        self._run(_ADD, (*whose, *what))

    def by_secret(self, secret: bytes) -> ReaderReport | None:
        """Return the report whose secret has this hash, `None` if there is none."""
        row = self._run(_BY_SECRET, (secret,)).fetchone()
        # The index found it by its first bytes; all of them are compared here, in constant time.
        if row is None or not hmac.compare_digest(row[-1], secret):
            return None
        return _report(row[:-1])

    def by_reference(self, reference: str) -> ReaderReport | None:
        """Return the report of a reference, `None` if there is none."""
        row = self._run(_BY_REFERENCE, (reference,)).fetchone()
        return _report(row) if row else None

    def of_case(self, case_id: CaseId) -> Sequence[ReaderReport]:
        """Return the reports on a case that readers can come back to, the oldest first."""
        return [_report(row) for row in self._run(_OF_CASE, (case_id,)).fetchall()]

    def withdraw(self, report: ReaderReport, at: datetime) -> bool:
        """Record that the reader took it back; false if they had before."""
        return self._run(_WITHDRAW, (stored(at), report.id)).rowcount == 1

    def stands_elsewhere(self, report: ReaderReport) -> bool:
        """Whether the same reader has reported the same again, and not taken that back."""
        key = (report.case_id, report.reporter, report.rule, report.id)
        return self._run(_OTHERS, key).fetchone() is not None

    def forget(self, before: datetime, *, limit: int) -> int:
        """Forget some of the reports made before that; return how many."""
        return self._run(_FORGET, (stored(before), limit)).rowcount


def _report(row: tuple[Any, ...]) -> ReaderReport:
    number, reference, site, case_id, reporter, rule, revision, locale, at, withdrawn_at = row
    return ReaderReport(
        id=number,
        reference=reference,
        site=site,
        case_id=case_id,
        reporter=reporter,
        rule=rule,
        revision=revision,
        locale=locale,
        at=moment(at),
        withdrawn_at=moment_if(withdrawn_at),
    )

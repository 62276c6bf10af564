"""The readers: what each can come back to, and how often each was right."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.comments import ReaderRecord
from bot.domain.decisions import Action, Decision
from bot.domain.ids import CaseId, DecisionId, ReporterKey
from bot.domain.readers.report import ReaderReport
from bot.domain.reporters import JudgedReport, ReaderStanding
from bot.store.engine.connection import Connection
from bot.store.times import moment, moment_if, stored
from bot.store.together import found, wide

_COLUMNS = "id, reference, site, case_id, reporter, rule, revision, locale, at, withdrawn_at"
_ADD = """
INSERT INTO reader_reports
    (reference, secret, site, case_id, reporter, rule, revision, locale, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_BY_SECRET = f"SELECT {_COLUMNS}, secret FROM reader_reports WHERE secret = ?"  # noqa: S608 - names of our own
_GET = f"SELECT {_COLUMNS} FROM reader_reports WHERE id = ?"  # noqa: S608 - names of our own
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

    def get(self, number: int | None) -> ReaderReport | None:
        """Return the report of a number, `None` if it was forgotten; `None` is that of none."""
        row = self._run(_GET, (number,)).fetchone()
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


_READERS_GET = wide("SELECT reporter, agreed, disagreed FROM readers WHERE reporter IN (")
_PUT = """
INSERT INTO readers (reporter, agreed, disagreed) VALUES (?, ?, ?)
ON CONFLICT (reporter) DO UPDATE SET agreed = excluded.agreed, disagreed = excluded.disagreed
"""
STRANGER = ReaderRecord()
_JUDGE = """
INSERT INTO judged_reports (reporter, decision_id, reported_at, at, unfounded)
VALUES (?, ?, ?, ?, ?) ON CONFLICT (reporter, decision_id) DO NOTHING
"""
_UNJUDGE = "DELETE FROM judged_reports WHERE reporter = ? AND decision_id = ?"
_JUDGED = """
SELECT reported_at, unfounded FROM judged_reports
WHERE reporter = ? ORDER BY decision_id DESC LIMIT ?
"""
_FORGET_JUDGED = """
DELETE FROM judged_reports WHERE (reporter, decision_id) IN (
    SELECT reporter, decision_id FROM judged_reports WHERE at < ? LIMIT ?
)
"""
_JUDGED_BEFORE = "SELECT COUNT(*) FROM judged_reports WHERE at < ?"
_FORGET_OF = "DELETE FROM judged_reports WHERE reporter = ?"
_STANDING = wide("""
SELECT reporter, decision_id, warned_at, uncounted_since, uncounted_until FROM reader_standings
WHERE reporter IN (""")
_PUT_STANDING = """
INSERT INTO reader_standings
    (reporter, decision_id, warned_at, uncounted_since, uncounted_until)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (reporter) DO UPDATE SET
    decision_id = excluded.decision_id, warned_at = excluded.warned_at,
    uncounted_since = excluded.uncounted_since, uncounted_until = excluded.uncounted_until
"""
_NO_STANDING = "DELETE FROM reader_standings WHERE reporter = ?"
_JUDGED_KEPT = 200


class Readers:
    """How often each reader was right."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def get(self, reporter: ReporterKey) -> ReaderRecord:
        """Return a reader's record; one who was never judged has an empty one."""
        return self.records([reporter]).get(reporter, STRANGER)

    def records(self, reporters: Iterable[ReporterKey]) -> Mapping[ReporterKey, ReaderRecord]:
        """Return the records of those of the readers who were ever judged."""
        return {
            reporter: ReaderRecord(agreed=agreed, disagreed=disagreed)
            for reporter, agreed, disagreed in found(self._run, _READERS_GET, reporters)
        }

    def put(self, reporter: ReporterKey, record: ReaderRecord) -> None:
        """Keep a reader's record."""
        self._run(_PUT, (reporter, record.agreed, record.disagreed))

    def judge(self, reporter: ReporterKey, made: Decision, reported_at: datetime) -> None:
        """Keep what a decision says of a reader's report."""
        kept = made.action is Action.KEEP
        row = (reporter, made.id, stored(reported_at), stored(made.at), int(kept))
        self._run(_JUDGE, row)

    def unjudge(self, reporter: ReporterKey, decision_id: DecisionId) -> None:
        """Forget what an undone decision said of a reader's report."""
        self._run(_UNJUDGE, (reporter, decision_id))

    def judged(self, reporter: ReporterKey) -> Sequence[JudgedReport]:
        """Return what became of a reader's reports, that which was judged last first."""
        rows = self._run(_JUDGED, (reporter, _JUDGED_KEPT)).fetchall()
        return [JudgedReport(reported_at=moment(at), unfounded=bool(kept)) for at, kept in rows]

    def judged_before(self, before: datetime) -> int:
        """Return of how many reports `forget_judged` would forget."""
        return int(self._run(_JUDGED_BEFORE, (stored(before),)).fetchone()[0])

    def forget_judged(self, before: datetime, *, limit: int) -> int:
        """Forget some of what was judged before that; return of how many reports."""
        return self._run(_FORGET_JUDGED, (stored(before), limit)).rowcount

    def standing(self, reporter: ReporterKey) -> ReaderStanding | None:
        """Return that a reader was warned, `None` for all others."""
        return self.standings([reporter]).get(reporter)

    def standings(self, reporters: Iterable[ReporterKey]) -> Mapping[ReporterKey, ReaderStanding]:
        """Return how those of the readers stand who were warned."""
        return {
            reporter: ReaderStanding(
                decision_id=decision_id,
                warned_at=moment(warned_at),
                uncounted_since=moment_if(since),
                uncounted_until=moment_if(until),
            )
            for reporter, decision_id, warned_at, since, until in found(
                self._run, _STANDING, reporters
            )
        }

    def stand(self, reporter: ReporterKey, standing: ReaderStanding | None) -> None:
        """Keep how a reader stands."""
        if standing is None:
            self._run(_NO_STANDING, (reporter,))
            return
        times = (standing.warned_at, standing.uncounted_since, standing.uncounted_until)
        self._run(_PUT_STANDING, (reporter, standing.decision_id, *map(stored, times)))

    def begin_anew(self, reporter: ReporterKey) -> None:
        """Hold nothing against a reader any more that was judged so far."""
        self._run(_FORGET_OF, (reporter,))
        self._run(_NO_STANDING, (reporter,))

"""What the figures of a month are made of, but for the record itself."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.domain.ids import CaseId, RuleNumber
from bot.domain.readers.figures import NoticeKind
from bot.store.engine.connection import Connection
from bot.store.times import moment, moment_if, stored

_FIRST = """
SELECT MIN(at) FROM (
    SELECT MIN(opened_at) AS at FROM cases UNION ALL SELECT MIN(at) AS at FROM decisions
) AS firsts
"""
_REPORTS = "SELECT rule, COUNT(*) FROM reports WHERE at >= ? AND at < ? GROUP BY rule ORDER BY rule"
_OPENED = """
SELECT id, opened_at, reporters FROM cases WHERE opened_at >= ? AND opened_at < ? ORDER BY id
"""
# As `standing` has them now, but as they were at a moment.
_BANNED = """
SELECT COUNT(*) FROM (
    SELECT DISTINCT site, author_id FROM decisions AS made
    WHERE action = 'ban' AND at < ?1 AND (until IS NULL OR until > ?2)
    AND NOT EXISTS (SELECT 1 FROM decisions AS later WHERE later.reverses = made.id AND later.at < ?1)
    AND NOT EXISTS (SELECT 1 FROM decisions AS later WHERE later.amends = made.id AND later.at < ?1)
) AS authors
"""
_LEGAL = "SELECT COUNT(*) FROM legal_notices WHERE received_at >= ? AND received_at < ?"


class MonthFigures:
    """What is counted of a month."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def first(self) -> datetime | None:
        """Return when the first case came in, or the first decision was made."""
        return moment_if(self._run(_FIRST).fetchone()[0])

    def reports(self, start: datetime, end: datetime) -> Mapping[RuleNumber, int]:
        """Return how many reports cite each rule that any cites; those taken back are gone."""
        rows = self._run(_REPORTS, (stored(start), stored(end))).fetchall()
        return {RuleNumber(rule): count for rule, count in rows}

    def opened(self, start: datetime, end: datetime) -> Iterator[tuple[CaseId, datetime, bool]]:
        """Yield the cases that came in, when, and whether a reader reported each."""
        for number, at, readers in self._run(_OPENED, (stored(start), stored(end))).fetchall():
            yield CaseId(number), moment(at), readers > 0

    def banned(self, recorded: datetime, at: datetime) -> int:
        """Return how many authors were banned at a moment, by what was recorded before then."""
        return int(self._run(_BANNED, (stored(recorded), stored(at))).fetchone()[0])

    def notices(self, start: datetime, end: datetime) -> Mapping[NoticeKind, int]:
        """Return how many of each kind of notice came in; a further kind is counted here."""
        legal = self._run(_LEGAL, (stored(start), stored(end))).fetchone()[0]
        return {NoticeKind.LEGAL: int(legal)}

"""The counted reports in their order, and what the spike detector remembers of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain.alerts import Logged
from bot.domain.comments import Report
from bot.domain.ids import CaseId, SiteId
from bot.store.engine.connection import Connection
from bot.store.times import moment, moment_if, stored

_ADD = """
INSERT INTO sightings (site, case_id, reporter, rule, at, referrer) VALUES (?, ?, ?, ?, ?, ?)
"""
_AFTER = """
SELECT seen.id, seen.site, seen.case_id, story_id, published, author_id, seen.reporter, seen.rule,
    seen.at, note, referrer, CAST(disagreed AS INTEGER), CAST(agreed + disagreed AS INTEGER)
FROM sightings AS seen CROSS JOIN cases CROSS JOIN stories
LEFT JOIN reports ON reports.case_id = seen.case_id
    AND reports.reporter = seen.reporter AND reports.rule = seen.rule
LEFT JOIN readers ON readers.reporter = seen.reporter
WHERE cases.id = seen.case_id
AND stories.site = cases.site AND stories.external_id = story_id
AND seen.id > ? ORDER BY seen.id LIMIT ?
"""
# Leaps from one site to the next by the index, however many sightings there are.
_SITES = """
WITH RECURSIVE found (site) AS (
    SELECT MIN(site) FROM sightings
    UNION ALL
    SELECT (SELECT MIN(site) FROM sightings WHERE site > found.site) FROM found
    WHERE found.site IS NOT NULL
)
SELECT site FROM found WHERE site IS NOT NULL
"""
_NEWEST = "SELECT COALESCE(MAX(id), 0) FROM sightings"
_JUDGED = "SELECT upto FROM judged"
_JUDGE = """
INSERT INTO judged (one, upto) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET upto = excluded.upto
"""
_EVIDENCE = "SELECT site, upto, state FROM evidence"
_KEEP = """
INSERT INTO evidence (site, upto, at, state) VALUES (?, ?, ?, ?)
ON CONFLICT (site) DO UPDATE SET
    upto = excluded.upto, at = excluded.at, state = excluded.state
"""
# The newest stays, as a new one would otherwise be given its number.
_FORGET = """
DELETE FROM sightings WHERE id IN (SELECT id FROM sightings ORDER BY id LIMIT ?)
AND id <= ? AND at < ? AND id < (SELECT MAX(id) FROM sightings)
"""
_COUNTS = """
SELECT (at - ?1) / ?2, COUNT(*) FROM sightings WHERE site = ?4 AND at >= ?1 AND at < ?3 GROUP BY 1
"""


class ReportEvents:
    """The log of reports that spikes are looked for in."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run
        self._run_each = connection.run_each

    def add(self, case_id: CaseId, report: Report, at: datetime) -> None:
        """Keep that a report was counted; it cannot have been sent after it came (`at`)."""
        self.add_all([event_row(case_id, report, at)])

    def add_all(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Keep that reports were counted, by `event_row`."""
        self._run_each(_ADD, rows)

    def after(self, last: int, *, limit: int) -> Sequence[Logged]:
        """Return the sightings after one, in order."""
        return [_logged(row) for row in self._run(_AFTER, (last, limit)).fetchall()]

    def sites(self) -> Sequence[SiteId]:
        """Return the sites that readers' reports came from, by name."""
        return [SiteId(row[0]) for row in self._run(_SITES).fetchall()]

    def newest(self) -> int:
        """Return the number of the newest sighting, 0 if there is none."""
        return int(self._run(_NEWEST).fetchone()[0])

    def judged(self) -> int:
        """Return up to which sighting the alerts are kept."""
        row = self._run(_JUDGED).fetchone()
        return int(row[0]) if row else 0

    def judge(self, upto: int) -> None:
        """Record up to which sighting the alerts are kept."""
        self._run(_JUDGE, (upto,))

    def evidence(self) -> Mapping[SiteId, tuple[int, bytes]]:
        """Return what was remembered of each site, and after which sighting that was."""
        return {SiteId(site): (upto, state) for site, upto, state in self._run(_EVIDENCE)}

    def keep_evidence(self, site: SiteId, upto: int, at: datetime, state: bytes) -> None:
        """Keep what is remembered of a site."""
        self._run(_KEEP, (site, upto, stored(at), state))

    def forget(self, before: datetime, *, upto: int, limit: int) -> int:
        """Forget so many of the oldest sightings; none that is newer or after `upto`."""
        return self._run(_FORGET, (limit, upto, stored(before))).rowcount

    def counts(
        self, site: SiteId, start: datetime, step: timedelta, steps: int
    ) -> Mapping[int, int]:
        """Return a site's reports in each of the steps after `start`, the empty ones left out."""
        width = step // timedelta(microseconds=1)
        first = stored(start)
        row = (first, width, first + width * steps, site)
        return dict(self._run(_COUNTS, row).fetchall())


def event_row(case_id: CaseId, report: Report, at: datetime) -> tuple[Any, ...]:
    """Return that a report was counted as its table takes it."""
    sent = stored(min(report.at, at))
    return (report.site, case_id, report.reporter, report.rule, sent, report.referrer)


def _logged(row: tuple[Any, ...]) -> Logged:
    number, site, case_id, story, published, author, reporter, rule, at, *rest = row
    note, referrer, rejected, decided = rest
    return Logged(
        id=number,
        site=site,
        case_id=case_id,
        story=story,
        published=moment_if(published),
        author=author,
        reporter=reporter,
        rule=rule,
        at=moment(at),
        note=note,
        referrer=referrer,
        rejected=rejected or 0,
        decided=decided or 0,
    )

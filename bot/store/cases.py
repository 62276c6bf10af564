"""The working state of the cases, with what was reported."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from bot.domain.case import Case, CaseState, CaseView, Counts
from bot.domain.comment import Author, Story
from bot.domain.ids import CaseId, RuleNumber, SiteId
from bot.domain.report import Report
from bot.store.returning import keep_keys
from bot.store.times import moment, moment_if, stored
from bot.store.views import STRIKES, view_of

_SELECT = """
SELECT id, site, comment_id, author_id, state, revision, revision_key, touched, reports,
       reporters, reasons, strikes, priority, opened_at, reported_at, decision_id, decided_at,
       weight, pace, raised
FROM cases
"""
_FIND = f"{_SELECT} WHERE site = ? AND comment_id = ?"
_GET = f"{_SELECT} WHERE id = ?"
# What somebody put off is out of the queue until it is back.
_AWAKE = """
NOT EXISTS (SELECT 1 FROM casework WHERE case_id = cases.id AND snooze_id IS NOT NULL)
"""
_QUEUE = f"""
{_SELECT} WHERE state <> 'decided' AND {_AWAKE} ORDER BY priority DESC, opened_at, id LIMIT ? OFFSET ?
"""
_OPEN_OF_AUTHOR = f"""
{_SELECT} WHERE site = ? AND author_id = ? AND state <> 'decided' ORDER BY opened_at, id
"""
_OPEN_AT = f"""
{_SELECT} WHERE site = ? AND id > ? AND state <> 'decided' ORDER BY id LIMIT ?
"""
_ALL_OPEN = "SELECT COUNT(*) FROM cases WHERE state <> 'decided'"
_OPEN_AFTER = "SELECT id FROM cases WHERE id > ? AND state <> 'decided' ORDER BY id LIMIT ?"
_COUNT_OPEN = f"{_ALL_OPEN} AND {_AWAKE}"
_OPEN = """
INSERT INTO cases (
    site, comment_id, author_id, story_id, state, revision, revision_key, touched, reports,
    reporters, reasons, strikes, priority, opened_at, reported_at, decision_id, decided_at,
    weight, pace, raised
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_SAVE = """
UPDATE cases SET
    state = ?, revision = ?, revision_key = ?, touched = ?, reports = ?, reporters = ?,
    reasons = ?, strikes = ?, priority = ?, reported_at = ?, decision_id = ?, decided_at = ?,
    weight = ?, pace = ?, raised = ?
WHERE id = ?
"""
_COUNT = """
UPDATE cases SET
    touched = touched + 1, reports = ?, reporters = ?, reasons = ?, weight = ?, pace = ?,
    priority = ?, reported_at = ?
WHERE id = ?
"""
_REVISION = """
INSERT INTO revisions (
    case_id, revision, revision_key, text, permalink, created, parent_author, parent_text
) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
WHERE NOT EXISTS (SELECT 1 FROM revisions WHERE case_id = ?1 AND revision_key = ?3)
"""
# A report that knows less than the one before does not make the desk forget.
_AUTHOR = """
INSERT INTO authors (site, external_id, name, since) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET name = excluded.name, since = COALESCE(excluded.since, since)
WHERE name <> excluded.name OR since IS NOT COALESCE(excluded.since, since)
"""
_STORY = """
INSERT INTO stories (site, external_id, title, url, section, published) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
    title = COALESCE(NULLIF(excluded.title, ''), title),
    url = excluded.url,
    section = COALESCE(excluded.section, section),
    published = COALESCE(excluded.published, published)
"""

_STATES = {state.value: state for state in CaseState}


class SqliteCases:
    """`bot.ports.Cases` on one connection."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor
        self._run = cursor.execute

    def find(self, site: SiteId, comment_id: str) -> Case | None:
        """Return the case of a comment, `None` if it was never reported."""
        row = self._run(_FIND, (site, comment_id)).fetchone()
        return _case(row) if row else None

    def get(self, case_id: CaseId) -> Case | None:
        """Return a case by its number."""
        row = self._run(_GET, (case_id,)).fetchone()
        return _case(row) if row else None

    def open(self, report: Report, case: Case) -> Case:
        """Keep a new case, its text, author and story; the case comes back with its number."""
        self._keep_author(case.site, report.author)
        self._keep_story(case.site, report.story)
        about = (case.site, case.comment_id, case.author_id, report.story.external_id, case.state)
        state = (case.revision, case.revision_key, case.touched, case.reports, case.reporters)
        place = (_written(case.reasons), case.strikes, case.priority)
        times = (stored(case.opened_at), stored(case.reported_at))
        end = (case.decision_id, stored(case.decided_at), case.weight, case.pace, case.raised)
        number = self._run(_OPEN, (*about, *state, *place, *times, *end)).lastrowid
        opened = replace(case, id=CaseId(number or 0))
        self._keep_text(opened.id, opened.revision, report)
        return opened

    def revise(self, case: Case, report: Report) -> bool:
        """Keep the report's text as revision `case.revision + 1`; false if its key is known."""
        if not self._keep_text(case.id, case.revision + 1, report):
            return False
        self._keep_author(case.site, report.author)
        self._keep_story(case.site, report.story)
        return True

    def save(self, case: Case) -> None:
        """Keep the case's working state as it now is."""
        self._run(
            _SAVE,
            (
                case.state,
                case.revision,
                case.revision_key,
                case.touched,
                case.reports,
                case.reporters,
                _written(case.reasons),
                case.strikes,
                case.priority,
                stored(case.reported_at),
                case.decision_id,
                stored(case.decided_at),
                case.weight,
                case.pace,
                case.raised,
                case.id,
            ),
        )

    def count(self, case_id: CaseId, counts: Counts) -> None:
        """Keep what one more report changed in a case, which is touched by it."""
        many = (counts.reports, counts.reporters, _written(counts.reasons))
        place = (counts.weight, counts.pace, counts.priority, stored(counts.reported_at))
        self._run(_COUNT, (*many, *place, case_id))

    def view(self, case_id: CaseId, *, strikes_since: datetime) -> CaseView | None:
        """Return all that a card shows but `why`; strikes older than the given time expired."""
        case = self.get(case_id)
        return view_of(self._cursor, case, stored(strikes_since)) if case else None

    def queue(self, *, limit: int, offset: int = 0) -> Sequence[Case]:
        """Return open cases that are not put off, worst first, the older first where level."""
        return [_case(row) for row in self._run(_QUEUE, (limit, offset)).fetchall()]

    def count_open(self) -> int:
        """Return how many cases are open."""
        return int(self._run(_COUNT_OPEN).fetchone()[0])

    def strikes(self, site: SiteId, author_id: str, *, since: datetime) -> int:
        """Return the author's hides and bans since then that were not undone or amended away."""
        return int(self._run(STRIKES, (site, author_id, stored(since))).fetchone()[0])

    def open_of_author(self, site: SiteId, author_id: str) -> Sequence[Case]:
        """Return the author's open cases, the oldest first."""
        return [_case(row) for row in self._run(_OPEN_OF_AUTHOR, (site, author_id)).fetchall()]

    def open_after(self, after: CaseId, *, limit: int) -> Sequence[CaseId]:
        """Return the open cases with higher numbers, in the order of these."""
        return [CaseId(number) for (number,) in self._run(_OPEN_AFTER, (after, limit)).fetchall()]

    def open_at(self, site: SiteId, *, after: CaseId, limit: int) -> Sequence[Case]:
        """Return the site's open cases with higher numbers, in the order of these."""
        return [_case(row) for row in self._run(_OPEN_AT, (site, after, limit)).fetchall()]

    def _keep_author(self, site: SiteId, author: Author) -> None:
        self._run(_AUTHOR, (site, author.external_id, author.name, stored(author.since)))
        if author.keys:
            keep_keys(self._cursor, site, author.external_id, author.keys)

    def _keep_story(self, site: SiteId, story: Story) -> None:
        named = (site, story.external_id, story.title, story.url)
        self._run(_STORY, (*named, story.section, stored(story.published)))

    def _keep_text(self, case_id: CaseId, revision: int, report: Report) -> bool:
        comment, parent = report.comment, report.comment.parent
        text = (comment.revision, comment.text, comment.permalink, stored(comment.created))
        context = (parent.author, parent.text) if parent else (None, None)
        return self._run(_REVISION, (case_id, revision, *text, *context)).rowcount == 1


def _case(row: tuple[Any, ...]) -> Case:
    return Case(
        id=row[0],
        site=row[1],
        comment_id=row[2],
        author_id=row[3],
        state=_STATES[row[4]],
        revision=row[5],
        revision_key=row[6],
        touched=row[7],
        reports=row[8],
        reporters=row[9],
        reasons=dict(_read(row[10])),
        strikes=row[11],
        priority=row[12],
        opened_at=moment(row[13]),
        reported_at=moment(row[14]),
        decision_id=row[15],
        decided_at=moment_if(row[16]),
        weight=row[17],
        pace=row[18],
        raised=bool(row[19]),
    )


@lru_cache(maxsize=4096)
def _read(reasons: str) -> Mapping[RuleNumber, int]:
    """Read the counts; most cases have one of a few texts, and every report reads its case's."""
    return {RuleNumber(int(rule)): count for rule, count in json.loads(reasons).items()}


def _written(reasons: Mapping[RuleNumber, int]) -> str:
    """Write the counts as JSON; by hand, as that takes a third of the time on the intake's way."""
    return "{" + ",".join([f'"{rule:d}":{count:d}' for rule, count in reasons.items()]) + "}"

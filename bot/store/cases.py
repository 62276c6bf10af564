"""The working state of the cases, with what was reported."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from bot.domain.cases import Case, CaseState, CaseView, Counts
from bot.domain.comments import Comment, Report, TextMark
from bot.domain.folding import folded
from bot.domain.ids import CaseId, RuleNumber, SiteId
from bot.store.ban_evasion import keep_keys
from bot.store.engine.connection import Connection
from bot.store.outbox import Outbox
from bot.store.search import index_text
from bot.store.times import moment, moment_if, new_token, stored
from bot.store.views import STRIKES, comment_of, view_of

_SELECT = """
SELECT id, site, comment_id, author_id, state, revision, revision_key, touched, reports,
       reporters, reasons, strikes, priority, opened_at, reported_at, decision_id, decided_at,
       weight, pace, raised, token, text_key, text_at, text_taken, hold_id, taken_back
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
_OPEN_AFTER = "SELECT id FROM cases WHERE id > ? AND state <> 'decided' ORDER BY id LIMIT ?"
_COUNT_OPEN = """
SELECT COALESCE((SELECT SUM(number) FROM case_counts WHERE state <> 'decided'), 0) - (
    SELECT COUNT(*) FROM casework JOIN cases ON cases.id = case_id
    WHERE snooze_until IS NOT NULL AND state <> 'decided'
)
"""
_OPEN = """
INSERT INTO cases (
    site, comment_id, author_id, story_id, state, revision, revision_key, touched, reports,
    reporters, reasons, strikes, priority, opened_at, reported_at, decision_id, decided_at,
    weight, pace, raised, token, text_key, text_at, text_taken, hold_id
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_SAVE = """
UPDATE cases SET
    state = ?, revision = ?, revision_key = ?, touched = ?, reports = ?, reporters = ?,
    reasons = ?, strikes = ?, priority = ?, reported_at = ?, decision_id = ?, decided_at = ?,
    weight = ?, pace = ?, raised = ?, text_key = ?, text_at = ?, text_taken = ?, hold_id = ?,
    taken_back = ?
WHERE id = ?
"""
_COUNT = """
UPDATE cases SET
    touched = touched + 1, reports = ?, reporters = ?, reasons = ?, weight = ?, pace = ?,
    priority = ?, reported_at = ?, text_key = COALESCE(?, text_key),
    text_at = COALESCE(?, text_at), text_taken = COALESCE(?, text_taken)
WHERE id = ?
"""
_REVISION = """
INSERT INTO revisions (
    case_id, revision, revision_key, text, permalink, created, parent_author, parent_text, sent
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_RENAME = "UPDATE revisions SET revision_key = ?, sent = ? WHERE case_id = ? AND revision = ?"
_RENAMED = "UPDATE cases SET revision_key = ? WHERE id = ?"
_SHOWN = """
UPDATE revisions SET shown_at = ?1
WHERE case_id = ?2 AND revision = ?3 AND (shown_at IS NULL OR CAST(?1 AS BIGINT) IS NULL)
"""
_TEXT_OF = "SELECT text FROM revisions WHERE case_id = ? AND revision = ?"
_WRITTEN = "SELECT MIN(created) FROM revisions WHERE case_id = ?"
_SHOWN_THEN = "SELECT MAX(revision) FROM revisions WHERE case_id = ? AND shown_at <= ?"
# A report that knows less than the one before does not make the desk forget.
_AUTHOR = """
INSERT INTO authors (site, external_id, name, since, folded, named_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (site, external_id) DO UPDATE SET
    name = excluded.name, folded = excluded.folded, named_at = excluded.named_at,
    since = COALESCE(excluded.since, authors.since)
WHERE excluded.named_at >= authors.named_at AND (
    authors.name <> excluded.name OR authors.since IS NULL AND excluded.since IS NOT NULL
)
"""
_STORY = """
INSERT INTO stories (site, external_id, title, url, section, published, folded, named_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (site, external_id) DO UPDATE SET
    title = CASE WHEN excluded.title = '' THEN stories.title ELSE excluded.title END,
    folded = CASE WHEN excluded.title = '' THEN stories.folded ELSE excluded.folded END,
    named_at = excluded.named_at,
    url = excluded.url,
    section = COALESCE(excluded.section, stories.section),
    published = COALESCE(excluded.published, stories.published)
WHERE excluded.named_at >= stories.named_at AND (
    excluded.title NOT IN ('', stories.title) OR excluded.url <> stories.url
    OR COALESCE(excluded.section, stories.section, '') <> COALESCE(stories.section, '')
    OR stories.published IS NULL AND excluded.published IS NOT NULL
)
"""
# What was known by other names is found by the new ones too, up to a thousand cases.
_NAMED_ANEW = """
SELECT cases.id, state, text, authors.name, title FROM cases
JOIN revisions ON revisions.case_id = cases.id AND revisions.revision = cases.revision
JOIN authors ON authors.site = cases.site AND authors.external_id = cases.author_id
JOIN stories ON stories.site = cases.site AND stories.external_id = cases.story_id
WHERE cases.site = ? AND {whose} = ? ORDER BY cases.id DESC LIMIT 1000
"""
_NAMES = """
SELECT authors.name, title FROM cases
JOIN authors ON authors.site = cases.site AND authors.external_id = cases.author_id
JOIN stories ON stories.site = cases.site AND stories.external_id = cases.story_id
WHERE cases.id = ?
"""
_OF_RENAMED_AUTHOR = _NAMED_ANEW.format(whose="cases.author_id")
_OF_RENAMED_STORY = _NAMED_ANEW.format(whose="cases.story_id")

_STATES = {state.value: state for state in CaseState}


class Cases:
    """The cases."""

    def __init__(self, connection: Connection, outbox: Outbox) -> None:
        self._connection = connection
        self._run = connection.run
        self._outbox = outbox

    def find(self, site: SiteId, comment_id: str) -> Case | None:
        """Return the case of a comment, `None` if it was never reported."""
        row = self._run(_FIND, (site, comment_id)).fetchone()
        return _case(row) if row else None

    def get(self, case_id: CaseId) -> Case | None:
        """Return a case by its number."""
        row = self._run(_GET, (case_id,)).fetchone()
        return _case(row) if row else None

    def open(self, report: Report, case: Case) -> Case:
        """Keep a new case, its text, author and story; it comes back with number and token."""
        self.keep_names(report)
        about = (case.site, case.comment_id, case.author_id, report.story.external_id, case.state)
        state = (case.revision, case.revision_key, case.touched, case.reports, case.reporters)
        place = (_written(case.reasons), case.strikes, case.priority)
        times = (stored(case.opened_at), stored(case.reported_at))
        end = (case.decision_id, stored(case.decided_at), case.weight, case.pace, case.raised)
        token = new_token()
        row = (*about, *state, *place, *times, *end, token, *_mark(case.text), case.hold_id)
        number = self._connection.add(_OPEN, row)
        opened = replace(case, id=CaseId(number), token=token)
        self._keep_text(opened.id, opened.revision, report.comment)
        return opened

    def revise(self, case: Case, comment: Comment) -> None:
        """Keep the comment's text as revision `case.revision + 1`."""
        self._keep_text(case.id, case.revision + 1, comment)

    def rename(self, case: Case, comment: Comment) -> None:
        """Keep how the site now calls the text that stands, and by which hash it knows it."""
        self._run(_RENAME, (comment.revision, comment.sent, case.id, case.revision))
        self._run(_RENAMED, (comment.revision, case.id))

    def comment(self, case: Case) -> Comment:
        """Return a case's comment with the text that stands."""
        return comment_of(self._connection, case)

    def text_of(self, case_id: CaseId, revision: int) -> str:
        """Return what a comment said in one of its revisions, empty if that is not kept."""
        row = self._run(_TEXT_OF, (case_id, revision)).fetchone()
        return row[0] if row else ""

    def author_name(self, case_id: CaseId) -> str:
        """Return what the author of a case's comment is called now."""
        return str(self._run(_NAMES, (case_id,)).fetchone()[0])

    def shown(self, case_id: CaseId, revision: int, at: datetime | None) -> None:
        """Note since when a case's card shows a revision, `None` that it does not after all.

        The first time stays.
        """
        self._run(_SHOWN, (stored(at), case_id, revision))

    def revision_shown(self, case_id: CaseId, at: datetime) -> int | None:
        """Return which revision a case's card showed then, `None` if there was no card yet."""
        row = self._run(_SHOWN_THEN, (case_id, stored(at))).fetchone()
        return row[0] if row else None

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
                *_mark(case.text),
                case.hold_id,
                case.taken_back,
                case.id,
            ),
        )

    def touch(self, case: Case, at: datetime) -> Case:
        """Keep the case as it now is and have its card drawn at that time; return it, touched."""
        touched = replace(case, touched=case.touched + 1)
        self.save(touched)
        self._outbox.want_card(case.id, at)
        return touched

    def count(self, case_id: CaseId, counts: Counts) -> None:
        """Keep what one more report changed in a case, which is touched by it."""
        many = (counts.reports, counts.reporters, _written(counts.reasons))
        place = (counts.weight, counts.pace, counts.priority, stored(counts.reported_at))
        text = _mark(counts.text) if counts.text else (None, None, None)
        self._run(_COUNT, (*many, *place, *text, case_id))

    def view(self, case_id: CaseId, *, strikes_since: datetime) -> CaseView | None:
        """Return all that a card shows but `why`; strikes older than the given time expired."""
        case = self.get(case_id)
        return view_of(self._connection, case, stored(strikes_since)) if case else None

    def queue(self, *, limit: int, offset: int = 0) -> Sequence[Case]:
        """Return open cases that are not put off, worst first, the older first where level."""
        return [_case(row) for row in self._run(_QUEUE, (limit, offset)).fetchall()]

    def count_open(self) -> int:
        """Return how many cases are open."""
        return int(self._run(_COUNT_OPEN).fetchone()[0])

    def written_at(self, case_id: CaseId) -> datetime | None:
        """Return when the comment was first written, as its site says; `None` if it does not."""
        return moment_if(self._run(_WRITTEN, (case_id,)).fetchone()[0])

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

    def keep_names(self, report: Report) -> list[CaseId]:
        """Keep how author and story are called now, unless a newer report said otherwise.

        The cases of who or what has a new name are found by it from now on; returns those that
        are open, whose cards show another.
        """
        renamed: list[CaseId] = []
        site, author, story, at = report.site, report.author, report.story, stored(report.at)
        named = (site, author.external_id, author.name, stored(author.since))
        if self._run(_AUTHOR, (*named, folded(author.name), at)).rowcount:
            renamed += self._name_anew(_OF_RENAMED_AUTHOR, site, author.external_id)
        titled = (site, story.external_id, story.title, story.url, story.section)
        if self._run(_STORY, (*titled, stored(story.published), folded(story.title), at)).rowcount:
            renamed += self._name_anew(_OF_RENAMED_STORY, site, story.external_id)
        if author.keys:
            keep_keys(self._connection, site, author.external_id, author.keys)
        return renamed

    def _name_anew(self, cases: str, site: SiteId, key: str) -> Iterator[CaseId]:
        for case_id, state, *named in self._run(cases, (site, key)).fetchall():
            index_text(self._connection, case_id, *named)
            if state != CaseState.DECIDED:
                yield CaseId(case_id)

    def _keep_text(self, case_id: CaseId, revision: int, comment: Comment) -> None:
        parent = comment.parent
        text = (comment.revision, comment.text, comment.permalink, stored(comment.created))
        context = (parent.author, parent.text) if parent else (None, None)
        self._run(_REVISION, (case_id, revision, *text, *context, comment.sent))
        name, title = self._run(_NAMES, (case_id,)).fetchone()
        index_text(self._connection, case_id, comment.text, name, title)


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
        token=row[20],
        text=TextMark(key=row[21], at=moment(row[22]), taken_at=moment(row[23]))
        if row[21] is not None
        else None,
        hold_id=row[24],
        taken_back=bool(row[25]),
    )


def _mark(text: TextMark | None) -> tuple[str | None, int, int]:
    return (text.key, stored(text.at), stored(text.taken_at)) if text else (None, 0, 0)


@lru_cache(maxsize=4096)
def _read(reasons: str) -> Mapping[RuleNumber, int]:
    """Read the counts; most cases have one of a few texts, and every report reads its case's."""
    return {RuleNumber(int(rule)): count for rule, count in json.loads(reasons).items()}


def _written(reasons: Mapping[RuleNumber, int]) -> str:
    """Write the counts as JSON; by hand, as that takes a third of the time on the intake's way."""
    return "{" + ",".join([f'"{rule:d}":{count:d}' for rule, count in reasons.items()]) + "}"

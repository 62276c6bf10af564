"""The working state of the cases, with what was reported."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from bot.domain.cases import Case, CaseState, CaseView, Counts
from bot.domain.comments import Comment, Report, TextMark
from bot.domain.ids import CaseId, RuleNumber, SiteId
from bot.domain.making import maker_of
from bot.store.engine.connection import Connection
from bot.store.names import Names
from bot.store.outbox import Outbox
from bot.store.search import index_row, index_text
from bot.store.times import moment, moment_if, new_token, stored
from bot.store.together import found, wide
from bot.store.views import STRIKES, comment_of, view_of

COLUMNS = """\
id, site, comment_id, author_id, state, revision, revision_key, touched, reports, reporters, reasons,
strikes, priority, opened_at, reported_at, decision_id, decided_at, weight, pace, raised, token,
text_key, text_at, text_taken, hold_id, taken_back"""
"""What `case_of` makes a case of."""
_SELECT = f"SELECT {COLUMNS} FROM cases"  # noqa: S608 - names of our own
_FIND = f"{_SELECT} WHERE site = ? AND comment_id = ?"
_FIND_ALL = wide(f"SELECT {COLUMNS}, story_id FROM cases WHERE site = ? AND comment_id IN (")  # noqa: S608 - names of our own
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
    id, site, comment_id, author_id, story_id, state, revision, revision_key, touched, reports,
    reporters, reasons, strikes, priority, opened_at, reported_at, decision_id, decided_at,
    weight, pace, raised, token, text_key, text_at, text_taken, hold_id
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
    touched = touched + ?, reports = ?, reporters = ?, reasons = ?, weight = ?, pace = ?,
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
_STRIKES_AT = wide("""
SELECT author_id, at FROM standing WHERE action IN ('hide', 'ban') AND site = ? AND author_id IN (""")
_TEXT_OF = "SELECT text FROM revisions WHERE case_id = ? AND revision = ?"
_WRITTEN = "SELECT MIN(created) FROM revisions WHERE case_id = ?"
_SHOWN_THEN = "SELECT MAX(revision) FROM revisions WHERE case_id = ? AND shown_at <= ?"
_NAMES = """
SELECT authors.name, title FROM cases
JOIN authors ON authors.site = cases.site AND authors.external_id = cases.author_id
JOIN stories ON stories.site = cases.site AND stories.external_id = cases.story_id
WHERE cases.id = ?
"""

_make_mark = maker_of(TextMark)
# By the places of the fields, which are those of the columns.
_make_case: Callable[..., Case] = maker_of(Case)
_STATES = {state.value: state for state in CaseState}


class Opened(NamedTuple):
    """A case that a report opened, with its author's name and its story's title."""

    case: Case
    report: Report
    name: str
    title: str


class Cases:
    """The cases, each with its comment's texts; to touch one asks for its card as well."""

    def __init__(self, connection: Connection, outbox: Outbox) -> None:
        self._connection = connection
        self._run = connection.run
        self._outbox = outbox

    def find(self, site: SiteId, comment_id: str) -> Case | None:
        """Return the case of a comment, `None` if it was never reported."""
        row = self._run(_FIND, (site, comment_id)).fetchone()
        return case_of(row) if row else None

    def find_all(self, site: SiteId, comment_ids: Iterable[str]) -> Sequence[tuple[Case, str]]:
        """Return the cases of those comments that were ever reported, each with its story's id."""
        rows = found(self._run, _FIND_ALL, comment_ids, site)
        return [(case_of(row), row[-1]) for row in rows]

    def get(self, case_id: CaseId | None) -> Case | None:
        """Return a case by its number; `None` is that of none."""
        row = self._run(_GET, (case_id,)).fetchone()
        return case_of(row) if row else None

    def undecided(self, case_id: CaseId) -> Case | None:
        """Return a case if a decision is still wanted."""
        case = self.get(case_id)
        return case if case is not None and case.is_open else None

    def open(self, report: Report, case: Case) -> Case:
        """Keep a new case, its text, author and story; it comes back with number and token."""
        names = Names(self._connection, [report])
        names.keep(report)
        names.write()
        opened = replace(case, id=next(self.new_ids(1)), token=new_token())
        self.open_all([Opened(opened, report, *names.of(report))])
        return opened

    def new_ids(self, number: int) -> Iterator[CaseId]:
        """Return the numbers of so many cases that are to be opened."""
        return map(CaseId, self._connection.new_ids("cases", number))

    def open_all(self, opened: Sequence[Opened]) -> None:
        """Keep new cases and their texts; who wrote them, and under what, is known already."""
        words = self._connection.words
        each = self._connection.run_each
        each(_OPEN, [_opened_row(one) for one in opened])
        each(_REVISION, [_text_row(one.case.id, 1, one.report.comment) for one in opened])
        each(
            words.index,
            [
                index_row(words, one.case.id, one.report.comment.text, one.name, one.title)
                for one in opened
            ],
        )

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
        self.count_all({case_id: (1, counts)})

    def count_all(self, counted: Mapping[CaseId, tuple[int, Counts]]) -> None:
        """Keep what further reports changed in cases, each touched so many times by it."""
        self._connection.run_each(
            _COUNT, [_counts_row(case_id, *counts) for case_id, counts in counted.items()]
        )

    def view(self, case_id: CaseId, *, strikes_since: datetime) -> CaseView | None:
        """Return all that a card shows but `why`; strikes older than the given time expired."""
        case = self.get(case_id)
        return view_of(self._connection, case, stored(strikes_since)) if case else None

    def queue(self, *, limit: int, offset: int = 0) -> Sequence[Case]:
        """Return open cases that are not put off, worst first, the older first where level."""
        return [case_of(row) for row in self._run(_QUEUE, (limit, offset)).fetchall()]

    def count_open(self) -> int:
        """Return how many cases are open."""
        return int(self._run(_COUNT_OPEN).fetchone()[0])

    def written_at(self, case_id: CaseId) -> datetime | None:
        """Return when the comment was first written, as its site says; `None` if it does not."""
        return moment_if(self._run(_WRITTEN, (case_id,)).fetchone()[0])

    def strikes(self, site: SiteId, author_id: str, *, since: datetime) -> int:
        """Return the author's hides and bans since then that were not undone or amended away."""
        return int(self._run(STRIKES, (site, author_id, stored(since))).fetchone()[0])

    def strikes_at(self, site: SiteId, authors: Iterable[str]) -> Mapping[str, Sequence[datetime]]:
        """Return when each of the authors got a strike, as `strikes` counts them."""
        times: dict[str, list[datetime]] = {}
        for author, at in found(self._run, _STRIKES_AT, authors, site):
            times.setdefault(author, []).append(moment(at))
        return times

    def open_of_author(self, site: SiteId, author_id: str) -> Sequence[Case]:
        """Return the author's open cases, the oldest first."""
        return [case_of(row) for row in self._run(_OPEN_OF_AUTHOR, (site, author_id)).fetchall()]

    def open_after(self, after: CaseId, *, limit: int) -> Sequence[CaseId]:
        """Return the open cases with higher numbers, in the order of these."""
        return [CaseId(number) for (number,) in self._run(_OPEN_AFTER, (after, limit)).fetchall()]

    def open_at(self, site: SiteId, *, after: CaseId, limit: int) -> Sequence[Case]:
        """Return the site's open cases with higher numbers, in the order of these."""
        return [case_of(row) for row in self._run(_OPEN_AT, (site, after, limit)).fetchall()]

    def _keep_text(self, case_id: CaseId, revision: int, comment: Comment) -> None:
        self._run(_REVISION, _text_row(case_id, revision, comment))
        name, title = self._run(_NAMES, (case_id,)).fetchone()
        index_text(self._connection, case_id, comment.text, name, title)


def _opened_row(opened: Opened) -> tuple[Any, ...]:
    case = opened.case
    about = (case.id, case.site, case.comment_id, case.author_id, opened.report.story.external_id)
    state = (case.state, case.revision, case.revision_key, case.touched, case.reports)
    place = (case.reporters, _written(case.reasons), case.strikes, case.priority)
    times = (stored(case.opened_at), stored(case.reported_at))
    end = (case.decision_id, stored(case.decided_at), case.weight, case.pace, case.raised)
    return (*about, *state, *place, *times, *end, case.token, *_mark(case.text), case.hold_id)


def _text_row(case_id: CaseId, revision: int, comment: Comment) -> tuple[Any, ...]:
    parent = comment.parent
    text = (comment.revision, comment.text, comment.permalink, stored(comment.created))
    context = (parent.author, parent.text) if parent else (None, None)
    return (case_id, revision, *text, *context, comment.sent)


def _counts_row(case_id: CaseId, touches: int, counts: Counts) -> tuple[Any, ...]:
    text = counts.text
    return (
        touches,
        counts.reports,
        counts.reporters,
        _written(counts.reasons),
        counts.weight,
        counts.pace,
        counts.priority,
        stored(counts.reported_at),
        text and text.key,
        text and stored(text.at),
        text and stored(text.taken_at),
        case_id,
    )


def case_of(row: tuple[Any, ...]) -> Case:
    """Return the case of a row that has the `COLUMNS` first."""
    mark = None
    if row[21] is not None:
        mark = _make_mark(key=row[21], at=moment(row[22]), taken_at=moment(row[23]))
    return _make_case(
        row[0],
        row[1],
        row[2],
        row[3],
        _STATES[row[4]],
        row[5],
        row[6],
        row[7],
        row[8],
        row[9],
        dict(_read(row[10])),
        row[11],
        row[12],
        moment(row[13]),
        moment(row[14]),
        row[15],
        moment_if(row[16]),
        row[17],
        row[18],
        bool(row[19]),
        row[20],
        mark,
        row[24],
        bool(row[25]),
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

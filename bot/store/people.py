"""The authors: their cases, decisions, and the staff's notes on them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.domain.author import Known, StaffNote
from bot.domain.comment import Author
from bot.domain.decision import Decision
from bot.domain.folding import folded, searchable
from bot.domain.hint import AuthorRef
from bot.domain.hotspots import Reported
from bot.domain.ids import CaseId, DecisionId, SiteId
from bot.domain.search import Query
from bot.store.decisions import Decisions
from bot.store.engine.connection import Connection
from bot.store.search import LAST_LETTER
from bot.store.times import moment, moment_if, stored

_GET: Final = "SELECT name, since FROM authors WHERE site = ? AND external_id = ?"
_BEGINNING: Final = """
SELECT site, external_id FROM authors
WHERE folded >= ? AND folded < ? ORDER BY folded LIMIT ?
"""
_NEWEST: Final = "SELECT MAX(id) FROM cases WHERE site = ? AND author_id = ?"
_FIRST: Final = """
SELECT id, opened_at FROM cases WHERE site = ? AND author_id = ? ORDER BY id LIMIT 1
"""
_CASES: Final = """
SELECT id FROM cases WHERE site = ? AND author_id = ? ORDER BY id DESC LIMIT ? OFFSET ?
"""
_BANS: Final = """
SELECT id, EXISTS (SELECT 1 FROM decisions AS later WHERE later.reverses = made.id)
FROM decisions AS made WHERE site = ? AND author_id = ? AND action = 'ban'
AND NOT EXISTS (SELECT 1 FROM decisions AS later WHERE later.amends = made.id)
ORDER BY at DESC, id DESC LIMIT ?
"""
_STRIKES: Final = """
SELECT id FROM standing WHERE site = ? AND author_id = ? AND at >= ? AND action IN ('hide', 'ban')
ORDER BY at DESC, id DESC LIMIT ?
"""
_NOTES: Final = """
SELECT text, by_id, by_name, at FROM author_notes WHERE site = ? AND author_id = ?
ORDER BY id DESC LIMIT ?
"""
_COUNT_NOTES: Final = "SELECT COUNT(*) FROM author_notes WHERE site = ? AND author_id = ?"
_ADD_NOTE: Final = """
INSERT INTO author_notes (site, author_id, text, by_id, by_name, at) VALUES (?, ?, ?, ?, ?, ?)
"""
_REPORTED: Final = """
SELECT seen.case_id, seen.reports, cases.site, author_id, authors.name, story_id, title,
    parent_author
FROM (
    SELECT case_id, COUNT(*) AS reports
    FROM (SELECT case_id, at FROM sightings ORDER BY id DESC LIMIT ?) AS newest
    WHERE at >= ?
    GROUP BY case_id
) AS seen
CROSS JOIN cases CROSS JOIN authors CROSS JOIN stories CROSS JOIN revisions
WHERE cases.id = seen.case_id
AND authors.site = cases.site AND authors.external_id = author_id
AND stories.site = cases.site AND stories.external_id = story_id
AND revisions.case_id = seen.case_id AND revisions.revision = cases.revision
"""


class People:
    """What is kept about authors."""

    def __init__(self, connection: Connection) -> None:
        self._words = connection.words
        self._run = connection.run
        self._decisions = Decisions(connection)

    def get(self, ref: AuthorRef) -> Author | None:
        """Return an author as last seen."""
        row = self._run(_GET, (ref.site, ref.id)).fetchone()
        return Author(external_id=ref.id, name=row[0], since=moment_if(row[1])) if row else None

    def named(self, words: str, *, limit: int) -> Sequence[Known]:
        """Return authors whose name begins with the words, or has words that begin so.

        Those that begin so come first, by name; then those with the newest cases.
        """
        wanted = folded(words)
        beginning = (wanted, wanted + LAST_LETTER, limit)
        found = dict.fromkeys(self._run(_BEGINNING, beginning).fetchall())
        asked = Query(author=(searchable(words),)) if any(map(str.isalnum, words)) else Query()
        match = self._words.matching(asked)
        # Of somebody with many cases each one is found, so more are read than are wanted.
        if match and len(found) < limit:
            found |= dict.fromkeys(self._run(self._words.authors, (match,)).fetchall())
        refs = [AuthorRef(site=SiteId(site), id=number) for site, number in found][:limit]
        return [known for ref in refs if (known := self._known(ref))]

    def cases(self, ref: AuthorRef, *, limit: int, offset: int = 0) -> Sequence[CaseId]:
        """Return the author's cases, newest first."""
        rows = self._run(_CASES, (ref.site, ref.id, limit, offset)).fetchall()
        return [CaseId(row[0]) for row in rows]

    def bans(self, ref: AuthorRef, *, limit: int) -> Sequence[tuple[Decision, bool]]:
        """Return the author's bans, newest first, and whether each was undone."""
        rows = self._run(_BANS, (ref.site, ref.id, limit)).fetchall()
        bans = self._all([(number,) for number, _ in rows])
        return [(made, bool(undone)) for made, (_, undone) in zip(bans, rows, strict=True)]

    def strikes(self, ref: AuthorRef, since: datetime, *, limit: int) -> Sequence[Decision]:
        """Return the decisions since then that count against the author, newest first."""
        return self._all(self._run(_STRIKES, (ref.site, ref.id, stored(since), limit)).fetchall())

    def first_case(self, ref: AuthorRef) -> tuple[CaseId, datetime] | None:
        """Return the author's first case and when it was opened."""
        row = self._run(_FIRST, (ref.site, ref.id)).fetchone()
        return (CaseId(row[0]), moment(row[1])) if row else None

    def notes(self, ref: AuthorRef, *, limit: int) -> Sequence[StaffNote]:
        """Return the staff's newest notes on an author, newest first."""
        return [
            StaffNote(text=text, by_id=by_id, by_name=by_name, at=moment(at))
            for text, by_id, by_name, at in self._run(_NOTES, (ref.site, ref.id, limit)).fetchall()
        ]

    def count_notes(self, ref: AuthorRef) -> int:
        """Return how many notes there are."""
        return int(self._run(_COUNT_NOTES, (ref.site, ref.id)).fetchone()[0])

    def add_note(self, ref: AuthorRef, note: StaffNote) -> None:
        """Keep a note."""
        self._run(
            _ADD_NOTE, (ref.site, ref.id, note.text, note.by_id, note.by_name, stored(note.at))
        )

    def reported(self, since: datetime, *, limit: int) -> Sequence[Reported]:
        """Return what was reported since then, of the so many newest reports."""
        return [
            Reported(
                case_id=CaseId(case),
                reports=reports,
                author=AuthorRef(site=site, id=author),
                name=name,
                story=(site, story),
                title=title,
                answers=answers,
            )
            for case, reports, site, author, name, story, title, answers in self._run(
                _REPORTED, (limit, stored(since))
            ).fetchall()
        ]

    def _known(self, ref: AuthorRef) -> Known | None:
        author = self.get(ref)
        newest = self._run(_NEWEST, (ref.site, ref.id)).fetchone()[0]
        if author is None or newest is None:
            return None
        return Known(ref=ref, name=author.name, case_id=CaseId(newest))

    def _all(self, rows: Sequence[tuple[int]]) -> Sequence[Decision]:
        found = (self._decisions.get(DecisionId(number)) for (number,) in rows)
        return self._decisions.newest_names(one for one in found if one is not None)

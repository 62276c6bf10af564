"""The authors: their cases, decisions, bans, and the staff's notes on them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from bot.domain.account_similarity import AuthorRef
from bot.domain.authors import Known, StaffNote
from bot.domain.bans import Ban
from bot.domain.comments import Author
from bot.domain.decisions import Decision
from bot.domain.folding import folded, searchable
from bot.domain.hotspots import Reported
from bot.domain.ids import CaseId, DecisionId, SiteId
from bot.domain.search import Query
from bot.store.decisions import Decisions
from bot.store.engine.connection import Connection, Rows
from bot.store.search import LAST_LETTER, like
from bot.store.times import moment, moment_if, stored

_GET: Final = "SELECT name, since FROM authors WHERE site = ? AND external_id = ?"
_BEGINNING: Final = """
SELECT site, external_id FROM authors
WHERE folded >= ? AND folded < ? ORDER BY folded LIMIT ?
"""
_NEWEST: Final = "SELECT MAX(id) FROM cases WHERE site = ? AND author_id = ?"
_NEWEST_OF_ALL: Final = "SELECT COALESCE(MAX(id), 0) FROM cases"
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
_COUNT_REPORTED: Final = "SELECT COUNT(*) FROM sightings WHERE site = ? AND at >= ?"
# Of so many reports one is looked at, so that those are spread over the whole time.
_REPORTED: Final = """
SELECT seen.case_id, seen.reports, cases.site, author_id, authors.name, story_id, title,
    parent_author
FROM (
    SELECT case_id, COUNT(*) AS reports FROM sightings
    WHERE sightings.site = ? AND at >= ? AND id % ? = 0 GROUP BY case_id
) AS seen
CROSS JOIN cases CROSS JOIN authors CROSS JOIN stories CROSS JOIN revisions
WHERE cases.id = seen.case_id
AND authors.site = cases.site AND authors.external_id = author_id
AND stories.site = cases.site AND stories.external_id = story_id
AND revisions.case_id = seen.case_id AND revisions.revision = cases.revision
"""


class Authors:
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
        for match in self._matches(asked):
            if len(found) >= limit:
                break
            # Of somebody with many cases each one is found, so more are read than are wanted.
            found |= dict.fromkeys(self._run(self._words.authors, (match,)).fetchall())
        refs = [AuthorRef(site=SiteId(site), id=number) for site, number in found][:limit]
        return [known for ref in refs if (known := self._known(ref))]

    def _matches(self, asked: Query) -> Iterator[str]:
        """Yield what the index of words is asked for, the newest cases first."""
        match = self._words.matching(asked)
        if match:
            newest = int(self._run(_NEWEST_OF_ALL).fetchone()[0])
            yield from (self._words.within(match, span) for span in self._words.spans(newest))

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

    def count_reported(self, sites: Iterable[SiteId], since: datetime) -> int:
        """Return how many reports came from the sites since then."""
        rows = (self._run(_COUNT_REPORTED, (site, stored(since))).fetchone() for site in sites)
        return sum(row[0] for row in rows)

    def reported(
        self, sites: Iterable[SiteId], since: datetime, *, one_in: int
    ) -> Sequence[Reported]:
        """Return what the sites' readers reported since then, by one in so many of the reports."""
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
            for asked in sites
            for case, reports, site, author, name, story, title, answers in self._run(
                _REPORTED, (asked, stored(since), one_in)
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


_FOR_GOOD = 2**62
_SELECT = """
SELECT made.id, made.case_id, made.site, made.author_id, author.name, made.rule,
       COALESCE(known.name, made.by_name),
       made.at, made.until, COALESCE(second.name, made.second_name)
FROM standing AS made
JOIN authors AS author ON author.site = made.site AND author.external_id = made.author_id
LEFT JOIN deciders AS known ON known.id = made.by_id
LEFT JOIN deciders AS second ON second.id = made.second_id
WHERE made.action = 'ban'
"""
# Of several bans of one author, the one that ends last: until then they are out.
_LAST = f"""
{_SELECT} AND (made.until IS NULL OR made.until > ?) AND NOT EXISTS (
    SELECT 1 FROM standing AS other
    WHERE other.site = made.site AND other.author_id = made.author_id AND other.action = 'ban'
    AND (COALESCE(other.until, {_FOR_GOOD}) > COALESCE(made.until, {_FOR_GOOD})
        OR (COALESCE(other.until, {_FOR_GOOD}) = COALESCE(made.until, {_FOR_GOOD})
            AND other.id > made.id))
)
"""  # noqa: S608 - only constants of this file are put together
_IN_FORCE = f"{_LAST} ORDER BY made.id DESC LIMIT ? OFFSET ?"
_COUNT = """
SELECT COUNT(*) FROM (
    SELECT DISTINCT site, author_id FROM standing
    WHERE action = 'ban' AND (until IS NULL OR until > ?)
) AS authors
"""
_OF_AUTHOR = f"""
{_SELECT} AND made.site = ? AND made.author_id = ? AND (made.until IS NULL OR made.until > ?)
ORDER BY made.id DESC
"""
_ENDED = f"""
{_SELECT} AND made.site = ? AND made.until <= ?
AND NOT EXISTS (SELECT 1 FROM lifts WHERE lifts.decision_id = made.id)
ORDER BY made.id LIMIT 100
"""  # noqa: S608 - only constants of this file are put together
_NAMED = f"""
{_LAST} AND (author.folded LIKE ? ESCAPE '\\' OR author.folded LIKE ? ESCAPE '\\')
ORDER BY made.id DESC LIMIT 25
"""
_LIFT = """
INSERT INTO lifts (decision_id, at) VALUES (?, ?) ON CONFLICT (decision_id) DO NOTHING
"""


class Bans:
    """The bans that stand, and those that the desk lifted."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def in_force(self, now: datetime, *, limit: int, offset: int = 0) -> Sequence[Ban]:
        """Return the bans in force, the newest first: of each author the one that ends last."""
        return _bans(self._run(_IN_FORCE, (stored(now), limit, offset)))

    def count(self, now: datetime) -> int:
        """Return how many authors are banned."""
        return int(self._run(_COUNT, (stored(now),)).fetchone()[0])

    def of_author(self, site: SiteId, author_id: str, now: datetime) -> Sequence[Ban]:
        """Return the bans of one author in force, the newest first."""
        return _bans(self._run(_OF_AUTHOR, (site, author_id, stored(now))))

    def named(self, beginning: str, now: datetime) -> Sequence[Ban]:
        """Return bans in force of authors whose names, or words in them, begin so.

        One an author, at most 25.
        """
        plain = like(folded(beginning))
        return _bans(self._run(_NAMED, (stored(now), plain, f"% {plain}")))

    def ended(self, site: SiteId, now: datetime) -> Sequence[Ban]:
        """Return a site's bans that have ended and were not lifted yet, at most 100."""
        return _bans(self._run(_ENDED, (site, stored(now))))

    def lifted(self, decision_id: DecisionId, at: datetime) -> None:
        """Record that the desk lifted a ban that had ended."""
        self._run(_LIFT, (decision_id, stored(at)))


def _bans(rows: Rows) -> list[Ban]:
    return [_ban(row) for row in rows.fetchall()]


def _ban(row: tuple[Any, ...]) -> Ban:
    return Ban(
        decision_id=row[0],
        case_id=row[1],
        site=row[2],
        author_id=row[3],
        author_name=row[4],
        rule=row[5],
        by_name=row[6],
        at=moment(row[7]),
        until=moment_if(row[8]),
        second_name=row[9],
    )

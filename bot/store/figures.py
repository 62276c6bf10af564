"""Figures about reports, and what those of a month are made of, counted when they are asked for."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from bot.domain.alerts import Tally, TopComment
from bot.domain.cases import NoticeKind
from bot.domain.comments import Story
from bot.domain.decisions import Action
from bot.domain.detection.events import Tier
from bot.domain.folding import folded
from bot.domain.ids import CaseId, RuleNumber, SiteId
from bot.store.decisions import FIRSTS
from bot.store.engine.connection import Connection, places
from bot.store.search import like
from bot.store.times import moment, moment_if, stored
from bot.store.triage import OLDEST_OF

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
# A legal notice that has clocks is in the list of these, by whatever road it came.
_NOTICES = """
SELECT kind, COUNT(*) FROM notices
WHERE received_at >= ?1 AND received_at < ?2 AND legal_id IS NULL GROUP BY kind
UNION ALL
SELECT 'legal', COUNT(*) FROM legal_notices WHERE received_at >= ?1 AND received_at < ?2
"""
_NOTICED = """
SELECT 1 FROM notices WHERE case_id = ? AND kind = 'illegal' AND received_at <= ? LIMIT 1
"""


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
        """Return how many of each kind of notice came in; a further kind is counted by itself."""
        found = Counter[NoticeKind]()
        for kind, count in self._run(_NOTICES, (stored(start), stored(end))).fetchall():
            found[NoticeKind(kind)] += count
        return {kind: found[kind] for kind in NoticeKind}

    def noticed(self, case_id: CaseId, at: datetime) -> bool:
        """Whether somebody had given notice by then that a case's comment is illegal."""
        return self._run(_NOTICED, (case_id, stored(at))).fetchone() is not None


_MOST = 20_000
"""Reports looked at for one figure; an answer within a second matters more than the last digit."""

_AT_ONCE = 500
"""Cases whose outcomes one statement asks for."""

_OF_STORY = """
SELECT cases.id, author_id, reporter, rule, at FROM cases
JOIN reports ON reports.case_id = cases.id
WHERE cases.site = ? AND story_id = ? AND at >= ? AND at <= ? LIMIT ?
"""
_OF_COMMENTER = """
SELECT cases.id, author_id, reporter, rule, at FROM cases
JOIN reports ON reports.case_id = cases.id
WHERE cases.site = ? AND author_id = ? AND at >= ? AND at <= ? LIMIT ?
"""
_OF_SITE = """
SELECT cases.id, author_id, reporter, rule, at FROM sightings
CROSS JOIN cases
WHERE cases.id = case_id AND sightings.site = ? AND ? = '' AND at >= ? AND at <= ? ORDER BY at DESC LIMIT ?
"""
_ROWS = {Tier.STORY: _OF_STORY, Tier.COMMENTER: _OF_COMMENTER, Tier.SITE: _OF_SITE}
# Of what stands, the verdict is a person's, as it was before somebody corrected its rule.
_OUTCOMES = """
SELECT cases.id, authors.name, stands.action, cases.state <> 'decided', verdict.action, verdict.at
FROM cases
JOIN authors ON authors.site = cases.site AND authors.external_id = cases.author_id
LEFT JOIN decisions AS stands ON stands.id = cases.decision_id
LEFT JOIN decisions AS verdict ON verdict.door NOT IN ('desk', 'site', 'author') AND verdict.id = (
    SELECT MAX(id) FROM decisions AS made
    WHERE made.case_id = cases.id AND made.id <= cases.decision_id
    AND made.action IN ('keep', 'hide', 'ban') AND made.amends IS NULL
)
WHERE cases.id IN ({wanted})
"""
_READERS = "SELECT reporter, MIN(at) FROM reports WHERE case_id = ? GROUP BY reporter"
_STORY = """
SELECT title, url, section, published FROM stories WHERE site = ? AND external_id = ?
"""
_AUTHOR = "SELECT name FROM authors WHERE site = ? AND external_id = ?"
# The newest cases are enough to pick from, and found without reading the others.
_FIND_STORY = """
SELECT DISTINCT story_id, title FROM (SELECT * FROM cases ORDER BY id DESC LIMIT 500) AS cases
JOIN stories ON stories.site = cases.site AND stories.external_id = story_id
WHERE cases.site = ? AND folded LIKE ? ESCAPE '\\' LIMIT ?
"""
_FIND_AUTHOR = """
SELECT DISTINCT author_id, name FROM (SELECT * FROM cases ORDER BY id DESC LIMIT 500) AS cases
JOIN authors ON authors.site = cases.site AND authors.external_id = author_id
WHERE cases.site = ? AND folded LIKE ? ESCAPE '\\' LIMIT ?
"""
_DECIDED = f"""
SELECT action, COUNT(*) FROM ({FIRSTS}) AS firsts WHERE at >= ? AND at < ? GROUP BY action
"""  # noqa: S608 - a constant of ours
_BUSIEST = """
SELECT story_id, COUNT(*) AS reports FROM sightings CROSS JOIN cases
WHERE cases.id = case_id AND sightings.site = ? AND at >= ? AND at < ? GROUP BY story_id ORDER BY reports DESC LIMIT ?
"""
_OLDEST = OLDEST_OF.format(those="1 = 1")

_Row = tuple[int, str, bytes, int, int]


class Tallies:
    """Figures counted when they are asked for."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def tally(self, site: SiteId, tier: Tier, key: str, start: datetime, end: datetime) -> Tally:
        """Return the reports on something in a time, counted."""
        rows = self._rows(site, tier, key, start, end)
        comments = Counter(row[0] for row in rows)
        outcomes = self._outcomes(comments)
        return Tally(
            reports=len(rows),
            readers=len({row[2] for row in rows}),
            authors=len({row[1] for row in rows}),
            comments=len(comments),
            reasons=dict(Counter(RuleNumber(row[3]) for row in rows).most_common()),
            tops=tuple(_tops(comments, outcomes)),
            decided=Counter(_decided(outcomes.values(), start)),
            waiting=sum(one.waits for one in outcomes.values()),
            last_at=moment(max(row[4] for row in rows)) if rows else None,
        )

    def moments(
        self, site: SiteId, tier: Tier, key: str, start: datetime, end: datetime
    ) -> Sequence[datetime]:
        """Return when the reports on something came, in no order."""
        return [moment(row[4]) for row in self._rows(site, tier, key, start, end)]

    def cases(
        self, site: SiteId, tier: Tier, key: str, start: datetime, end: datetime, *, limit: int
    ) -> Sequence[tuple[CaseId, int]]:
        """Return the cases that the reports are on with how many each, the most first."""
        counted = Counter(row[0] for row in self._rows(site, tier, key, start, end))
        return [(CaseId(case), count) for case, count in counted.most_common(limit)]

    def readers(self, case_id: CaseId) -> Mapping[bytes, datetime]:
        """Return who reported a case, and when each did so first."""
        return {who: moment(at) for who, at in self._run(_READERS, (case_id,)).fetchall()}

    def story(self, site: SiteId, key: str) -> Story | None:
        """Return a story as last seen."""
        row = self._run(_STORY, (site, key)).fetchone()
        if row is None:
            return None
        title, url, section, published = row
        return Story(
            external_id=key,
            title=title,
            url=url,
            section=section,
            published=moment_if(published),
        )

    def author(self, site: SiteId, key: str) -> str | None:
        """Return a commenter's name as last seen."""
        row = self._run(_AUTHOR, (site, key)).fetchone()
        return row[0] if row else None

    def find(
        self, site: SiteId, tier: Tier, words: str, *, limit: int
    ) -> Sequence[tuple[str, str]]:
        """Return the keys and names of stories or commenters reported lately whose name fits."""
        query = _FIND_STORY if tier is Tier.STORY else _FIND_AUTHOR
        return self._run(query, (site, f"%{like(folded(words))}", limit)).fetchall()

    def decided(self, start: datetime, end: datetime) -> Mapping[Action, int]:
        """Return what people first decided of the cases in a time."""
        rows = self._run(_DECIDED, (stored(start), stored(end))).fetchall()
        return {Action(action): count for action, count in rows}

    def busiest(
        self, site: SiteId, start: datetime, end: datetime, *, limit: int
    ) -> Sequence[tuple[str, int]]:
        """Return the stories with the most reports in a time: title and reports."""
        rows = self._run(_BUSIEST, (site, stored(start), stored(end), limit)).fetchall()
        found: list[tuple[str, int]] = []
        for key, reports in rows:
            story = self.story(site, key)
            found.append((story.title if story else key, reports))
        return found

    def oldest_open(self) -> tuple[CaseId, datetime] | None:
        """Return the open case that waits for longest, and since when."""
        row = self._run(_OLDEST).fetchone()
        return (CaseId(row[0]), moment(row[1])) if row else None

    def _rows(
        self, site: SiteId, tier: Tier, key: str, start: datetime, end: datetime
    ) -> list[_Row]:
        row = (site, key, stored(start), stored(end), _MOST)
        return self._run(_ROWS[tier], row).fetchall()

    def _outcomes(self, cases: Mapping[int, int]) -> dict[int, "_Outcome"]:
        wanted, found = list(cases), dict[int, _Outcome]()
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            rows = self._run(outcomes_of(len(some)), tuple(some)).fetchall()
            found |= {row[0]: _outcome(row) for row in rows}
        return {case: found[case] for case in wanted if case in found}


def outcomes_of(cases: int) -> str:
    """Return the SQL that finds what became of so many cases."""
    return _OUTCOMES.format(wanted=places(cases))


class _Outcome(NamedTuple):
    """What became of a comment: what stands, and what a person at the desk decided, and when."""

    author: str
    stands: Action | None
    waits: bool
    verdict: Action | None
    at: datetime | None


def _outcome(row: tuple[Any, ...]) -> _Outcome:
    _, author, stands, waits, verdict, at = row
    return _Outcome(
        author=author,
        stands=Action(stands) if stands else None,
        waits=bool(waits),
        verdict=Action(verdict) if verdict else None,
        at=moment_if(at),
    )


def _tops(comments: Counter[int], outcomes: Mapping[int, _Outcome]) -> Iterator[TopComment]:
    for case, count in comments.most_common(3):
        if case in outcomes:
            author, done = outcomes[case].author, outcomes[case].stands
            yield TopComment(case_id=CaseId(case), author=author, reports=count, done=done)


def _decided(outcomes: Iterable[_Outcome], start: datetime) -> Iterator[Action]:
    """Yield what people at the desk decided since a time."""
    for one in outcomes:
        if one.verdict is not None and one.at is not None and one.at >= start:
            yield one.verdict

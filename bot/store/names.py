"""How authors and stories are called, as the newest report says."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from bot.domain.cases import CaseState
from bot.domain.comments import Author, Report, Story
from bot.domain.folding import folded
from bot.domain.ids import CaseId, SiteId
from bot.store.ban_evasion import ADD_KEY
from bot.store.engine.connection import Connection
from bot.store.search import index_text
from bot.store.times import stored
from bot.store.together import found, wide

# A report that knows less than the one before does not make the desk forget.
_AUTHOR: Final = """
INSERT INTO authors (site, external_id, name, since, folded, named_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (site, external_id) DO UPDATE SET
    name = excluded.name, folded = excluded.folded, named_at = excluded.named_at,
    since = COALESCE(excluded.since, authors.since)
WHERE excluded.named_at >= authors.named_at AND (
    authors.name <> excluded.name OR authors.since IS NULL AND excluded.since IS NOT NULL
)
"""
_STORY: Final = """
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
_NAMED_ANEW: Final = """
SELECT cases.id, state, text, authors.name, title FROM cases
JOIN revisions ON revisions.case_id = cases.id AND revisions.revision = cases.revision
JOIN authors ON authors.site = cases.site AND authors.external_id = cases.author_id
JOIN stories ON stories.site = cases.site AND stories.external_id = cases.story_id
WHERE cases.site = ? AND {whose} = ? ORDER BY cases.id DESC LIMIT 1000
"""
_OF_RENAMED_AUTHOR: Final = _NAMED_ANEW.format(whose="cases.author_id")
_OF_RENAMED_STORY: Final = _NAMED_ANEW.format(whose="cases.story_id")
_AUTHORS: Final = wide(
    "SELECT external_id, name, since, named_at FROM authors WHERE site = ? AND external_id IN ("
)
_STORIES: Final = wide(
    "SELECT external_id, title, url, section, published, named_at FROM stories "
    "WHERE site = ? AND external_id IN ("
)


class _Author(NamedTuple):
    name: str
    since: int | None
    at: int

    def learns(self, new: "_Author") -> bool:
        """Whether the statement above would change what is kept."""
        return new.at >= self.at and self.lacks(new)

    def lacks(self, new: "_Author | Author") -> bool:
        """Whether something is said that is not known, whenever it was."""
        return new.name != self.name or (self.since is None and new.since is not None)


class _Story(NamedTuple):
    title: str
    url: str
    section: str | None
    published: int | None
    at: int

    def learns(self, new: "_Story") -> bool:
        """Whether the statement above would change what is kept."""
        return new.at >= self.at and self.lacks(new)

    def lacks(self, new: "_Story | Story") -> bool:
        """Whether something is said that is not known, whenever it was."""
        return (
            new.title not in ("", self.title)
            or new.url != self.url
            or (new.section is not None and new.section != (self.section or ""))
            or (self.published is None and new.published is not None)
        )


_Key = tuple[SiteId, str]


class Names:
    """What authors and stories of some reports are called; asked once for all of them.

    Most reports say nothing new. Who is new is written down by `write`, and only who is called
    otherwise than before costs statements of their own.
    """

    def __init__(
        self,
        connection: Connection,
        reports: Sequence[Report],
        before: Callable[[], None] | None = None,
    ) -> None:
        """Ask.

        Args:
            connection: The transaction's.
            reports: Whose authors and stories are meant.
            before: Writes down all that waits, these names with it, so that every case is found
                whose name is another; there is nothing but these names if it is left out.
        """
        self._before = before or self.write
        self._connection = connection
        self._run = connection.run
        self._authors: dict[_Key, _Author] = {}
        self._stories: dict[_Key, _Story] = {}
        self._new_authors: list[tuple[object, ...]] = []
        self._new_stories: list[tuple[object, ...]] = []
        self._new_keys: list[tuple[object, ...]] = []
        for site in {report.site for report in reports}:
            there = [report for report in reports if report.site == site]
            self._read_authors(site, [report.author.external_id for report in there])
            self._read_stories(site, [report.story.external_id for report in there])

    def of(self, report: Report) -> tuple[str, str]:
        """Return what the author and the story of a report are called, once it was kept."""
        author = self._authors[report.site, report.author.external_id]
        return author.name, self._stories[report.site, report.story.external_id].title

    def keep(self, report: Report) -> list[CaseId]:
        """Keep how author and story are called now, unless a newer report said otherwise.

        The cases of who or what has a new name are found by it from now on; returns those that
        are open, whose cards show another.
        """
        renamed: list[CaseId] = []
        if not self._are_as_told(report):
            at = stored(report.at)
            renamed = [*self._author(report, at), *self._story(report, at)]
        site, author = report.site, report.author
        for key in author.keys:
            self._new_keys.append((site, author.external_id, key.kind, key.digest))
        return renamed

    def write(self) -> None:
        """Write down who and what is new."""
        for sql, rows in (
            (_AUTHOR, self._new_authors),
            (_STORY, self._new_stories),
            (ADD_KEY, self._new_keys),
        ):
            if rows:
                self._connection.run_each(sql, rows)
                rows.clear()

    def _are_as_told(self, report: Report) -> bool:
        """Whether a report says nothing that is not known, whenever it was made; most do not."""
        author = self._authors.get((report.site, report.author.external_id))
        story = self._stories.get((report.site, report.story.external_id))
        if author is None or story is None:
            return False
        return not (author.lacks(report.author) or story.lacks(report.story))

    def _author(self, report: Report, at: int) -> Iterator[CaseId]:
        site, author = report.site, report.author
        known = self._authors.get((site, author.external_id))
        said = _Author(author.name, stored(author.since), at)
        if known is not None and not known.learns(said):
            return
        row = (site, author.external_id, author.name, said.since, folded(author.name), at)
        if known is None:
            self._authors[site, author.external_id] = said
            self._new_authors.append(row)
            return
        self._before()
        self._run(_AUTHOR, row)
        self._read_authors(site, [author.external_id])
        yield from self._name_anew(_OF_RENAMED_AUTHOR, site, author.external_id)

    def _story(self, report: Report, at: int) -> Iterator[CaseId]:
        site, story = report.site, report.story
        known = self._stories.get((site, story.external_id))
        said = _Story(story.title, story.url, story.section, stored(story.published), at)
        if known is not None and not known.learns(said):
            return
        title, url, section, published, _ = said
        named = (site, story.external_id, title, url, section, published, folded(title), at)
        if known is None:
            self._stories[site, story.external_id] = said
            self._new_stories.append(named)
            return
        self._before()
        self._run(_STORY, named)
        self._read_stories(site, [story.external_id])
        yield from self._name_anew(_OF_RENAMED_STORY, site, story.external_id)

    def _read_authors(self, site: SiteId, ids: Sequence[str]) -> None:
        for key, name, since, at in found(self._run, _AUTHORS, ids, site):
            self._authors[site, key] = _Author(name, since, at)

    def _read_stories(self, site: SiteId, ids: Sequence[str]) -> None:
        for key, title, url, *rest in found(self._run, _STORIES, ids, site):
            self._stories[site, key] = _Story(title, url, *rest)

    def _name_anew(self, cases: str, site: SiteId, key: str) -> Iterator[CaseId]:
        for case_id, state, *named in self._run(cases, (site, key)).fetchall():
            index_text(self._connection, case_id, *named)
            if state != CaseState.DECIDED:
                yield CaseId(case_id)

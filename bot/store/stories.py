"""How each story stands in law."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.domain.folding import folded
from bot.domain.ids import CaseId, SiteId
from bot.domain.stories import KnownStory, StoryState, StoryStatus
from bot.store.deliveries import closing_of
from bot.store.engine.connection import Connection
from bot.store.search import LAST_LETTER
from bot.store.times import moment, moment_if, stored
from bot.store.together import found, wide

_GET = wide("""
SELECT site, story_id, state, by_id, by_name, at, note, review_at FROM story_states
WHERE site = ? AND story_id IN (""")
_OF_CASE = """
SELECT st.site, st.story_id, st.state, st.by_id, st.by_name, st.at, st.note, st.review_at
FROM cases JOIN story_states AS st ON st.site = cases.site AND st.story_id = cases.story_id
WHERE cases.id = ?
"""
_PUT = """
INSERT INTO story_states (site, story_id, state, by_id, by_name, at, note, review_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (site, story_id) DO UPDATE SET
    state = excluded.state, by_id = excluded.by_id, by_name = excluded.by_name, at =
    excluded.at, note = excluded.note, review_at = excluded.review_at
"""
_DROP = "DELETE FROM story_states WHERE site = ? AND story_id = ?"
_CHANGE = """
INSERT INTO story_changes (site, story_id, state, by_id, by_name, at, note, review_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_CHANGES = """
SELECT site, story_id, state, by_id, by_name, at, note, review_at FROM story_changes
WHERE site = ? AND story_id = ? ORDER BY id DESC LIMIT 20
"""
_STORY = """
SELECT title, url, cases.id, token FROM stories
JOIN cases ON cases.id = (
    SELECT MIN(id) FROM cases WHERE cases.site = stories.site AND story_id = external_id
)
WHERE stories.site = ? AND external_id = ?
"""
_STORY_OF = "SELECT site, story_id FROM cases WHERE id = ?"
_MARKED = "SELECT site, story_id FROM story_states ORDER BY at DESC LIMIT ? OFFSET ?"
_COUNT = "SELECT COUNT(*) FROM story_states"
_BY_TITLE = """
SELECT site, external_id FROM stories
WHERE folded >= ? AND folded < ? ORDER BY folded LIMIT ?
"""
_BY_URL = "SELECT site, external_id FROM stories WHERE url = ? LIMIT ?"
_RECENT = "SELECT site, story_id FROM cases ORDER BY id DESC LIMIT 500"
_HELD = """
SELECT COUNT(*) FROM cases
WHERE site = ? AND story_id = ? AND hold_id IS NOT NULL AND state <> 'decided'
"""
_OPEN = """
SELECT id FROM cases WHERE site = ? AND story_id = ? AND id > ? AND state <> 'decided'
ORDER BY id LIMIT ?
"""


class Stories:
    """How stories stand in law."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._run = connection.run

    def get(self, site: SiteId, story_id: str) -> StoryStatus | None:
        """Return how a story stands, `None` for a normal one."""
        return self.get_all(site, [story_id]).get(story_id)

    def get_all(self, site: SiteId, story_ids: Iterable[str]) -> Mapping[str, StoryStatus]:
        """Return how those of a site's stories stand that are not normal."""
        rows = found(self._run, _GET, story_ids, site)
        return {status.story_id: status for status in map(_status, rows)}

    def of_case(self, case_id: CaseId) -> StoryStatus | None:
        """Return how the story of a case stands, `None` for a normal one."""
        return status_of(self._connection, case_id)

    def put(self, status: StoryStatus) -> None:
        """Keep how a story stands from now on, and that it was changed."""
        row = (
            *(status.site, status.story_id, status.state, status.by_id, status.by_name),
            *(stored(status.at), status.note, stored(status.review_at)),
        )
        self._run(_CHANGE, row)
        if status.state is StoryState.NORMAL:
            self._run(_DROP, (status.site, status.story_id))
        else:
            self._run(_PUT, row)

    def changes(self, site: SiteId, story_id: str) -> Sequence[StoryStatus]:
        """Return every change of a story's state, the newest first, at most 20."""
        return [_status(row) for row in self._run(_CHANGES, (site, story_id)).fetchall()]

    def known(self, site: SiteId, story_id: str) -> KnownStory | None:
        """Return a story that was reported under."""
        named = self._run(_STORY, (site, story_id)).fetchone()
        if named is None:
            return None
        title, url, case_id, token = named
        return KnownStory(
            site=site,
            story_id=story_id,
            case_id=case_id,
            token=token,
            title=title,
            url=url,
            status=self.get(site, story_id),
            closing=closing_of(self._connection, site, story_id),
            held=int(self._run(_HELD, (site, story_id)).fetchone()[0]),
        )

    def story_of_case(self, case_id: CaseId) -> KnownStory | None:
        """Return the story that a case's comment stands under, `None` if there is no such case."""
        row = self._run(_STORY_OF, (case_id,)).fetchone()
        return self.known(*row) if row else None

    def marked(self, *, limit: int, offset: int = 0) -> Sequence[KnownStory]:
        """Return the stories that are not normal, the newest mark first."""
        return self._all_known(self._run(_MARKED, (limit, offset)).fetchall())

    def count_marked(self) -> int:
        """Return how many stories are not normal."""
        return int(self._run(_COUNT).fetchone()[0])

    def search(self, words: str, *, limit: int) -> Sequence[KnownStory]:
        """Return stories by the beginning of their title, an address, or words of recent ones."""
        wanted = words.strip()
        keys: dict[tuple[SiteId, str], None] = {}
        asked = folded(wanted)
        if wanted:
            keys |= dict.fromkeys(self._run(_BY_URL, (wanted, limit)).fetchall())
            keys |= dict.fromkeys(
                self._run(_BY_TITLE, (asked, asked + LAST_LETTER, limit)).fetchall()
            )
        keys |= dict.fromkeys(self._run(_MARKED, (100, 0)).fetchall())
        keys |= dict.fromkeys(self._run(_RECENT).fetchall())
        found = (
            story
            for story in self._all_known(list(keys))
            if asked in folded(f"{story.title} {story.url} {story.story_id}")
        )
        return [story for story, _ in zip(found, range(limit), strict=False)]

    def open_cases(
        self, site: SiteId, story_id: str, *, after: CaseId, limit: int
    ) -> Sequence[CaseId]:
        """Return a story's open cases with higher numbers, in the order of these."""
        rows = self._run(_OPEN, (site, story_id, after, limit)).fetchall()
        return [CaseId(number) for (number,) in rows]

    def _all_known(self, keys: Sequence[tuple[SiteId, str]]) -> list[KnownStory]:
        return [story for key in keys if (story := self.known(*key)) is not None]


def status_of(connection: Connection, case_id: CaseId) -> StoryStatus | None:
    """Return how the story of a case stands, `None` for a normal one."""
    return _standing_if(connection.run(_OF_CASE, (case_id,)).fetchone())


def _standing_if(row: tuple[Any, ...] | None) -> StoryStatus | None:
    return _status(row) if row else None


def _status(row: tuple[Any, ...]) -> StoryStatus:
    return StoryStatus(
        site=row[0],
        story_id=row[1],
        state=StoryState(row[2]),
        by_id=row[3],
        by_name=row[4],
        at=moment(row[5]),
        note=row[6],
        review_at=moment_if(row[7]),
    )

"""A database from before names were folded is searched like a new one."""

import sqlite3
from contextlib import closing

from bot.domain.account_similarity import AuthorRef
from bot.domain.chain import GENESIS
from bot.domain.ids import SiteId
from bot.domain.search import Query
from bot.store.authors import Authors
from bot.store.engine.migrate import migrate, migrations
from bot.store.engine.sqlite import SqliteConnection
from bot.store.search import Search

_BEFORE = f"""
INSERT INTO authors (site, external_id, name) VALUES ('courier', 'u-1', 'Zoë Straße');
INSERT INTO stories (site, external_id, title, url) VALUES ('courier', 's-1', 'Über uns', 'u');
INSERT INTO cases (
    id, site, comment_id, author_id, story_id, state, revision, revision_key, touched, reports,
    reporters, reasons, strikes, priority, opened_at, reported_at
) VALUES (7, 'courier', 'c-1', 'u-1', 's-1', 'open', 1, 'r', 1, 1, 1, '{{"3":1}}', 0, 1, 1, 1);
INSERT INTO revisions (case_id, revision, revision_key, text) VALUES (7, 1, 'r', 'cry\u200bpto');
INSERT INTO decisions (
    id, case_id, site, comment_id, author_id, action, by_id, by_name, door, revision, at, previous,
    digest
) VALUES
    (1, 7, 'courier', 'c-1', 'u-1', 'keep', 5, 'Ana', 'button', 1, 1, '{GENESIS}', 'd'),
    (2, 7, 'courier', 'c-1', 'u-1', 'reopen', 5, 'Anna', 'button', 1, 1, 'd', 'e');
"""  # noqa: S608 - a constant


def test_what_was_kept_before_is_found_by_what_is_typed_now():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        known = migrations()
        migrate(connection, {number: known[number] for number in range(1, 13)})
        connection.executescript(_BEFORE)

        migrate(connection, {number: known[number] for number in range(1, 14)})

        desk = SqliteConnection(connection)
        search, people = Search(desk), Authors(desk)
        for asked in ({"words": ("crypto",)}, {"author": ("strasse",)}, {"story": ("uber",)}):
            assert search.cases(Query(**asked), limit=9) == [7], asked
        for name in ("ana", "anna"):
            assert search.cases(Query(by=name), limit=9) == [7], name
        assert [one.ref for one in people.named("zoe", limit=9)] == [
            AuthorRef(site=SiteId("courier"), id="u-1")
        ]

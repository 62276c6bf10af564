"""The index of words is made anew in spans of cases, and finds all that was found before."""

import sqlite3
from contextlib import closing

import pytest

from bot.domain.ids import CaseId
from bot.domain.search import Query
from bot.store.engine.migrate import migrate, migrations
from bot.store.engine.sqlite import IN_A_SPAN, SqliteConnection
from bot.store.search import Search, index_text

BEFORE = 44
NUMBERS = (7, IN_A_SPAN - 1, IN_A_SPAN, 5 * IN_A_SPAN + 3)
_CASE = """
INSERT INTO cases (
    id, site, comment_id, author_id, story_id, state, revision, revision_key, touched, reports,
    reporters, reasons, strikes, priority, opened_at, reported_at, token
) VALUES (?1, 'courier', 'c' || ?1, 'u', 's', 'open', 1, 'r', 1, 1, 1, '{"3":1}', 0, 1, 1, 1, 't')
"""
_WORDS = "INSERT INTO words (rowid, text, author, story) VALUES (?, ?, ?, ?)"


@pytest.fixture
def updated():
    """A database with two texts of each case, as the last version kept them, brought up to date."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        known = migrations()
        migrate(connection, {at: script for at, script in known.items() if at <= BEFORE})
        connection.executescript(
            "INSERT INTO authors (site, external_id, name) VALUES ('courier', 'u', 'Zoë');"
            "INSERT INTO stories (site, external_id, title, url) VALUES ('courier', 's', 'U', 'u');"
        )
        for number in NUMBERS:
            connection.execute(_CASE, (number,))
            first = number << 16
            connection.execute(_WORDS, (first, "the bike's “strasse”", "zoe_1", "uber uns"))
            connection.execute(_WORDS, (first + 1, f"n{number} 日 本 theatre", "zoe_1", ""))
        migrate(connection, known)
        yield SqliteConnection(connection)


def test_all_that_was_found_before_is_found(updated):
    newest_first = [*reversed(NUMBERS)]
    for asked in (
        {"words": ("the",)},
        {"words": ("bike",)},
        {"words": ("s",)},
        {"words": ("the bike s str",)},
        {"words": ("日 本",)},
        {"words": ("bike",), "author": ("zoe",)},
        {"story": ("uber uns",)},
    ):
        assert Search(updated).cases(Query(**asked), limit=9) == newest_first, asked
    for number in NUMBERS:
        assert Search(updated).cases(Query(words=(f"n{number}",)), limit=9) == [number]


def test_a_further_text_has_its_place_behind_those_of_before(updated):
    for number in NUMBERS:
        index_text(updated, CaseId(number), f"later{number}", "Zoe", "Uber")

        assert Search(updated).cases(Query(words=(f"later{number}",)), limit=9) == [number]
        rows = updated.run("SELECT rowid FROM words WHERE rowid >> 16 = ?", (number,)).fetchall()
        assert rows == [(number * 65_536 + place,) for place in range(3)]


def test_nothing_of_the_index_of_before_is_left(updated):
    tables = updated.run("SELECT name FROM sqlite_master WHERE name LIKE 'words%'").fetchall()
    assert {name for (name,) in tables} == {
        *("words", "words_config", "words_content", "words_data", "words_docsize", "words_idx"),
    }

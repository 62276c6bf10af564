"""An older database's cases are counted as it is brought up to date."""

import sqlite3
from contextlib import closing

from bot.store.engine.migrate import migrate, migrations

SCRIPTS = migrations()
KEPT = next(number for number, script in SCRIPTS.items() if "CREATE TABLE case_counts" in script)
OLD = {number: script for number, script in SCRIPTS.items() if number < KEPT}
DAY = 86_400_000_000

_CASE = """
INSERT INTO cases (id, site, comment_id, author_id, story_id, state, revision, revision_key, touched,
    reports, reporters, reasons, strikes, priority, opened_at, reported_at)
VALUES (?, ?, ?, 'a', 's', ?, 1, 'r', 1, 1, 1, '{}', 0, 0, ?, ?)
"""
_MADE = """
INSERT INTO decisions (id, case_id, site, comment_id, author_id, action, by_id, by_name, door,
    revision, at, previous, digest) VALUES (?, ?, 'courier', 'c', 'a', ?, 1, 'Ana', ?, 1, 1, ?, ?)
"""
CASES = (
    (1, "courier", "open", DAY),
    (2, "courier", "decided", 2 * DAY - 1),
    (3, "echo", "open", 2 * DAY),
    (4, "courier", "open", DAY),
    (5, "courier", "escalated", 9 * DAY),
    (6, "echo", "decided", 9 * DAY + 5),
)


def test_the_cases_of_before_are_counted_and_those_of_after_too():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        migrate(database, OLD)
        for number, site, state, at in CASES:
            database.execute(_CASE, (number, site, f"c{number}", state, at, at))
        database.execute("INSERT INTO reopened (case_id, at) VALUES (2, 1), (4, 1)")
        migrate(database, SCRIPTS)

        counts = "SELECT site, state, number FROM case_counts WHERE number > 0 ORDER BY 1, 2"
        assert database.execute(counts).fetchall() == [
            ("courier", "decided", 1),
            ("courier", "escalated", 1),
            ("courier", "open", 2),
            ("echo", "decided", 1),
            ("echo", "open", 1),
        ]
        days = "SELECT day, newest FROM case_days ORDER BY day"
        assert database.execute(days).fetchall() == [(1, 4), (2, 3), (9, 6)]
        assert database.execute("SELECT case_id FROM reopened").fetchall() == [(4,)]

        database.execute("UPDATE cases SET state = 'claimed' WHERE id = 3")
        database.execute("DELETE FROM cases WHERE id = 6")
        database.execute(_CASE.replace("'a'", "'b'"), (7, "echo", "c7", "open", DAY, DAY))
        assert database.execute(counts).fetchall()[3:] == [
            ("echo", "claimed", 1),
            ("echo", "open", 1),
        ]
        assert database.execute(days).fetchall() == [(1, 7), (2, 3), (9, 6)]


def test_what_each_author_has_is_counted_too():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        migrate(database, OLD)
        for number, site, state, at in CASES:
            database.execute(_CASE, (number, site, f"c{number}", state, at, at))
        for number, case, action, door in (
            (1, 1, "hide", "button"),
            (2, 2, "ban", "command"),
            (3, 3, "keep", "button"),
            (4, 6, "hide", "author"),
        ):
            database.execute(
                _MADE, (number, case, action, door, str(number - 1 or ""), str(number))
            )
            database.execute("UPDATE cases SET decision_id = ? WHERE id = ?", (number, case))
        migrate(database, SCRIPTS)

        counts = "SELECT site, author_id, reported, taken_down FROM author_counts ORDER BY 1, 2"
        assert database.execute(counts).fetchall() == [("courier", "a", 4, 2), ("echo", "a", 2, 0)]

        database.execute("UPDATE cases SET decision_id = NULL WHERE id = 1")
        database.execute("UPDATE cases SET author_id = 'erased-1' WHERE id = 2")
        database.execute("UPDATE cases SET decision_id = 1 WHERE id = 3")
        database.execute("DELETE FROM cases WHERE id = 6")
        assert database.execute(counts).fetchall() == [
            ("courier", "a", 3, 0),
            ("courier", "erased-1", 1, 1),
            ("echo", "a", 1, 1),
        ]
        database.execute("UPDATE cases SET author_id = 'erased-2' WHERE author_id = 'a'")
        assert ("courier", "a") not in [row[:2] for row in database.execute(counts)]

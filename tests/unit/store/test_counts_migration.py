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

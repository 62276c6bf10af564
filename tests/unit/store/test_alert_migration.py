"""A database in which an alert waited twice to go along the other roads can be brought up to date."""

import sqlite3

from bot.store.engine.migrate import migrate, migrations

_ALERT = """
INSERT INTO alerts (
    id, site, incident, tier, key, state, since, opened_at, last_at, usual, chance_weeks, reports,
    readers
) VALUES (1, 'courier', 1, 'story', 's1', 'open', 1, 1, 1, 0.5, 40.0, 12, 9)
"""
_ROAD = """
INSERT INTO alert_effects (id, kind, state, alert_id, asked_at, due_at) VALUES (?, 'road', ?, ?, 1, 2)
"""


def test_what_waited_twice_waits_once_and_nothing_else_is_lost():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    known = migrations()
    migrate(connection, {number: known[number] for number in range(1, 12)})
    connection.execute(_ALERT)
    rows = [(1, "done", 1), (2, "waiting", 1), (3, "waiting", 1), (4, "waiting", None)]
    connection.executemany(_ROAD, rows)

    migrate(connection, {number: known[number] for number in range(1, 13)})

    left = [row[0] for row in connection.execute("SELECT id FROM alert_effects ORDER BY id")]
    connection.close()
    assert left == [1, 2, 4]

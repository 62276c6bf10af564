"""The statements are written for SQLite and PostgreSQL alike; here PostgreSQL prepares them all."""

from contextlib import closing

import pytest

from bot.store.engine.database import connect_writer
from bot.store.engine.postgresql import numbered
from tests.contract.store.statements import hidden, statements, templates
from tests.support.postgresql import running, tables


@pytest.fixture(scope="module")
def postgresql():
    with running() as server:
        yield server


def test_postgresql_prepares_every_statement(postgresql, tmp_path):
    asked = statements()
    with closing(connect_writer(tmp_path / "desk.db")) as database:
        made = tables(database)
    prepared = [f"PREPARE s{at} AS {numbered(sql)}" for at, sql in enumerate(asked.values())]

    refused = postgresql.refused([*made, *prepared])

    known = [*made, *asked]
    assert {known[at]: why for at, why in refused.items()} == {}


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO marks (site, mark, at) VALUES ($1, '', 1) ON CONFLICT DO UPDATE SET mark = ''",
        "SELECT mark FROM marks WHERE sight = $1",
        "SELECT mark FROM marks WHERE at = 'never'",
        "SELECT site, MAX(at) FROM marks",
        "SELECT 1 FROM marks WHERE $1 IS NULL",
    ],
)
def test_what_postgresql_cannot_prepare_is_noticed(postgresql, sql):
    table = "CREATE TEMPORARY TABLE marks (site text PRIMARY KEY, mark text, at bigint)"
    assert list(postgresql.refused([table, f"PREPARE one AS {sql}"])) == [1]


def test_no_statement_hides_in_a_function():
    assert hidden() == []


def test_whatever_is_filled_in_is_tried_too():
    assert templates() == {
        "bot.store.names._NAMED_ANEW",
        "bot.store.channels._ASTRAY",
        "bot.store.ban_evasion._SAME_GRAMS",
        "bot.store.ban_evasion._SAME_TARGETS",
        "bot.store.search._BY_DECIDER",
        "bot.store.search._BY_NUMBER",
        "bot.store.figures._OUTCOMES",
        "bot.store.figures.OLDEST_OF",
        "bot.store.staff.OLDEST_OF",
        "bot.store.triage.OLDEST_OF",
    }


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT 1", "SELECT 1"),
        ("a = ? AND b = ?", "a = $1 AND b = $2"),
        ("a = ?2 AND b = ?1 AND c = ?2", "a = $2 AND b = $1 AND c = $2"),
        ("a = '?' AND b = 'it''s ?' AND c = ?", "a = '?' AND b = 'it''s ?' AND c = $1"),
        ('"what?" = ?', '"what?" = $1'),
        ("a = ? -- why?\nAND b = ?", "a = $1 -- why?\nAND b = $2"),
        ("a LIKE ? ESCAPE '\\' AND b = ?", "a LIKE $1 ESCAPE '\\' AND b = $2"),
    ],
)
def test_question_marks_are_numbered_but_those_within_quotes_and_comments(sql, said):
    assert numbered(sql) == said

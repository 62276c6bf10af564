"""How SQLite means to run what authors and searches ask: by an index, whatever is asked for."""

import itertools

import pytest

from bot.domain.search import Query, Stand
from bot.store import authors, ban_evasion, views
from bot.store.engine.sqlite import WORDS
from bot.store.search import statement
from tests.contract.store.makers import NOW

ASKED = [
    authors._GET,
    authors._BEGINNING,
    authors._NEWEST,
    authors._FIRST,
    authors._CASES,
    authors._BANS,
    authors._STRIKES,
    authors._NOTES,
    authors._COUNT_NOTES,
    ban_evasion._UPTO,
    ban_evasion._BANS_AFTER,
    ban_evasion._CASES_AFTER,
    ban_evasion._TEXTS,
    ban_evasion._KEYS,
    ban_evasion._SAME_KEY,
    ban_evasion._BARRED,
    ban_evasion._BAN,
    ban_evasion._CANDIDATE,
    ban_evasion._HINTS,
    ban_evasion._DENY,
    ban_evasion.same_grams(20),
    ban_evasion.same_targets(20),
    views._AGAIN,
]
NARROWED = {
    "rule": {"rule": 3},
    "after": {"after": NOW},
    "stand": {"stand": Stand.HIDDEN},
    "site": {"site": "courier"},
}


@pytest.fixture
async def plan_of(store):
    async def plan(sql):
        def explain(connection):
            values = (None,) * sql.count("?")
            return connection.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()

        return [row[3] for row in await store._reading.database.run(explain)]

    return plan


@pytest.mark.parametrize("sql", ASKED)
async def test_authors_are_read_by_index(plan_of, sql):
    plan = await plan_of(sql)
    assert plan
    assert [step for step in plan if step.startswith("SCAN")] == []


@pytest.mark.parametrize(
    "narrowed",
    [chosen for size in range(3) for chosen in itertools.combinations(NARROWED.values(), size)],
)
@pytest.mark.parametrize(
    ("asked", "deciders", "way"),
    [
        ({"words": ("bike",)}, [], "SCAN words VIRTUAL TABLE INDEX"),
        ({"author": ("salty",)}, [1, 2], "SCAN words VIRTUAL TABLE INDEX"),
        ({"by": "ana"}, [1], "SEARCH made USING INDEX decisions_"),
        ({"by": "a"}, [1, 2], "SEARCH cases USING INTEGER PRIMARY KEY"),
        ({}, [], "SEARCH cases USING INTEGER PRIMARY KEY"),
    ],
)
async def test_a_search_reads_in_the_order_of_its_answer(plan_of, asked, deciders, way, narrowed):
    query = Query(**asked, **dict(pair for one in narrowed for pair in one.items()))
    plan = await plan_of(statement(WORDS, query, deciders)[0])

    assert plan[0].startswith(way)
    assert [step for step in plan if "B-TREE" in step] == []
    assert [step for step in plan[1:] if step.startswith("SCAN")] == []


@pytest.mark.parametrize("statement", [authors._REPORTED, authors._COUNT_REPORTED])
async def test_a_weeks_reports_are_read_by_their_time_and_no_others(plan_of, statement):
    plan = await plan_of(statement)
    found = [step for step in plan if "sightings" in step]
    assert found
    assert all("INDEX sightings_at (site=? AND at>?)" in step for step in found)
    assert all("seen" in step for step in plan if step.startswith("SCAN"))

import asyncio
import sqlite3
import threading
from contextlib import closing

import pytest

from bot.domain.errors import NoSuchCase
from bot.domain.ids import CaseId
from bot.store.engine.database import connect_writer
from bot.store.engine.sqlite import SqliteConnection
from bot.store.errors import StoreAway, StoreTrouble
from bot.store.sqlite import open_store
from bot.store.writer import BATCH, Batches
from tests.contract.store.makers import NOW, opening


@pytest.fixture
def traced(path):
    """A connection, and the statements it runs."""
    statements = []
    with closing(connect_writer(path)) as connection:
        connection.set_trace_callback(statements.append)
        yield connection, statements


def refuse(_tx):
    raise NoSuchCase(CaseId(7))


def commits(statements):
    return sum(statement == "COMMIT" for statement in statements)


def test_all_works_of_a_batch_share_one_commit(traced):
    connection, statements = traced
    outcomes = Batches(SqliteConnection(connection)).run(
        [opening(f"c-{index}") for index in range(50)]
    )
    assert all(outcome.error is None for outcome in outcomes)
    assert commits(statements) == 1


def test_a_batch_with_bad_works_still_takes_one_commit(traced):
    # Refusals are everyday matters, as when a moderator is late: they must not cost a sync each.
    connection, statements = traced
    works = [refuse if index % 3 else opening(f"c-{index}") for index in range(50)]
    outcomes = Batches(SqliteConnection(connection)).run(works)
    assert [outcome.error is None for outcome in outcomes] == [i % 3 == 0 for i in range(50)]
    assert commits(statements) == 1


def test_a_work_alone_that_raises_is_run_once(traced):
    connection, _ = traced
    runs = []

    def work(tx):
        runs.append(tx)
        raise NoSuchCase(CaseId(7))

    (outcome,) = Batches(SqliteConnection(connection)).run([work])
    assert isinstance(outcome.error, NoSuchCase)
    assert len(runs) == 1


def test_effects_of_works_that_failed_are_not_counted(traced):
    batches = Batches(SqliteConnection(traced[0]))
    (opened,) = batches.run([opening()])

    def ask(tx):
        tx.outbox.want_card(opened.value.id, NOW)

    def ask_and_fail(tx):
        ask(tx)
        refuse(tx)

    batches.run([ask_and_fail, ask_and_fail])
    assert batches.asked == 0
    batches.run([ask_and_fail, ask, ask_and_fail])
    assert batches.asked == 1


def test_a_commit_is_on_disk_before_it_is_answered(traced):
    full = 2
    assert traced[0].execute("PRAGMA synchronous").fetchone() == (full,)
    assert traced[0].execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def on_writer(store, function):
    return await store._writer._database.run(function)


async def test_a_full_disk_is_told_to_each_caller_and_the_next_write_goes_on(store):
    await store.write(opening("c-0"))
    pages = await on_writer(store, lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    await on_writer(store, lambda c: c.execute(f"PRAGMA max_page_count = {pages}"))
    works = [opening(f"c-{index}", revision_key="k" * 2000) for index in range(1, 40)]
    results = await asyncio.gather(*map(store.write, works), return_exceptions=True)
    assert {type(result) for result in results} == {StoreAway}
    assert "The disk is full" in str(results[0])
    assert await store.read(lambda tx: tx.cases.count_open()) == 1
    await on_writer(store, lambda c: c.execute("PRAGMA max_page_count = 1000000"))
    await asyncio.gather(*map(store.write, works))
    assert await store.read(lambda tx: tx.cases.count_open()) == 40


async def test_a_database_that_another_program_holds_is_said_to_be_held(store, path):
    await on_writer(store, lambda c: c.execute("PRAGMA busy_timeout = 0"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreTrouble, match="Another program holds the database"):
            await store.write(opening())
        assert await store.read(lambda tx: tx.cases.count_open()) == 0
        other.execute("ROLLBACK")
    await store.write(opening())


async def test_a_damaged_statement_is_told_with_its_cause(store):
    with pytest.raises(StoreTrouble, match="The database refused") as caught:
        await store.write(lambda tx: tx.run("SELECT nothing FROM nowhere"))
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)


async def test_no_transaction_takes_more_works_than_its_limit(store):
    sizes, gate = [], threading.Event()

    def run(works):
        gate.wait()
        sizes.append(len(works))
        return Batches.run(store._writer._batches, works)

    store._writer._batches.run = run
    writes = [asyncio.create_task(store.write(lambda _: None)) for _ in range(BATCH * 2)]
    gate.set()
    await asyncio.gather(*writes)
    assert max(sizes) == BATCH
    assert sum(sizes) == BATCH * 2


async def test_writers_wait_outside_while_the_queue_is_full(path):
    gate = threading.Event()
    async with open_store(path, room=5) as store:
        first = asyncio.create_task(store.write(lambda _: gate.wait()))
        others = [asyncio.create_task(store.write(opening(f"c-{index}"))) for index in range(40)]
        for _ in range(10):
            await asyncio.sleep(0)
        waiting = store._writer._queue.qsize()
        gate.set()
        assert waiting == 5
        await asyncio.gather(first, *others)
        assert await store.read(lambda tx: tx.cases.count_open()) == 40


async def test_what_was_accepted_is_finished_before_the_store_closes(path):
    gate = threading.Event()
    async with open_store(path, room=5) as store:
        tasks = [asyncio.create_task(store.write(lambda _: gate.wait()))]
        tasks += [asyncio.create_task(store.write(opening(f"c-{index}"))) for index in range(40)]
        await asyncio.sleep(0)
        gate.set()
    await asyncio.gather(*tasks)
    async with open_store(path) as store:
        assert await store.read(lambda tx: tx.cases.count_open()) == 40


async def test_a_closed_store_takes_nothing_and_says_so(path):
    async with open_store(path) as store:
        pass
    with pytest.raises(StoreTrouble, match="stopping"):
        await store.write(opening())
    with pytest.raises(StoreTrouble, match="stopping"):
        await store.read(lambda tx: tx.cases.count_open())


async def test_a_closed_store_leaves_one_file(path):
    async with open_store(path) as store:
        await store.write(opening())
        assert len(list(path.parent.iterdir())) == 3
    assert list(path.parent.iterdir()) == [path]


async def test_a_store_closes_when_its_block_fails(path):
    async def use():
        async with open_store(path) as store:
            await store.write(opening())
            raise NoSuchCase(CaseId(7))

    with pytest.raises(NoSuchCase):
        await use()
    assert list(path.parent.iterdir()) == [path]

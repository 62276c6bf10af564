"""What a PostgreSQL server can do to a desk that runs: end, lose a connection, be full, be set otherwise."""

import asyncio
import os
from contextlib import asynccontextmanager, closing
from dataclasses import replace

import pytest

from bot.cli.verify import verify
from bot.domain.decisions import Action
from bot.domain.ids import SiteId
from bot.services import outbox_worker
from bot.services.deliver import order_lane
from bot.services.outbox_worker import turn
from bot.store.errors import StoreAway, StoreDamaged, StoreTrouble
from bot.store.store import Store
from tests.services.desks import Bench
from tests.services.outside import ObedientSite
from tests.support.databases import new_database, whole_server
from tests.support.waiting import PATIENCE, eventually

psycopg = pytest.importorskip("psycopg", reason="comment-desk[postgres] is not installed")

from bot.store import postgresql as store_there  # noqa: E402
from bot.store.engine import postgresql_connection  # noqa: E402 - as below
from bot.store.engine.postgresql_connection import WRITING  # noqa: E402 - these need its driver
from bot.store.postgresql import open_store  # noqa: E402

COURIER = SiteId("courier")
CUT = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
async def server():
    async with new_database() as made:
        yield made


@pytest.fixture
async def bench(server):
    """The one desk that runs."""
    async with open_store(server, alone=True) as store:
        yield Bench(store)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a server that is slow to take a connection be waited for."""
    monkeypatch.setattr(postgresql_connection, "_STATUS_WITHIN", PATIENCE)


def run(server, *statements: str):
    """Run statements as whoever runs the server would; return what the last one finds."""
    with closing(psycopg.connect(server.url, autocommit=True)) as admin:
        found = [admin.execute(statement) for statement in statements][-1]
        return found.fetchall() if found.description else []


async def open_cases(store: Store) -> int:
    return await store.read(lambda tx: tx.cases.count_open())


@asynccontextmanager
async def set_to(server, **settings: str):
    """Set something of the database's while the block lasts, for all who connect from now on."""
    [(database,)] = run(server, "SELECT current_database()")
    said = (f"ALTER DATABASE {database} SET {name} = '{one}'" for name, one in settings.items())
    run(server, *said, CUT)
    try:
        yield
    finally:
        writes = "SET default_transaction_read_only = off"
        run(server, writes, f"ALTER DATABASE {database} RESET ALL", CUT)


async def test_a_desk_says_that_the_server_is_gone_and_goes_on_once_it_is_back(bench: Bench):
    await bench.take(comment="c1")
    whole_server().stop("fast")
    try:
        for asked in (bench.take(comment="c2"), open_cases(bench.store)):
            with pytest.raises(StoreAway, match="cannot be reached"):
                await asked
    finally:
        whole_server().start()
    assert await bench.take(comment="c3") == 2
    assert await open_cases(bench.store) == 2


async def test_an_order_that_was_carried_out_is_not_given_again_once_the_server_is_back(
    bench: Bench, monkeypatch
):
    monkeypatch.setattr(outbox_worker, "_KEEPS_AGAIN_AFTER", 0.05)
    monkeypatch.setattr(outbox_worker, "_KEEPING", 10_000)  # however long a server takes to start

    class Site(ObedientSite):
        attempts = 0

        async def carry_out(self, order):
            self.attempts += 1
            await asyncio.to_thread(whole_server().stop, "fast")
            asyncio.get_running_loop().call_later(0.2, back.set)
            return await super().carry_out(order)

    async def starts():
        await back.wait()
        await asyncio.to_thread(whole_server().start)

    await bench.decide(await bench.take(), Action.HIDE)
    back, site = asyncio.Event(), Site()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(starts())
        assert await turn(order_lane(bench.desk, COURIER, site))
    assert not await turn(order_lane(bench.desk, COURIER, site))
    assert (site.attempts, site.hidden) == (1, {"c1"})


@pytest.mark.parametrize("beside", [0, 2])
async def test_works_whose_connection_is_lost_keep_nothing_and_say_so(bench: Bench, beside: int):
    def lost(tx):
        tx.cases.touch(tx.cases.get(case), bench.clock())
        tx.run("SELECT pg_terminate_backend(pg_backend_pid())")

    case = await bench.take(comment="c1")
    others = [bench.take(comment=f"c{number}") for number in range(2, 2 + beside)]
    ends = await asyncio.gather(bench.store.write(lost), *others, return_exceptions=True)

    assert all(isinstance(one, StoreAway) for one in ends)
    assert await open_cases(bench.store) == 1
    touched = await bench.store.read(lambda tx: tx.cases.get(case))
    assert touched is not None
    assert touched.touched == 1
    await bench.take(comment="c9")


ENDS_AT_COMMIT = """
CREATE FUNCTION ended() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END$$
"""
DEFERRED = """
CREATE CONSTRAINT TRIGGER ends AFTER INSERT ON cases DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION ended()
"""


async def test_what_was_not_kept_as_the_connection_was_lost_is_said_to_be_so(server, bench: Bench):
    run(server, ENDS_AT_COMMIT, DEFERRED)
    with pytest.raises(StoreAway, match="Nothing of this was kept"):
        await bench.take()
    assert await open_cases(bench.store) == 0


async def test_what_was_kept_as_the_connection_was_lost_is_answered_as_kept(server, bench: Bench):
    """A commit that waits for a standby is on disk; who cuts it off then leaves it unanswered."""
    waits = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event = 'SyncRep'
    """

    async def cut() -> bool:
        return bool(run(server, waits))

    alone = "ALTER SYSTEM RESET synchronous_standby_names"
    run(server, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()")
    try:
        taken = asyncio.create_task(bench.take())
        await eventually(cut, "the report to wait for the standby")
        assert await taken == 1
    finally:
        run(server, alone, "SELECT pg_reload_conf()")
    assert await open_cases(bench.store) == 1
    await bench.decide(await bench.take())
    assert (await verify(server)).decisions == 1


UNLIKE_OURS = {
    "client_encoding": "latin1",
    "bytea_output": "escape",
    "extra_float_digits": "-15",
    "datestyle": "German",
}


@pytest.mark.parametrize("isolation", ["serializable", "repeatable read"])
async def test_a_database_that_is_set_otherwise_gives_the_same_record(server, isolation):
    async with (
        set_to(server, default_transaction_isolation=isolation, **UNLIKE_OURS),
        open_store(server) as one,
        open_store(server) as other,
    ):
        here, there = Bench(one), Bench(other)
        cases = [
            await here.take(comment=f"c{number}", text="Ŵy — \U0001f600") for number in range(6)
        ]
        await asyncio.gather(
            *(
                bench.decide(case)
                for pair in zip(cases[::2], cases[1::2], strict=True)
                for bench, case in zip((here, there), pair, strict=True)
            )
        )
        view = await one.read(lambda tx: tx.cases.view(1, strikes_since=here.clock.now))
        assert view is not None
        assert view.comment.text == "Ŵy — \U0001f600"
        found = await verify(server)
        assert (found.decisions, found.broken) == (6, None)


@pytest.mark.parametrize("name", ["lock_timeout", "statement_timeout"])
async def test_who_writes_waits_for_the_turn_however_little_a_database_lets_others_wait(
    server, name
):
    long = """
    SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
    AND wait_event_type = 'Lock' AND now() - query_start > interval '300 ms'
    """

    async def waits() -> bool:
        assert not taken.done()
        return bool(run(server, long))

    async with set_to(server, **{name: "100ms"}), open_store(server) as store:
        with closing(psycopg.connect(server.url)) as other:
            other.execute("SELECT pg_advisory_xact_lock(%s, %s)", WRITING)
            taken = asyncio.create_task(Bench(store).take())
            await eventually(waits, "the report to wait for its turn")
        assert await taken == 1


async def test_a_database_that_may_only_be_read_is_said_and_goes_on_afterwards(
    server, bench: Bench
):
    case = await bench.take()
    async with set_to(server, default_transaction_read_only="on"):
        with pytest.raises(StoreAway, match="cannot be written to"):
            await bench.decide(case)
    await bench.decide(case)


async def test_a_disk_of_the_server_that_is_full_is_said_and_goes_on_afterwards(
    server, bench: Bench
):
    full = """
    CREATE FUNCTION is_full() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END$$
    """
    fills = "CREATE TRIGGER fills BEFORE INSERT ON {} EXECUTE FUNCTION is_full()"
    run(server, full, *(fills.format(table) for table in ("reports", "pulse")))
    ends = await asyncio.gather(
        *(bench.take(comment=f"c{number}") for number in range(3)), return_exceptions=True
    )
    assert {str(one) for one in ends} == {
        "The disk of the server is full. Free some space; nothing that was confirmed is lost."
    }
    with pytest.raises(StoreAway, match="is full"):
        await bench.store.require_well()
    run(server, "DROP FUNCTION is_full CASCADE")
    await bench.take()
    assert await open_cases(bench.store) == 1
    await bench.store.require_well()


async def test_a_look_that_the_server_breaks_off_hinders_none_after_it(server, bench: Bench):
    await bench.take()
    cancels = """
    SELECT pg_cancel_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
    """

    async def broken_off() -> bool:
        run(server, cancels)
        return all(look.done() for look in looks)

    with closing(psycopg.connect(server.url)) as admin:
        admin.execute("LOCK TABLE comment_desk")
        looks = [
            asyncio.create_task(one)
            for one in (open_cases(bench.store), bench.store.claim(lambda _: None))
        ]
        await eventually(broken_off, "the looks to be broken off")
        for look in looks:
            with pytest.raises(StoreTrouble, match="broke this off"):
                await look
    assert await open_cases(bench.store) == 1
    await bench.store.claim(lambda _: None)


async def test_a_desk_whose_place_is_taken_says_that_it_was_cut_off(server, bench: Bench):
    """The server may hold its place for a while for its own lost connection, or another has it."""
    case = await bench.take()
    with closing(psycopg.connect(server.url, autocommit=True)) as other:
        other.execute(CUT.encode())
        other.execute("SELECT pg_advisory_lock(%s, %s)", store_there._RUNNING)
        with pytest.raises(StoreAway, match="was cut off from its PostgreSQL server"):
            await bench.decide(case)
    await bench.decide(case)


async def test_damage_on_the_server_is_not_well_until_the_next_start(server, bench: Bench):
    await bench.take()
    await bench.store.require_well()
    damages = """
    CREATE FUNCTION damaged() RETURNS bigint LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'invalid page in block 7' USING ERRCODE = 'XX001'; END$$
    """
    run(server, damages)
    with pytest.raises(StoreDamaged):
        await bench.store.read(lambda tx: tx.run("SELECT damaged()"))
    with pytest.raises(StoreDamaged):
        await bench.store.require_well()


@pytest.mark.skipif("CI_FULL" not in os.environ, reason="copies a whole server: CI_FULL=1")
async def test_a_standby_is_refused_in_words_until_it_is_promoted(server, bench: Bench):
    await bench.take()
    with whole_server().standby() as other:
        there = replace(
            server, url=server.url.replace(str(whole_server().folder), str(other.folder))
        )
        with pytest.raises(StoreAway, match="it is no standby of another server"):
            async with open_store(there):
                pass
        both = replace(server, url=server.url.replace("host=", f"host={other.folder},"))
        asked = replace(both, url=f"{both.url}&target_session_attrs=read-write")
        async with open_store(asked) as store:
            assert await open_cases(store) == 1
        run(there, "SELECT pg_promote()")
        async with open_store(there, alone=True) as store:
            assert await Bench(store).take(comment="c2") == 2

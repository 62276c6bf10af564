"""The desk on PostgreSQL, in short; `make test-postgres` runs all tests of the services there."""

import asyncio
import io
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.entry import cli
from bot.cli.export import Format, export
from bot.cli.verify import verify, verify_lines
from bot.domain.cases import Answer
from bot.domain.decisions import Action, Door
from bot.domain.errors import DeskError
from bot.domain.ids import CaseId, SiteId
from bot.domain.subject import SubjectKind, parse
from bot.services.cases.lookup import search
from bot.services.cases.reverse import reverse
from bot.services.privacy.person import erase
from bot.services.readers.contest import answer_contest, contest_by_author
from bot.services.readers.statement import hash_of, secret_of
from bot.store import sqlite
from bot.store.engine.migrate import migrations
from bot.store.engine.postgresql import PostgresqlServer
from bot.store.errors import StoreTooNew, StoreTrouble, TakenOver
from bot.store.guard import AnotherDesk, only_desk
from bot.store.opening import open_alone
from bot.store.remembering import Forgotten
from tests.services.desks import ANA, BEN, SAM, Bench
from tests.support.databases import new_database
from tests.support.fresh import new_desk
from tests.support.postgresql import programs
from tests.support.waiting import PATIENCE

psycopg = pytest.importorskip("psycopg", reason="comment-desk[postgres] is not installed")

from bot.store.engine import postgresql_schema  # noqa: E402 - these need its driver
from bot.store.engine.postgresql_connection import PostgresqlConnection, connect  # noqa: E402
from bot.store.engine.postgresql_database import make_ready  # noqa: E402
from bot.store.postgresql import open_store  # noqa: E402


@pytest.fixture
async def server():
    async with new_database() as made:
        yield made


def run(server, *statements: str):
    """Run statements as somebody would who has the password, and return what the last one finds."""
    with closing(psycopg.connect(server.url, autocommit=True)) as attacker:
        found = [attacker.execute(statement) for statement in statements][-1]
        return found.fetchall() if found.description else []


async def test_a_report_is_decided_undone_contested_found_and_exported(server, tmp_path: Path):
    async with open_store(server) as store:
        bench = Bench(store)
        odd = "You are all \0 bought \ufdd0 here"
        first = await bench.take(comment="c1", text=odd)
        second = await bench.take(comment="c2", text="My bike was stolen at o'Neill's.")
        made = await bench.decide(first, Action.HIDE)
        await reverse(bench.desk, first, by=SAM, door=Door.BUTTON, note="It was a joke")
        made = await bench.decide(first, Action.HIDE, rule=4)
        secret = secret_of(b"a key of the courier's own", SiteId("courier"), made)
        await store.write(lambda tx: tx.contests.state(made.id, hash_of(secret), bench.clock.now))
        contest = await contest_by_author(bench.desk, secret, "I said nothing", "en")
        assert contest is not None
        answered = await answer_contest(
            bench.desk, contest.id, Answer.UPHELD, by=BEN, reasons="You did"
        )
        found = await search(bench.desk, '"bike was" neil', ANA)
        texts = await store.read(lambda tx: tx.cases.view(first, strikes_since=bench.clock.now))

    assert answered.answer is Answer.UPHELD
    assert [view.case.id for view, _ in found.views] == [second]
    assert texts is not None
    assert texts.comment.text == odd
    written = io.StringIO()
    assert await export(server, written, Format.JSONL) == 3
    (tmp_path / "record").write_text(written.getvalue())
    assert verify_lines(tmp_path / "record").decisions == 3
    assert (await verify(server)).broken is None


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE decisions SET note = 'forged' WHERE id = 1",
        "UPDATE decisions SET id = 9 WHERE id = 1",
        "DELETE FROM decisions",
        "TRUNCATE decisions CASCADE",
        "INSERT INTO decisions SELECT * FROM decisions ON CONFLICT (id) DO UPDATE SET note = 'x'",
    ],
)
async def test_the_record_withstands(server, attack):
    async with open_store(server) as store:
        bench = Bench(store)
        await bench.decide(await bench.take())

    with pytest.raises(
        psycopg.errors.IntegrityConstraintViolation, match=r"a \w+ is never|a decision"
    ):
        run(server, attack)

    assert (await verify(server)).decisions == 1


async def test_decisions_of_several_processes_make_one_chain(server):
    async with open_store(server) as one, open_store(server) as other:
        here, there = Bench(one), Bench(other)
        cases = [await here.take(comment=f"c{number}") for number in range(12)]
        await asyncio.gather(
            *(
                bench.decide(case)
                for pair in zip(cases[::2], cases[1::2], strict=True)
                for bench, case in zip((here, there), pair, strict=True)
            )
        )

    found = await verify(server)
    assert (found.decisions, found.broken) == (12, None)


async def test_a_desk_goes_on_after_its_connections_were_cut(server):
    async with open_store(server, alone=True) as store:
        bench = Bench(store)
        await bench.take(comment="c1")
        run(server, CUT)
        await bench.take(comment="c2")
        assert await store.read(lambda tx: tx.cases.count_open()) == 2


async def test_a_second_desk_is_refused_and_a_command_is_not(server):
    async with open_store(server, alone=True), open_store(server):
        with pytest.raises(AnotherDesk, match="Another desk runs on postgresql://"):
            async with open_store(server, alone=True):
                pass
    async with open_store(server, alone=True):
        pass


async def test_one_that_stands_by_takes_over_what_a_killed_desk_had_confirmed(server):
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.services.desk_child", server.url),
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    await child.stdout.readline()
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(take_over(server))
        confirmed = [int(await child.stdout.readline()) for _ in range(5)]
        assert not waiting.done()
        child.kill()
        confirmed += [int(line) for line in (await child.stdout.read()).splitlines()]
        await child.wait()
    found = await verify(server)
    assert (found.broken, found.decisions >= confirmed[-1]) == (None, True)


async def take_over(server) -> None:
    async with open_alone(server, stands_by=True) as store:
        await Bench(store).take(comment="c-after")


async def test_a_desk_that_was_cut_off_neither_decides_nor_reads_any_more(server):
    async with open_store(server, alone=True) as store:
        bench = Bench(store)
        case = await bench.take()
        # What a desk that takes over does, whose predecessor's connection the server gave up.
        run(server, "UPDATE comment_desk SET desks = desks + 1")

        with pytest.raises(TakenOver):
            await bench.decide(case)
        with pytest.raises(TakenOver):
            await store.read(lambda tx: tx.cases.count_open())
        await asyncio.wait_for(store.taken_over(), PATIENCE)
        run(server, CUT)
        with pytest.raises(TakenOver):
            await bench.decide(case)
    async with open_store(server, alone=True) as store:
        await Bench(store).decide(case)
    assert (await verify(server)).decisions == 1


CUT = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def test_a_dump_that_is_put_back_is_the_same_record(server, tmp_path: Path):
    async with open_store(server) as store:
        bench = Bench(store)
        await bench.decide(await bench.take(text="A bike was stolen"))
    dump = tmp_path / "desk.dump"
    program("pg_dump", "--format=custom", f"--file={dump}", server.url)
    async with new_database(empty=True) as other:
        program("pg_restore", f"--dbname={other.url}", str(dump))
        async with open_store(other, alone=True) as store:
            bench = Bench(store)
            assert len((await search(bench.desk, "bike stol", ANA)).views) == 1
            await bench.decide(await bench.take(comment="c2"))
        assert (await verify(other)).decisions == 2


def program(name: str, *said: str) -> None:
    subprocess.run([programs() / name, *said], check=True)  # noqa: S603 - PostgreSQL's own


async def test_nothing_of_a_password_is_said():
    nowhere = PostgresqlServer(url="postgresql://desk:hunter2@127.0.0.1:1/desk")
    with pytest.raises(StoreTrouble, match="cannot be reached") as caught:
        async with open_store(nowhere):
            pass
    assert "hunter2" not in f"{caught.value}{nowhere!r}{nowhere}"


async def test_another_programs_database_is_left_alone(server):
    async with new_database(empty=True) as theirs:
        run(theirs, "CREATE TABLE songs (title text)")
        with pytest.raises(StoreTrouble, match="another program"):
            async with open_store(theirs):
                pass
    run(server, "UPDATE comment_desk SET version = 9999")
    with pytest.raises(StoreTooNew):
        async with open_store(server):
            pass


_COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, collation_name, is_identity
FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2
"""
_BOUND = """
SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
_INDEXED = "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
_TRIGGERED = (
    "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
)


def made(server, version: int) -> None:
    with closing(PostgresqlConnection(partial(connect, server))) as connection:
        connection.run("BEGIN")
        for statement in (*postgresql_schema.tables(version), *postgresql_schema.rest(version)):
            connection.run(statement)
        connection.run(postgresql_schema._MARKED, (version,))
        connection.run("COMMIT")


async def test_an_older_database_becomes_what_a_new_one_is(server):
    async with new_database(empty=True) as older:
        made(older, 35)  # as such a version would have left it
        with closing(PostgresqlConnection(partial(connect, older))) as connection:
            make_ready(connection)

        assert run(older, "SELECT version FROM comment_desk") == [(len(migrations()),)]
        for asked in (_COLUMNS, _BOUND, _INDEXED, _TRIGGERED):
            assert run(older, asked) == run(server, asked)


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
async def test_a_number_that_there_is_no_room_for_is_refused_in_words(server, number):
    async with open_store(server) as store:
        with pytest.raises(DeskError, match="nothing of that number"):
            await store.read(lambda tx: tx.cases.get(number))


def rows_of(run) -> dict[str, list[tuple[object, ...]]]:
    """Return all that is in a database, by table, but for what finds words."""
    tables = [name for (name,) in run(_TABLES) if name not in {"words", "comment_desk"}]
    return {
        name: sorted(run(f"SELECT {', '.join(columns)} FROM {name}"), key=repr)  # noqa: S608
        for name in tables
        if (columns := sorted(column for (column,) in run(_NAMES.format(name)))) != []
    }


_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_NAMES = "SELECT column_name FROM information_schema.columns WHERE table_name = '{}'"


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """A desk's file with something of everything that is told to another engine otherwise."""
    path = new_desk(tmp_path / "desk.db")
    async with sqlite.open_store(path) as store:
        bench = Bench(store)
        first = await bench.take(comment="c1")
        await bench.decide(first, Action.HIDE, note="ask o'Neill")
        text = "Somebody else's \0 \ufdd0 \\ \\N \t\n bike"
        await bench.take(comment="c2", text=text, author="a2")
        told = "UPDATE outbox SET state = 'done' WHERE kind = 'site'"
        await store.write(lambda tx: tx.run(told))
        author = parse(SubjectKind.AUTHOR, "courier/a1")
        await erase(bench.desk, author, Forgotten(path), by="desk")
    return path


def typed(*said: str):
    return CliRunner().invoke(cli, ["migrate-store", *said])


async def test_a_files_record_moves_to_a_server_and_goes_on_there(file: Path):
    async with new_database(empty=True) as there:
        moved = await asyncio.to_thread(typed, f"sqlite:{file}", there.url)
        assert moved.exit_code == 0, moved.output
        assert "as many as in the file, and 1 decision, none changed." in moved.output

        with closing(connect(there)) as target, closing(sqlite3.connect(file)) as source:
            onto = rows_of(lambda sql: target.execute(sql.encode()).fetchall())
            tables = {name: sorted(source.execute(f"PRAGMA table_info({name})")) for name in onto}
            for name, rows in onto.items():
                names = ", ".join(sorted(column[1] for column in tables[name]))
                here = source.execute(f"SELECT {names} FROM {name}").fetchall()  # noqa: S608
                assert rows == sorted(here, key=repr), name
        async with open_store(there, alone=True) as store:
            bench = Bench(store)
            assert await bench.take(comment="c3") == 3
            assert len((await search(bench.desk, "bike", ANA)).views) == 1
            await bench.decide(CaseId(2))
        assert (await verify(there)).decisions == 2

        again = await asyncio.to_thread(typed, str(file), there.url)
        assert (again.exit_code, "a desk's tables already" in again.output) == (1, True)


async def test_a_record_that_was_edited_is_not_moved_and_nothing_is_left(file: Path):
    with closing(sqlite3.connect(file)) as attacker, attacker:
        attacker.execute("DROP TRIGGER decisions_stay")
        attacker.execute("UPDATE decisions SET rule = 4")
    async with new_database(empty=True) as there:
        moved = await asyncio.to_thread(typed, str(file), there.url)
        assert moved.exit_code == 1
        assert "Decision 1 in postgresql:///" in moved.output
        assert "Nothing was kept on the server." in moved.output
        assert run(there, _TABLES) == []


async def test_a_file_that_a_desk_runs_on_is_not_moved(file: Path, server):
    with only_desk(file):
        moved = await asyncio.to_thread(typed, str(file), server.url)
    assert (moved.exit_code, "Another desk runs on" in moved.output) == (1, True)

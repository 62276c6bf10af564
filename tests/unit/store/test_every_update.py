"""A database of any version is brought up to date, with what is in it, and is then as every other."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bot.cli.verify import verify
from bot.domain.chain import GENESIS, seal
from bot.domain.decisions import Action, to_row
from bot.store.engine.database import connect_writer
from bot.store.engine.migrate import migrate, migrations
from bot.store.sqlite import open_store
from bot.store.times import stored
from tests.services.desks import Bench
from tests.unit.store.test_holds_migration import line

SCRIPTS = migrations()
RECORD = seal(line(1, 1, Action.HIDE, {}), GENESIS)
TRIED = (
    frozenset(SCRIPTS)
    if os.environ.get("CI_FULL") == "1"
    else frozenset({1, 2, *range(3, len(SCRIPTS) - 2, 4), *sorted(SCRIPTS)[-3:]})
)
"""The versions that are brought up to date: each of them takes all the updates that follow."""
TOKEN = re.compile(r"'[0-9a-f]{12}'")
"""Drawn at random by the update that gave each case one."""
FIRST = (
    "INSERT INTO authors (site, external_id, name) VALUES ('courier', 'a1', 'Dog')",
    "INSERT INTO stories (site, external_id, title, url) VALUES ('courier', 's1', 'T', 'u')",
    *(
        "INSERT INTO cases (id, site, comment_id, author_id, story_id, state, revision, "  # noqa: S608 - our own numbers
        "revision_key, touched, reports, reporters, reasons, strikes, priority, opened_at, "
        f"reported_at) VALUES ({case}, 'courier', 'c{case}', 'a1', 's1', 'open', 1, 'r1', 1, 1, 1, "
        "'{\"5\":1}', 0, 1, 0, 0)"
        for case in (1, 2)
    ),
    *(
        "INSERT INTO revisions (case_id, revision, revision_key, text) "  # noqa: S608 - our own
        f"VALUES ({case}, 1, 'r1', 'Bins again, number {case}.')"
        for case in (1, 2)
    ),
    *(
        f"INSERT INTO reports (case_id, reporter, rule, at) VALUES ({case}, x'{case:032x}', 5, 0)"  # noqa: S608 - our own numbers
        for case in (1, 2)
    ),
)


def write_first(path: Path) -> None:
    """Write a file as the first version wrote it: a case that is decided, and an open one."""
    with closing(sqlite3.connect(path, isolation_level=None)) as first:
        migrate(first, {1: SCRIPTS[1]})
        for statement in FIRST:
            first.execute(statement)
        names = [name for _, name, *_ in first.execute("PRAGMA table_info(decisions)")]
        row = to_row(RECORD) | {"at": stored(RECORD.at), "until": None}
        first.execute(
            f"INSERT INTO decisions ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608 - our own names
            [row[name] for name in names],
        )
        first.execute("UPDATE cases SET state = 'decided', decision_id = 1 WHERE id = 1")


def every_version(folder: Path) -> Iterator[tuple[int, Path]]:
    """Yield a database as each version that is tried left it."""
    path = folder / "desk.db"
    write_first(path)
    for number in SCRIPTS:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            migrate(connection, {number: SCRIPTS[number]})
        if number not in TRIED:
            continue
        old = folder / f"from-{number}" / "desk.db"
        old.parent.mkdir()
        old.write_bytes(path.read_bytes())
        yield number, old


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
        return [TOKEN.sub("'token'", line) for line in connection.iterdump()]


async def test_a_database_of_any_version_is_brought_up_to_date_and_worked_with(tmp_path: Path):
    found: dict[int, list[str]] = {}
    for number, old in every_version(tmp_path):
        connect_writer(old).close()
        found[number] = content(old)
        copies = [path.name for path in old.parent.glob("*.before-update-*")]
        assert copies == (
            [] if number == len(SCRIPTS) else [f"desk.db.before-update-from-{number}"]
        )
        assert found[number] == found[1], f"from version {number}"
    assert found.keys() == TRIED
    async with open_store(tmp_path / "from-1" / "desk.db") as store:
        bench = Bench(store)
        assert [
            case.comment_id for case in await store.read(lambda tx: tx.cases.queue(limit=9))
        ] == ["c2"]
        await bench.decide(await bench.take(comment="c3"))
        assert await bench.take(comment="c2") == 2
    assert (await verify(tmp_path / "from-1" / "desk.db", RECORD.digest)).broken is None

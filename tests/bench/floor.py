"""The floor: what a bare loop over the store's own statements reaches, 500 reports to a commit.

The store is measured against it in the same run, as the disk's pace changes with whatever else
the machine does. The statements are not written down here: `bot.services.cases.receive` is run once
over the same reports while what it makes the store execute is recorded, and the loop plays that
back to an empty database, with no thought in between.

Run as ``python tests/bench/floor.py [number]`` it prints the floor and what the service reaches.
"""

import asyncio
import gc
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from bot.domain.comments import Author, Comment, Report, Story
from bot.domain.ids import ReporterKey, RuleNumber, SiteId
from bot.domain.policy import Policy, Rule, Severity
from bot.domain.staff import Authority
from bot.services.cases.receive import receive
from bot.services.desk import Desk
from bot.store.engine.database import connect_writer
from bot.store.engine.sqlite import SqliteConnection
from bot.store.sqlite import Store, open_store
from bot.store.tx import Tx
from bot.store.writer import Together

T = TypeVar("T")
Statement = tuple[str, Sequence[Any]]

PER_COMMIT = 500
REPORTS_A_CASE = 10
START = datetime(2026, 3, 2, 18, tzinfo=UTC)
SITE = SiteId("courier")


def floor(path: Path, number: int = 50_000) -> float:
    """Return how many reports a second a bare sqlite3 loop keeps.

    Args:
        path: Where the database is made; the folder must exist and the file must not.
        number: How many reports; every tenth opens a case, the others join one.
    """
    return pace(path, number)[0]


def pace(path: Path, number: int = 50_000) -> tuple[float, float]:
    """Return the floor in reports a second, and in microseconds of CPU time a report."""
    recorded = asyncio.run(record(number))
    with closing(connect_writer(path)) as connection, _no_garbage():
        run = connection.cursor().execute
        began, used = time.perf_counter(), time.process_time()
        for first in range(0, number, PER_COMMIT):
            run("BEGIN IMMEDIATE")
            for statements in recorded[first : first + PER_COMMIT]:
                for sql, values in statements:
                    run(sql, values).fetchone()
            run("COMMIT")
        took = time.perf_counter() - began
        return number / took, (time.process_time() - used) / number * 1e6


async def record(number: int) -> list[list[Statement]]:
    """Return the statements that so many reports make the store execute, report by report."""
    recorded: list[list[Statement]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(connect_writer(Path(folder) / "recorded.db")) as connection,
    ):
        recorder = _Recorder(connection)
        desk = _desk(recorder)
        connection.execute("BEGIN")
        for report in make_reports(number):
            await receive(desk, [report])
            recorded.append(recorder.taken())
        connection.execute("ROLLBACK")
    return recorded


class _Recorder(SqliteConnection):
    """A store and its connection at once, which notes what is run on it."""

    def __init__(self, driver: sqlite3.Connection) -> None:
        super().__init__(driver)
        self._noted: list[Statement] = []
        self.run = self._note
        self.run_each = self._note_each
        self._tx = Tx(self)

    def add(self, sql: str, values: Sequence[Any]) -> int:
        self._noted.append((sql, values))
        return super().add(sql, values)

    def _note(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        self._noted.append((sql, values))
        return self._cursor.execute(sql, values)

    def _note_each(self, sql: str, rows: Sequence[Sequence[Any]]) -> sqlite3.Cursor:
        self._noted += [(sql, values) for values in rows]
        return self._cursor.executemany(sql, rows)

    async def write_together(self, work: Together[T]) -> T:
        (value,) = work.all(self._tx, [work.part])
        assert not isinstance(value, Exception)
        return value

    def taken(self) -> list[Statement]:
        noted, self._noted = self._noted, []
        return noted


async def through_service(path: Path, number: int = 50_000, *, together: int = 50) -> float:
    """Return how many reports a second `receive` keeps, in calls of so many reports.

    As many calls are under way at once as fill two commits of the floor's.
    """
    # Made beforehand: the parsing of reports is not what is measured.
    rest = iter(list(make_reports(number)))
    calls = iter(lambda: list(islice(rest, together)), [])
    async with open_store(path) as store:
        desk = _desk(store)

        async def caller() -> None:
            for call in calls:
                await receive(desk, call)

        with _no_garbage():
            began = time.perf_counter()
            async with asyncio.TaskGroup() as tasks:
                for _ in range(2 * PER_COMMIT // together):
                    tasks.create_task(caller())
            return number / (time.perf_counter() - began)


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Keep what was made beforehand out of the collector's rounds."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _desk(store: Store) -> Desk:
    return Desk(store=store, policy=lambda: POLICY, authority=Authority(ranks={}), clock=_now)


TEXT = "The council never asked anyone. " * 6

POLICY = Policy(
    rules=(
        Rule(
            number=RuleNumber(3),
            code="abuse",
            name="Abuse",
            text="Do not insult.",
            severity=Severity.MEDIUM,
            notice="Your comment insulted somebody.",
        ),
    )
)


def make_reports(number: int) -> Iterator[Report]:
    """Return so many reports; each comment gets `REPORTS_A_CASE` of them."""
    comments = number // REPORTS_A_CASE
    for index in range(number):
        case_id = index % comments + 1
        story = f"s-{case_id % 31}"
        yield Report(
            site=SITE,
            delivery=f"msg_{index}",
            comment=Comment(
                external_id=f"c-{case_id}",
                revision="1",
                text=TEXT,
                permalink=f"https://x/c-{case_id}",
                created=START,
            ),
            author=Author(external_id=f"u-{case_id % 997}", name="Jo"),
            story=Story(external_id=story, title="Bridge closed", url=f"https://x/{story}"),
            reporter=ReporterKey(index.to_bytes(16, "big")),
            rule=RuleNumber(3),
            note=None,
            at=START,
        )


def _now() -> datetime:
    return START + timedelta(minutes=1)


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(3):
            bare = floor(Path(folder) / f"floor-{turn}.db", number)
            kept = asyncio.run(through_service(Path(folder) / f"service-{turn}.db", number))
            sys.stdout.write(
                f"floor {bare:8.0f}/s   service {kept:8.0f}/s   ratio {kept / bare:.2f}\n"
            )


if __name__ == "__main__":
    main()

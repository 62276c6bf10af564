"""The floor: what a bare loop over the store's own statements reaches, 500 reports to a commit.

`floor` is what the store is measured against, in the same run, as the disk's pace changes with
whatever else the machine does. The loop knows beforehand which case each report belongs to and
runs exactly the statements that `bot.services.receive` makes the store run.

Run as ``python tests/bench/floor.py`` it prints the floor and what the service reaches.
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from bot.domain.comment import Author, Comment, Story
from bot.domain.ids import ReporterKey, RuleNumber, SiteId
from bot.domain.policy import Policy, Rule, Severity
from bot.domain.report import Report
from bot.domain.staff import Authority
from bot.services.desk import Desk
from bot.services.receive import receive
from bot.store import cases, outbox, reports, views
from bot.store.database import connect_writer
from bot.store.sqlite import open_store

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
    connection = connect_writer(path)
    try:
        loop = _Loop(connection, number // REPORTS_A_CASE)
        began = time.perf_counter()
        for first in range(0, number, PER_COMMIT):
            connection.execute("BEGIN IMMEDIATE")
            for report in range(first, min(first + PER_COMMIT, number)):
                loop.take(report)
            connection.execute("COMMIT")
        return number / (time.perf_counter() - began)
    finally:
        connection.close()


async def through_service(path: Path, number: int = 50_000, *, together: int = 50) -> float:
    """Return how many reports a second `receive` keeps, in calls of so many reports.

    As many calls are under way at once as fill a commit of the floor's.
    """
    desk = Desk(store=None, policy=lambda: POLICY, authority=Authority(ranks={}), clock=_now)
    async with open_store(path) as store:
        object.__setattr__(desk, "store", store)
        calls = _calls(number, together)
        began = time.perf_counter()

        async def caller() -> None:
            for call in calls:
                await receive(desk, call)

        async with asyncio.TaskGroup() as tasks:
            for _ in range(2 * PER_COMMIT // together):
                tasks.create_task(caller())
        return number / (time.perf_counter() - began)


class _Loop:
    """The statements of one report after another, with nothing around them."""

    def __init__(self, connection: sqlite3.Connection, comments: int) -> None:
        self._run = connection.cursor().execute
        self._comments = comments
        self._at = 1_772_474_400_000_000

    def take(self, number: int) -> None:
        run, at = self._run, self._at
        case_id, delivery = number % self._comments + 1, f"msg_{number}"
        comment = f"c-{case_id}"
        run(reports._ANSWERED, ("courier", delivery)).fetchone()
        known = run(cases._FIND, ("courier", comment)).fetchone()
        if known is None:
            self._open(case_id, comment)
        run(reports._ADD, (case_id, number.to_bytes(16, "big"), 3, None, at))
        if known is not None:
            run(reports._OTHER_REASON, (case_id, number.to_bytes(16, "big"), 3)).fetchone()
            row = ("open", 1, "1", known[7] + 1, known[8] + 1, known[9] + 1, '{"3":1}')
            run(cases._SAVE, (*row, 0, 200 + known[9], at, None, None, case_id))
        run(outbox._WANT_CARD, (case_id, at))
        run(reports._REMEMBER, ("courier", delivery, case_id, 1, at))

    def _open(self, case_id: int, comment: str) -> None:
        run, at = self._run, self._at
        author, story = f"u-{case_id % 997}", f"s-{case_id % 31}"
        run(views.STRIKES, ("courier", author, at)).fetchone()
        run(cases._AUTHOR, ("courier", author, "Jo", None))
        run(cases._STORY, ("courier", story, "Bridge closed", f"https://x/{story}", None, None))
        row = ("courier", comment, author, story, "open", 1, "1", 1, 1, 1, '{"3":1}', 0, 200)
        run(cases._OPEN, (*row, at, at, None, None))
        run(cases._REVISION, (case_id, 1, "1", TEXT, f"https://x/{comment}", at, None, None))


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


def _calls(number: int, together: int) -> Iterator[Sequence[Report]]:
    # Made beforehand: the parsing of reports is not what is measured.
    rest = iter(list(make_reports(number)))
    return iter(iter(lambda: list(islice(rest, together)), []))


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

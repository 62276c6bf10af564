"""How much room the record takes."""

import os
import random
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from bot.store.engine.database import connect_writer
from rows import Run, at_most, measures

A_CASE = 10
OPEN_AT_ONCE = 2_000
"""Cases among which the readers of one hour choose."""
_ADD = "INSERT INTO reports (case_id, reporter, rule, note, at) VALUES (?, ?, ?, NULL, ?)"
_SIZE = "SELECT SUM(pgsize) FROM dbstat WHERE name IN ('reports', 'reports_noted')"


@measures("disk", at_most("disk-report", "a report on disk, at 5 million", 90, "bytes"))
def disk(run: Run) -> Mapping[str, float]:
    number = run.size(5_000_000, 200_000)
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(connect_writer(Path(folder) / "desk.db")) as database,
    ):
        # Only the reports themselves are counted, so their cases need not be there.
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        database.executemany(_ADD, _reports(number))
        database.execute("COMMIT")
        (size,) = database.execute(_SIZE).fetchone()
    return {"disk-report": size / number}


def _reports(number: int) -> Iterator[tuple[int, bytes, int, int]]:
    chance = random.Random(1)  # noqa: S311 - no secret
    for index in range(number):
        case_id = max(1, index // A_CASE - chance.randrange(OPEN_AT_ONCE))
        at = 1_790_000_000_000_000 + index * 100_000
        yield case_id, os.urandom(16), chance.randrange(1, 12), at

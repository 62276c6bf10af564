import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.sqlite import open_store
from tests.contract.store.makers import SITE
from tests.support.chains import first_broken

ROOT = Path(__file__).parents[3]


async def acknowledged_until_killed(path, number):
    """Kill a writing process without warning once it has acknowledged so many works."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.unit.store.writing_child",
        str(path),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    heard = [await child.stdout.readline() for _ in range(number)]
    child.kill()
    rest = await child.stdout.read()
    await child.wait()
    # A line cut short by the kill was not said.
    lines = b"".join(heard) + rest[: rest.rfind(b"\n") + 1]
    return lines.decode().split()


@pytest.mark.parametrize("number", [1, 400])
async def test_every_acknowledged_work_outlives_the_process(path, number):
    acknowledged = await acknowledged_until_killed(path, number)
    assert len(acknowledged) >= number
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    async with open_store(path) as store:
        kept = [
            await store.read(lambda tx, c=comment_id: tx.cases.find(SITE, c))
            for comment_id in acknowledged
        ]
        assert None not in kept
        record = await store.read(lambda tx: tx.decisions.after(0, limit=1_000_000))
        assert first_broken(record) is None
        # A work is kept whole or not at all: no case without its decision.
        assert len(record) == record[-1].id >= len(acknowledged)
        assert await store.read(lambda tx: tx.cases.count_open()) == 0

"""A desk of six processes on one PostgreSQL, killed in turn under load.

They are those that compose.postgresql.yaml starts, and one more that delivers.
"""

import os
import signal
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.newsroom import Only
from tests.journey.newsroom import Newsroom
from tests.journey.processes import Nursery
from tests.journey.soak import ADDRESS, ERROR, Soak, check, lives
from tests.support.composed import processes
from tests.support.databases import new_database
from tests.support.waiting import until

pytest.importorskip("psycopg", reason="comment-desk[postgres] is not installed")

SHARES: tuple[Only, ...] = (*(one.only for one in processes()), "deliver")
KINDS: tuple[Only, ...] = ("web", "deliver", "gateway")
REPORTS, ORDERS = 4, 1
"""What has to be answered and carried out between two deaths, so that all have something to do."""


@dataclass(slots=True, kw_only=True)
class Process:
    number: int
    only: Only
    log: Path

    @property
    def address(self) -> str:
        """Where it takes reports, once it does."""
        found = ADDRESS.search(self.said)
        return found[1] if found else ""

    @property
    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""


class Six(Soak):
    """Two of each process; whichever dies is followed by another of its kind."""

    def __init__(self, newsroom: Newsroom) -> None:
        super().__init__(newsroom)
        self.processes: list[Process] = []
        self._logs = count(1)
        self._turns = count(1)

    def address(self) -> str:
        """Return one address after another, as a proxy does."""
        found = [one.address for one in self.processes if one.address]
        return found[next(self._turns) % len(found)] if found else ""

    async def begin(self, desks: Nursery, only: Only) -> None:
        log = self.newsroom.database.with_name(f"{only}-{next(self._logs)}.log")
        number = await desks.desk(self.newsroom, log, only)
        self.processes.append(Process(number=number, only=only, log=log))

    async def one_life(self, desks: Nursery, number: int) -> None:
        if not self.processes:
            for only in SHARES:
                await self.begin(desks, only)
        site = self.newsroom.site
        reports, orders = len(self.told.taken), len(site.orders)

        def gone_on() -> bool:
            assert all(lives(one.number) for one in self.processes), self.said()
            answered, carried_out = len(self.told.taken) - reports, len(site.orders) - orders
            return answered >= REPORTS and carried_out >= ORDERS

        await until(gone_on, what="reports to be answered, and a decision to be carried out")
        # The eldest of each kind, so that of two gateways it is the one that works.
        dies = next(one for one in self.processes if one.only == KINDS[number % len(KINDS)])
        self.processes.remove(dies)
        await self.kill(dies)
        await self.begin(desks, dies.only)

    async def kill(self, process: Process) -> None:
        os.kill(process.number, signal.SIGKILL)  # which fails if it ended by itself
        await until(lambda: not lives(process.number), what="the process to be dead")
        self.told.errors += ERROR.findall(process.said)
        self.told.deaths += 1

    async def end(self) -> None:
        while self.processes:
            await self.kill(self.processes.pop())

    def said(self) -> str:
        return "\n".join(f"{one.log.name}\n{one.said[-2000:]}" for one in self.processes)


@pytest.fixture
async def six(quiet_newsroom: Newsroom) -> AsyncGenerator[Six]:
    async with new_database() as server:
        quiet_newsroom.server = SecretStr(server.url)
        yield Six(quiet_newsroom)
        await quiet_newsroom.stop()


@pytest.mark.parametrize(
    "kills",
    [
        len(KINDS),
        pytest.param(
            12 * len(KINDS),
            marks=[
                pytest.mark.skipif("CI_FULL" not in os.environ, reason="takes minutes: CI_FULL=1"),
                pytest.mark.timeout(900),
            ],
        ),
    ],
)
async def test_processes_killed_in_turn_lose_nothing_and_do_nothing_twice(six: Six, kills: int):
    await six.run(kills)

    await check(six)
    assert six.told.deaths == kills + len(SHARES)
    assert six.told.errors == []

"""The desk of the intake's bench, a process of its own: ``serve.py [database]``.

It prints the port it listens on, and at SIGTERM what it spent and felt. Without a database its
reports are answered at once and kept nowhere.
"""

import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from aiohttp import web
from floor import POLICY
from load import KEYS, SITE
from machine import SERVER_CORE, pin, quantile, say

from bot.domain.comments import Receipt, Report
from bot.domain.ids import CaseId
from bot.domain.staff import Authority
from bot.services.cases.receive import receive
from bot.services.desk import Desk
from bot.store.sqlite import open_store
from bot.web.app import make_app
from bot.web.intake import Receive
from bot.web.listening import spare_collector

TICK_SECONDS = 0.01


async def at_once(reports: Sequence[Report]) -> list[Receipt]:
    """Answer as a store would that takes no time."""
    return [Receipt(case_id=CaseId(1), counted=True) for _ in reports]


@asynccontextmanager
async def receiver(path: str) -> AsyncGenerator[Receive]:
    """Give the real use case on a new database, or the one without a store."""
    if not path:
        yield at_once
        return
    async with open_store(Path(path)) as store:
        desk = Desk(
            store=store,
            policy=lambda: POLICY,
            authority=Authority(ranks={}),
            clock=lambda: datetime.now(UTC),
        )
        yield lambda reports: receive(desk, reports)


async def serve(path: str) -> None:
    """Run a desk until told to stop; print its port, and at the end what it felt."""
    async with receiver(path) as kept:
        app = make_app(
            desk_ready=_no_parts,
            receive=kept,
            sites={SITE: KEYS},
            policy=lambda: POLICY,
            clock=lambda: datetime.now(UTC),
        )
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        say(runner.addresses[0][1])
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        lags: list[float] = []
        ticking = asyncio.create_task(tick(lags))
        spare_collector()
        cpu = time.process_time()
        await stop.wait()
        ticking.cancel()
        cpu = time.process_time() - cpu
        await runner.cleanup()
    lags.sort()
    say(json.dumps({"cpu": cpu, "lag_p99": quantile(lags, 0.99)}))


async def tick(lags: list[float]) -> None:
    """Note how late the loop wakes a timer."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + TICK_SECONDS
        await asyncio.sleep(TICK_SECONDS)
        lags.append(max(0.0, loop.time() - due))


async def _no_parts() -> tuple[()]:
    return ()


if __name__ == "__main__":
    pin(SERVER_CORE)
    uvloop.run(serve(sys.argv[1] if len(sys.argv) > 1 else ""))

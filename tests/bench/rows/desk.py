"""A whole desk, in a process of its own beside the stand-in for Discord and a site."""

import asyncio
import json
import socket
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from load import KEYS, SITE, bodies, request

from bot.demo.scenario import newsroom as people
from bot.standin.buckets import RateLimits
from rows import Run, at_least, at_most, measures
from tests.journey.newsroom import ROOT, open_newsroom
from tests.journey.processes import environment
from tests.support.sandbox import Sandbox

A_SECOND = 1_000
LINES = 32
IDLE = 0.05
"""Of a core: what a desk takes that has nothing to do is less."""
LONGEST = 120.0
MEBIBYTE = 1 << 20


@measures(
    "burst",
    at_least("burst-accepted", "5,000 comments at 1,000/s: accepted, of one comment's rate", 0.8),
    at_most("burst-idle", "and the processor back to idle", 10, "s"),
)
def burst(run: Run) -> Mapping[str, float]:
    return asyncio.run(_burst(run.size(5_000, 1_000)))


async def _burst(number: int) -> Mapping[str, float]:
    async with desk() as (port, process):
        one = await accepted(port, reports(number, comments=1, named="one"))
        await idle(process)
        many = await accepted(port, reports(number, comments=number, named="many"))
        return {
            "burst-accepted": many / one,
            "burst-idle": await idle(process),
            "one comment's reports/s": one,
            "many comments' reports/s": many,
        }


@measures(
    "memory",
    at_most("memory-idle", "memory of a desk at rest", 110, "MB"),
    at_most("memory-after", "the same after 117,000 reports", 150, "MB"),
)
def memory(run: Run) -> Mapping[str, float]:
    return asyncio.run(_memory(run.size(117_000, 5_000)))


async def _memory(number: int) -> Mapping[str, float]:
    async with desk() as (port, process):
        await idle(process)
        before = process.memory_info().rss / MEBIBYTE
        await accepted(port, reports(number, comments=500, named="many"), a_second=None)
        await idle(process)
        return {
            "memory-idle": before,
            "memory-after": process.memory_info().rss / MEBIBYTE,
        }


@asynccontextmanager
async def desk() -> AsyncGenerator[tuple[int, psutil.Process]]:
    """Run a desk as it is run by its people; yield the port for reports, and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(people(), rate_limits=RateLimits())
        async with open_newsroom(sandbox, Path(folder)) as newsroom:
            said = environment(newsroom)
            sites = json.loads(said["DESK_SITES"])
            sites[SITE]["secrets"] = list(KEYS.secrets)
            said |= {"DESK_SITES": json.dumps(sites), "DESK_WEB__PORT": str(port)}
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                cwd=ROOT,
                env=said,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            try:
                await listening(port)
                yield port, psutil.Process(process.pid)
            finally:
                process.kill()
                await process.wait()


async def listening(port: int) -> None:
    """Return once somebody listens."""
    async with asyncio.timeout(LONGEST):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.05)


def reports(number: int, *, comments: int, named: str) -> list[bytes]:
    """Return signed reports of so many comments."""
    made: list[bytes] = []
    for index, body in enumerate(bodies(number)):
        told: dict[str, Any] = {"site": SITE, **body, "reason": 3}
        told["comment"] = {**told["comment"], "id": f"{named}-{index % comments}"}
        made.append(request("/v1/reports", f"{named}_{index}", told))
    return made


async def accepted(port: int, requests: list[bytes], a_second: int | None = A_SECOND) -> float:
    """Send reports at that pace, or as fast as it goes; return how many were accepted a second.

    Raises:
        RuntimeError: One was refused.
    """
    began = time.perf_counter()
    rest = iter(enumerate(requests))
    await asyncio.gather(*(_line(port, rest, began, a_second) for _ in range(LINES)))
    return len(requests) / (time.perf_counter() - began)


async def _line(
    port: int, rest: Iterator[tuple[int, bytes]], began: float, a_second: int | None
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for index, content in rest:
        if a_second is not None:
            await asyncio.sleep(max(0.0, began + index / a_second - time.perf_counter()))
        writer.write(content)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0]))
        if not head.startswith(b"HTTP/1.1 202"):
            raise RuntimeError((head + body).decode())
    writer.close()


async def idle(process: psutil.Process) -> float:
    """Return after how many seconds a process has nothing to do for one; at most `LONGEST`."""
    began = time.monotonic()
    while (now := time.monotonic() - began) < LONGEST:
        used = sum(process.cpu_times()[:2])
        await asyncio.sleep(1)
        if sum(process.cpu_times()[:2]) - used < IDLE:
            return now
    return LONGEST

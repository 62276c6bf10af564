"""How many reports a second the desk takes over HTTP, each one answered after its commit.

Run as ``python tests/bench/intake.py [rounds] [requests]``. In every round, one after another:
the bare loop of `floor`, single reports with and without the store, batches of 50 with it. What
counts are the ratios inside a round, as the pace of the disk and of the machine changes from one
minute to the next; the table shows their medians over the rounds. Where other programs are at
work too, the ratios of the CPU time spent on a report are the steadier ones, and stand beside.

The desk and the load have a process each, and a core each where there are two. The requests are
signed beforehand and sent as bytes over kept connections, so that the load is not what is
measured.
"""

import argparse
import asyncio
import base64
import contextlib
import hmac
import json
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import uvloop
from aiohttp import web
from floor import POLICY, REPORTS_A_CASE, TEXT, floor

from bot.domain.ids import CaseId, SiteId
from bot.domain.report import Receipt, Report
from bot.domain.staff import Authority
from bot.services.desk import Desk
from bot.services.receive import receive
from bot.store.sqlite import open_store
from bot.web.app import make_app
from bot.web.intake import Receive
from bot.web.keys import SiteKeys

CONNECTIONS = 128
BATCH_CONNECTIONS = 16  # 800 reports under way, somewhat more than a commit of the floor's
IN_A_BATCH = 50
KEY = b"k" * 32
SITE = SiteId("courier")
KEYS = SiteKeys(secrets=("whsec_" + base64.b64encode(KEY).decode(),), salt=b"a bench's salt")
SERVER_CORE, LOAD_CORE = 0, 1
TICK_SECONDS = 0.01

TARGETS = {
    "single / floor": (0.18, ">="),
    "single / no store": (0.75, ">="),
    "batch / floor": (0.65, ">="),
    "loop lag p99, ms": (50.0, "<="),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One load on one desk."""

    reports_a_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    lag_p99_ms: float
    load_core_used: float


def say(*words: object) -> None:
    """Write a line, at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def pin(core: int) -> None:
    """Keep this process on one core, where there are two."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {core})


# ------------------------------------------------------------------------------ the requests


def bodies(number: int) -> Iterator[dict[str, Any]]:
    """Return reports in the proportions of `floor`: every tenth opens a case."""
    comments = max(1, number // REPORTS_A_CASE)
    for index in range(number):
        case = index % comments
        story = f"https://courier.example/news/s-{case % 31}"
        yield {
            "comment": {
                "id": f"c-{case}",
                "revision": "1",
                "text": TEXT,
                "author": {"id": f"u-{case % 997}", "name": "Jo"},
                "created": "2026-03-02T18:00:00Z",
                "permalink": f"{story}#c-{case}",
            },
            "story": {"id": f"s-{case % 31}", "title": "Bridge closed", "url": story},
            "reporter": f"reader-{index}",
            "reason": "abuse",
            "at": "2026-03-02T18:00:00Z",
        }


def request(path: str, webhook_id: str, body: dict[str, Any]) -> bytes:
    """Return a signed request as bytes."""
    content = json.dumps(body, separators=(",", ":")).encode()
    now = int(time.time())
    signed = b"%b.%d.%b" % (webhook_id.encode(), now, content)
    signature = base64.b64encode(hmac.digest(KEY, signed, "sha256"))
    return (
        b"POST %b HTTP/1.1\r\nHost: desk.example\r\nContent-Type: application/json\r\n"
        b"webhook-id: %b\r\nwebhook-timestamp: %d\r\nwebhook-signature: v1,%b\r\n"
        b"Content-Length: %d\r\n\r\n%b"
    ) % (path.encode(), webhook_id.encode(), now, signature, len(content), content)


def singles(number: int) -> list[bytes]:
    """Return so many reports, a request each."""
    return [
        request("/v1/reports", f"msg_{index}", {"site": SITE, **body})
        for index, body in enumerate(bodies(number))
    ]


def batches(number: int) -> list[bytes]:
    """Return so many reports, `IN_A_BATCH` to a request."""
    reports = list(bodies(number))
    return [
        request(
            "/v1/reports/batch",
            f"msg_{first}",
            {"site": SITE, "reports": reports[first : first + IN_A_BATCH]},
        )
        for first in range(0, number, IN_A_BATCH)
    ]


# ------------------------------------------------------------------------------ the load


class Connection(asyncio.Protocol):
    """Sends the next request as soon as the last one is answered."""

    def __init__(self, requests: Iterator[bytes], done: asyncio.Future[None]) -> None:
        self._requests = requests
        self._done = done
        self._answer = b""
        self._sent = 0.0
        self.waits: list[float] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, found, body = self._answer.partition(b"\r\n\r\n")
        if not found or len(body) < int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0]):
            return
        if not head.startswith(b"HTTP/1.1 202") or b"problem" in body:
            self._done.set_exception(RuntimeError(self._answer.decode()))
            return
        self.waits.append(time.perf_counter() - self._sent)
        self._answer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the desk hung up"))

    def _next(self) -> None:
        content = next(self._requests, None)
        if content is None:
            self._done.set_result(None)
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(content)


async def load(
    port: int, requests: Sequence[bytes], connections: int = CONNECTIONS
) -> tuple[float, list[float]]:
    """Send all requests; return the seconds it took and how long each was waited for."""
    loop = asyncio.get_running_loop()
    rest = iter(requests)
    lines = [Connection(rest, loop.create_future()) for _ in range(connections)]
    began = time.perf_counter()
    for line in lines:
        await loop.create_connection(lambda line=line: line, "127.0.0.1", port)
    await asyncio.gather(*(line._done for line in lines))
    took = time.perf_counter() - began
    return took, sorted(wait for line in lines for wait in line.waits)


# ------------------------------------------------------------------------------ the desk


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


@contextmanager
def desk(path: str) -> Iterator[tuple[int, subprocess.Popen[str], IO[str]]]:
    """Start a desk in a process of its own."""
    command = [sys.executable, __file__, "--serve", path]
    process = subprocess.Popen(  # noqa: S603 - this very file
        command, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline()), process, process.stdout
    finally:
        process.kill()
        process.wait()


# ------------------------------------------------------------------------------ the rounds


def quantile(ordered: Sequence[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def measure(requests: Sequence[bytes], number: int, path: Path | None, connections: int) -> Run:
    """Return what one load of `number` reports found."""
    with desk(str(path) if path else "") as (port, process, output):
        used = time.process_time()
        took, waits = uvloop.run(load(port, requests, connections))
        used = time.process_time() - used
        process.send_signal(signal.SIGTERM)
        felt = json.loads(output.readline())
        process.wait()
    if path is not None:
        with contextlib.closing(sqlite3.connect(path)) as database:
            (rows,) = database.execute("SELECT COUNT(*) FROM reports").fetchone()
        assert rows == number, f"{rows} reports are on disk, {number} were answered"
    return Run(
        reports_a_second=number / took,
        p50_ms=quantile(waits, 0.5) * 1e3,
        p99_ms=quantile(waits, 0.99) * 1e3,
        cpu_us=felt["cpu"] / number * 1e6,
        lag_p99_ms=felt["lag_p99"] * 1e3,
        load_core_used=used / took,
    )


def bare(path: Path, number: int) -> tuple[float, float]:
    """Return the floor in reports a second and in CPU us a report, on the desk's core."""
    command = [sys.executable, __file__, "--floor", str(path), str(number)]
    done = subprocess.run(  # noqa: S603 - this very file
        command, check=True, capture_output=True, text=True
    )
    rate, cpu = map(float, done.stdout.split())
    return rate, cpu


def one_round(folder: Path, number: int) -> tuple[dict[str, float], dict[str, float]]:
    """Measure everything once and return the ratios, by the clock and by CPU time."""
    floors = [bare(folder / "floor-1.db", number)]
    runs: dict[str, Run] = {}
    for name, requests, path, connections in (
        ("single", singles(number), folder / "single.db", CONNECTIONS),
        ("single, no store", singles(number), None, CONNECTIONS),
        ("batch", batches(number), folder / "batch.db", BATCH_CONNECTIONS),
    ):
        run = runs[name] = measure(requests, number, path, connections)
        say(
            f"{name:<18}{run.reports_a_second:8.0f} reports/s  cpu {run.cpu_us:4.0f} us"
            f"  p50 {run.p50_ms:6.1f} ms  p99 {run.p99_ms:6.1f} ms"
            f"  lag p99 {run.lag_p99_ms:5.1f} ms  load's core {run.load_core_used:4.0%}"
        )
    floors.append(bare(folder / "floor-2.db", number))
    rate, cpu = (statistics.mean(column) for column in zip(*floors, strict=True))
    say(f"{'floor':<18}{rate:8.0f} reports/s  cpu {cpu:4.0f} us")
    single, no_store, batch = runs["single"], runs["single, no store"], runs["batch"]
    by_clock = {
        "single / floor": single.reports_a_second / rate,
        "single / no store": single.reports_a_second / no_store.reports_a_second,
        "batch / floor": batch.reports_a_second / rate,
        "loop lag p99, ms": max(run.lag_p99_ms for run in runs.values()),
    }
    by_cpu = {
        "single / floor": cpu / single.cpu_us,
        "single / no store": no_store.cpu_us / single.cpu_us,
        "batch / floor": cpu / batch.cpu_us,
    }
    return by_clock, by_cpu


def report(rounds: Sequence[tuple[dict[str, float], dict[str, float]]]) -> bool:
    """Print the medians beside their targets; return whether all were reached."""
    say(f"\n{'':<20}{'median':>8}{'by CPU':>8}{'target':>11}        rounds")
    reached = True
    for name, (target, way) in TARGETS.items():
        values = [by_clock[name] for by_clock, _ in rounds]
        by_cpu = [by_cpu[name] for _, by_cpu in rounds if name in by_cpu]
        median = statistics.median(values)
        good = median >= target if way == ">=" else median <= target
        reached &= good
        steady = f"{statistics.median(by_cpu):.2f}" if by_cpu else ""
        each = "  ".join(f"{value:.2f}" for value in values)
        verdict = "reached" if good else "missed"
        say(f"{name:<20}{median:>8.2f}{steady:>8}{way:>5} {target:<5.2f} {verdict:<8} {each}")
    return reached


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=3)
    parser.add_argument("requests", type=int, nargs="?", default=20_000)
    parser.add_argument("--serve", metavar="DATABASE", help=argparse.SUPPRESS)
    parser.add_argument("--floor", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve is not None:
        pin(SERVER_CORE)
        uvloop.run(serve(options.serve))
        return 0
    if options.floor:
        pin(SERVER_CORE)
        path, number = Path(options.floor[0]), int(options.floor[1])
        used = time.process_time()
        rate = floor(path, number)
        say(rate, (time.process_time() - used) / number * 1e6)
        return 0
    pin(LOAD_CORE)
    rounds: list[tuple[dict[str, float], dict[str, float]]] = []
    for turn in range(options.rounds):
        say(f"\nround {turn + 1}: {options.requests} reports each")
        with tempfile.TemporaryDirectory() as folder:
            rounds.append(one_round(Path(folder), options.requests))
    return 0 if report(rounds) else 1


if __name__ == "__main__":
    sys.exit(main())

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
import contextlib
import json
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import uvloop
from floor import pace
from load import CONNECTIONS, batches, load, singles
from machine import LOAD_CORE, SERVER_CORE, pin, quantile, say

BATCH_CONNECTIONS = 16  # 800 reports under way, somewhat more than a commit of the floor's
SERVE = Path(__file__).with_name("serve.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One load on one desk."""

    reports_a_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    lag_p99_ms: float
    load_core_used: float


@contextmanager
def desk(path: str) -> Iterator[tuple[int, subprocess.Popen[str], IO[str]]]:
    """Start a desk in a process of its own."""
    command = [sys.executable, str(SERVE), path]
    process = subprocess.Popen(  # noqa: S603 - a file beside this one
        command, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline()), process, process.stdout
    finally:
        process.kill()
        process.wait()


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


def one_round(folder: Path, number: int) -> dict[str, float]:
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
    return {
        "intake-single": single.reports_a_second / rate,
        "intake-no-store": single.reports_a_second / no_store.reports_a_second,
        "intake-batch": batch.reports_a_second / rate,
        "intake-lag": max(run.lag_p99_ms for run in runs.values()),
        "intake-single by CPU": cpu / single.cpu_us,
        "intake-no-store by CPU": no_store.cpu_us / single.cpu_us,
        "intake-batch by CPU": cpu / batch.cpu_us,
        "single reports/s": single.reports_a_second,
        "batch reports/s": batch.reports_a_second,
        "floor reports/s": rate,
    }


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=3)
    parser.add_argument("requests", type=int, nargs="?", default=20_000)
    parser.add_argument("--floor", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.floor:
        pin(SERVER_CORE)
        path, number = Path(options.floor[0]), int(options.floor[1])
        say(*pace(path, number))
        return 0
    pin(LOAD_CORE)
    for turn in range(options.rounds):
        say(f"\nround {turn + 1}: {options.requests} reports each")
        with tempfile.TemporaryDirectory() as folder:
            for name, value in one_round(Path(folder), options.requests).items():
                say(f"{name:<28}{value:10.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

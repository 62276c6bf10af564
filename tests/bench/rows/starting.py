"""What a start costs: with a queue behind it, in memory, and of each command."""

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import uvloop
from knowing import fill

from bot.demo.scenario import newsroom as people
from rows import Run, at_most, measures
from tests.journey.newsroom import open_newsroom
from tests.journey.processes import desk_process
from tests.support.sandbox import Sandbox

ROOT = Path(__file__).parents[3]
_IMPORTS = "import discord"
_OF_RUN = "import bot.app"
_COMPILES_ANEW = "PYTHONDONTWRITEBYTECODE"
_TIMES = 5
_SETTLES = 10.0
"""Seconds after which a desk has posted and read what it does at its start."""


@measures(
    "start",
    at_most("start-ready", "start to ready, with 100,000 open cases", 3, "s"),
    at_most("start-memory", "memory of that desk, idle", 150, "MB"),
)
def start(run: Run) -> Mapping[str, float]:
    seconds, memory = uvloop.run(_started(run.size(100_000, 5_000)))
    return {"start-ready": seconds, "start-memory": memory}


@measures("memory", at_most("memory-idle", "memory of an idle desk", 110, "MB"))
def idle(run: Run) -> Mapping[str, float]:
    del run
    seconds, memory = uvloop.run(_started(0))
    return {"memory-idle": memory, "start to ready when empty, s": seconds}


async def _started(cases: int) -> tuple[float, float]:
    """Return the seconds until a desk takes reports and is seen in Discord, and its memory then."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_newsroom(Sandbox(people()), Path(folder)) as newsroom:
            if cases:
                newsroom.database.unlink()
                fill(newsroom.database, cases, decided=0.0)
            began = time.perf_counter()
            process = await desk_process(newsroom)
            try:
                await _said(process, "connected to Discord", "taking reports at")
                took = time.perf_counter() - began
                await asyncio.sleep(_SETTLES)
                return took, _memory(process.pid)
            finally:
                process.terminate()
                await process.communicate()


async def _said(process: asyncio.subprocess.Process, *words: str) -> None:
    """Return once a desk has logged all of these."""
    assert process.stdout is not None
    wanted = set(words)
    async for line in process.stdout:
        wanted -= {one for one in wanted if one in line.decode()}
        if not wanted:
            return
    raise SystemExit("The desk ended before it was ready.")


def _memory(process: int) -> float:
    """Return a process's memory in MB; what it shares with others counts in full."""
    status = Path(f"/proc/{process}/status").read_text()
    return (
        int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
        / 1024
    )


@measures(
    "imports",
    at_most("imports-help", "comment-desk --help, of `import discord`", 0.6, ""),
    at_most("imports-run", "import of what `run` needs, of `import discord`", 1.5, ""),
    rounds=True,
)
def imports(run: Run) -> Mapping[str, float]:
    del run
    base = _cpu("-c", _IMPORTS)
    help_ = _cpu("-m", "bot", "--help")
    whole = _cpu("-c", _OF_RUN)
    return {"imports-help": help_ / base, "imports-run": whole / base, "import discord, s": base}


def _cpu(*arguments: str) -> float:
    """Return the least processor time of a few runs of Python with these arguments, in seconds.

    What is compiled is kept from one run to the next, as on a server, also where the environment
    says otherwise.
    """
    keeping = {name: value for name, value in os.environ.items() if name != _COMPILES_ANEW}
    least = float("inf")
    for _ in range(_TIMES):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(  # noqa: S603 - this very Python
            [sys.executable, *arguments],
            check=True,
            cwd=ROOT,
            env=keeping | {"PYTHONPYCACHEPREFIX": str(ROOT / "build" / "compiled")},
            stdout=subprocess.DEVNULL,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
        least = min(least, used)
    return least

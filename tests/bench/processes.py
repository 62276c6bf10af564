"""What more processes that take reports bring on one PostgreSQL, against one desk on SQLite.

Run as ``python tests/bench/processes.py [reports]``, or by ``make bench-processes``. The desk, the
load and PostgreSQL share this machine, so the figures are for comparing with each other alone.
Everything is on disk before it is answered, on both.
"""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
from load import IN_A_BATCH, KEYS, SITE, batches, load, singles
from machine import say

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.support.postgresql import PostgreSQL, running  # noqa: E402 - by way of the above

REPORTS = 2_000
CONNECTIONS = 128
PROCESSES = (1, 2)
Asked = Sequence[bytes]


@contextmanager
def sqlite(folder: Path) -> Iterator[list[tuple[int, int]]]:
    """Run the desk of the intake's bench on a new file; yields its port and number."""
    said = [sys.executable, str(ROOT / "tests/bench/serve.py"), str(folder / "desk.db")]
    with _process(said, {}) as (port, number):
        yield [(port, number)]


@contextmanager
def webs(server: PostgreSQL, many: int) -> Iterator[list[tuple[int, int]]]:
    """Run processes that take reports on a new database; yields their ports and numbers."""
    name = f"desk_{many}_{os.urandom(3).hex()}"
    assert server.refused([f"CREATE DATABASE {name} TEMPLATE template0"]) == {}
    site = f"DESK_SITES__{SITE.upper()}__"
    settings = {
        "DESK_DATABASE_URL": f"postgresql://desk@/{name}?host={server.folder}",
        "DESK_WEB__PORT": "0",
        f"{site}SECRETS": f'["{KEYS.secrets[0]}"]',
        f"{site}REPORTER_SALT": "sixteen characters and more",
        f"{site}URL": "https://courier.example/desk",
        f"{site}OUTGOING_SECRETS": f'["{KEYS.secrets[0]}"]',
    }
    said = [sys.executable, "-m", "bot", "run", "--only", "web"]
    with ExitStack() as stack:
        yield [stack.enter_context(_process(said, settings)) for _ in range(many)]


@contextmanager
def _process(said: list[str], settings: dict[str, str]) -> Iterator[tuple[int, int]]:
    process = subprocess.Popen(  # noqa: S603 - ours
        said,
        cwd=ROOT,
        env={**os.environ, **settings, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            port = line.rstrip().rpartition(":")[2] if "taking reports at" in line else line
            if port.strip().isdigit():
                yield int(port), process.pid
                return
        raise RuntimeError(f"{said} ended before it took reports")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()


async def measured(places: list[tuple[int, int]], asked: Asked) -> tuple[float, float]:
    """Give the requests to the processes in turn; return seconds, and processor time of theirs."""
    each, before = len(places), _spent(places)
    lots = [asked[at::each] for at in range(each)]
    loads = (
        load(port, lot, CONNECTIONS // each) for (port, _), lot in zip(places, lots, strict=True)
    )
    took = max(seconds for seconds, _ in await asyncio.gather(*loads))
    return took, _spent(places) - before


def _spent(places: list[tuple[int, int]]) -> float:
    return sum(sum(psutil.Process(number).cpu_times()[:2]) for _, number in places)


def main() -> None:
    """Print a table."""
    reports = int(sys.argv[1]) if len(sys.argv) > 1 else REPORTS
    line = "{:<28}{:>16}{:>16}{:>22}"
    say(line.format("", "singles/s", f"batches of {IN_A_BATCH}/s", "us of the desk's each"))
    with tempfile.TemporaryDirectory() as made, running(fsync=True) as server:
        kinds = [("SQLite, one desk", lambda at: sqlite(Path(made) / f"{at}"))]
        kinds += [
            (f"PostgreSQL, --only web x {many}", lambda _, many=many: webs(server, many))
            for many in PROCESSES
        ]
        for name, opened in kinds:
            (Path(made) / "1").mkdir(exist_ok=True)
            (Path(made) / "2").mkdir(exist_ok=True)
            with opened("1") as places:
                took, spent = asyncio.run(measured(places, singles(reports)))
            with opened("2") as places:
                batched, _ = asyncio.run(measured(places, batches(reports)))
            single = f"{reports / took:,.0f}"
            each = f"{spent / reports * 1e6:,.0f}"
            say(line.format(name, single, f"{reports / batched:,.0f}", each))


if __name__ == "__main__":
    main()

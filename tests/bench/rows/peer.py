"""Reports beside flags of django-contrib-comments, the nearest that a site can have ready-made."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import uvloop
from intake import measure
from load import CONNECTIONS, load, singles
from machine import LOAD_CORE, SERVER_CORE, pin

from rows import Run, at_least, measures

PEER = Path(__file__).parents[1] / "peer"
THREADS = 8
COMMENTS = 200
_TOKEN = "c" * 32
"""Of a form; the cookie and the field only have to agree."""


@measures(
    "peer",
    at_least("peer-rate", "reports/s, of the flags/s of django-contrib-comments", 20),
    at_least("peer-cpu", "processor time of a flag there, of a report's here", 20),
    rounds=True,
)
def peer(run: Run) -> Mapping[str, float]:
    pin(LOAD_CORE)
    flags, number = run.size(2_000, 300), run.size(20_000, 3_000)
    with tempfile.TemporaryDirectory() as folder:
        there, cpu = flagged(Path(folder), flags)
        ours = measure(singles(number), number, Path(folder) / "desk.db", CONNECTIONS)
    return {
        "peer-rate": ours.reports_a_second / there,
        "peer-cpu": cpu / ours.cpu_us,
        "flags/s": there,
        "reports/s": ours.reports_a_second,
        "us a flag": cpu,
        "us a report": ours.cpu_us,
    }


def environment() -> Path:
    """Return the Python of the peer, fetched once into the user's cache; it is no part of ours."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache / "comment-desk-bench" / "peer"
    python = home / "bin" / "python"
    wanted = (PEER / "requirements.txt").read_text()
    stamp = home / "installed.txt"
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", home], check=True)  # noqa: S603 - ours
        pip = [python, "-m", "pip", "install", "--quiet", "-r", PEER / "requirements.txt"]
        subprocess.run(pip, check=True)  # noqa: S603 - ours
        stamp.write_text(wanted)
    return python


def flagged(folder: Path, flags: int) -> tuple[float, float]:
    """Return how many flags a second the peer takes, and the microseconds of each."""
    python, program = environment(), PEER / "flagging.py"
    readers = -(-flags // COMMENTS)
    filled = subprocess.run(  # noqa: S603 - ours
        [python, program, "fill", folder, str(readers), str(COMMENTS)],
        check=True,
        capture_output=True,
        text=True,
    )
    requests = list(flagging(json.loads(filled.stdout), flags))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = [python, program, "serve", folder, str(port), str(SERVER_CORE)]
    process = subprocess.Popen(serve)  # noqa: S603 - ours
    try:
        asyncio.run(listening(port))
        before = spent(process.pid)
        took, _ = uvloop.run(load(port, requests, THREADS, answer=b"HTTP/1.1 302"))
        return flags / took, (spent(process.pid) - before) / flags * 1e6
    finally:
        process.terminate()
        process.wait()


def flagging(sessions: list[str], flags: int) -> Iterator[bytes]:
    """Return the requests of readers who flag one comment after another."""
    body = f"csrfmiddlewaretoken={_TOKEN}".encode()
    for number in range(flags):
        session, comment = sessions[number // COMMENTS], number % COMMENTS + 1
        head = (
            f"POST /comments/flag/{comment}/ HTTP/1.1\r\nHost: peer.example\r\n"
            f"Cookie: sessionid={session}; csrftoken={_TOKEN}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


async def listening(port: int, seconds: float = 30.0) -> None:
    """Return once somebody listens."""
    until = time.monotonic() + seconds
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return


def spent(pid: int) -> float:
    """Return the seconds of processor time of a process and of those it started."""
    whole = psutil.Process(pid)
    each = [one.cpu_times() for one in (whole, *whole.children(recursive=True))]
    return sum(one.user + one.system for one in each)

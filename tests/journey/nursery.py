"""Forks desks from one process that has everything loaded: to load takes longer than they live.

Run as ``python -m tests.journey.nursery``. For each line of JSON on the standard input, with the
desk's settings and its log, a desk is begun, or `only` one of its processes, and its process's
number said.
"""

import asyncio
import json
import os
import signal
import sys
from typing import Any

from bot import app, logs
from bot.cli.calling import serve
from bot.cli.running import read
from bot.client import require_all_handled
from bot.newsroom import Only
from config.settings import Settings


async def _run(settings: Settings, only: Only | None) -> None:
    # As the command does, but for how long it waits to hear of more servers.
    begun = app.running(settings, ready_timeout=0.05, only=only, stands_by=only is not None)
    async with begun as desk:
        app.log.info("taking reports at %s", desk.address)
        await asyncio.Event().wait()


def _live(asked: dict[str, Any]) -> None:
    """Be a desk, for as long as one is let."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing, log = os.open(os.devnull, os.O_RDONLY), os.open(asked["log"], os.O_WRONLY | os.O_CREAT)
    for stream, instead in ((0, nothing), (1, log), (2, log)):
        os.dup2(instead, stream)
    os.environ.update(asked["environment"])
    logs.set_up("INFO")
    only: Only | None = asked["only"]
    serve(_run(read(only), only))


def main() -> None:
    """Fork a desk for each line."""
    require_all_handled()  # which loads the extensions
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are not waited for
    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            _live(json.loads(line))
            os._exit(0)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

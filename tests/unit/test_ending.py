"""A process that is told to end ends in time, whatever it is still at."""

import asyncio
import signal
import sys
from pathlib import Path

from bot import app, client
from bot.cli import calling
from bot.web.listening import LETS_FINISH
from tests.support.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
MOST = 10.0
"""Seconds after which many a service manager kills."""

CHILD = """
import asyncio, contextlib, sys, threading
import typer
from bot.cli import calling

calling._ENDS_WITHIN = float(sys.argv[1])

async def deaf():
    asyncio.get_running_loop().run_in_executor(None, threading.Event().wait)
    print("begun", flush=True)
    while True:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()

async def left():
    from bot.pager import _left_alone
    print("begun", flush=True)
    await _left_alone(threading.Event().wait)

with contextlib.suppress(typer.Exit):
    calling.serve(globals()[sys.argv[2]]())
"""


async def told_to_end(kind: str, *, within: float) -> tuple[int | None, bytes]:
    """Begin a process, tell it to end, and return how it did and what it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CHILD, str(within), kind),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"begun\n"
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode, said


async def test_what_never_ends_does_not_keep_a_process_that_is_told_to():
    code, said = await told_to_end("deaf", within=0.1)
    assert code == 0
    assert said == b"Something did not end in time, and is left behind.\n"


async def test_a_road_that_never_answers_does_not_keep_a_process_that_is_told_to_end():
    assert await told_to_end("left", within=PATIENCE * 2) == (0, b"")


def test_the_limits_of_an_end_add_up_to_less_than_its_whole():
    three_doors = LETS_FINISH * 3
    assert three_doors + client._GOOD_BYE + app._FLUSH_FOR < calling._ENDS_WITHIN < MOST

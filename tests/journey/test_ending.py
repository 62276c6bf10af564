"""The whole of an end, by the clock on the wall, while everybody keeps the desk waiting."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from yarl import URL

from bot.standin.permissions import Permission
from tests.journey.newsroom import Newsroom
from tests.journey.processes import desk_process
from tests.support.waiting import PATIENCE, until

MOST = 10.0
STALLED = (
    b"POST /v1/reports HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\n"
    b"Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n"
)
TAKES = re.compile(rb"taking reports at (http://[\d.]+:\d+)")

pytestmark = pytest.mark.skipif(
    os.environ.get("CI_FULL") != "1", reason="measures seconds: CI_FULL=1"
)


class SilentServer:
    """Takes what anybody sends, and answers nothing."""

    def __init__(self) -> None:
        self.asked = 0

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        self.asked += 1
        await reader.read()
        writer.close()


@asynccontextmanager
async def desk_of(newsroom: Newsroom) -> AsyncGenerator[asyncio.subprocess.Process]:
    process = await desk_process(newsroom)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def address_of(process: asyncio.subprocess.Process) -> URL:
    assert process.stdout is not None
    async for line in process.stdout:
        if found := TAKES.search(line):
            return URL(found[1].decode())
    raise AssertionError("the desk did not start")


async def test_an_end_takes_ten_seconds_whoever_keeps_it_waiting(quiet_newsroom: Newsroom):
    newsroom, silent = quiet_newsroom, SilentServer()
    road = await asyncio.start_server(silent.hear, "127.0.0.1", 0)
    newsroom.roads = [f"json://localhost:{road.sockets[0].getsockname()[1]}/?rto=60&cto=60"]
    async with road, desk_of(newsroom) as process:
        address = await address_of(process)
        newsroom.site.answers.clear()
        status, answer = await newsroom.post(
            "/v1/reports", newsroom.report_body(), to=str(address.origin())
        )
        assert status == 202
        card = await newsroom.card(answer["case"])
        await newsroom.sandbox.as_user("ana").press(card, "Hide")
        await until(lambda: newsroom.site.attempts, what="the site to be asked")
        for place in ("moderation", "editors"):
            newsroom.sandbox.owner.take(place, Permission.SEND_MESSAGES)
        await newsroom.post(
            "/v1/reports", newsroom.report_body(comment={"id": "c2"}), to=str(address.origin())
        )
        await until(lambda: silent.asked, what="the road beside Discord to be asked")
        newsroom.sandbox.rest.limit_globally(75)
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(STALLED)
        assert b" 100 " in await reader.readline()

        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            said, _ = await process.communicate()
        took = time.monotonic() - began

        writer.close()
        newsroom.site.answers.set()
    assert took < MOST
    assert process.returncode == 0, said
    assert b"Traceback" not in said

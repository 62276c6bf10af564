"""Promises about senders that do not finish: over sockets, byte by byte."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from aiohttp import web

from bot.web.app import make_app
from bot.web.door import Timeouts, runner_of

from .caller import NEW_SECRET, NOW, POLICY, SITES, Shelf, make_body, sign

SHORT = Timeouts(head=0.4, body=0.4, linger=0.2)
LONG = 15.0
"""Seconds after which a test gives up waiting for what should take less than one."""


@dataclass
class Wire:
    """One connection to the desk."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def trickle(self, sent: Iterable[bytes]) -> bytes:
        """Send bit by bit until the desk answers or hangs up; return what it said."""
        for piece in sent:
            self.writer.write(piece)
            try:
                async with asyncio.timeout(0.03):
                    return await self.reader.read(65_536)
            except TimeoutError:
                continue
            except ConnectionError:
                return b""
        raise AssertionError("the desk waited to the end")

    async def ask(self, request: bytes) -> bytes:
        """Send a request at once, and return the first line of the answer."""
        self.writer.write(request)
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), LONG)
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await self.reader.readexactly(length)
        return head.split(b"\r\n")[0]

    async def is_let_go(self) -> bool:
        """Whether the desk hangs up by itself."""
        try:
            while await asyncio.wait_for(self.reader.read(65_536), LONG):
                pass
        except ConnectionError:
            pass
        return True


@asynccontextmanager
async def serving(timeouts: Timeouts = SHORT, most: int | None = None) -> AsyncGenerator[int]:
    shelf = Shelf()

    async def parts() -> list:
        return []

    app = make_app(
        desk_ready=parts,
        receive=shelf.receive,
        sites=SITES,
        policy=lambda: POLICY,
        clock=lambda: NOW,
        timeouts=timeouts,
    )
    runner = runner_of(app, timeouts, most=most)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def wire(port: int) -> AsyncGenerator[Wire]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Wire(reader, writer)
    finally:
        writer.close()


def report(path: str = "/v1/reports") -> tuple[bytes, bytes]:
    body = json.dumps(make_body()).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\n"
        f"webhook-id: msg_slow\r\nwebhook-timestamp: {int(NOW.timestamp())}\r\n"
        f"webhook-signature: {sign(NEW_SECRET, 'msg_slow', NOW, body)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode(), body


def bytes_of(data: bytes) -> list[bytes]:
    return [data[place : place + 1] for place in range(len(data))]


async def test_who_says_nothing_is_let_go():
    async with serving() as port, wire(port) as silent:
        assert await silent.is_let_go()


async def test_a_head_that_trickles_in_is_cut_off():
    async with serving() as port, wire(port) as slow:
        head, _ = report()
        assert await slow.trickle(bytes_of(head)) == b""


async def test_a_head_without_an_end_is_cut_off_also_on_a_connection_that_was_good():
    async with serving() as port, wire(port) as slow:
        assert b" 200 " in await slow.ask(b"GET /healthz HTTP/1.1\r\nHost: desk\r\n\r\n")
        endless = [b"GET /healthz HTTP/1.1\r\n", *[b"X-More: 1\r\n"] * 100]
        assert await slow.trickle(endless) == b""


@pytest.mark.parametrize(
    "path", ["/v1/reports", "/v1/reports/batch", "/v1/sites/courier/events", "/nowhere"]
)
async def test_a_body_that_trickles_in_is_refused_and_let_go(path: str):
    async with serving() as port, wire(port) as slow:
        head, body = report(path)
        answer = await slow.trickle([head, *bytes_of(body)])
        assert answer.split(b" ")[1] == (b"404" if path == "/nowhere" else b"400")
        assert await slow.is_let_go()


async def test_others_are_answered_while_many_are_slow():
    async with serving() as port:
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(200)]
        for _, writer in slow:
            writer.write(b"POST /v1/reports HTTP/1.1\r\nHo")
        async with wire(port) as prompt:
            assert b" 202 " in await prompt.ask(b"".join(report()))
        for reader, writer in slow:
            assert await Wire(reader, writer).is_let_go()
            writer.close()


async def test_a_prompt_sender_keeps_its_connection():
    async with serving() as port, wire(port) as prompt:
        for _ in range(3):
            assert b" 202 " in await prompt.ask(b"".join(report()))


def test_a_proxy_that_keeps_connections_for_a_minute_gives_up_first():
    assert Timeouts().head > 60.0

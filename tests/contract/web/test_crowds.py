"""Promises about many connections at once, and about what strangers leave in the log."""

import asyncio
import json
import logging
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from bot import logs
from bot.web.door import Timeouts, room
from tests.support.waiting import PATIENCE

from .caller import NEW_SECRET, NOW, make_body, sign
from .test_slow_senders import Wire, report, serving, wire

IDLERS = Path(__file__).with_name("idlers.py")


@asynccontextmanager
async def idlers(port: int, count: int):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(IDLERS),
        str(port),
        str(count),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        assert int(await asyncio.wait_for(process.stdout.readline(), PATIENCE)) == count
        yield
    finally:
        process.stdin.close()
        await process.wait()


async def test_a_crowd_of_silent_connections_keeps_no_report_out():
    async with serving(Timeouts()) as port, idlers(port, 1_100):
        for _ in range(5):
            async with wire(port) as prompt:
                answer = await asyncio.wait_for(prompt.ask(b"".join(report())), PATIENCE / 2)
                assert b" 202 " in answer
        # The desk's own calls still get a socket each.
        async with AsyncExitStack() as calls:
            for _ in range(50):
                await calls.enter_async_context(wire(port))


def test_files_are_kept_free_for_the_desks_own_work():
    import resource  # noqa: PLC0415 - only where there is one

    assert 16 <= room() <= resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 256


async def test_who_idles_longest_makes_room_and_who_asks_stays():
    async with serving(Timeouts(), most=4) as port, AsyncExitStack() as stack:
        silent = [await stack.enter_async_context(wire(port)) for _ in range(3)]
        head, body = report()
        busy = await stack.enter_async_context(wire(port))
        busy.writer.write(head + body[:10])
        for _ in range(6):
            late = await stack.enter_async_context(wire(port))
            assert b" 202 " in await late.ask(b"".join(report()))
        for one in silent:
            assert await one.is_let_go()
        busy.writer.write(body[10:])
        assert b" 202 " in await busy.ask(b"")


SECRET_WORDS = "SallyReader Ninetales"
BODY = json.dumps(make_body(note=SECRET_WORDS, reporter=SECRET_WORDS)).encode()
HEAD = b"POST /v1/reports HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\n"


def signed(length: int) -> bytes:
    stamp = int(NOW.timestamp())
    return (
        HEAD
        + (
            f"webhook-id: a\r\nwebhook-timestamp: {stamp}\r\n"
            f"webhook-signature: {sign(NEW_SECRET, 'a', NOW, BODY)}\r\n"
            f"Content-Length: {length}\r\n\r\n"
        ).encode()
    )


ODD = {
    "a length too short": signed(3) + BODY,
    "a length of none": signed(0) + BODY,
    "no length": HEAD + b"\r\n" + BODY,
    "two lengths": HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n" + BODY,
    "a length that is none": HEAD + b"Content-Length: " + SECRET_WORDS.encode() + b"\r\n\r\n",
    "a length of forty digits": HEAD + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n" + BODY,
    "a body alone": BODY + b"\r\n\r\n",
    "a chunk of no size": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + BODY,
    "a chunk too short": HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\n" + BODY + b"\r\n",
    "a bad header": HEAD + SECRET_WORDS.encode() + b"\r\n\r\n",
    "a bad name": HEAD + b"Sally Reader\x00: x\r\n\r\n",
    "a header with a bare line end": HEAD + b"X: a\n" + BODY + b"\r\n\r\n",
    "a long header": HEAD + b"X: " + SECRET_WORDS.encode() * 2_000 + b"\r\n\r\n",
    "a long path": b"GET /" + b"SallyReader" * 2_000 + b" HTTP/1.1\r\n\r\n",
    "a bad path": b"GET http://[SallyReader HTTP/1.1\r\nHost: x\r\n\r\n",
    "a bad method": b"SallyReader / HTTP/1.1\r\n\r\n",
    "a bad version": b"GET /SallyReader HTTP/9.9\r\n\r\n",
    "a second request": b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + BODY,
    "an upgrade": HEAD + b"Connection: upgrade\r\nUpgrade: SallyReader\r\n\r\n" + BODY,
    "a long stamp": HEAD
    + b"webhook-id: SallyReader\r\nwebhook-timestamp: "
    + b"9" * 5_000
    + b"\r\nwebhook-signature: v1,x\r\nContent-Length: 2\r\n\r\n{}",
    "tls": b"\x16\x03\x01\x02\x00\x01SallyReader Ninetales",
}


@pytest.mark.parametrize("name", ODD)
async def test_nothing_that_a_stranger_sends_reaches_the_log(
    name: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    async with serving(Timeouts()) as port, wire(port) as stranger:
        stranger.writer.write(ODD[name])
        stranger.writer.write_eof()
        assert await stranger.is_let_go()
        async with wire(port) as prompt:
            assert b" 200 " in await prompt.ask(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    said = caplog.text + "".join(capsys.readouterr())
    assert "Sally" not in said
    assert "Ninetales" not in said
    assert "fools" not in said
    assert not [line for line in caplog.records if line.levelno >= logging.WARNING]


def test_of_an_error_its_place_is_logged_and_not_what_it_quotes():
    formatter = logs.Redacting()
    try:
        try:
            int(SECRET_WORDS)
        except ValueError:
            raise KeyError(SECRET_WORDS)  # noqa: B904 - as a fault of ours would
    except KeyError as trouble:
        told = formatter.formatException((KeyError, trouble, trouble.__traceback__))
    assert "Sally" not in told.replace("SECRET_WORDS", "")
    assert "KeyError" in told
    assert "ValueError" in told
    assert "test_crowds.py" in told


__all__ = ["Wire"]

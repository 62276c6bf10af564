"""Requests that two programs read differently: no second one hides in what the desk takes as one.

A proxy stands in front of the desk. Where the two disagree on where a request ends, whoever sends it
could put words before the next reader's. So each of these is refused, or read as one request with
an end that nobody can doubt; the desk hangs up, or answers once.
"""

import asyncio

import pytest

from .test_slow_senders import LONG, report, serving, wire

HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: desk\r\n\r\n"
HEAD = b"POST /v1/reports HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
END = b"0\r\n\r\n"


def of_length(number: object) -> bytes:
    return f"Content-Length: {number}\r\n".encode()


AMBIGUOUS = {
    "a length and chunks": HEAD + of_length(4) + CHUNKED + b"\r\n" + END + HIDDEN,
    "chunks and a length": HEAD + CHUNKED + of_length(4) + b"\r\n" + END + HIDDEN,
    "two lengths": HEAD + of_length(0) + of_length(len(HIDDEN)) + b"\r\n" + HIDDEN,
    "a list of lengths": HEAD + of_length("0, 37") + b"\r\n" + HIDDEN,
    "a signed length": HEAD + of_length("+0") + b"\r\n" + HIDDEN,
    "a length below nothing": HEAD + of_length(-1) + b"\r\n" + HIDDEN,
    "a length in hex": HEAD + of_length("0x0") + b"\r\n" + HIDDEN,
    "a length with a line in it": HEAD + b"Content-Length: 0\r\n 37\r\n\r\n" + HIDDEN,
    "a space before the colon": HEAD + b"Content-Length : 0\r\n\r\n" + HIDDEN,
    "chunks by another name": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n" + END + HIDDEN,
    "chunks and nothing": HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n" + END + HIDDEN,
    "chunks twice": HEAD + CHUNKED + CHUNKED + b"\r\n" + END + HIDDEN,
    "chunks after a tab": HEAD + b"Transfer-Encoding:\tchunked\r\n" + of_length(4) + b"\r\n" + END,
    "lines without returns": (HEAD + of_length(0) + b"\r\n").replace(b"\r\n", b"\n") + HIDDEN,
    "a return alone": HEAD + b"X: a\rContent-Length: 37\r\n" + of_length(0) + b"\r\n" + HIDDEN,
    "a null in a name": HEAD + b"Content-Le\0ngth: 0\r\n\r\n" + HIDDEN,
    "a chunk of a size below nothing": HEAD + CHUNKED + b"\r\n-1\r\n" + HIDDEN,
    "a chunk of a size beyond all": HEAD + CHUNKED + b"\r\n" + b"f" * 17 + b"\r\n" + HIDDEN,
    "an older protocol": b"POST /v1/reports HTTP/1.0\r\n" + CHUNKED + b"\r\n" + END + HIDDEN,
    "no protocol": b"GET /healthz\r\n\r\n" + HIDDEN,
    "a protocol of tomorrow": b"GET /healthz HTTP/9.9\r\nHost: desk\r\n\r\n" + HIDDEN,
}


@pytest.mark.parametrize("name", AMBIGUOUS)
async def test_nothing_hides_behind_a_request_that_can_be_read_in_two_ways(name: str):
    async with serving() as port, wire(port) as sender:
        sender.writer.write(AMBIGUOUS[name])
        said = await asyncio.wait_for(sender.reader.read(), LONG)
    answers = [line for line in said.split(b"\r\n") if line.startswith(b"HTTP/1.")]
    first = answers[0].split(b" ")[1] if answers else b"none"
    assert first in {b"none", b"400", b"401", b"411", b"501"}, said
    assert b"200" not in {line.split(b" ")[1] for line in answers}, said


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /healthz HTTP/1.1\r\nHost: desk\r\n"
        + b"".join(b"X-%d: a\r\n" % n for n in range(20_000)),
        b"GET /healthz HTTP/1.1\r\nHost: desk\r\nX: " + b"a" * 1_000_000,
        b"GET /" + b"a" * 1_000_000,
        HEAD + CHUNKED + b"\r\n1;" + b"a" * 1_000_000,
    ],
    ids=["many headers", "a long header", "a long address", "a long extension of a chunk"],
)
async def test_a_head_without_measure_is_cut_off(sent: bytes):
    async with serving() as port, wire(port) as sender:
        sender.writer.write(sent)
        try:
            said = await asyncio.wait_for(sender.reader.read(), LONG)
        except ConnectionError:
            said = b""
    assert said == b"" or said.split(b" ")[1] in {b"400", b"401", b"414", b"431"}


async def test_an_answer_is_to_its_own_request_where_many_are_sent_at_once():
    head, body = report()
    async with serving() as port, wire(port) as sender:
        other = head.replace(b"msg_slow", b"msg_none", 1)
        sender.writer.write(head + body + other + body + HIDDEN)
        lines = [await sender.ask(b"") for _ in range(3)]
    assert [line.split(b" ")[1] for line in lines] == [b"202", b"401", b"200"]

"""The load of the intake's bench: signed requests as bytes, and connections that send them."""

import asyncio
import base64
import hmac
import json
import time
from collections.abc import Iterator, Sequence
from typing import Any

from floor import REPORTS_A_CASE, TEXT

from bot.domain.ids import SiteId
from bot.domain.site import SiteKeys

CONNECTIONS = 128
IN_A_BATCH = 50
KEY = b"k" * 32
SITE = SiteId("courier")
KEYS = SiteKeys(secrets=("whsec_" + base64.b64encode(KEY).decode(),), salt=b"a bench's salt")


def bodies(number: int) -> Iterator[dict[str, Any]]:
    """Return reports in the proportions of `floor`: every tenth opens a case."""
    comments = max(1, number // REPORTS_A_CASE)
    for index in range(number):
        case = index % comments
        story = f"https://courier.example/news/s-{case % 31}"
        yield {
            "comment": {
                "id": f"c-{case}",
                "revision": "1",
                "text": TEXT,
                "author": {"id": f"u-{case % 997}", "name": "Jo"},
                "created": "2026-03-02T18:00:00Z",
                "permalink": f"{story}#c-{case}",
            },
            "story": {"id": f"s-{case % 31}", "title": "Bridge closed", "url": story},
            "reporter": f"reader-{index}",
            "reason": "abuse",
            "at": "2026-03-02T18:00:00Z",
        }


def request(path: str, webhook_id: str, body: dict[str, Any]) -> bytes:
    """Return a signed request as bytes."""
    content = json.dumps(body, separators=(",", ":")).encode()
    now = int(time.time())
    signed = b"%b.%d.%b" % (webhook_id.encode(), now, content)
    signature = base64.b64encode(hmac.digest(KEY, signed, "sha256"))
    return (
        b"POST %b HTTP/1.1\r\nHost: desk.example\r\nContent-Type: application/json\r\n"
        b"webhook-id: %b\r\nwebhook-timestamp: %d\r\nwebhook-signature: v1,%b\r\n"
        b"Content-Length: %d\r\n\r\n%b"
    ) % (path.encode(), webhook_id.encode(), now, signature, len(content), content)


def singles(number: int) -> list[bytes]:
    """Return so many reports, a request each."""
    return [
        request("/v1/reports", f"msg_{index}", {"site": SITE, **body})
        for index, body in enumerate(bodies(number))
    ]


def batches(number: int) -> list[bytes]:
    """Return so many reports, `IN_A_BATCH` to a request."""
    reports = list(bodies(number))
    return [
        request(
            "/v1/reports/batch",
            f"msg_{first}",
            {"site": SITE, "reports": reports[first : first + IN_A_BATCH]},
        )
        for first in range(0, number, IN_A_BATCH)
    ]


class Connection(asyncio.Protocol):
    """Sends the next request as soon as the last one is answered."""

    def __init__(
        self, requests: Iterator[bytes], done: asyncio.Future[None], answer: bytes
    ) -> None:
        self._requests = requests
        self._wanted = answer
        self._done = done
        self._answer = b""
        self._sent = 0.0
        self.waits: list[float] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, found, body = self._answer.partition(b"\r\n\r\n")
        if not found or len(body) < int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0]):
            return
        if not head.startswith(self._wanted) or b"problem" in body:
            self._done.set_exception(RuntimeError(self._answer.decode()))
            return
        self.waits.append(time.perf_counter() - self._sent)
        self._answer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the desk hung up"))

    def _next(self) -> None:
        content = next(self._requests, None)
        if content is None:
            self._done.set_result(None)
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(content)


async def load(
    port: int,
    requests: Sequence[bytes],
    connections: int = CONNECTIONS,
    *,
    answer: bytes = b"HTTP/1.1 202",
) -> tuple[float, list[float]]:
    """Send all requests; return the seconds it took and how long each was waited for.

    Raises:
        RuntimeError: One was answered otherwise than by what begins with `answer`.
    """
    loop = asyncio.get_running_loop()
    rest = iter(requests)
    lines = [Connection(rest, loop.create_future(), answer) for _ in range(connections)]
    began = time.perf_counter()
    for line in lines:
        await loop.create_connection(lambda line=line: line, "127.0.0.1", port)
    await asyncio.gather(*(line._done for line in lines))
    took = time.perf_counter() - began
    return took, sorted(wait for line in lines for wait in line.waits)

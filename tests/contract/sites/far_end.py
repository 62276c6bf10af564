"""Sites to be met on a socket: well-behaved, slow, lying and broken ones."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.domain.decisions import Action
from bot.domain.effects import Order
from bot.domain.ids import CaseId, DecisionId, RuleNumber, SiteId

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD_SECRET = "whsec_b2xkIHNlY3JldCBvZiB0aGUgc2l0ZSBpbiBxdWVzdGlvbg=="
NOW = datetime(2026, 3, 2, 14, 3, tzinfo=UTC)
UNTIL = datetime(2026, 3, 9, 14, 3, tzinfo=UTC)


def make_order(action: Action = Action.HIDE, key: str = "decision-41", **changes: object) -> Order:
    visible, banned = {
        Action.KEEP: (True, None),
        Action.HIDE: (False, None),
        Action.BAN: (False, True),
        Action.HOLD: (False, None),
        Action.REOPEN: (None, None),
        Action.UNHIDE: (True, None),
        Action.UNBAN: (True, False),
    }[action]
    values = {
        "key": key,
        "decision_id": DecisionId(41),
        "case_id": CaseId(1042),
        "site": SiteId("courier"),
        "action": action,
        "comment_id": "c-3",
        "revision_key": "1",
        "permalink": "https://courier.example/story#comment-3",
        "author_id": "salty_dog",
        "visible": visible,
        "banned": banned,
        "until": UNTIL if action is Action.BAN else None,
        "rule": RuleNumber(3),
        "rule_name": "Harassment",
        "notice": "Your comment was removed.",
        "at": NOW,
    }
    return Order(**(values | changes))


@dataclass
class Met:
    """What one request brought; `gone` waits until its sender hangs up."""

    line: str
    headers: dict[str, str]
    body: bytes
    gone: Callable[[], Awaitable[bytes]]


Answer = Callable[[Met, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class FarEnd:
    """A server that answers as told, byte by byte where need be."""

    answer: Answer
    met: list[Met] = field(default_factory=list)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            line, *rest = head.strip().split("\r\n")
            headers = {k.lower(): v for k, v in (one.split(": ", 1) for one in rest)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            met = Met(line=line, headers=headers, body=body, gone=reader.read)
            self.met.append(met)
            await self.answer(met, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def far_end(answer: Answer) -> AsyncIterator[FarEnd]:
    end = FarEnd(answer)
    server = await asyncio.start_server(end.serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        end.url = f"http://127.0.0.1:{port}/desk"
        yield end


def says(status: str, body: bytes | str = b"", **headers: str) -> Answer:
    content = body.encode() if isinstance(body, str) else body

    async def answer(_met: Met, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)

    return answer

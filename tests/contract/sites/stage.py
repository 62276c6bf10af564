"""What every platform's stand-in has in common: a socket, faults on demand, and a world to see."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.ids import ReporterKey, SiteId
from bot.domain.policy import Policy
from bot.ports import Site
from bot.sites.base.client import SiteClient
from bot.sites.base.context import SiteContext
from config.policy import load_policy

NOW = datetime(2026, 3, 2, 14, 3, tzinfo=UTC)
POLICY: Policy = load_policy(None)

Answer = tuple[int, Any]
Route = tuple[str, str, Callable[..., Awaitable[web.StreamResponse]]]
Fault = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **how: float) -> None:
        self.now += timedelta(**how)


@dataclass
class Fake:
    """A platform in memory.

    `fault` answers in its place; `lies` makes every change be answered and not made;
    `locked_out` makes it not know the desk's credentials.
    """

    clock: Clock = field(default_factory=Clock)
    fault: Fault | None = None
    lies: bool = False
    locked_out: bool = False
    writes: list[str] = field(default_factory=list)

    comment_id: ClassVar[str]
    author_id: ClassVar[str]
    revision: ClassVar[str] = "r1"
    staff: ClassVar[tuple[str, str] | None] = None
    """The comment and the author that are of the staff."""

    def make(self, context: SiteContext, client: SiteClient) -> Site:
        """Return the adapter under test."""
        raise NotImplementedError

    def routes(self) -> "list[Route]":
        """Return what is answered by which method and path."""
        return []

    def shut_out(self, request: web.Request) -> web.Response | None:
        """Return the refusal of one whose credentials are wrong."""
        raise NotImplementedError

    def nothing(self) -> web.Response:
        """Return the answer to a path that leads nowhere."""
        return web.json_response({"error": "not found"}, status=404)

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Answer as the platform does."""
        refusal = self.shut_out(request)
        if refusal is not None:
            return refusal
        for method, path, answer in self.routes():
            found = re.fullmatch(path, request.path)
            if found and method == request.method:
                return await answer(request, *found.groups())
        return self.nothing()

    def visible(self) -> bool:
        """Whether readers see the comment."""
        raise NotImplementedError

    def banned(self) -> datetime | bool | None:
        """Return false, or until when, `None` for good."""
        raise NotImplementedError

    def remove(self) -> None:
        """Make the comment be gone."""
        raise NotImplementedError

    def report(self, note: str = "") -> None:
        """Let a reader report the comment."""
        raise NotImplementedError

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self.fault is not None:
            return await self.fault(request)
        return await self.respond(request)


def context_of(fake: Fake, url: str) -> SiteContext:
    return SiteContext(
        site=SiteId("courier"),
        url=url,
        clock=fake.clock,
        policy=lambda: POLICY,
        reader=lambda name: ReporterKey(name.encode().ljust(16, b".")[-16:]),
        read=lambda _body, _delivery: None,
        allow_private=True,
    )


@asynccontextmanager
async def on_stage(fake: Fake, *, patience: float = 5) -> AsyncGenerator[Site]:
    app = web.Application(client_max_size=10**7)
    app.router.add_route("*", "/{path:.*}", fake.handle)
    async with TestServer(app) as server:
        url = str(server.make_url("/")).rstrip("/")
        context = context_of(fake, url)
        async with SiteClient(
            url, clock=fake.clock, allow_private=True, timeout=patience
        ) as client:
            yield fake.make(context, client)


def iso(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""REST, version 10: one handler through which every request goes, in the same order of checks."""

import asyncio
import json
import time
import traceback
from collections import deque
from collections.abc import Mapping
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.standin import (
    routes_channels,
    routes_commands,
    routes_guild,
    routes_interactions,
    routes_making,
    routes_messages,
    routes_reactions,
)
from bot.standin.buckets import Buckets, RateLimits, too_many
from bot.standin.errors import TOO_MANY_COMMANDS, ApiError, Code
from bot.standin.faults import Drop, Fault
from bot.standin.interactions import Interactions
from bot.standin.openapi import OpenApi
from bot.standin.parsing import parse
from bot.standin.routing import Call, Route, Router, decoded
from bot.standin.world import World

PREFIX = "/api/v10"
LOGGED = 10_000
INVALID_REQUESTS = 10_000
"""Answers with 401, 403 or 429 in ten minutes after which Cloudflare bans the bot's address."""
_INVALID_SECONDS = 600.0
_TOPICS = (
    routes_guild.routes,
    routes_channels.routes,
    routes_making.routes,
    routes_messages.routes,
    routes_reactions.routes,
    routes_commands.routes,
    routes_interactions.routes,
)
_INVALID = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})


class Rest:
    """Answers the bot's requests.

    Args:
        world: What they are about.
        interactions: Those that still live.
        openapi: What to check requests and answers against, or None.
        limits: The rate limits, or None.

    Attributes:
        log: Method, path below the prefix and status of the latest requests, oldest first.
        violations: What Discord would refuse or ignore in the bot's requests.
        unknown_routes: Requests for which there is no route here.
        crashes: Tracebacks and faulty answers: bugs of this stand-in.
        token_refused: Whether every request that needs the bot's token is answered with 401.
    """

    def __init__(
        self,
        world: World,
        interactions: Interactions,
        *,
        openapi: OpenApi | None = None,
        limits: RateLimits | None = None,
    ) -> None:
        self.log: deque[tuple[str, str, int]] = deque(maxlen=LOGGED)
        self.violations: list[str] = []
        self.unknown_routes: list[str] = []
        self.crashes: list[str] = []
        self.token_refused = False
        self._invalid: deque[float] = deque(maxlen=INVALID_REQUESTS)
        self._limited_until = 0.0
        self._world = world
        self._interactions = interactions
        self._openapi = openapi
        self._buckets = Buckets(limits)
        self._router = Router(_TOPICS)
        self._faults: list[Fault] = []

    def fault(
        self,
        method: str,
        pattern: str,
        *,
        status: int | None = None,
        times: int | None = 1,
        drop: Drop | None = None,
        delay: float = 0.0,
        **more: Any,
    ) -> Fault:
        """Let something go wrong with coming requests.

        Args:
            method: The HTTP method, or `*`.
            pattern: A shell pattern for the path, such as `/channels/*/messages`.
            status: The status to answer with instead of carrying it out.
            times: How many requests it strikes; None for all until cleared.
            drop: Break the connection before or after carrying it out.
            delay: Seconds to wait first.
            more: `retry_after`, `everywhere`, `scope`, `via`, `code` or `body`, see `Fault`.

        Returns:
            The fault; its `times` counts down.
        """
        made = Fault(
            method=method,
            pattern=pattern,
            status=status,
            times=times,
            drop=drop,
            delay=delay,
            **more,
        )
        self._faults.append(made)
        return made

    def limit_globally(self, seconds: float) -> None:
        """Answer everything but interactions with a global 429 for so many seconds from now."""
        self._limited_until = time.monotonic() + seconds

    def refuse_commands(
        self, status: int = HTTPStatus.FORBIDDEN, times: int | None = None
    ) -> Fault:
        """Refuse to register commands: with 403/50001, or with 400/30034, too many a day."""
        if status == HTTPStatus.FORBIDDEN:
            code, sentence = Code.MISSING_ACCESS, "Missing Access"
        else:
            code, sentence = Code.TOO_MANY_COMMANDS_A_DAY, TOO_MANY_COMMANDS
        path = "/applications/*/commands"
        return self.fault("PUT", path, status=status, times=times, code=code, body=sentence)

    def clear_faults(self) -> None:
        """Let everything go well again."""
        self._faults.clear()
        self.token_refused = False
        self._limited_until = 0.0

    @property
    def invalid_requests(self) -> int:
        """Answers with 401, 403 and 429 in the last ten minutes, but for shared limits."""
        oldest = time.monotonic() - _INVALID_SECONDS
        while self._invalid and self._invalid[0] < oldest:
            self._invalid.popleft()
        return len(self._invalid)

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request."""
        method = request.method
        path = decoded(request.raw_path.partition("?")[0].removeprefix(PREFIX))
        response = await self._response(request, path)
        # Discord's answers and its ids go by one clock.
        response.headers.setdefault("Date", formatdate(self._world.ids.now(), usegmt=True))
        self.log.append((method, path, response.status))
        shared = response.headers.get("X-RateLimit-Scope") == "shared"
        if response.status in _INVALID and not shared:
            self._invalid.append(time.monotonic())
        return response

    async def _response(self, request: web.Request, path: str) -> web.Response:
        """Return the answer, or what a fault or a ban for invalid requests makes of it."""
        fault = next((one for one in self._faults if one.strikes(request.method, path)), None)
        spoilt = await _spoilt(request, fault) if fault else None
        if spoilt is not None:
            return spoilt
        if self.invalid_requests == INVALID_REQUESTS:
            return web.Response(status=HTTPStatus.TOO_MANY_REQUESTS, text="error code: 1015")
        response = await self._answer(request, path)
        if fault and fault.drop == "after":
            _hang_up(request)
        return response

    async def _answer(self, request: web.Request, path: str) -> web.Response:
        found = self._router.find(request.method, path)
        if found is None:
            self.unknown_routes.append(f"{request.method} {path}")
            return reply({"message": "404: Not Found", "code": 0}, HTTPStatus.NOT_FOUND)
        try:
            return await self._carry_out(request, *found)
        except ApiError as error:
            return self._refused(found[0], error)
        except ConnectionError:  # the bot hung up first; nobody reads this answer
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        except Exception as error:  # noqa: BLE001 - the request's boundary: ours, so recorded
            self.crashes.append(traceback.format_exc())
            # 503 because discord.py retries 500 and 502 for 25 seconds in silence
            body = {"message": f"The sandbox failed: {error!r}", "code": 0}
            return reply(body, HTTPStatus.SERVICE_UNAVAILABLE)

    async def _carry_out(
        self, request: web.Request, route: Route, path: Mapping[str, str]
    ) -> web.Response:
        self._admit(request, route)
        method, template = route.method, route.template
        exempt = _is_exempt(route)
        headers = self._buckets.take(method, template, path, exempt=exempt)
        body, uploads = await parse(request)
        query = dict(request.query)
        if self._openapi is not None:
            self.violations += self._openapi.request(method, template, body, query)
        call = Call(
            world=self._world,
            interactions=self._interactions,
            path=path,
            query=query,
            body=body,
            uploads=uploads,
        )
        try:
            answer = route.answer(call)
        except ApiError as error:
            error.headers = {**headers, **error.headers}
            raise
        status = HTTPStatus.NO_CONTENT if answer is None else route.status
        return self._checked(route, answer, status, headers)

    def _admit(self, request: web.Request, route: Route) -> None:
        """Refuse a request without the bot's token, or during a global limit."""
        known = request.headers.get("Authorization") == f"Bot {self._world.token}"
        if route.token and (self.token_refused or not known):
            raise ApiError(HTTPStatus.UNAUTHORIZED, Code.GENERAL, "401: Unauthorized")
        left = self._limited_until - time.monotonic()
        if left > 0 and not _is_exempt(route):
            raise too_many(left, scope="global")

    def _refused(self, route: Route, error: ApiError) -> web.Response:
        if self._openapi is not None:
            told = self._openapi.answer(route.method, route.template, error.status, error.body())
            self.crashes += told
        return reply(error.body(), error.status, error.headers)

    def _checked(
        self, route: Route, answer: Any, status: HTTPStatus, headers: Mapping[str, str]
    ) -> web.Response:
        response = reply(answer, status, headers)
        if self._openapi is not None:
            sent = None if answer is None else json.loads(response.text or "")
            self.crashes += self._openapi.answer(route.method, route.template, status, sent)
        return response


async def _spoilt(request: web.Request, fault: Fault) -> web.Response | None:
    """Return what comes instead of an answer, or None to carry the request out."""
    if fault.delay:
        await asyncio.sleep(fault.delay)
    if fault.drop == "before":
        _hang_up(request)
        return web.Response()
    error = fault.refusal()
    if error is not None:
        return reply(error.body(), error.status, error.headers)
    if fault.status is not None:
        return web.Response(status=fault.status, text=fault.body or "upstream error")
    return None


def _is_exempt(route: Route) -> bool:
    """Return whether the global limit does not hold: answers to interactions."""
    return route.template.startswith(("/interactions", "/webhooks"))


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def reply(
    body: object, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Return an answer whose Content-Type is `application/json` and nothing more.

    discord.py compares it word by word, so a charset behind it would leave the body unread.
    """
    if body is None:
        return web.Response(status=status, headers=headers)
    told = {**(headers or {}), "Content-Type": "application/json"}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=told)

"""Keeping to Discord's limits: never too fast, and silent for as long as Discord asks for that."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import aiohttp
from discord.http import HTTPClient, Route

from bot.cards.attempts import HearAnswer, HearTime, Hold

LONGEST_SLEEP = 30.0
"""Seconds that discord.py may sleep over one route's limit, the least it can be told.

What Discord puts off for longer is put off by whoever asked, so that one route held for ten
minutes does not hold up the others.
"""

_REQUESTS_A_SECOND = 45
"""Discord's own limit is 50 for the whole bot, and discord.py does not keep to it by itself. The
rest is for what comes closer together at Discord than it went out."""

_SECOND = 1.05

_PATIENCE = 60.0
"""Seconds for one request: aiohttp's own limit is five minutes, and the message may have landed."""

_TOO_MANY = 429
_SLACK = 0.05


def limiter(
    hold: Hold,
    hear_time: HearTime = lambda _date: None,
    hear_answer: HearAnswer = lambda _status, _seconds: None,
    bucket: "Bucket | None" = None,
) -> aiohttp.TraceConfig:
    """Space requests, but for answers to presses, which are exempt; notice when Discord objects.

    What time each answer says it is, goes to `hear_time`, and `hear_answer` is told its status and
    how long it took, in seconds. Clients of the same bot share a `bucket`.
    """
    bucket = bucket or bucket_of_bot()

    async def before(
        _session: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestStartParams,
    ) -> None:
        path = params.url.path
        if "/interactions/" not in path and "/webhooks/" not in path:
            await bucket.take()
        context.began = time.monotonic()

    async def after(
        _session: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestEndParams,
    ) -> None:
        hear_answer(params.response.status, time.monotonic() - context.began)
        hear_time(params.response.headers.get("Date"))
        if params.response.status == _TOO_MANY:
            hold.extend(asked_for(params.response.headers))

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(before)
    trace.on_request_end.append(after)
    return trace


def bucket_of_bot() -> "Bucket":
    """Return what spaces all requests of one bot."""
    return Bucket(_REQUESTS_A_SECOND)


def asked_for(headers: Any) -> float:
    """Return for how many seconds a refusal for haste holds for the whole bot, 0 if it does not.

    Without Discord's own header on it, it is from Cloudflare, which shuts out the address.
    """
    everywhere = "X-RateLimit-Global" in headers or headers.get("X-RateLimit-Scope") == "global"
    if not everywhere and "Via" in headers:
        return 0.0
    try:
        asked = float(headers.get("Retry-After", ""))
    except ValueError:
        return 0.0
    return asked + _SLACK if asked > 0 else 0.0


def keep_to(http: HTTPClient, hold: Hold) -> None:
    """Let a client's requests wait while Discord holds the whole bot back.

    discord.py 2.7 does that by an event that the one request which was refused clears, and sets
    after its sleep. If that request is cancelled meanwhile, or fails, the event is never set
    again, and every later request waits for ever. So the waiting is done here, and the event is
    set before each request. For the same reason a request is given its time by aiohttp, which
    counts only what Discord takes to answer and not what discord.py sleeps.
    """
    ask = http.request

    async def request(route: Route, **more: Any) -> Any:
        await hold.over()
        over = getattr(http, "_global_over", None)
        if isinstance(over, asyncio.Event):
            over.set()
        return await ask(route, timeout=aiohttp.ClientTimeout(total=_PATIENCE), **more)

    setattr(http, "request", request)  # noqa: B010 - discord.py offers no other place for it


class Bucket:
    """Lets so many requests through in any second, and keeps the others waiting in their order.

    It counts when a request goes out and not when it was to: after a moment in which nothing ran,
    all that had waited would otherwise go out together, with the next second's behind them.
    """

    def __init__(
        self, most: int, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._made = deque[float](maxlen=most)

    async def take(self) -> None:
        """Return when one more request may be made."""
        async with self._turn:
            while (left := self._left()) > 0:
                await self._sleep(left)
            self._made.append(time.monotonic())

    def _left(self) -> float:
        """Return the seconds until there is room for one more."""
        if len(self._made) < (self._made.maxlen or 0):
            return 0.0
        return self._made[0] + _SECOND - time.monotonic()

"""How many connections the desk lets in, and how long it waits for a slow one."""

import logging
import resource
from asyncio import Transport
from collections import Counter
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestHandler
from multidict import istr

_MOST = 1_000
"""Connections at once; a proxy keeps some dozens."""

_OWN = 256
"""Files and sockets that stay free for the database, Discord and the sites."""

_WANTED = 4_096
"""Files and sockets that are asked of the system; half of all systems give 1,024 unasked."""

_ONE_SOURCE = 0.75
"""How large a part of all connections one address may have before its own oldest make room."""


_STRANGERS = (
    HttpProcessingError,
    web.RequestPayloadError,
    ConnectionError,
    TimeoutError,
    ClientError,
)


def room() -> int:
    """Raise what the system allows as far as it lets us; return how many may be let in."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED if hard == resource.RLIM_INFINITY else min(_WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    most = _MOST if soft == resource.RLIM_INFINITY else soft - _OWN
    return max(16, min(_MOST, most))


class _Door(web.Server):
    """A server that, when it is full, lets go of whoever has waited longest without a request.

    Newcomers are let in as long as anybody idles: a crowd of silent connections costs its own
    members their places, not the next report. Of an address that has most places the oldest
    goes first. Where all are busy with requests, the newcomer goes.
    """

    def __init__(self, like: web.Server, most: int) -> None:
        self.__dict__.update(like.__dict__)
        self._most = most
        self._sources: dict[RequestHandler, str] = {}
        self._counts = Counter[str]()

    def connection_made(self, handler: Any, transport: Transport) -> None:
        super().connection_made(handler, transport)
        source = str((transport.get_extra_info("peername") or ("",))[0])
        self._sources[handler] = source
        self._counts[source] += 1
        if len(self._sources) > self._most or self._counts[source] > self._most * _ONE_SOURCE:
            self._make_room(source)

    def connection_lost(self, handler: Any, exc: BaseException | None = None) -> None:
        self._forget(handler)
        super().connection_lost(handler, exc)

    def _make_room(self, newest: str) -> None:
        crowd = newest
        if len(self._sources) > self._most:
            crowd = self._counts.most_common(1)[0][0]
        places = [one for one, source in self._sources.items() if source == crowd]
        goes = next(filter(_is_idle, places), places[-1])
        self._forget(goes)
        transport = goes.transport
        if transport is not None:
            transport.abort()

    def _forget(self, handler: Any) -> None:
        source = self._sources.pop(handler, None)
        if source is not None:
            self._counts[source] -= 1
            if not self._counts[source]:
                del self._counts[source]


def _is_idle(handler: Any) -> bool:
    """Whether a connection has no request of which the head has come."""
    return getattr(handler, "_current_request", None) is None


class DoorRunner(web.AppRunner):
    """Serves an application behind a door that at most `most` connections pass at once."""

    def __init__(self, app: web.Application, *, most: int, **how: Any) -> None:
        super().__init__(app, **how)
        self._most = most

    async def _make_server(self) -> web.Server:
        return _Door(await super()._make_server(), self._most)


def be_discreet() -> None:
    """Keep out of the log what aiohttp quotes of requests that it could not read."""
    for name in ("aiohttp.server", "aiohttp.web", "aiohttp.internal", "aiohttp.access"):
        logger = logging.getLogger(name)
        if _without_words not in logger.filters:
            logger.addFilter(_without_words)


def _without_words(record: logging.LogRecord) -> bool:
    """Leave of a line the kind of trouble; of what a stranger may bring about at will, nothing."""
    trouble = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    if trouble is None or isinstance(trouble, _STRANGERS):
        return False
    record.msg, record.args = "a request failed: %s", (type(trouble).__name__,)
    record.exc_info = record.exc_text = None
    return True


AS_SENT = {"auto_decompress": False}
"""For applications: bodies stay as they came. Nobody sends us compressed ones, and of what cannot
be unpacked the server would answer, and write down, in its own words."""


# By names that say they have no case, which saves the intake to find that out each time.
_CLOSED = (
    (hdrs.CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (hdrs.REFERRER_POLICY, "no-referrer"),
    # In place of the versions of Python and aiohttp, which are nobody's business.
    (hdrs.SERVER, "comment-desk"),
    (istr("X-Content-Type-Options"), "nosniff"),
)


def close_to_browsers(answer: web.Response) -> web.Response:
    """Say what a browser may do with an answer: nothing, where it does not say so itself."""
    for name, value in _CLOSED:
        answer.headers.setdefault(name, value)
    return answer


def is_compressed(request: web.Request) -> bool:
    """Whether a body is not what it means, byte for byte."""
    return request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds.

    `head` is how long a connection may go without a request whose head is complete: from when it
    was made, and again from each answer. It is a little more than the minute for which proxies
    keep an idle connection, so that none sends into one that was just closed. `body` is how long
    a body may take after its head; `linger` how long what is left of a refused one is read and
    thrown away, so that its sender gets to see the refusal.
    """

    head: float = 65.0
    body: float = 20.0
    linger: float = 5.0


def runner_of(
    app: web.Application,
    timeouts: Timeouts,
    *,
    most: int | None = None,
    at_the_end: float = 60.0,
) -> web.AppRunner:
    """Return what serves an application, and lets go of those who do not finish a request.

    `most` is how many connections there may be; as many as the system has room for if left out.
    `at_the_end` is for how many seconds its end waits for requests that are under way.
    """
    # The server counts a head that is under way as none at all, so this limits slow heads too;
    # by itself it would wait for an hour.
    return DoorRunner(
        app,
        most=room() if most is None else most,
        access_log=None,
        keepalive_timeout=timeouts.head,
        lingering_time=timeouts.linger,
        shutdown_timeout=at_the_end,
    )

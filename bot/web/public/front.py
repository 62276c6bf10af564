"""What all readers' pages share: the sites, the language, who asks, and how often they may.

A bucket a source, in memory: what is spent comes back with time. The table is bounded, so that a
flood of sources costs no memory; who is pushed out of it begins anew, which the limit on all
together makes harmless.
"""

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlsplit

from aiohttp import ClientError, hdrs, web

from bot.domain.foreign import whole
from bot.domain.ids import SiteId
from bot.domain.readers.mail import Correspondent
from bot.domain.readers.site import PublicSite
from bot.services.desk import Desk
from bot.web.public import words
from bot.web.public.answers import message
from bot.web.public.turns import Turns
from bot.web.public.words import Language

_MOST_SOURCES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`burst` at once, and `each` seconds for every further one."""

    burst: float
    each: float


REPORTS = Rate(burst=10, each=20.0)
"""Of one source: a reader who goes through a bad thread, and not a machine."""

PAGES = Rate(burst=60, each=1.0)
"""Of one source, whatever it asks for."""

MAILS = Rate(burst=3, each=3600.0)
"""To one address that has not said that it wants any: nobody is pestered through the desk."""

ALL_REPORTS = Rate(burst=400, each=0.005)
"""Of all together: what the desk can take while it answers its moderators at once."""


class Limits:
    """Buckets of one rate.

    Args:
        rate: What each source may do.
        monotonic: Seconds that never go back.
    """

    def __init__(self, rate: Rate, monotonic: Callable[[], float]) -> None:
        self._rate = rate
        self._now = monotonic
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, source: str) -> float:
        """Count one request; return 0, or after how many seconds the next may come."""
        now = self._now()
        level, at = self._levels.pop(source, (0.0, now))
        level = max(0.0, level - (now - at) / self._rate.each)
        refused = level + 1 > self._rate.burst
        self._levels[source] = (level if refused else level + 1, now)
        if len(self._levels) > _MOST_SOURCES:
            self._levels.popitem(last=False)
        return (level + 1 - self._rate.burst) * self._rate.each if refused else 0.0


def source_of(peer: str, forwarded: str | None) -> str:
    """Return what stands for whoever asks: an address, of IPv6 the network of 64 bits.

    `forwarded` is what the proxy in front wrote, if there is one; the last address of it is the
    one that the proxy saw, and all before it is whatever the reader sent.
    """
    said = forwarded.rpartition(",")[2].strip() if forwarded else peer
    try:
        address = ip_address(said.strip("[]"))
    except ValueError:
        return peer
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return f"{int(address) >> 64:x}"
    return str(address)


Handler = Callable[[web.Request], Awaitable[web.Response]]
SecretPage = Callable[[web.Request, str], Awaitable[web.Response]]

BODY_LIMIT: Final = 256 * 1024
"""Bytes of a form: a ticket of 64 kB, and a note of which each sign is written as twelve."""

_BODY_SECONDS: Final = 15.0
_LONGEST_SECRET: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much is done for one source, at one secret address, and for all together."""

    pages: Limits
    reports: Limits
    secrets: Limits
    all_reports: Limits
    mails: Limits

    @classmethod
    def by(cls, monotonic: Callable[[], float] = time.monotonic) -> "Budget":
        """Return a full budget, by seconds that never go back."""
        return cls(
            pages=Limits(PAGES, monotonic),
            reports=Limits(REPORTS, monotonic),
            secrets=Limits(PAGES, monotonic),
            all_reports=Limits(ALL_REPORTS, monotonic),
            mails=Limits(MAILS, monotonic),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ByMail:
    """What a page says of mails: whether there are any, and to whom they go."""

    on: bool
    to: Correspondent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The desk as its readers meet it.

    `url` is the address under which readers reach these pages, without a slash at its end;
    `languages` are those that are switched on, the desk's own first; `behind_proxy` says that a
    proxy in front tells who asks, in ``X-Forwarded-For``.
    """

    desk: Desk
    sites: Mapping[SiteId, PublicSite]
    url: str
    languages: Sequence[str] = (words.DEFAULT,)
    behind_proxy: bool = False
    budget: Budget = field(default_factory=Budget.by)
    turns: Turns = field(default_factory=Turns)

    @property
    def root(self) -> str:
        """The path that all pages stand under, empty for none."""
        return urlsplit(self.url).path.rstrip("/")

    def site(self, request: web.Request) -> PublicSite | None:
        """Return the site that an address names, `None` if there is none such."""
        return self.sites.get(SiteId(request.match_info.get("site", "")))

    def behind_secret(self, page: SecretPage) -> Handler:
        """Return what answers at secret addresses, each of which may be asked for so often."""

        async def answer(request: web.Request) -> web.Response:
            secret = request.match_info["secret"][:_LONGEST_SECRET]
            wait = self.budget.secrets.wait(secret)
            return self.busy(request, wait) if wait else await page(request, secret)

        return answer

    def source(self, request: web.Request) -> str:
        """Return what stands for whoever asks."""
        forwarded = request.headers.get("X-Forwarded-For") if self.behind_proxy else None
        return source_of(request.remote or "", forwarded)

    def over_limit(self, request: web.Request) -> float:
        """Count one report; return 0, or after how many seconds it may come again."""
        return self.budget.reports.wait(self.source(request)) or self.budget.all_reports.wait("")

    def may_mail(self, email: str) -> bool:
        """Count one mail to an address that has not asked for it; whether it may be sent."""
        return self.desk.writes_mail and not self.budget.mails.wait(email.lower())

    def language(self, request: web.Request, asked: object = None) -> Language:
        """Return the language to answer in: the one asked for, else what the browser prefers.

        It says times by the newsroom's clock.
        """
        asked = request.query.get("lang") or asked
        accepted = request.headers.get(hdrs.ACCEPT_LANGUAGE, "")
        said = words.wanted(str(asked) if asked else None, accepted, self.languages)
        return replace(said, zone=self.desk.policy().alerts.zone)

    def say(
        self, request: web.Request, status: int, name: str, *, wait: float | None = None
    ) -> web.Response:
        """Return a page that says one thing; `wait` is after how many seconds to try again."""
        headers = {} if wait is None else {"Retry-After": str(int(wait) + 1)}
        return message(self.language(request), self.root, status, name, headers=headers)

    async def nothing(self, request: web.Request) -> web.Response:
        """Answer whoever asks for what is not there, and whoever may not know that it is."""
        return self.say(request, HTTPStatus.NOT_FOUND, "not_found")

    def busy(self, request: web.Request, wait: float) -> web.Response:
        """Answer whoever asked too often."""
        return self.say(request, HTTPStatus.TOO_MANY_REQUESTS, "busy", wait=wait)


async def fields_of(request: web.Request) -> dict[str, str]:
    """Return what a form of a page sent; nothing if it is none."""
    if request.content_type != "application/x-www-form-urlencoded":
        return {}
    body = (await _body(request)).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=20))
    except ValueError:
        return {}


async def json_of(request: web.Request) -> dict[str, Any]:
    """Return the JSON object that was sent; nothing if it is none."""
    if request.content_type != "application/json":
        return {}
    try:
        read: Any = whole(json.loads((await _body(request)).decode()))
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", read) if isinstance(read, dict) else {}


async def _body(request: web.Request) -> bytes:
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            return await request.read()
    except web.HTTPRequestEntityTooLarge:
        return b""
    except (TimeoutError, ClientError, ConnectionError, web.RequestPayloadError):
        return b""

"""Platforms that only tell that something happened; what it was is looked up there.

Their requests carry no times, so that one may be repeated by whoever saw it. All that gains is
that the site is asked once more.
"""

import asyncio
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from aiohttp import web

from bot.domain.ids import SiteId
from bot.domain.site import PingKeys
from bot.web.door import Timeouts, is_compressed
from bot.web.problems import not_json, not_json_by_headers, too_large, unsigned

LIMIT = 1024 * 1024
"""Bytes of a body: some platforms send the whole comment along, once as text, once as HTML."""

_PREFIX = "sha256="
_NOTED = b'{"noted": true}'
_MOST_SIGNATURES = 10
_NO_MATCH = (
    "No secret of this site matches the signature. Copy the secret from the platform's page of "
    "this webhook into the settings, whole, and check that the address names the right site."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """A site that may ping: what it signs with, and what is called when it has."""

    keys: PingKeys
    heard: Callable[[], None]


class WebhookPings:
    """The way in for every site that pings."""

    def __init__(self, pings: Mapping[SiteId, Ping], timeouts: Timeouts) -> None:
        self._pings = pings
        self._seconds = timeouts.body

    async def take(self, request: web.Request) -> web.Response:
        """Take one ping, and have the site asked soon.

        Raises:
            Problem: It is not signed by the site that its address names.
        """
        body = await _read(request, self._seconds)
        ping = self._pings.get(SiteId(request.match_info["site"]))
        # An unknown site is told what a wrong secret is told: names are not to be guessed.
        if ping is None or not _is_signed(ping.keys, request.headers, body):
            raise unsigned(_NO_MATCH)
        ping.heard()
        return web.Response(
            status=HTTPStatus.ACCEPTED, body=_NOTED, content_type="application/json"
        )


def _is_signed(keys: PingKeys, headers: Mapping[str, str], body: bytes) -> bool:
    offered = [
        one.strip().removeprefix(_PREFIX).encode("utf-8", "surrogateescape")
        for one in headers.get(keys.header, "").split(",")[:_MOST_SIGNATURES]
        if one.strip().startswith(_PREFIX)
    ]
    wanted = [
        hmac.new(secret.encode(), body, "sha256").hexdigest().encode() for secret in keys.secrets
    ]
    return any(hmac.compare_digest(one, other) for one in offered for other in wanted)


async def _read(request: web.Request, seconds: float) -> bytes:
    if is_compressed(request):
        raise not_json_by_headers()
    if (request.content_length or 0) > LIMIT:
        raise too_large(LIMIT)
    try:
        async with asyncio.timeout(seconds):
            return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise too_large(LIMIT) from None
    except (TimeoutError, aiohttp.ClientError, web.RequestPayloadError, ConnectionError):
        raise not_json("The body did not arrive in full. Send the request again.") from None

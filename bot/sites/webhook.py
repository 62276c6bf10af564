"""Any site that takes a signed webhook: one POST an order. docs/sites.md has the protocol."""

import json
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    InvalidURL,
    NonHttpUrlClientError,
    TCPConnector,
    ThreadedResolver,
)
from aiohttp.abc import AbstractResolver
from standardwebhooks import Webhook
from yarl import URL

from bot.domain.effect import Order, Outcome, Verb
from bot.domain.site import Ability
from bot.ports import Clock
from bot.sites.addresses import GuardedResolver, PrivateAddress, check_literal
from bot.sites.outcomes import outcome_of

_ABILITIES = frozenset(
    {
        Ability.PUSH,
        Ability.HIDE,
        Ability.UNHIDE,
        Ability.BAN,
        Ability.TIMED_BAN,
        Ability.UNBAN,
    }
)

VERSION = 1
"""Of the body; raised when a receiver written for the last one would misread it."""

LONGEST_ANSWER = 64 * 1024
"""Bytes of an answer that are read; a state read back takes some hundred."""

PATIENCE = 15.0
"""Seconds for the whole of one attempt, from the name look-up to the answer's last byte."""


class WebhookSite:
    """A site reached by signed webhook; a port `Site`. Use it as an async context manager.

    Args:
        url: Where orders are posted.
        secrets: What they are signed with (``whsec_...``); two while one replaces the other.
        clock: The time now, for the signature's timestamp.
        allow_private: Whether the address may be in a private network or this machine.
        patience: Seconds for one attempt.
        resolver: Who looks names up, if not the system.
    """

    def __init__(
        self,
        url: str,
        secrets: Sequence[str],
        *,
        clock: Clock,
        allow_private: bool = False,
        patience: float = PATIENCE,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._url = URL(url)
        self._signers = [Webhook(secret) for secret in secrets]
        self._clock = clock
        self._allow_private = allow_private
        self._patience = patience
        self._resolver = resolver
        self._open = AsyncExitStack()
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        resolver = self._resolver or ThreadedResolver()
        connector = TCPConnector(
            resolver=resolver if self._allow_private else GuardedResolver(resolver),
            use_dns_cache=False,
            # Orders are rare, and a kept connection that the site has meanwhile closed looks
            # like a failed attempt.
            force_close=True,
        )
        self._session = await self._open.enter_async_context(
            ClientSession(
                connector=connector,
                cookie_jar=DummyCookieJar(),
                timeout=ClientTimeout(total=self._patience),
            )
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session = None
        await self._open.aclose()

    @property
    def abilities(self) -> frozenset[Ability]:
        """Whatever the protocol can say; what a receiver cannot do, it refuses in words."""
        return _ABILITIES

    async def carry_out(self, order: Order) -> Outcome:
        """Post the order once and say how that ended; never raises for what the site does."""
        if self._session is None:
            raise RuntimeError("the site is not open; use it as an async context manager")
        body = body_of(order)
        try:
            if not self._allow_private:
                check_literal(self._url.host or "")
            async with self._session.post(
                self._url, data=body, headers=self._headers(order, body), allow_redirects=False
            ) as response:
                answer = await _read(response)
                return outcome_of(response.status, response.headers, answer, order, self._clock())
        except PrivateAddress as error:
            return Outcome(verb=Verb.REFUSED, words=str(error))
        except (InvalidURL, NonHttpUrlClientError):
            return Outcome(
                verb=Verb.REFUSED, words="The site's address in the settings is not a web address."
            )
        except TimeoutError:
            words = f"The site did not answer within {self._patience:g} seconds."
            return Outcome(verb=Verb.LATER, words=words)
        except (ClientError, OSError) as error:
            return Outcome(verb=Verb.LATER, words=_trouble(error))

    def _headers(self, order: Order, body: bytes) -> Mapping[str, str]:
        now = self._clock().astimezone(UTC)
        text = body.decode()
        signatures = (
            signer.sign(msg_id=order.key, timestamp=now, data=text) for signer in self._signers
        )
        return {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "Comment-Desk",
            "webhook-id": order.key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signatures),
        }


def body_of(order: Order) -> bytes:
    """Return the order as JSON, the same bytes at every attempt."""
    body = {
        "type": f"decision.{order.action}",
        "version": VERSION,
        "timestamp": _iso(order.at),
        "data": {
            "site": order.site,
            "case": order.case_id,
            "decision": order.decision_id,
            "action": order.action,
            "comment": {
                "id": order.comment_id,
                "revision": order.revision_key,
                "permalink": order.permalink,
                "visible": order.visible,
            },
            "author": {
                "id": order.author_id,
                "banned": order.banned,
                "until": _iso(order.until),
            },
            "rule": None if order.rule is None else {"number": order.rule, "name": order.rule_name},
            "notice": order.notice,
        },
    }
    return json.dumps(body, separators=(",", ":")).encode()


def _iso(time: datetime | None) -> str | None:
    if time is None:
        return None
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


async def _read(response: ClientResponse) -> bytes:
    """Return the answer's beginning; what is longer is left unread."""
    answer = bytearray()
    async for chunk in response.content.iter_chunked(8192):
        answer += chunk
        if len(answer) > LONGEST_ANSWER:
            response.close()
            return b""
    return bytes(answer)


def _trouble(error: Exception) -> str:
    match error:
        case ClientConnectorDNSError():
            return f"The site's name {error.host} was not found."
        case ClientConnectorCertificateError():
            return "The site's certificate is not valid for its address."
        case ClientSSLError():
            return "The site could not be spoken to in TLS, as its https address promises."
        case ClientConnectorError():
            return "The site could not be reached."
        case _:
            return "The site broke the connection off before it had answered."

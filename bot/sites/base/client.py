"""HTTP requests to a site: guarded, bounded, patient for a while, and their troubles in words."""

from collections.abc import Generator, Mapping
from contextlib import AsyncExitStack, contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any, Self

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
from yarl import URL

from bot.domain import foreign
from bot.domain.effects import Verb
from bot.ports import Clock
from bot.sites.base.addresses import GuardedResolver, PrivateAddress, check_literal
from bot.sites.base.answers import Answer, SiteCallFailed
from bot.sites.base.context import HearTime, SiteContext
from bot.sites.base.json_value import JsonValue
from bot.sites.base.outcomes import moved, pause, site_is_busy

TIMEOUT = 15.0
"""Seconds for the whole of one attempt, from the name look-up to the answer's last byte."""

LONGEST_ANSWER = 4 * 1024 * 1024
"""Bytes of an answer that are read: a hundred long comments with everything around them."""


class SiteClient:
    """A way to one site's API. Use it as an async context manager.

    Redirects are not followed, cookies are not kept, and private addresses are refused unless
    they are allowed.

    Args:
        base: The address that paths are joined to.
        clock: The time now, for how long the site asks to be left alone.
        allow_private: Whether the address may be in a private network or this machine.
        timeout: Seconds for one request.
        most: Bytes of an answer that are read; a longer one counts as no data.
        resolver: Who looks names up, if not the system.
        hear_time: Is told what time the site says it is, with each of its answers.
    """

    def __init__(
        self,
        base: str,
        *,
        clock: Clock,
        allow_private: bool = False,
        timeout: float = TIMEOUT,
        most: int = LONGEST_ANSWER,
        resolver: AbstractResolver | None = None,
        hear_time: HearTime | None = None,
    ) -> None:
        self._hear_time = hear_time
        self.base = foreign.asked_for(base).rstrip("/")
        self._clock = clock
        self._allow_private = allow_private
        self._timeout = timeout
        self._most = most
        self._resolver = resolver
        self._open = AsyncExitStack()
        self._session: ClientSession | None = None

    @classmethod
    def of(cls, context: SiteContext) -> Self:
        """Return the way to the site's own address."""
        return cls(
            context.url,
            clock=context.clock,
            allow_private=context.allow_private,
            hear_time=context.hear_time,
        )

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
                timeout=ClientTimeout(total=self._timeout),
            )
        )
        return self

    async def __aexit__(self, *_raised: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Hang up; nothing can be asked any more."""
        self._session = None
        await self._open.aclose()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        body: object = None,
        busy: bool = True,
    ) -> Answer:
        """Make one request; what is no trouble of the way or the server comes back as an answer.

        `busy` makes 429 and 5xx such a trouble; without it they come back like the rest.

        Raises:
            SiteCallFailed: It could not be made, was redirected, or the site cannot be asked now.
        """
        url = self._url(path, params)
        status, answered, content = await self.raw(
            method,
            url,
            headers={"Accept": "application/json", **(headers or {})},
            data=form,
            json=body,
        )
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            raise SiteCallFailed(Verb.MISCONFIGURED, moved(status, answered))
        answer = _answer(status, answered, content, self._clock())
        if busy and answer.busy is not None:
            raise answer.busy
        return answer

    async def fetch(self, method: str, path: str, *, doing: str, **how: Any) -> JsonValue:
        """Make a request that must succeed with JSON, and return that.

        Raises:
            SiteCallFailed: It did not.
        """
        answer = await self.ask(method, path, **how)
        answer.require_ok(doing)
        if not answer.is_json:
            raise SiteCallFailed(
                Verb.LATER,
                "The site answered with something other than data, as a log-in page, a firewall "
                "or a site under maintenance does. Check its address in the settings.",
            )
        return answer.said

    async def raw(
        self, method: str, url: URL, **how: Any
    ) -> tuple[int, Mapping[str, str], bytes | None]:
        """Make one request; the body is `None` if it was too long to be read.

        Raises:
            SiteCallFailed: It could not be made, or got no answer.
        """
        if self._session is None:
            raise RuntimeError("the site is not open; use it as an async context manager")
        how["headers"] = {
            "Accept-Encoding": "identity",
            "User-Agent": "Comment-Desk",
            **how.get("headers", {}),
        }
        with self._as_trouble():
            if not self._allow_private:
                check_literal(url.host or "")
            async with self._session.request(method, url, allow_redirects=False, **how) as got:
                if self._hear_time is not None:
                    self._hear_time(got.headers.get("Date"))
                return got.status, got.headers, await _read(got, self._most)

    @contextmanager
    def _as_trouble(self) -> Generator[None]:
        """Say of a request that fails on its way what that means."""
        try:
            yield
        except PrivateAddress as error:
            raise SiteCallFailed(Verb.MISCONFIGURED, str(error)) from error
        except (InvalidURL, NonHttpUrlClientError) as error:
            words = "The site's address in the settings is not a web address."
            raise SiteCallFailed(Verb.MISCONFIGURED, words) from error
        except TimeoutError as error:
            words = f"The site did not answer within {self._timeout:g} seconds."
            raise SiteCallFailed(Verb.LATER, words) from error
        except (ClientError, OSError) as error:
            raise SiteCallFailed(Verb.LATER, _trouble(error)) from error

    def _url(self, path: str, params: Mapping[str, str] | None) -> URL:
        url = URL(f"{self.base}/{path.removeprefix('/')}" if path else self.base, encoded=True)
        return url.update_query(params) if params else url


def _answer(
    status: int, headers: Mapping[str, str], content: bytes | None, now: datetime
) -> Answer:
    try:
        said, is_json = foreign.whole(foreign.parsed(content or b"")), True
    except ValueError:
        said, is_json = None, False
    # Not implemented stays so: it is for the platform's own sense of it.
    why = "" if status == HTTPStatus.NOT_IMPLEMENTED else site_is_busy(status)
    after = pause(headers.get("Retry-After"), now)
    return Answer(
        status=status,
        headers=headers,
        said=JsonValue(said),
        is_json=is_json,
        is_empty=content == b"",
        busy=SiteCallFailed(Verb.LATER, why, after=after) if why else None,
    )


async def _read(response: ClientResponse, most: int) -> bytes | None:
    answer = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        answer += chunk
        if len(answer) > most:
            response.close()
            return None
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
            return "The site did not answer."

"""Rate limits: a bucket a route and channel, one for everything, and Discord's headers."""

import hashlib
import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Literal

from bot.standin.errors import ApiError, Code

_MAJOR = ("channel_id", "guild_id", "token")
_REACTION = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me"


Scope = Literal["user", "global", "shared"]
"""Whose limit was reached: this bot's on one route, this bot's on all, or everybody's together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """So many requests in so many seconds, for each channel."""

    requests: int
    seconds: float


def _major(parameters: Mapping[str, str]) -> str:
    """Return the parameter by which Discord keeps buckets of one route apart."""
    return next((parameters[key] for key in _MAJOR if key in parameters), "")


def _usual() -> dict[tuple[str, str], Bucket]:
    return {
        ("POST", "/channels/{channel_id}/messages"): Bucket(requests=5, seconds=5.0),
        ("PATCH", "/channels/{channel_id}/messages/{message_id}"): Bucket(requests=5, seconds=5.0),
        ("PUT", _REACTION): Bucket(requests=1, seconds=0.25),
        ("DELETE", _REACTION): Bucket(requests=1, seconds=0.25),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """Discord's limits as commonly seen; it documents none but the global one.

    Attributes:
        routes: Buckets by method and path template.
        a_second: Requests a second over all routes, or None; interactions are exempt.
    """

    routes: Mapping[tuple[str, str], Bucket] = field(default_factory=_usual)
    a_second: int | None = 50


class Buckets:
    """Counts requests against limits.

    Args:
        limits: The limits, or None for none at all.
        clock: Unix time in seconds.
    """

    def __init__(
        self, limits: RateLimits | None, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._left: dict[tuple[str, str, str], tuple[int, float]] = {}
        self._global = (0, 0.0)

    def take(
        self, method: str, template: str, parameters: Mapping[str, str], *, exempt: bool
    ) -> dict[str, str]:
        """Count one request.

        Args:
            method: The HTTP method.
            template: The route's path with `{names}`.
            parameters: What the names stand for.
            exempt: Whether the global limit does not hold for it.

        Returns:
            The rate-limit headers of the answer.

        Raises:
            ApiError: 429, too many.
        """
        if self._limits is None:
            return {}
        if not exempt:
            self._take_global(self._limits.a_second)
        bucket = self._limits.routes.get((method, template))
        if bucket is None:
            return {}
        key = (method, template, _major(parameters))
        now = self._clock()
        left, until = self._left.get(key, (0, 0.0))
        if now >= until:
            left, until = bucket.requests, now + bucket.seconds
        self._left[key] = (max(0, left - 1), until)
        headers = _headers(bucket, max(0, left - 1), until, now, f"{method} {template}")
        if left <= 0:
            raise too_many(until - now, headers=headers)
        return headers

    def _take_global(self, most: int | None) -> None:
        if most is None:
            return
        now = self._clock()
        count, until = self._global
        if now >= until:
            count, until = 0, now + 1.0
        self._global = (count + 1, until)
        if count >= most:
            raise too_many(until - now, scope="global")


def _headers(bucket: Bucket, left: int, until: float, now: float, route: str) -> dict[str, str]:
    name = hashlib.sha256(route.encode()).hexdigest()[:32]
    return {
        "X-RateLimit-Limit": str(bucket.requests),
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset": f"{until:.3f}",
        "X-RateLimit-Reset-After": f"{max(0.0, until - now):.3f}",
        "X-RateLimit-Bucket": name,
    }


def exhausted(route: str, seconds: float) -> dict[str, str]:
    """Return the headers of a route on which nothing is left for so many seconds."""
    now = time.time()
    return _headers(Bucket(requests=5, seconds=seconds), 0, now + seconds, now, route)


class TooManyRequestsError(ApiError):
    """A 429, whose body differs from that of other refusals."""

    def __init__(
        self,
        seconds: float,
        *,
        code: Code = Code.GENERAL,
        sentence: str = "You are being rate limited.",
        everywhere: bool = False,
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(HTTPStatus.TOO_MANY_REQUESTS, code, sentence, headers=headers)
        self._seconds = seconds
        self._everywhere = everywhere

    def body(self) -> dict[str, object]:
        """Return the JSON body of the answer."""
        return {
            "message": self.message,
            "code": int(self.code),
            "retry_after": round(self._seconds, 3),
            "global": self._everywhere,
        }


def too_many(
    seconds: float,
    *,
    scope: Scope = "user",
    via: bool = True,
    headers: Mapping[str, str] | None = None,
) -> ApiError:
    """Return a 429.

    Args:
        seconds: When the client may try again.
        scope: Whose limit it is.
        via: Whether Discord's proxy put its header on. Without it the 429 comes from Cloudflare
            and a client must not retry by itself.
        headers: Further headers.
    """
    everywhere = scope == "global"
    told = {
        **_waiting(seconds, scope, via=via),
        **({"X-RateLimit-Global": "true"} if everywhere else {}),
        **(headers or {}),
    }
    sentence = f"{'The resource is' if scope == 'shared' else 'You are'} being rate limited."
    return TooManyRequestsError(seconds, sentence=sentence, everywhere=everywhere, headers=told)


def _waiting(seconds: float, scope: Scope, *, via: bool = True) -> dict[str, str]:
    told = {"Retry-After": str(max(1, math.ceil(seconds))), "X-RateLimit-Scope": scope}
    return {**told, "Via": "1.1 google"} if via else told


class OldEdits:
    """Counts the edits of messages older than an hour: three in six seconds for each channel.

    Discord documents that there is such a limit; its size is known from those who met it.

    Args:
        clock: Seconds that only grow.
    """

    OLD = timedelta(hours=1)
    MOST = 3
    SECONDS = 6.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._edits: dict[str, deque[float]] = {}

    def take(self, channel_id: str, sent: datetime) -> None:
        """Count one edit.

        Args:
            channel_id: Where the message is.
            sent: When it was sent.

        Raises:
            ApiError: 429/30046, too many.
        """
        if datetime.now(UTC) - sent <= self.OLD:
            return
        now = self._clock()
        edits = self._edits.setdefault(channel_id, deque(maxlen=self.MOST))
        if len(edits) == self.MOST and now - edits[0] < self.SECONDS:
            left = self.SECONDS - (now - edits[0])
            raise TooManyRequestsError(
                left,
                code=Code.TOO_MANY_OLD_EDITS,
                sentence="Maximum number of edits to messages older than 1 hour reached."
                " Try again later",
                headers=_waiting(left, "user"),
            )
        edits.append(now)

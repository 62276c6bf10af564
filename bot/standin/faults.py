"""Faults on demand: what goes wrong between the bot and Discord, on chosen requests."""

import fnmatch
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from bot.standin.buckets import Scope, exhausted, too_many
from bot.standin.errors import ApiError, Code

_USUAL = {
    HTTPStatus.UNAUTHORIZED: (Code.GENERAL, "401: Unauthorized"),
    HTTPStatus.FORBIDDEN: (Code.MISSING_PERMISSIONS, "Missing Permissions"),
    HTTPStatus.NOT_FOUND: (Code.GENERAL, "404: Not Found"),
}
"""What Discord says with a status when a fault names no code."""

Drop = Literal["before", "after"]
"""Whether a connection breaks before the request is carried out, or after."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens to requests that match.

    Attributes:
        method: The HTTP method, or `*`.
        pattern: A shell pattern for the path below `/api/v10`.
        status: The status to answer with instead of carrying it out.
        times: How many requests it still strikes; None for all.
        retry_after: For a 429, seconds.
        everywhere: For a 429, whether it is a global one.
        scope: For a 429 that is not global, whose limit it is.
        drop: When to break the connection.
        delay: Seconds to wait before anything else.
        via: For a 429, whether it carries the header that makes clients retry.
        code: Discord's own code; with it, or with 401, 403 or 404, the answer is Discord's JSON.
        body: The text of the answer, or Discord's sentence beside the code.
    """

    method: str
    pattern: str
    status: int | None = None
    times: int | None = 1
    retry_after: float = 0.5
    everywhere: bool = False
    scope: Scope = "user"
    drop: Drop | None = None
    delay: float = 0.0
    via: bool = True
    code: int | None = None
    body: str = ""

    def strikes(self, method: str, path: str) -> bool:
        """Return whether a request is struck, and count it if so."""
        if self.times == 0 or self.method not in (method, "*"):
            return False
        if not fnmatch.fnmatchcase(path, self.pattern):
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def refusal(self) -> ApiError | None:
        """Return what Discord itself would answer, or None if a proxy answers or nothing does."""
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            return self._too_many()
        usual = _USUAL.get(HTTPStatus(self.status)) if self.status else None
        if self.status is None or (self.code is None and usual is None):
            return None
        code, sentence = usual or (Code.GENERAL, "")
        return ApiError(self.status, self.code or code, self.body or sentence)

    def _too_many(self) -> ApiError:
        scope: Scope = "global" if self.everywhere else self.scope
        headers = {} if scope == "global" else exhausted(self.pattern, self.retry_after)
        return too_many(self.retry_after, scope=scope, via=self.via, headers=headers)

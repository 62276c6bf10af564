"""Faults on demand: what goes wrong between the bot and Discord, on chosen requests."""

import fnmatch
from dataclasses import dataclass
from typing import Literal

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
        drop: When to break the connection.
        delay: Seconds to wait before anything else.
        via: For a 429, whether it carries the header that makes clients retry.
        body: The text of the answer.
    """

    method: str
    pattern: str
    status: int | None = None
    times: int | None = 1
    retry_after: float = 0.5
    everywhere: bool = False
    drop: Drop | None = None
    delay: float = 0.0
    via: bool = True
    body: str = "upstream error"

    def strikes(self, method: str, path: str) -> bool:
        """Return whether a request is struck, and count it if so."""
        if self.times == 0 or self.method not in (method, "*"):
            return False
        if not fnmatch.fnmatchcase(path, self.pattern):
            return False
        if self.times is not None:
            self.times -= 1
        return True

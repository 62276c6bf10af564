"""Snowflakes: fixed ones for what must survive a restart, growing ones for what happens."""

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime

EPOCH_MS = 1_420_070_400_000
"""The first second of 2015 in Unix milliseconds, from which Discord counts."""

_LOW_BITS = 22
_NAMED_FROM_MS = 1_577_836_800_000  # 2020: older than anything that happens, younger than EPOCH
_NAMED_SPAN_MS = 4 * 365 * 86_400_000


def at(milliseconds: int, low: int = 0) -> str:
    """Return the snowflake of a moment.

    Args:
        milliseconds: Unix time in milliseconds.
        low: The lower 22 bits.
    """
    return str(((milliseconds - EPOCH_MS) << _LOW_BITS) | (low & ((1 << _LOW_BITS) - 1)))


def named(kind: str, name: str) -> str:
    """Return the same snowflake for the same kind and name, on every machine and run."""
    digest = hashlib.sha256(f"{kind}:{name}".encode()).digest()
    moment = _NAMED_FROM_MS + int.from_bytes(digest[:8]) % _NAMED_SPAN_MS
    return at(moment, int.from_bytes(digest[8:12]))


def created(snowflake: str) -> datetime:
    """Return the moment in a snowflake, as aware UTC."""
    return datetime.fromtimestamp(((int(snowflake) >> _LOW_BITS) + EPOCH_MS) / 1000, tz=UTC)


class Ids:
    """Hands out snowflakes that grow, even when the clock stands or goes back.

    Args:
        clock: Returns Unix time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._last = 0

    def now(self) -> float:
        """Return the time by which ids are made, in Unix seconds."""
        return self._clock()

    def new(self) -> str:
        """Return an id larger than every one before."""
        self._last = max(self._last + 1, int(at(int(self._clock() * 1000))))
        return str(self._last)

    def seen(self, snowflake: str) -> None:
        """Take note of an id from elsewhere; later ones will be larger."""
        self._last = max(self._last, int(snowflake))

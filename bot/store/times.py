"""Moments as the database keeps them: microseconds since 1970 in UTC, so that they sort."""

import secrets
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import overload

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@overload
def stored(moment: datetime) -> int: ...
@overload
def stored(moment: datetime | None) -> int | None: ...
@lru_cache(maxsize=256)
def stored(moment: datetime | None) -> int | None:
    """Return an aware moment as microseconds since 1970, exactly.

    They are counted once for what is written together, which mostly has few times, each in many
    places.

    Raises:
        TypeError: The moment has no time zone.
    """
    if moment is None:
        return None
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


@lru_cache(maxsize=256)
def moment(micros: int) -> datetime:
    """Return what `stored` was given, in UTC; what is read together has few times as well."""
    # timedelta takes three times as long to bring many microseconds into shape by itself.
    seconds, rest = divmod(micros, 1_000_000)
    return _EPOCH + timedelta(0, seconds, rest)


def moment_if(micros: int | None) -> datetime | None:
    """Return what `stored` was given, in UTC, or that it was given nothing."""
    return None if micros is None else moment(micros)


def new_token() -> str:
    """Return 12 letters, digits, hyphens and underscores: 72 bits."""
    return secrets.token_urlsafe(9)

"""Objects of numbers and lists of numbers, to JSON and back without losing a bit."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

State = dict[str, Any]
"""What `json` can write and read back equal."""

LONG_AGO = -1e15
"""Seconds; a time before every report, which JSON can hold and minus infinity cannot."""


def packed(thing: object, names: Iterable[str]) -> State:
    """Return the named attributes; lists are copied."""
    return {name: _copy(getattr(thing, name)) for name in names}


def unpack(thing: object, names: Iterable[str], state: Mapping[str, Any]) -> None:
    """Set the named attributes; lists are copied.

    What an earlier version did not know yet stays as it is at the start.
    """
    for name in names:
        if name in state:
            setattr(thing, name, _copy(state[name]))


def _copy(value: Any) -> Any:
    return cast("list[Any]", value)[:] if isinstance(value, list) else value

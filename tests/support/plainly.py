"""Values in words that are the same each time, so that they can be kept and compared."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)

LEFT_OUT = frozenset({"digest", "head", "policy", "previous", "salt", "seals", "token"})
"""What changes with all that was before it, or with each thing that is drawn."""
_SEALED = re.compile(r"(?<=\d)-[0-9a-f]{12}\b")
"""The beginning of a decision's digest, in the key of its order."""
_FINE = re.compile(r"\d+\.\d{9,}")
"""Numbers whose last digits are the machine's."""

_MICROS = int(NOON.timestamp()) * 1_000_000
_NEAR = 400 * 86_400 * 1_000_000


def stored(value: object) -> str:
    """Return a value of a row in words, moments from noon of the tests' day on."""
    if isinstance(value, int) and abs(value - _MICROS) < _NEAR:
        return f"noon{(value - _MICROS) / 1e6:+g}"
    return plain(value)


def plain(what: object) -> str:
    """Return a value in words that are the same each time; defaults are left out."""
    for kind, words in _WORDS:
        if isinstance(what, kind):
            return words(what)
    return f"{type(what).__name__}({', '.join(_fields(what))})" if is_dataclass(what) else "…"


def _listed(what: Iterable[object]) -> str:
    return ", ".join(map(plain, what))


def _sorted(what: Iterable[str]) -> str:
    return f"{{{', '.join(sorted(what))}}}"


_WORDS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (Enum, lambda what: what.name),
    (datetime, lambda what: f"noon{(what - NOON).total_seconds():+g}"),
    ((date, time), lambda what: what.isoformat()),
    (timedelta, lambda what: f"{what.total_seconds():g}s"),
    (bytes, bytes.hex),
    (float, lambda what: f"{what:.9g}"),
    (str, lambda what: _SEALED.sub("", _FINE.sub(lambda one: f"{float(one[0]):.9g}", repr(what)))),
    ((int, type(None)), repr),
    (Mapping, lambda what: _sorted(f"{plain(key)}: {plain(one)}" for key, one in what.items())),
    ((set, frozenset), lambda what: _sorted(map(plain, what))),
    ((tuple, list), lambda what: f"[{_listed(what)}]"),
    (Exception, lambda what: f"{type(what).__name__}: {what}"),
)


def _fields(what: Any) -> Iterator[str]:
    for field in fields(what):
        value = getattr(what, field.name)
        if field.name not in LEFT_OUT and not _is_default(field, value):
            yield f"{field.name}={plain(value)}"


def _is_default(field: Field[Any], value: object) -> bool:
    """Whether a field says nothing: it has what it has where nobody gives it anything."""
    if field.default_factory is not MISSING:
        return bool(value == field.default_factory())
    return type(value) is type(field.default) and bool(value == field.default)

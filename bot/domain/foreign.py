"""What strangers send, read so that one bad value in it spoils nothing but itself."""

import codecs
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, cast
from urllib.parse import quote, unquote

from yarl import URL

_HALF = re.compile("[\ud800-\udfff]")
_TOKENS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
_DEEPEST = 30
"""Lists and objects within each other; nothing that is read here needs half as many."""

_LONGEST_NUMBER = 300
"""Digits; Python itself refuses to read some thousands, and the rest of a text with them."""

_TOO_MUCH = "NaN"
"""What stands for a value that is not read; no field takes it."""

Pairs = Callable[[list[tuple[str, Any]]], Any]


def parsed(
    content: bytes,
    *,
    errors: str = "strict",
    pairs: Pairs | None = None,
) -> Any:
    """Return what JSON says.

    Halves of surrogate pairs stay as they are, for `whole` to mend. A number of hundreds of
    digits, and what is nested too deeply, come as a value that is no number.

    Args:
        content: The JSON, in UTF-8; a byte order mark before it is passed over.
        errors: What is done about bytes that are no UTF-8, as `bytes.decode` names it. Halves of
            surrogate pairs that were encoded each for itself are not among those.
        pairs: Makes an object of its members.

    Raises:
        ValueError: It is no JSON.
    """
    text = _decoded(content.removeprefix(codecs.BOM_UTF8), errors)
    try:
        return _loads(text, pairs)
    except RecursionError:
        return _loads("".join(_shallow(text)), pairs)


def _decoded(content: bytes, errors: str) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        try:
            halves = content.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return content.decode("utf-8", errors)
        # Two that belong together are one character.
        return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text


def _loads(text: str, pairs: Pairs | None) -> Any:
    # Line ends and the like that stand bare in a text are a fault, but a harmless one.
    return json.loads(text, strict=False, parse_int=_number, object_pairs_hook=pairs)


def whole(value: Any, *, ids: AbstractSet[str] = frozenset()) -> Any:
    """Return a parsed value whose texts can be written down.

    Half of a surrogate pair becomes U+FFFD. Under the names of `ids` it becomes a control
    character, which no id may have: two ids must not become one. What is nested too deeply is
    left out.
    """
    return _whole(value, "", ids, _DEEPEST)


def _whole(value: Any, name: str, ids: AbstractSet[str], deep: int) -> Any:
    if isinstance(value, str):
        return _HALF.sub("\0" if name in ids else "\ufffd", value)
    if not isinstance(value, list | dict):
        return value
    if not deep:
        return math.nan
    if isinstance(value, list):
        return [_whole(one, name, ids, deep - 1) for one in cast("list[Any]", value)]
    members = cast("Mapping[str, Any]", value).items()
    return {_HALF.sub("\ufffd", key): _whole(one, key, ids, deep - 1) for key, one in members}


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else math.nan


def _shallow(text: str) -> Iterator[str]:
    """Yield the text without what is nested so deeply that reading it would take the stack."""
    depth = start = 0
    for token in _TOKENS.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth == _DEEPEST + 1:
                yield text[start : token.start()] + _TOO_MUCH
        elif token[0] in "]}":
            depth -= 1
            if depth == _DEEPEST:
                start = token.end()
    if depth <= _DEEPEST:
        yield text[start:]


_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


_HOST_AND_REST = re.compile(r"([A-Za-z]*://[^/?#]*|)(.*)", re.DOTALL)


def tidy(text: str) -> str:
    """Return the text with its line ends as newlines and without control characters."""
    if text.isprintable():
        return text.strip()
    lines = _BREAKS.sub("\n", text).replace("\t", " ")
    return _CONTROLS.sub("", lines).strip()


def one_line(text: str) -> str:
    """Return the text on one line, for names and titles."""
    return _if_even(text) or " ".join(tidy(text).split())


def evenly_spaced(text: str) -> str:
    """Return the text with a blank for each stretch of white space, and none at its ends."""
    return _if_even(text) or " ".join(text.split())


def _if_even(text: str) -> str | None:
    """Return a text that has nothing but single blanks between its words, as most have."""
    # Of white space, a blank alone is printable.
    return text.strip() if text.isprintable() and "  " not in text else None


def address(url: str) -> str:
    """Return a web address with its host as written, and what follows percent-encoded to ASCII."""
    if url.isascii():
        return url
    host, rest = _HOST_AND_REST.fullmatch(url).groups()  # pyright: ignore[reportOptionalMemberAccess]
    return host + quote(rest, safe="".join(map(chr, range(0x21, 0x7F))))


_SCHEME_HOST_REST = re.compile(r"([A-Za-z]+://)([^/?#:\[\]@]*)(.*)", re.DOTALL)


def asked_for(url: str) -> str:
    """Return a web address as browsers ask for it: all of it in ASCII, the host included.

    Raises:
        ValueError: Its host has no such form.
    """
    found = None if url.isascii() else _SCHEME_HOST_REST.fullmatch(url)
    if found is None:
        return url
    scheme, host, rest = found.groups()
    return scheme + host_in_ascii(host) + address(rest)


def host_in_ascii(host: str) -> str:
    """Return a host as browsers ask for it, however a site writes it: in ASCII and small letters.

    Raises:
        ValueError: It has no such form.
    """
    written = unquote(host) if "%" in host else host
    if not written.isascii():
        written = URL.build(scheme="http", host=written).raw_host or ""
    return written.lower()


def host_in_letters(host: str) -> str:
    """Return a host in ASCII as people read it.

    Raises:
        ValueError: It is none.
    """
    return URL.build(scheme="http", host=host).host or ""

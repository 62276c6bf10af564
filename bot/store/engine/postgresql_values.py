"""How values go to PostgreSQL and come back."""

import re
from typing import Any, Final

import psycopg
from psycopg.adapt import Dumper, Loader

_MOST: Final = 2**63

# PostgreSQL's texts hold every letter but NUL; a letter that Unicode sets aside for such uses stands
# before what says which was meant.
_ASIDE: Final = "\ufdd0"
_SET_ASIDE: Final = re.compile("[\0\ufdd0]")
_TAKEN_BACK: Final = re.compile("\ufdd0([01])")


class _Int(Dumper):
    """Numbers, whose type is known from where they stand, as in the statements' tests."""

    oid = 0

    def dump(self, obj: int) -> bytes:
        if not -_MOST <= obj < _MOST:
            raise OverflowError(obj)
        return b"%d" % obj

    def quote(self, obj: int) -> bytes:
        return self.dump(obj)  # as the driver says how many rows it fetches


class _Float(Dumper):
    oid = 0

    def dump(self, obj: float) -> bytes:
        return repr(float(obj)).encode()


class _Text(Dumper):
    oid = 0

    def dump(self, obj: str) -> bytes:
        return _SET_ASIDE.sub(_put_aside, obj).encode()


class _Bytes(Dumper):
    oid = 17

    def dump(self, obj: bytes) -> bytes:
        return rb"\x" + obj.hex().encode()


class _LoadText(Loader):
    def load(self, data: Any) -> str:
        text = bytes(data).decode()
        return _TAKEN_BACK.sub(_take_back, text) if _ASIDE in text else text


class _LoadNumber(Loader):
    """Sums, which PostgreSQL makes of a type of their own."""

    def load(self, data: Any) -> float:
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdigit() else float(text)


class _LoadBool(Loader):
    """What is true is 1, as in SQLite."""

    def load(self, data: Any) -> int:
        return int(bytes(data) == b"t")


def adapt(driver: psycopg.Connection[Any]) -> None:
    """Let a connection send and read values as all engines do."""
    for kind, dumper in ((int, _Int), (bool, _Int), (float, _Float), (str, _Text), (bytes, _Bytes)):
        driver.adapters.register_dumper(kind, dumper)
    driver.adapters.register_loader("text", _LoadText)
    driver.adapters.register_loader("numeric", _LoadNumber)
    driver.adapters.register_loader("bool", _LoadBool)


def _put_aside(letter: re.Match[str]) -> str:
    return _ASIDE + ("1" if letter[0] == _ASIDE else "0")


def _take_back(found: re.Match[str]) -> str:
    return "\0" if found[1] == "0" else _ASIDE

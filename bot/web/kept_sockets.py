"""Listening sockets that outlive what serves on them, so that nobody is turned away meanwhile.

While the desk is begun anew with other settings, whoever connects waits in the system's own queue, and
is answered by the new one.
"""

import socket
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_BACKLOG: Final = 1024
"""Connections that wait at most; as many come in some seconds at the worst."""


class _Kept:
    """The sockets of each address that was listened on."""

    def __init__(self) -> None:
        self._sockets: dict[tuple[str, int], list[socket.socket]] = {}

    def at(self, host: str, port: int) -> list[socket.socket]:
        """Return sockets on an address, which may be closed and do not close it."""
        kept = self._sockets.get((host, port))
        if kept is None:
            kept = self._sockets[host, port] = _opened(host, port)
        return [one.dup() for one in kept]

    def close(self) -> None:
        for one in (one for several in self._sockets.values() for one in several):
            one.close()


_kept: ContextVar[_Kept | None] = ContextVar("kept", default=None)


@contextmanager
def kept_open() -> Generator[None]:
    """Keep every address open that is listened on while the block lasts."""
    kept = _Kept()
    before = _kept.set(kept)
    try:
        yield
    finally:
        _kept.reset(before)
        kept.close()


def sockets_at(host: str, port: int) -> list[socket.socket] | None:
    """Return sockets on an address if it is to be kept open, `None` otherwise.

    Raises:
        OSError: It cannot be listened on.
    """
    kept = _kept.get()
    return kept.at(host, port) if kept is not None else None


def _opened(host: str, port: int) -> list[socket.socket]:
    kind, passive = socket.SOCK_STREAM, socket.AI_PASSIVE
    places = {
        (family, place[:2])
        for family, _, _, _, place in socket.getaddrinfo(
            host or None, port, type=kind, flags=passive
        )
    }
    opened: list[socket.socket] = []
    try:
        for family, place in sorted(places, key=str):
            opened.append(
                socket.create_server(
                    (str(place[0]), int(place[1])), family=family, backlog=_BACKLOG
                )
            )
    except OSError:
        for one in opened:
            one.close()
        raise
    return opened

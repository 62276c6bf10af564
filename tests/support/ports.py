"""A port of this machine that something has to know before it listens there."""

import socket
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def kept_port() -> Generator[int]:
    """Keep a port: nobody is given it by chance, and whoever is told of it may listen there."""
    with socket.socket() as kept:
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", 0))
        yield kept.getsockname()[1]

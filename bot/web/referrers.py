"""Where a reader came from: a host, and nothing of the address behind it."""

import re
from urllib.parse import urlsplit

_BARE = re.compile(r"[^\s/?#:@\\]+(?::[0-9]{1,5})?(?:[/?#]\S*)?")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])")
_SCHEMES = frozenset({"", "http", "https", "android-app"})
_LONGEST_HOST = 253
_WWW = "www."


def came_from(sent: str, story: str) -> str | None:
    """Return the host that a referrer names; `None` if it names none, or the paper's own.

    What a browser says of where it came from is worth no report, so that a bad one is passed
    over rather than refused. `story` is the story's address; to have come from another page of
    the same paper, or of a part of it under its name, says nothing about a reader.
    """
    host, own = host_of(sent), host_of(story) or ""
    if host is None or host == own or host.endswith(f".{own}") or own.endswith(f".{host}"):
        return None
    return host


def host_of(written: str) -> str | None:
    """Return the host of an address or of itself, in small letters and without ``www.``.

    Network addresses are no hosts here: they may be somebody's own.
    """
    written = written.strip()
    if "//" not in written.partition("?")[0].partition("#")[0]:
        if not _BARE.fullmatch(written):
            return None
        written = f"//{written}"
    try:
        parts = urlsplit(written)
        host = (parts.hostname or "")[: _LONGEST_HOST + 1].rstrip(".")
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:  # of which an undecodable host's error is one
        return None
    known = parts.scheme in _SCHEMES and len(host) <= _LONGEST_HOST and _HOST.fullmatch(host)
    return host.removeprefix(_WWW) if known else None

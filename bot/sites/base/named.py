"""What an address of a comment says of itself. It is anybody's, so it is only read."""

import re
from urllib.parse import parse_qs, urlsplit


def in_fragment(address: str, pattern: str) -> str | None:
    """Return what the group of a pattern is in what follows ``#``, `None` if it does not fit."""
    try:
        fragment = urlsplit(address).fragment
    except ValueError:
        return None
    found = re.fullmatch(pattern, fragment)
    return found[1] if found else None


def in_query(address: str, name: str, pattern: str) -> str | None:
    """Return what an address says under a name after ``?``, `None` if that does not fit."""
    try:
        values = parse_qs(urlsplit(address).query, max_num_fields=20).get(name, [])
    except ValueError:
        return None
    return values[0] if len(values) == 1 and re.fullmatch(pattern, values[0]) else None

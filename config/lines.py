"""Where in a TOML file a key stands, which `tomllib` does not tell."""

import tomllib
from typing import cast

Key = tuple[str | int, ...]
"""A place in the parsed file: table names, list positions and, last, the key."""


def line_of(text: str, path: Key) -> int:
    """Return the line (from 1) of the statement that sets `path`.

    A path that is not in the file is looked for at its nearest parent, so that a missing key is
    reported at the head of its table. The file must be valid TOML.
    """
    lines = text.split("\n")
    while path and not _holds(tomllib.loads(text), path):
        path = path[:-1]
    if not path:
        return 1
    # Whatever ends with the statement parses and has the path; whatever ends before it parses
    # and has not; and what ends in its midst does not parse. This is slow, and exact where
    # reading the lines ourselves would have to know all of TOML.
    start = 1
    for end in range(1, len(lines) + 1):
        try:
            so_far = tomllib.loads("\n".join(lines[:end]))
        except tomllib.TOMLDecodeError:
            continue
        if _holds(so_far, path):
            return start
        start = end + 1
    return start


def _holds(data: object, path: Key) -> bool:
    for key in path:
        inside: dict[str | int, object] = {}
        if isinstance(data, list):
            inside.update(enumerate(cast("list[object]", data)))
        elif isinstance(data, dict):
            inside.update(cast("dict[str, object]", data))
        if key not in inside:
            return False
        data = inside[key]
    return True

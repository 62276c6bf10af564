"""How far Ghost was read: which page comes next, and how many reports each comment had."""

import json
from collections.abc import Mapping
from typing import cast

from bot.sites.base.json_value import JsonValue

PAGE = 100
_MOST = 20_000
"""Comments of which it is remembered how many reports they had."""


def read(mark: str | None) -> tuple[int, dict[str, int]]:
    """Return the page to ask for and how many reports each comment had, as far as written."""
    try:
        said = JsonValue(json.loads(mark or "{}"))
    except (ValueError, RecursionError):
        return 1, {}
    counts = said["counts"].value
    members = cast("dict[str, object]", counts) if isinstance(counts, dict) else {}
    known = {key: count for key, count in members.items() if isinstance(count, int)}
    return max(1, said["page"].number()), known


def written(page: int, counts: Mapping[str, int]) -> str:
    """Return the mark that says so."""
    newest = dict(list(counts.items())[-_MOST:])
    return json.dumps({"page": page, "counts": newest}, separators=(",", ":"))

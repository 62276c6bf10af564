"""Items of an answer, read one by one, so that a bad one does not keep the others back."""

import logging
import traceback
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TypeVar

from bot.domain.apart import apart
from bot.sites.base.answers import SiteCallFailed
from bot.sites.base.json_value import JsonValue

log = logging.getLogger(__name__)

T = TypeVar("T")


def read_each(
    items: Iterable[JsonValue], make: Callable[[JsonValue], Iterable[T]]
) -> tuple[list[T], frozenset[str]]:
    """Return what is made of the items, and a name for each of which nothing could be made.

    A name is the same when the same item is told again.
    """
    made: list[T] = []
    unread: set[str] = set()
    for item in items:
        with apart(SiteCallFailed) as part:  # which is about the site, not about this item
            made += make(item)
        if part.fault is not None:
            # The text of the error may quote what was sent, so only the place is told.
            places = "".join(traceback.format_tb(part.fault.__traceback__)[-2:])
            log.debug("an item cannot be read: %s at\n%s", type(part.fault).__name__, places)
            unread.add(name_of(item))
    return made, frozenset(unread)


def name_of(item: JsonValue) -> str:
    """Return a name for an item of which not even the id can be read."""
    key = item["id"].key()
    words = repr(item.value).encode("utf-8", "replace")
    return f"id {key}" if key else sha256(words).hexdigest()[:16]

"""Reading Discord's JSON, where a key may be missing or null for "nothing"."""

from typing import Any

from bot.standin.wire import Json


def listed(node: Json, key: str) -> list[Json]:
    """Return a list of objects, empty if there is none."""
    found: list[Json] | None = node.get(key)
    return found or []


def strings(node: Json, key: str) -> list[str]:
    """Return a list of ids or words as text, empty if there is none."""
    found: list[Any] | None = node.get(key)
    return [str(one) for one in found or []]


def nested(node: Json, key: str) -> Json:
    """Return an object, an empty one if there is none."""
    found: Json | None = node.get(key)
    return found or {}


def words(node: Json, key: str) -> str:
    """Return a text, empty if there is none."""
    found = node.get(key)
    return "" if found is None else str(found)


def whole(node: Json, key: str, default: int = 0) -> int:
    """Return a whole number, or the default if there is none."""
    found = node.get(key)
    return default if found is None else int(found)

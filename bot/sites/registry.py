"""The comment platforms there are: the one place that names them, a line a folder."""

from importlib import import_module
from typing import Any, Final

from bot.sites.base.platform import Platform

_FOLDERS: Final = (
    "webhook",
    "wordpress",
    "coral",
    "discourse",
    "ghost",
    "disqus",
    "remark42",
    "comentario",
    "link",
)
"""In the order in which an admin reads of them; the first is meant where none is named."""

PLATFORMS: Final[dict[str, Platform[Any]]] = {
    folder: import_module(f"bot.sites.{folder}").PLATFORM for folder in _FOLDERS
}
"""Every platform by its kind."""


def platform_of(kind: str) -> Platform[Any]:
    """Return the platform of a kind.

    Raises:
        ValueError: There is none of that kind.
    """
    if kind not in PLATFORMS:
        *some, last = PLATFORMS
        raise ValueError(f"must be {', '.join(some)} or {last}")
    return PLATFORMS[kind]

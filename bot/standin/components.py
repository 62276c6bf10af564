"""Walking through a message's components, and what Discord adds to them."""

import itertools
from collections.abc import Iterator, Sequence

from bot.standin.reading import listed
from bot.standin.wire import SELECTS, Component, Json

_ADDED: dict[int, Json] = {
    **{kind: {"min_values": 1, "max_values": 1, "disabled": False} for kind in SELECTS},
    Component.CONTAINER: {"spoiler": False, "accent_color": None},
    Component.SEPARATOR: {"divider": True, "spacing": 1},
    Component.THUMBNAIL: {"spoiler": False, "description": None},
    Component.FILE: {"spoiler": False},
}


def walk(components: Sequence[Json]) -> Iterator[Json]:
    """Yield every component, depth first, in the order it is shown."""
    for component in components:
        yield component
        yield from walk(listed(component, "components"))
        for key in ("accessory", "component"):
            if component.get(key):
                yield from walk([component[key]])


def number(components: Sequence[Json]) -> None:
    """Give every component without an `id` the next free number, depth first, in place."""
    taken = {component["id"] for component in walk(components) if component.get("id")}
    free = itertools.filterfalse(taken.__contains__, itertools.count(1))
    for component in walk(components):
        if not component.get("id"):
            component["id"] = next(free)
        _fill_in(component)


def _fill_in(component: Json) -> None:
    """Add to a component what Discord adds, in place."""
    for key, value in _ADDED.get(component["type"], {}).items():
        component.setdefault(key, value)
    for chosen in listed(component, "default_values"):
        chosen["id"] = str(chosen["id"])  # taken as a number, sent as text
    for item in listed(component, "items"):
        item.setdefault("description", None)
        item.setdefault("spoiler", False)


def texts(components: Sequence[Json]) -> list[str]:
    """Return the text displays' contents in the order they are shown."""
    return [
        component["content"]
        for component in walk(components)
        if component["type"] == Component.TEXT
    ]

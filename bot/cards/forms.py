"""What was filled in in a form, as Discord sends it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias, cast

import discord

Fields: TypeAlias = Mapping[str, tuple[str, ...]]
"""All that was picked or written in each field, by its id: at least one text, maybe empty."""


def fields_of(interaction: discord.Interaction[Any]) -> Fields:
    """Return what was filled in in a form that was sent off."""
    data = cast("Mapping[str, Any]", interaction.data or {})
    return dict(_fields(cast("Sequence[Mapping[str, Any]]", data.get("components", ()))))


def first(fields: Fields, name: str) -> str:
    """Return the text of a field or the first pick in it, empty if there is none."""
    return next(iter(fields.get(name, ())), "").strip()


def _fields(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each field's id and what is in it; fields lie in labels, or rows."""
    for component in components:
        if "component" in component:
            yield from _fields([component["component"]])
        elif "components" in component:
            yield from _fields(component["components"])
        else:
            picked = component.get("values") or [component.get("value") or ""]
            yield str(component.get("custom_id", "")), tuple(str(one) for one in picked)

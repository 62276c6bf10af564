"""What was filled in in a form, as Discord sends it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import discord


def filled_in(interaction: discord.Interaction[Any]) -> tuple[str, dict[str, str]] | None:
    """Return a submitted form's custom id, and each field's text or first pick by its id.

    `None` if the interaction is no submission of a form.
    """
    submitted = picked_in(interaction)
    if submitted is None:
        return None
    return submitted[0], {name: picks[0] for name, picks in submitted[1].items()}


def picked_in(
    interaction: discord.Interaction[Any],
) -> tuple[str, dict[str, tuple[str, ...]]] | None:
    """Return the same with all that was picked in each field, at least one text, maybe empty."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return None
    data = cast("Mapping[str, Any]", interaction.data or {})
    components = cast("Sequence[Mapping[str, Any]]", data.get("components", ()))
    return str(data.get("custom_id", "")), dict(_fields(components))


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

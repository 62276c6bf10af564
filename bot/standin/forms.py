"""What a person fills into a modal or picks in a select, checked as Discord's client checks it."""

from collections.abc import Mapping

from bot.standin.components import walk
from bot.standin.entities import resolve
from bot.standin.reading import listed, whole, words
from bot.standin.wire import ENTITY_SELECTS, SELECTS, Component, Json
from bot.standin.world import World

Field = str | list[str]
"""What one field holds: text, or the values picked."""

_LONGEST = 4000
_ONE_OF = frozenset({Component.RADIO_GROUP, Component.CHECKBOX_GROUP})


def picked(component: Json, values: list[str]) -> None:
    """Refuse values that a select does not offer, or too few or too many of them.

    Raises:
        LookupError: With the reason.
    """
    name = words(component, "custom_id")
    required = 0 if component.get("required") is False else 1
    least = whole(component, "min_values", required)
    most = whole(component, "max_values", 1)
    if not least <= len(values) <= most and not (required == 0 and not values):
        raise LookupError(f"{name!r} takes {least} to {most} values, not {len(values)}.")
    if component["type"] not in ENTITY_SELECTS:
        _check_offered(component, values)


def _check_offered(component: Json, values: list[str]) -> None:
    offered = [option["value"] for option in listed(component, "options")]
    for value in values:
        if value not in offered:
            raise LookupError(f"{words(component, 'custom_id')!r} does not offer {value!r}.")


def pressed(world: World, message: Json, custom_id: str, values: list[str] | None) -> Json:
    """Return an interaction's `data` for a button or a select on a message.

    Raises:
        LookupError: There is no such control, it is disabled, or the values do not fit.
    """
    component = _control(message, custom_id)
    kind = component["type"]
    data: Json = {"component_type": kind, "custom_id": custom_id, "id": component["id"]}
    if kind in SELECTS:
        picked(component, values or [])
        data["values"] = values or []
    if kind in ENTITY_SELECTS:
        data["resolved"] = resolve(world, values or [])
    return data


def _control(message: Json, custom_id: str) -> Json:
    for component in walk(message["components"]):
        if component.get("custom_id") == custom_id:
            if component.get("disabled"):
                raise LookupError(f"The control {custom_id!r} is disabled.")
            return component
    raise LookupError(f"The message has no control {custom_id!r}.")


def submitted(world: World, modal: Json, fields: Mapping[str, Field]) -> Json:
    """Return an interaction's `data` for a filled-in modal.

    Args:
        world: Where users, roles and channels are looked up.
        modal: The modal as the bot sent it.
        fields: What was entered, by `custom_id`; the others keep what they came with.

    Raises:
        LookupError: There is no such field, or what is in one does not fit.
    """
    known = {words(one, "custom_id") for one in walk(modal["components"])}
    for name in fields:
        if name not in known:
            raise LookupError(f"The form has no field {name!r}.")
    named: list[str] = []
    parts = [_part(part, fields, named) for part in modal["components"]]
    data: Json = {"custom_id": modal["custom_id"], "components": parts}
    return data | {"resolved": resolve(world, named) if named else {}}


def _part(part: Json, fields: Mapping[str, Field], named: list[str]) -> Json:
    shown = {"type": part["type"], "id": whole(part, "id")}
    if part["type"] == Component.LABEL:
        return shown | {"component": _field(part["component"], fields, named)}
    if part["type"] == Component.ROW:
        return shown | {"components": [_field(part["components"][0], fields, named)]}
    return shown


def _field(field: Json, fields: Mapping[str, Field], named: list[str]) -> Json:
    kind, name = field["type"], field["custom_id"]
    shown: Json = {"type": kind, "id": whole(field, "id"), "custom_id": name}
    given = fields.get(name)
    if kind == Component.TEXT_INPUT:
        return shown | {"value": _entered(field, given)}
    if kind == Component.CHECKBOX:
        ticked = field.get("default", False) if given is None else given
        return shown | {"value": ticked in (True, "true", ["true"])}
    values = _values(field, given)
    if kind in ENTITY_SELECTS:
        named.extend(values)
    if kind == Component.RADIO_GROUP:
        return shown | {"value": values[0] if values else None}
    return shown | {"values": values}


def _entered(field: Json, given: Field | None) -> str:
    text = words(field, "value") if given is None else str(given)
    name, longest = field["custom_id"], whole(field, "max_length", _LONGEST)
    if not text:
        if field.get("required", True):
            raise LookupError(f"The field {name!r} must be filled in.")
        return text
    shortest = whole(field, "min_length")
    if not shortest <= len(text) <= longest:
        raise LookupError(f"The field {name!r} takes {shortest} to {longest} characters.")
    return text


def _values(field: Json, given: Field | None) -> list[str]:
    if given is None:
        options = listed(field, "options")
        values = [option["value"] for option in options if option.get("default")]
    else:
        values = [given] if isinstance(given, str) else list(given)
    if field["type"] in SELECTS | _ONE_OF:
        picked(field, values)
    return values

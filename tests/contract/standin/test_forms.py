"""Every kind of field in a form, as Discord's client fills it in."""

from typing import Any

import pytest

from bot.demo.scenario import newsroom
from bot.standin.forms import Field, submitted
from bot.standin.world import World

OPTIONS = [{"label": one, "value": one} for one in ("a", "b", "c")]


@pytest.fixture
def world() -> World:
    return newsroom()


def fill(world: World, field: dict[str, Any], given: Field | None) -> dict[str, Any]:
    field = {"custom_id": "f", "id": 2, **field}
    modal = {"custom_id": "m", "components": [{"type": 18, "id": 1, "component": field}]}
    data = submitted(world, modal, {} if given is None else {"f": given})
    assert data["custom_id"] == "m"
    return data["components"][0]["component"]


@pytest.mark.parametrize(
    ("field", "given", "key", "value"),
    [
        ({"type": 4}, "text", "value", "text"),
        ({"type": 4, "value": "before"}, None, "value", "before"),
        ({"type": 4, "required": False}, None, "value", ""),
        ({"type": 3, "options": OPTIONS}, "b", "values", ["b"]),
        ({"type": 3, "options": OPTIONS, "max_values": 2}, ["a", "c"], "values", ["a", "c"]),
        ({"type": 3, "options": OPTIONS, "required": False}, None, "values", []),
        ({"type": 21, "options": OPTIONS}, "c", "value", "c"),
        ({"type": 22, "options": OPTIONS, "max_values": 3}, ["a", "b"], "values", ["a", "b"]),
        ({"type": 23}, "true", "value", True),
        ({"type": 23}, None, "value", False),
        ({"type": 19}, None, "values", []),
    ],
)
def test_a_field_carries_what_was_entered(
    world: World, field: dict[str, Any], given: Field | None, key: str, value: object
) -> None:
    filled = fill(world, field, given)
    assert filled[key] == value
    assert (filled["custom_id"], filled["id"], filled["type"]) == ("f", 2, field["type"])


@pytest.mark.parametrize(
    ("field", "given", "complaint"),
    [
        ({"type": 4}, None, "must be filled in"),
        ({"type": 4, "max_length": 3}, "four", "takes 0 to 3"),
        ({"type": 4, "min_length": 3}, "no", "takes 3 to 4000"),
        ({"type": 3, "options": OPTIONS}, None, "takes 1 to 1 values, not 0"),
        ({"type": 3, "options": OPTIONS}, ["a", "b"], "takes 1 to 1 values, not 2"),
        ({"type": 21, "options": OPTIONS}, "d", "does not offer 'd'"),
        ({"type": 5}, "1", "no user, role or channel"),
    ],
)
def test_a_field_takes_only_what_fits(
    world: World, field: dict[str, Any], given: Field | None, complaint: str
) -> None:
    with pytest.raises(LookupError, match=complaint):
        fill(world, field, given)


def test_people_picked_in_a_form_are_described(world: World) -> None:
    ana = world.person("ana")
    part = {"type": 18, "component": {"type": 5, "custom_id": "who"}}
    data = submitted(world, {"custom_id": "m", "components": [part]}, {"who": [ana]})
    assert data["components"][0]["component"]["values"] == [ana]
    assert data["resolved"]["users"][ana]["username"] == "ana"
    assert "user" not in data["resolved"]["members"][ana]


def test_texts_between_the_fields_are_kept_in_place(world: World) -> None:
    parts = [
        {"type": 10, "id": 1, "content": "Read this first."},
        {"type": 1, "id": 2, "components": [{"type": 4, "id": 3, "custom_id": "f", "label": "x"}]},
    ]
    data = submitted(world, {"custom_id": "m", "components": parts}, {"f": "y"})
    assert data["components"][0] == {"type": 10, "id": 1}
    assert data["components"][1]["components"][0]["value"] == "y"

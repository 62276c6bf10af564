"""Discord's documented limits on a modal: its title, its one to five parts, and their fields."""

from collections.abc import Callable, Sequence

from bot.standin import widgets
from bot.standin.components import walk
from bot.standin.errors import form
from bot.standin.lengths import at_most, between
from bot.standin.reading import listed, nested, whole, words
from bot.standin.wire import Component, Json

TITLE = 45
PARTS = 5
LABEL = 45
DESCRIPTION = 100
PLACEHOLDER = 100
INPUT = 4000
FEWEST_RADIOS = 2
MOST_CHECKS = 10
MOST_FILES = 10

_COUNTS = "SELECT_COMPONENT_VALUES"
_TOP = frozenset({Component.ROW, Component.TEXT, Component.LABEL})


def check(modal: Json) -> None:
    """Refuse a modal that Discord would not open.

    Args:
        modal: The callback's `data`.

    Raises:
        ApiError: 50035.
    """
    widgets.custom_id(modal, "data")
    between("data.title", words(modal, "title"), 1, TITLE)
    parts = listed(modal, "components")
    between("data.components", parts, 1, PARTS)
    for index, part in enumerate(parts):
        _check_part(part, f"data.components.{index}")
    _check_unique(parts)


def _check_part(part: Json, path: str) -> None:
    kind = part.get("type")
    if kind not in _TOP:
        raise form(f"{path}.type", "UNION_TYPE_CHOICES", "Value must be one of (1, 10, 18).")
    if kind == Component.TEXT:
        widgets.text(part, path)
        return
    if kind == Component.ROW:
        inner = listed(part, "components")
        between(f"{path}.components", inner, 1, 1)
        field, path = inner[0], f"{path}.components.0"
        between(f"{path}.label", words(field, "label"), 1, LABEL)
    else:
        between(f"{path}.label", words(part, "label"), 1, LABEL)
        at_most(f"{path}.description", words(part, "description"), DESCRIPTION)
        field, path = nested(part, "component"), f"{path}.component"
    rule = _RULES.get(field.get("type", 0))
    if rule is None or (kind == Component.ROW and field["type"] != Component.TEXT_INPUT):
        raise form(f"{path}.type", "UNION_TYPE_CHOICES", "This cannot be filled in.")
    if kind == Component.LABEL and field.get("label"):
        raise form(f"{path}.label", "BASE_TYPE_BAD_FIELD", "The label is the outer one's.")
    rule(field, path)


def _text_input(field: Json, path: str) -> None:
    widgets.custom_id(field, path)
    at_most(f"{path}.placeholder", words(field, "placeholder"), PLACEHOLDER)
    longest = field.get("max_length") or INPUT
    shortest = field.get("min_length") or 0
    if not 0 <= shortest <= longest <= INPUT:
        raise form(f"{path}.max_length", "BASE_TYPE_BAD_LENGTH", "The lengths do not fit.")
    at_most(f"{path}.value", words(field, "value"), longest)


def _radio(field: Json, path: str) -> None:
    widgets.custom_id(field, path)
    widgets.choices(field, path, MOST_CHECKS, FEWEST_RADIOS)


def _checks(field: Json, path: str) -> None:
    widgets.custom_id(field, path)
    widgets.choices(field, path, MOST_CHECKS)
    options = len(field["options"])
    _counts(field, path, most=MOST_CHECKS, usual=options)
    if whole(field, "max_values", options) > options:
        raise form(f"{path}.max_values", _COUNTS, "max_values is more than there are options.")


def _files(field: Json, path: str) -> None:
    widgets.custom_id(field, path)
    _counts(field, path, most=MOST_FILES, usual=1)


def _string_select(field: Json, path: str) -> None:
    widgets.string_select(field, path)
    _select(field, path)


def _entity_select(field: Json, path: str) -> None:
    widgets.entity_select(field, path)
    _select(field, path)


def _select(field: Json, path: str) -> None:
    if field.get("disabled"):
        raise form(f"{path}.disabled", "BASE_TYPE_BAD_FIELD", "Nothing in a form is disabled.")
    _counts(field, path, most=widgets.OPTIONS, usual=1)


def _counts(field: Json, path: str, *, most: int, usual: int) -> None:
    """Refuse bounds that do not fit each other, or a required field with nothing needed in it.

    Args:
        field: What takes several values.
        path: Where it stands.
        most: The most that Discord takes.
        usual: What `max_values` is when it is left out.
    """
    needed = field.get("required") is not False
    least, upper = whole(field, "min_values", 1), whole(field, "max_values", usual)
    if needed and least < 1:
        raise form(f"{path}.min_values", _COUNTS, "A required field needs one value or more.")
    if not 0 <= least <= upper or not 1 <= upper <= most:
        raise form(f"{path}.max_values", _COUNTS, f"{least} to {upper} do not fit.")


_RULES: dict[int, Callable[[Json, str], None]] = {
    Component.TEXT_INPUT: _text_input,
    Component.STRING_SELECT: _string_select,
    Component.USER_SELECT: _entity_select,
    Component.ROLE_SELECT: _entity_select,
    Component.MENTIONABLE_SELECT: _entity_select,
    Component.CHANNEL_SELECT: _entity_select,
    Component.FILE_UPLOAD: _files,
    Component.RADIO_GROUP: _radio,
    Component.CHECKBOX_GROUP: _checks,
    Component.CHECKBOX: widgets.custom_id,
}


def _check_unique(parts: Sequence[Json]) -> None:
    seen: set[str] = set()
    for component in walk(parts):
        name = component.get("custom_id")
        if name is not None and name in seen:
            raise form(
                "data.components",
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                f"Component custom id cannot be duplicated: {name!r}",
            )
        if name is not None:
            seen.add(name)

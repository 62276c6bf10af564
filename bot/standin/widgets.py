"""The rules of each component: what it needs, how long its texts are, and what may be in it."""

from collections.abc import Callable, Sequence

from bot.standin.emoji import is_emoji
from bot.standin.errors import form
from bot.standin.lengths import at_most, between
from bot.standin.reading import listed, nested, whole, words
from bot.standin.wire import SELECTS, Component, Json

CUSTOM_ID = 100
BUTTON_LABEL = 80
PLACEHOLDER = 150
OPTIONS = 25
OPTION_TEXT = 100
URL = 512
ROW_WIDTH = 5
SECTION_TEXTS = 3
GALLERY_ITEMS = 10
MEDIA_TEXT = 1024
CONTAINED = 39
LINK_STYLE = 5
PREMIUM_STYLE = 6
_TARGETS = {LINK_STYLE: "url", PREMIUM_STYLE: "sku_id"}
"""What a button of a style has to name; one of any other, a custom id."""

OLD_TOP = frozenset({Component.ROW})
"""What may stand directly in a message without the Components V2 flag."""

_NESTED = frozenset(
    {
        Component.ROW,
        Component.SECTION,
        Component.TEXT,
        Component.GALLERY,
        Component.FILE,
        Component.SEPARATOR,
    }
)
NEW_TOP = _NESTED | {Component.CONTAINER}
"""What may stand directly in a Components V2 message."""

_IN_ROW = SELECTS | {Component.BUTTON}
_IN_SECTION = frozenset({Component.TEXT})
_BESIDE_SECTION = frozenset({Component.BUTTON, Component.THUMBNAIL})


def check(part: Json, path: str, allowed: frozenset[Component]) -> None:
    """Refuse a component that breaks a rule, or one that may not stand here.

    Args:
        part: The component.
        path: Where it stands.
        allowed: The kinds that may stand here.

    Raises:
        ApiError: 50035.
    """
    kind = part.get("type")
    if kind not in allowed:
        choices = ", ".join(str(int(one)) for one in sorted(allowed))
        raise form(
            f"{path}.type", "UNION_TYPE_CHOICES", f"Value of field must be one of ({choices})."
        )
    rule = _RULES.get(Component(kind))
    if rule is not None:
        rule(part, path)


def _children(
    part: Json, path: str, allowed: frozenset[Component], least: int, most: int
) -> Sequence[Json]:
    inner = listed(part, "components")
    between(f"{path}.components", inner, least, most)
    for index, child in enumerate(inner):
        check(child, f"{path}.components.{index}", allowed)
    return inner


def _row(part: Json, path: str) -> None:
    inner = _children(part, path, _IN_ROW, 1, ROW_WIDTH)
    width = sum(ROW_WIDTH if child["type"] in SELECTS else 1 for child in inner)
    if width > ROW_WIDTH:
        raise form(
            f"{path}.components",
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )


def _button(part: Json, path: str) -> None:
    at_most(f"{path}.label", words(part, "label"), BUTTON_LABEL)
    style = whole(part, "style")
    _target(part, path, _TARGETS.get(style, "custom_id"))
    if not (part.get("label") or part.get("emoji") or style == PREMIUM_STYLE):
        raise form(path, "BUTTON_COMPONENT_EMPTY", "A button must have a label or an emoji.")
    _emoji(part, path)


def _target(part: Json, path: str, named: str) -> None:
    """Refuse a button that does not have the one target of its style, or a wrong one."""
    for key in ("custom_id", "url", "sku_id"):
        if bool(part.get(key)) != (key == named):
            raise form(
                f"{path}.{key}",
                "BUTTON_COMPONENT_FIELD",
                f"A button of style {part.get('style')} needs {named} and no other target.",
            )
    if named == "custom_id":
        custom_id(part, path)
    if named == "url":
        address(part["url"], f"{path}.url")
        at_most(f"{path}.url", part["url"], URL)


def custom_id(part: Json, path: str) -> None:
    """Refuse a missing, empty or overlong `custom_id`.

    Raises:
        ApiError: 50035.
    """
    between(f"{path}.custom_id", words(part, "custom_id"), 1, CUSTOM_ID)


def address(url: str, path: str) -> None:
    """Refuse an address that Discord would not open.

    Raises:
        ApiError: 50035.
    """
    if not url.startswith(("http://", "https://", "discord://", "attachment://")):
        raise form(path, "URL_TYPE_INVALID_SCHEME", f"Scheme of {url!r} must be http or https.")


def _emoji(part: Json, path: str) -> None:
    emoji = part.get("emoji")
    if emoji and not emoji.get("id") and not is_emoji(words(emoji, "name")):
        raise form(f"{path}.emoji.name", "COMPONENT_INVALID_EMOJI", "Invalid emoji")


def entity_select(part: Json, path: str) -> None:
    """Check what every kind of select has.

    Raises:
        ApiError: 50035.
    """
    custom_id(part, path)
    at_most(f"{path}.placeholder", words(part, "placeholder"), PLACEHOLDER)
    least, most = _counts(part)
    if not 0 <= least <= most or not 1 <= most <= OPTIONS:
        raise form(
            f"{path}.max_values",
            "SELECT_COMPONENT_VALUES",
            f"min_values {least} and max_values {most} do not fit.",
        )


def string_select(part: Json, path: str) -> None:
    """Check a select with options of its own.

    Raises:
        ApiError: 50035.
    """
    entity_select(part, path)
    choices(part, path, OPTIONS)
    most = _counts(part)[1]
    if most > len(part["options"]):
        raise form(
            f"{path}.max_values",
            "SELECT_COMPONENT_VALUES",
            f"max_values {most} is more than there are options.",
        )


def choices(part: Json, path: str, longest: int, shortest: int = 1) -> None:
    """Check the options of a select, radio group or checkbox group.

    Raises:
        ApiError: 50035.
    """
    options = listed(part, "options")
    between(f"{path}.options", options, shortest, longest)
    seen: set[str] = set()
    for index, option in enumerate(options):
        here = f"{path}.options.{index}"
        between(f"{here}.label", words(option, "label"), 1, OPTION_TEXT)
        between(f"{here}.value", words(option, "value"), 1, OPTION_TEXT)
        at_most(f"{here}.description", words(option, "description"), OPTION_TEXT)
        _emoji(option, here)
        if option["value"] in seen:
            raise form(
                f"{here}.value",
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        seen.add(option["value"])


def _counts(part: Json) -> tuple[int, int]:
    least, most = part.get("min_values"), part.get("max_values")
    return (1 if least is None else least), (1 if most is None else most)


def _section(part: Json, path: str) -> None:
    _children(part, path, _IN_SECTION, 1, SECTION_TEXTS)
    accessory = part.get("accessory")
    if not accessory:
        raise form(f"{path}.accessory", "BASE_TYPE_REQUIRED", "This field is required")
    check(accessory, f"{path}.accessory", _BESIDE_SECTION)


def text(part: Json, path: str) -> None:
    """Check a text display; the sum of all is checked elsewhere.

    Raises:
        ApiError: 50035.
    """
    if not (words(part, "content")).strip():
        raise form(f"{path}.content", "BASE_TYPE_REQUIRED", "This field is required")


def _media(part: Json, path: str) -> None:
    address(words(nested(part, "media"), "url"), f"{path}.media.url")
    at_most(f"{path}.description", words(part, "description"), MEDIA_TEXT)


def _gallery(part: Json, path: str) -> None:
    items = listed(part, "items")
    between(f"{path}.items", items, 1, GALLERY_ITEMS)
    for index, item in enumerate(items):
        _media(item, f"{path}.items.{index}")


def _file(part: Json, path: str) -> None:
    url = words(nested(part, "file"), "url")
    if "attachment" not in url:
        raise form(f"{path}.file.url", "FILE_COMPONENT_URL", "Must be an attachment:// address.")


def _container(part: Json, path: str) -> None:
    _children(part, path, _NESTED, 1, CONTAINED)


_RULES: dict[Component, Callable[[Json, str], None]] = {
    Component.ROW: _row,
    Component.BUTTON: _button,
    Component.STRING_SELECT: string_select,
    Component.USER_SELECT: entity_select,
    Component.ROLE_SELECT: entity_select,
    Component.MENTIONABLE_SELECT: entity_select,
    Component.CHANNEL_SELECT: entity_select,
    Component.SECTION: _section,
    Component.TEXT: text,
    Component.THUMBNAIL: _media,
    Component.GALLERY: _gallery,
    Component.FILE: _file,
    Component.CONTAINER: _container,
}

"""What is in a view, as Discord would be sent it."""

from typing import Any, TypeVar

import discord

from bot.cards.escape import units
from bot.cards.presses.persistent_items import PersistentItem, PressButton
from bot.cards.presses.scheme import Press, read
from bot.standin import limits
from bot.standin.components import walk

COMPONENTS_V2 = 1 << 15


def check_limits(view: discord.ui.LayoutView) -> None:
    """Fail as Discord would refuse the message, and a little earlier."""
    payload = view.to_components()
    limits.check({"components": payload, "flags": COMPONENTS_V2}, {})
    assert sum(units(text) for text in texts(view)) <= 4000
    assert all(texts(view))
    for component in walk(payload):
        custom_id = component.get("custom_id")
        if custom_id is not None:
            assert read(str(custom_id)) is not None


def texts(view: discord.ui.LayoutView) -> list[str]:
    return [
        item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)
    ]


def text(view: discord.ui.LayoutView) -> str:
    return "\n".join(texts(view))


def labels(view: discord.ui.LayoutView) -> list[str]:
    return [str(button.item.label) for button in pressable(view)]


def pressable(view: discord.ui.LayoutView) -> list[PressButton]:
    return [
        item
        for item in view.walk_children()
        if isinstance(item, PersistentItem) and isinstance(item.item, discord.ui.Button)
    ]


PressT = TypeVar("PressT", bound=Press)


def press(view: discord.ui.LayoutView, kind: type[PressT]) -> PressT:
    """Return what the one button or menu of that kind stands for."""
    found = [one for one in presses(view) if isinstance(one, kind)]
    assert len(found) == 1, f"{len(found)} items of kind {kind}"
    return found[0]


def options(view: discord.ui.LayoutView) -> list[str]:
    """Return the values of the one menu."""
    menus: list[Any] = [item for item in view.walk_children() if isinstance(item, PersistentItem)]
    [menu] = [item for item in menus if isinstance(item.item, discord.ui.Select)]
    return [option.value for option in menu.item.options]


def accent(view: discord.ui.LayoutView) -> int:
    return view.to_components()[0]["accent_color"]


def presses(view: discord.ui.LayoutView) -> list[Press]:
    return [item.press for item in view.walk_children() if isinstance(item, PersistentItem)]


def kinds(view: discord.ui.LayoutView) -> set[type[Press]]:
    """Return what there is to press, in buttons and menus."""
    return {type(one) for one in presses(view)}

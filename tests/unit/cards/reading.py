"""What is in a view, as Discord would be sent it."""

from typing import Any

import discord

from bot.cards import buttons, turns
from bot.cards.escape import units
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
            assert buttons.parse(str(custom_id)) or turns.parse(str(custom_id))


def texts(view: discord.ui.LayoutView) -> list[str]:
    return [
        item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)
    ]


def text(view: discord.ui.LayoutView) -> str:
    return "\n".join(texts(view))


def labels(view: discord.ui.LayoutView) -> list[str]:
    return [str(button.item.label) for button in pressable(view)]


def pressable(view: discord.ui.LayoutView) -> list[buttons.PressButton]:
    return [item for item in view.walk_children() if isinstance(item, buttons.PressButton)]


def press(view: discord.ui.LayoutView, kind: buttons.Kind) -> buttons.Press:
    """Return what the one button or menu of that kind stands for."""
    found = [
        item.press
        for item in view.walk_children()
        if isinstance(item, buttons.PressButton | buttons.PressMenu) and item.press.kind is kind
    ]
    assert len(found) == 1, f"{len(found)} items of kind {kind}"
    return found[0]


def options(view: discord.ui.LayoutView) -> list[str]:
    """Return the values of the one menu."""
    menus: list[Any] = [
        item for item in view.walk_children() if isinstance(item, buttons.PressMenu)
    ]
    assert len(menus) == 1
    return [option.value for option in menus[0].item.options]


def accent(view: discord.ui.LayoutView) -> int:
    return view.to_components()[0]["accent_color"]


def kinds(view: discord.ui.LayoutView) -> set[buttons.Kind]:
    """Return what there is to press, in buttons and menus."""
    return {
        item.press.kind
        for item in view.walk_children()
        if isinstance(item, buttons.PressButton | buttons.PressMenu)
    }

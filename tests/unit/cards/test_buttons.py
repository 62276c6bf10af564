from dataclasses import replace
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import buttons
from bot.cards.buttons import Kind, Press, PressButton, PressMenu
from bot.domain.ids import CaseId

PRESSES = st.builds(
    Press,
    kind=st.sampled_from(Kind),
    case_id=st.integers(0, 10**15).map(CaseId),
    seen=st.integers(0, 10**6),
    extra=st.integers(0, 10**15),
)


class Client:
    """Keeps what was dispatched."""

    def __init__(self) -> None:
        self.heard: list[tuple[Any, ...]] = []

    def dispatch(self, *event: Any) -> None:
        self.heard.append(event)


class Interaction:
    """As much of an interaction as a press needs."""

    def __init__(self) -> None:
        self.client = Client()
        self.channel_id = 77


@given(PRESSES)
def test_a_press_is_wholly_in_its_custom_id(press: Press):
    assert len(press.custom_id) <= 100
    assert buttons.parse(press.custom_id) == press


@pytest.mark.parametrize(
    "custom_id",
    [
        "",
        "desk",
        "desk:hide:1:2",
        "desk:hide:1:2:3:4",
        "desk:eat:1:2:3",
        "desk:hide:x:2:3",
        "desk:hide:-1:2:3",
        "desk:hide:1:2:\u0663",
        "other:hide:1:2:3",
        "desk:hide:1:2:3\n",
    ],
)
def test_what_is_not_ours_is_no_press(custom_id: str):
    assert buttons.parse(custom_id) is None


async def test_a_press_after_a_restart_reaches_the_listeners():
    press = Press(kind=Kind.HIDE, case_id=CaseId(1042), seen=2, extra=3)
    rebuilt = discord.ui.Button[discord.ui.LayoutView](custom_id=press.custom_id, label="Hide")
    match = PressButton.__discord_ui_compiled_template__.fullmatch(press.custom_id)
    assert match is not None
    interaction: Any = Interaction()
    item = await PressButton.from_custom_id(interaction, rebuilt, match)
    await item.callback(interaction)
    heard = replace(press, where=77)
    assert interaction.client.heard == [("desk_press", interaction, heard)]


async def test_a_pick_after_a_restart_reaches_the_listeners_with_its_value():
    press = Press(kind=Kind.AMEND, case_id=CaseId(1042), seen=2, extra=57)
    rebuilt = discord.ui.Select[discord.ui.LayoutView](custom_id=press.custom_id)
    match = PressMenu.__discord_ui_compiled_template__.fullmatch(press.custom_id)
    assert match is not None
    interaction: Any = Interaction()
    item = await PressMenu.from_custom_id(interaction, rebuilt, match)
    data: Any = {"custom_id": press.custom_id, "component_type": 3, "values": ["5"]}
    item._refresh_state(interaction, data)
    await item.callback(interaction)
    assert interaction.client.heard[0][2].picked == 5


def test_no_custom_id_belongs_to_two_kinds_of_item():
    for kind in Kind:
        custom_id = Press(kind=kind, case_id=CaseId(1)).custom_id
        mine = [
            item.__discord_ui_compiled_template__.fullmatch(custom_id) for item in buttons.ITEMS
        ]
        assert sum(match is not None for match in mine) == 1


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 12])
def test_a_pick_that_is_no_number_is_none(value: str):
    assert Press(kind=Kind.AMEND, case_id=CaseId(1), values=(value,)).picked is None
    assert Press(kind=Kind.AMEND, case_id=CaseId(1)).picked is None


def test_a_menu_shows_no_more_than_discord_takes():
    options = [discord.SelectOption(label=str(number)) for number in range(40)]
    drawn = buttons.menu(Press(kind=Kind.AMEND, case_id=CaseId(1)), "Pick", options)
    assert len(drawn.item.options) == 25

"""The buttons and menus on messages: each is rebuilt from its custom id alone, after a restart too."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, Generic, Self, TypeAlias, TypeVar, cast

import discord

from bot.cards.presses.scheme import Press, Unread, read

Button: TypeAlias = discord.ui.Button[discord.ui.LayoutView]
Select: TypeAlias = discord.ui.Select[discord.ui.LayoutView]
UserSelect: TypeAlias = discord.ui.UserSelect[discord.ui.LayoutView]
ChannelSelect: TypeAlias = discord.ui.ChannelSelect[discord.ui.LayoutView]
RoleSelect: TypeAlias = discord.ui.RoleSelect[discord.ui.LayoutView]
ItemT = TypeVar("ItemT", bound=Button | Select | UserSelect | ChannelSelect | RoleSelect)

MOST_OPTIONS: Final = 25
"""Discord shows no more options in one menu."""

OURS: Final = re.compile(r"(?:desk|alert|turn):.*", re.DOTALL)
"""What the desk's custom ids look like, and those of its earlier versions."""


class PersistentItem(discord.ui.DynamicItem[ItemT], Generic[ItemT], template=OURS):
    """An item that tells the client what was pressed, and nothing else."""

    def __init__(self, press: Press, item: ItemT) -> None:
        super().__init__(item)
        self.press = press

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Rebuild the item from its id, around what was picked in it."""
        del interaction
        return cls(read(match.string) or Unread(), cast("ItemT", item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press to the client, with the item and what was picked in it.

        A forged press may say that a menu's is a button's, and then nothing was picked.
        """
        await interaction.client.press(interaction, self.press, self.item)


PressButton: TypeAlias = PersistentItem[Button]
PressMenu: TypeAlias = PersistentItem[Select]
PeopleMenu: TypeAlias = PersistentItem[UserSelect]
ChannelMenu: TypeAlias = PersistentItem[ChannelSelect]
RoleMenu: TypeAlias = PersistentItem[RoleSelect]


def button(
    press: Press, label: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary
) -> PressButton:
    """Return a button of at most 80 characters' label."""
    return PersistentItem(
        press, discord.ui.Button(label=label, style=style, custom_id=press.custom_id)
    )


def menu(press: Press, placeholder: str, options: Sequence[discord.SelectOption]) -> PressMenu:
    """Return a menu of one choice; options past Discord's limit are left out."""
    select: Select = discord.ui.Select(
        custom_id=press.custom_id, placeholder=placeholder, options=list(options[:MOST_OPTIONS])
    )
    return PersistentItem(press, select)


def people_menu(press: Press, placeholder: str, chosen: int | None) -> PeopleMenu:
    """Return a menu of the server's people, as Discord itself offers them; nobody may be picked."""
    person = discord.SelectDefaultValueType.user
    default = [] if chosen is None else [discord.SelectDefaultValue(id=chosen, type=person)]
    select: UserSelect = discord.ui.UserSelect(
        custom_id=press.custom_id,
        placeholder=placeholder,
        min_values=0,
        max_values=1,
        default_values=default,
    )
    return PersistentItem(press, select)


def channel_menu(press: Press, placeholder: str, chosen: int | None) -> ChannelMenu:
    """Return a menu of the server's text channels, of which one is picked."""
    kind = discord.SelectDefaultValueType.channel
    select: ChannelSelect = discord.ui.ChannelSelect(
        custom_id=press.custom_id,
        placeholder=placeholder,
        channel_types=[discord.ChannelType.text],
        default_values=[] if chosen is None else [discord.SelectDefaultValue(id=chosen, type=kind)],
    )
    return PersistentItem(press, select)


def role_menu(press: Press, placeholder: str, chosen: Sequence[int]) -> RoleMenu:
    """Return a menu of the server's roles, of which any may be picked, or none."""
    kind = discord.SelectDefaultValueType.role
    shown = chosen[:MOST_OPTIONS]
    select: RoleSelect = discord.ui.RoleSelect(
        custom_id=press.custom_id,
        placeholder=placeholder,
        min_values=0,
        max_values=MOST_OPTIONS,
        default_values=[discord.SelectDefaultValue(id=one, type=kind) for one in shown],
    )
    return PersistentItem(press, select)


def presses_on(message: discord.Message) -> Iterator[Press]:
    """Yield what the buttons and menus of a message that was posted mean."""
    return filter(None, map(read, _custom_ids(message.components)))


def _custom_ids(components: object) -> Iterator[str]:
    """Yield the custom ids of buttons and menus, however deep they lie."""
    if not isinstance(components, list):
        return
    for component in components:  # pyright: ignore[reportUnknownVariableType] - discord.py's union has no common type
        custom_id = getattr(component, "custom_id", None)  # pyright: ignore[reportUnknownArgumentType]
        if isinstance(custom_id, str):
            yield custom_id
        yield from _custom_ids(getattr(component, "children", None))  # pyright: ignore[reportUnknownArgumentType]

"""What all lasting buttons and menus share: each is rebuilt from its custom id alone."""

import re
from collections.abc import Callable
from typing import Any, ClassVar, Final, Generic, Protocol, Self, TypeAlias, TypeVar, cast

import discord
from discord.ui.select import BaseSelect


class Kept(Protocol):
    """What a press stands for, which a custom id of at most 100 characters holds."""

    @property
    def custom_id(self) -> str:
        """The press as Discord keeps it."""
        ...


Button: TypeAlias = discord.ui.Button[discord.ui.LayoutView]
Select: TypeAlias = discord.ui.Select[discord.ui.LayoutView]
TAIL: Final = r"(?::(?P<token>[A-Za-z0-9_-]{6,32}))?"
"""How the end of a custom id is read that `named` made."""

_TOKEN: Final = 32

UserSelect: TypeAlias = discord.ui.UserSelect[discord.ui.LayoutView]

PressT = TypeVar("PressT", bound=Kept)
ItemT = TypeVar("ItemT", bound=Button | BaseSelect[discord.ui.LayoutView])


def named(custom_id: str, token: str) -> str:
    """Return a custom id that ends in what no other record can repeat."""
    return f"{custom_id}:{token[:_TOKEN]}" if token else custom_id


class Lasting(
    discord.ui.DynamicItem[ItemT],
    Generic[PressT, ItemT],
    template=re.compile(r"(?!)"),  # this class itself is never pressed
):
    """An item that tells the client what was pressed, and nothing else, after a restart too.

    A kind of it says in its class line which custom ids are its own (`template`), how one is read
    (`read`), and as which client `event` a press goes out, with the interaction and the press, once
    the client admits it as drawn from this record::

        class TurnButton(Lasting[Turn, Button], template=_ID, event=EVENT, read=_turn):
    """

    _event: ClassVar[str]
    _read: ClassVar[Callable[[re.Match[str]], Any]]

    def __init_subclass__(
        cls,
        *,
        template: str | re.Pattern[str],
        event: str,
        read: Callable[[re.Match[str]], PressT],
    ) -> None:
        super().__init_subclass__(template=template)
        cls._event = event
        cls._read = staticmethod(read)

    def __init__(self, press: PressT, item: ItemT) -> None:
        item.custom_id = press.custom_id
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
        return cls(cls._read(match), cast("ItemT", item))

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Ask the client, which answers whoever pressed where it admits nothing."""
        return await interaction.client.admits(interaction, self.press)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press to whoever listens for the event."""
        interaction.client.dispatch(self._event, interaction, self.pressed(interaction))

    def pressed(self, interaction: discord.Interaction[Any]) -> PressT:
        """Return the press, with what only this pressing of it could tell."""
        del interaction
        return self.press

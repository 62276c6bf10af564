"""Keep somebody who works through the cases with Next at it, whatever they press in between."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.cards import parts
from bot.cards.presses.cases import NextCase, SkipCase
from bot.cards.presses.persistent_items import PersistentItem, PressButton, button, presses_on
from bot.cards.presses.scheme import Press
from bot.cards.staff.staff_messages import next_case
from bot.cards.text import staff as staff_text
from bot.domain.staff import Person
from bot.services.cases import lookup
from bot.services.desk import Desk
from cogs.people import person

_MOST = 5
"""Buttons that Discord shows in a row."""


async def going_on(
    interaction: discord.Interaction[Any], desk: Desk, shown: discord.ui.LayoutView
) -> discord.ui.LayoutView:
    """Offer the next case in what takes the place of one that Next gave.

    While the case is still theirs to decide, that is Skip.
    """
    message = interaction.message
    if message is None or not message.flags.ephemeral:
        return shown
    before = list(presses_on(message))
    if _offers(before) and not _offers(_presses(shown)):
        _add(shown, await _following(desk, before, person(interaction.user)))
    return shown


async def _following(desk: Desk, before: Sequence[Press], by: Person) -> PressButton:
    for given in before:
        if isinstance(given, SkipCase) and await lookup.is_in_hand(desk, given.case, by):
            return button(given, staff_text.SKIP)
    return next_case()


def _offers(presses: list[Press]) -> bool:
    return any(isinstance(one, NextCase | SkipCase) for one in presses)


def _presses(shown: discord.ui.LayoutView) -> list[Press]:
    return [one.press for one in shown.walk_children() if isinstance(one, PersistentItem)]


def _add(shown: discord.ui.LayoutView, offered: PressButton) -> None:
    """Put a button behind the last ones, or into a row of its own."""
    last = shown.children[-1] if shown.children else None
    if isinstance(last, discord.ui.ActionRow) and _has_room(last):
        last.add_item(offered)
    else:
        shown.add_item(parts.row(offered))


def _has_room(row: discord.ui.ActionRow[Any]) -> bool:
    return len(row.children) < _MOST and all(map(_is_button, row.children))


def _is_button(item: discord.ui.Item[Any]) -> bool:
    return item.type is discord.ComponentType.button

"""The way back to a case, from what took the place of all about it."""

from typing import Any, Final

import discord

from bot.cards import parts
from bot.cards.presses.cases import ReadNotes, ReadText
from bot.cards.presses.others import (
    DenyLikeness,
    LeaveStory,
    MarkAsAsked,
    MarkStory,
    ReleaseHeld,
    ShowAuthor,
    ShowStory,
)
from bot.cards.presses.scheme import OfCase, Press, read
from bot.domain.errors import DeskError, ForeignCard
from bot.services.cases import lookup
from bot.services.desk import Desk

LEADS_AWAY: Final[tuple[type[Press], ...]] = (
    ReadText,
    ReadNotes,
    ShowStory,
    MarkStory,
    MarkAsAsked,
    LeaveStory,
    ReleaseHeld,
    ShowAuthor,
    DenyLikeness,
)
"""What shows something else than the case; after a refusal there is a way back from anything."""


async def offered(
    shown: discord.ui.LayoutView,
    interaction: discord.Interaction[Any],
    desk: Desk,
    *,
    refused: DeskError | None = None,
) -> discord.ui.LayoutView:
    """Put the way back under an answer that takes the place of an earlier one about a case."""
    press = read(str((interaction.data or {}).get("custom_id", "")))
    if not is_answer(interaction) or not _leads_away(press, refused):
        return shown
    case = await lookup.case(desk, press.case) if isinstance(press, OfCase) else None
    if case is not None:
        shown.add_item(parts.row(parts.back(case.id, case.token)))
    return shown


def _leads_away(press: Press | None, refused: DeskError | None) -> bool:
    if refused is None:
        return isinstance(press, LEADS_AWAY)
    return isinstance(press, OfCase) and not isinstance(refused, ForeignCard)


def is_answer(interaction: discord.Interaction[Any]) -> bool:
    """Whether what was pressed stands on an earlier answer, which only the presser sees."""
    return interaction.message is not None and interaction.message.flags.ephemeral

"""A case that somebody hands to the editors, in the call to them: its comment, and what decides it."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

import discord

from bot.cards import escape, parts
from bot.cards.cases import facts
from bot.cards.presses.cases import ReadNotes, ReadText
from bot.cards.presses.persistent_items import PressButton, button
from bot.cards.presses.scheme import on_case
from bot.cards.text import cases as case_text
from bot.domain.cases import CaseView
from bot.domain.decisions import Action
from bot.domain.policy import Policy

_LENGTHS: Final = (600, 300, 120)


def handed_over(
    said: str, view: CaseView, policy: Policy, *, now: datetime, can: Collection[Action]
) -> discord.ui.LayoutView:
    """Draw the call, which begins with what is `said`, and the case under it.

    It has no button that opens the case, for by that one a case's card is known.
    """

    def draw(length: int) -> discord.ui.LayoutView:
        drawn = parts.plain(
            parts.text(said),
            parts.text(parts.quote(view, policy, view.comment.text, length)),
            parts.text(
                facts.author(view, now),
                facts.story(view),
                facts.parent(view, policy),
            ),
        )
        pressable = list(_to_press(view, policy, can, length))
        if pressable:
            drawn.add_item(parts.row(*pressable))
        return drawn

    return parts.fitting(draw, _LENGTHS)


def _to_press(
    view: CaseView, policy: Policy, can: Collection[Action], length: int
) -> Iterator[PressButton]:
    # Nobody decides about a text they have not seen.
    if view.withheld is not None:
        return
    if view.case.is_open:
        yield from parts.verdicts(view, policy, can)
    if escape.is_longer(view.comment.text, length):
        yield button(on_case(ReadText, view.case), case_text.read_all(view.comment.text))
    if view.notes:
        yield button(on_case(ReadNotes, view.case), case_text.READERS_NOTES)

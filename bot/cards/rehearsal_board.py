"""The cards of a rehearsal, each marked as one."""

from datetime import datetime

import discord

from bot.cards import parts
from bot.cards.board import DiscordBoard
from bot.cards.text import cases as case_text
from bot.domain.case import CaseView


class RehearsalBoard(DiscordBoard):
    """A board whose cards cannot be taken for real ones."""

    def _drawn(self, view: CaseView, *, posted: datetime) -> discord.ui.LayoutView:
        return marked(super()._drawn(view, posted=posted))


def marked(drawn: discord.ui.LayoutView, mark: str = case_text.REHEARSAL) -> discord.ui.LayoutView:
    """Return the view with a mark above everything else, a rehearsal's by default."""
    items = list(drawn.children)
    drawn.clear_items()
    return parts.plain(parts.text(mark), *items)

"""The cards of a rehearsal, each marked as one."""

from datetime import datetime
from typing import Final

import discord

from bot.cards import parts
from bot.cards.board import DiscordBoard
from bot.domain.case import CaseView

MARK: Final = "🎓 **Rehearsal** · nothing here reaches the site or the record"


class RehearsalBoard(DiscordBoard):
    """A board whose cards cannot be taken for real ones."""

    def _drawn(self, view: CaseView, *, posted: datetime) -> discord.ui.LayoutView:
        return marked(super()._drawn(view, posted=posted))


def marked(drawn: discord.ui.LayoutView) -> discord.ui.LayoutView:
    """Return the view with the mark above everything else."""
    items = list(drawn.children)
    drawn.clear_items()
    return parts.plain(parts.text(MARK), *items)

"""The card that set-up posts to show that cards can be posted, marked so that nobody decides it."""

from collections.abc import Iterator
from datetime import datetime

import discord

from bot.cards.board import DiscordBoard
from bot.cards.rehearsal_board import marked
from bot.cards.text import cases as case_text
from bot.domain.case import CaseView


class TrialBoard(DiscordBoard):
    """A board whose one card cannot be taken for a real one."""

    def _drawn(self, view: CaseView, *, posted: datetime) -> discord.ui.LayoutView:
        return marked(super()._drawn(view, posted=posted), case_text.TRIAL)


def is_trial(message: discord.Message) -> bool:
    """Whether a message of the desk's own is such a card."""
    return any(text.startswith(case_text.TRIAL) for text in _texts(message.components))


def _texts(components: object) -> Iterator[str]:
    if not isinstance(components, list):
        return
    for component in components:  # pyright: ignore[reportUnknownVariableType] - discord.py's union has no common type
        content = getattr(component, "content", None)  # pyright: ignore[reportUnknownArgumentType]
        if isinstance(content, str):
            yield content
        yield from _texts(getattr(component, "children", None))  # pyright: ignore[reportUnknownArgumentType]

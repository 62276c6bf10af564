"""The one list that stands for many cards while too much waits."""

from typing import Final

from bot.domain.numbers import count

FOOT: Final = "More cards follow as these are decided, worst first. /queue lists every open case."


def head(opened: int, without_card: int) -> str:
    waits = "waits" if without_card == 1 else "wait"
    return (
        f"📚 **{count(opened, 'open case')}**, of which {without_card:,} {waits} for a card. "
        "The worst of all:"
    )

"""The list of bans, and hiding much of one author at once."""

from typing import Final

from bot.domain.numbers import count

NONE: Final = "Nobody is banned."
HOW_TO_LIFT: Final = "-# /unban lifts a ban early; the comment stays as it is."
NEWEST: Final = "Back to the newest"
NEXT: Final = "Next ten"
NOTHING_LEFT: Final = "This author has nothing left to hide. Nothing was changed."


def banned_now(number: int) -> str:
    return f"**{count(number, 'author is banned', 'authors are banned')}**"


def nothing_recent(hours: int) -> str:
    return f"This author has no open case from the last {count(hours, 'hour')}. Nothing was done."


def would_hide(number: int, listed: str, more: int) -> str:
    left = f" and {more:,} more" if more else ""
    what = f"This hides {count(number, 'reported comment')} by this author: {listed}{left}."
    if number == 1:
        return f"{what} It cites the rule most of its readers gave, and can be undone."
    return f"{what} Each cites the rule most of its readers gave, and each can be undone."


def hide(number: int) -> str:
    return f"Hide {number:,}"

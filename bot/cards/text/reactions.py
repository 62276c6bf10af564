"""What a line under a card asks after a reaction, and what its buttons say."""

from datetime import datetime
from typing import Final

from bot.domain.decision import Action

CHANGE: Final = "Change…"
CANCEL: Final = "Cancel"
CANCELLED: Final = "Nobody was banned. The case waits as before."

_MEANT: Final = {Action.KEEP: "keep", Action.HIDE: "hide", Action.BAN: "ban"}


def ban_question(author: str, length: str, rule: str) -> str:
    return f"**Ban {author} for {length} under {rule}?**"


def only(who: str, emoji: str, until: datetime) -> str:
    return f"{who} reacted with {emoji}, and only {who} can answer, until <t:{int(until.timestamp())}:t>."


def given(who: str, emoji: str, action: Action) -> str:
    return f"{who} {emoji} {_MEANT[action]}"


def differ(case: str, given: str) -> str:
    return (
        f"**What should become of {case}?** While the desk was away, people reacted differently, "
        f"so nothing was decided: {given}."
    )


def before_edit(case: str, given: str) -> str:
    return (
        f"**Does this still hold for {case}?** The comment was edited after people reacted while "
        f"the desk was away, so nothing was decided: {given}. It now says:"
    )


def plainly(case: str) -> str:
    return (
        f"Somebody reacted to {case}, and nothing was decided. Please press a button on its card."
    )

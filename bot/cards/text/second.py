"""What takes a second person: on the card, and in the answer to who proposed it."""

from datetime import datetime, timedelta
from typing import Final

from bot.cards.text.brake import CALLED, too_many
from bot.cards.text.common import capital, clock
from bot.domain import durations
from bot.domain.decision import Action

AGREE: Final = "Agree"
DECLINE: Final = "Decline"


def what(action: Action, lasting: timedelta | None, rule: str | None) -> str:
    citing = f", citing *{rule}*" if rule else ""
    if action is Action.BAN:
        length = f"a ban for {durations.in_words(lasting)}" if lasting else "a permanent ban"
        return f"{length}{citing}"
    return {
        Action.KEEP: "to keep the comment",
        Action.HIDE: f"to hide the comment{citing}",
        Action.REOPEN: "to undo the decision to keep it",
        Action.UNBAN: f"to show the comment again and lift the ban{citing}",
    }.get(action, f"to show the comment again{citing}")


def proposed(case: str, what: str, until: datetime) -> str:
    return (
        f"{capital(f'on {case} you propose {what}')}. Nothing is done yet: this takes two people, "
        f"and the card asks for the second until {clock(until)}."
    )


def braked(case: str, what: str, until: datetime, minutes: int) -> str:
    return (
        f"{too_many(minutes)} on {case} you propose {what}. Nothing is done yet: somebody else has "
        f"to agree, and the card asks for that until {clock(until)}. {CALLED}"
    )


def declined(case: str, what: str) -> str:
    return f"Declined on {case}: {what}. Nothing was done."


def waiting(name: str, what: str) -> str:
    return f"⏳ **Waiting for a second pair of eyes.** {name} proposes {what}."


def agree_by(until: datetime) -> str:
    return f"Somebody else has to agree by {clock(until)}."

"""What stands on an author's record, the list of bans, and hiding much of one author at once."""

from datetime import datetime
from typing import Final

from bot.cards.text.common import ago, day
from bot.domain.lines import count

RECORD: Final = "Author's record"
NOT_THEM: Final = "Not the same person"
NO_CARD: Final = (
    "That message is not one of my cards, so it has no author to look up. Use this on a card, or type "
    "/author show and the beginning of a name."
)
STRIKES: Final = "**Strikes that count**"
BANS: Final = "**Bans**"
STILL_OPEN: Final = "Still open"
UNDONE: Final = "undone since"
HINT_CAUTION: Final = "-# Only a hint: nothing was done, and it may be wrong."
NOTE_HELP: Final = "-# Add to it with /author note; only staff see this."


def reported_for(rule_name: str) -> str:
    return f"reported for {rule_name}"


def first_seen(at: datetime, site: str) -> str:
    return f"-# First reported {day(at)} on {site}"


def strikes(number: int) -> str:
    return f"{STRIKES} ({number:,})"


def expires(at: datetime) -> str:
    return f"counts until {day(at)}"


def notes(number: int, shown: int) -> str:
    left = f", the newest {shown}" if number > shown else ""
    return f"**Staff notes** ({number:,}{left})"


def note(text: str, by: str, at: datetime) -> str:
    return f"{text}\n-# {by}, {ago(at)}"


def no_notes() -> str:
    return "-# No staff notes yet; /author note adds one."


def cases(first: int, last: int, total: int) -> str:
    if total == last - first + 1:
        return f"**{count(total, 'case')}, newest first**"
    return f"**Cases {first:,} to {last:,} of {total:,}, newest first**"


def may_be(name: str, reasons: str, banned: str) -> str:
    return f"🔎 **May be {name}**, {banned}: {reasons}."


def denied(number: int) -> str:
    return (
        f"Noted: {'that is' if number == 1 else 'those are'} somebody else. "
        "The hint is off this author's cards and record."
    )


NOTHING_DENIED: Final = (
    "There is no hint on this author any more, so there was nothing to take off."
)


def noted(name: str) -> str:
    return f"Noted on {name}. Everybody on the desk sees it in the record."


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

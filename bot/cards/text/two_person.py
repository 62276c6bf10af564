"""What takes a second person, and what is said when somebody does very much at once."""

from datetime import datetime, timedelta
from typing import Final

from bot.cards.text.common import ago, capital, clock
from bot.domain import bans
from bot.domain.brake import Act, TakenBack
from bot.domain.decisions import Action
from bot.domain.lines import count

TAKE_BACK: Final = "Take it all back"

WHAT_WAITS: Final = (
    "Anything more they do waits: bans and undos need somebody else to agree, and comments they "
    "hide are only put on hold."
)
WHAT_TO_DO: Final = (
    "Ask them. If it was not them, take their role away on this server and press the button: what "
    "they did in this run is undone, at the site too."
)
PLAIN_WHAT_TO_DO: Final = (
    "Ask them. If it was not them, take their role away on the server, and press “Take it all back” "
    "under the message in the moderators' channel."
)
CALLED: Final = "Senior moderators and editors were called."


def beyond(name: str, act: Act, most: int, minutes: int) -> str:
    did = {
        Act.BAN: f"banned {count(most, 'author')}",
        Act.HIDE: f"hid {count(most, 'comment')}",
        Act.OVERTURN: f"undid {count(most, 'decision')}",
    }[act]
    return f"{name} {did} within {count(minutes, 'minute')}, and is carrying on."


def held_instead(minutes: int) -> str:
    return (
        f"That is more hides within {count(minutes, 'minute')} than one person makes alone, so it "
        f"is on hold until somebody has looked. Nothing is decided. {CALLED}"
    )


def too_many(minutes: int) -> str:
    return f"That is more within {count(minutes, 'minute')} than one person does alone, so"


def taken_back(taken: TakenBack) -> str:
    return (
        f"Taken back: {_listed(taken)}. The cases wait again as they did before, and the sites are "
        "being told. What takes two people to be shown stays out of view until then."
    )


def taken_back_by(name: str, taken: TakenBack, at: datetime) -> str:
    return f"{name} took back {_listed(taken)} {ago(at)}."


MORE_SINCE: Final = "If more came since, press again."


def _listed(taken: TakenBack) -> str:
    parts = [
        _of(taken.bans, "ban"),
        _of(taken.hides, "hide"),
        _of(taken.overturns, "undo", "undos"),
        _of(taken.holds, "hold"),
        _of(taken.proposals, "proposal"),
    ]
    return ", ".join(part for part in parts if part)


def _of(number: int, one: str, many: str | None = None) -> str:
    return count(number, one, many) if number else ""


AGREE: Final = "Agree"
DECLINE: Final = "Decline"


def what(action: Action, lasting: timedelta | None, rule: str | None) -> str:
    citing = f", citing *{rule}*" if rule else ""
    if action is Action.BAN:
        length = f"a ban for {bans.in_words(lasting)}" if lasting else "a permanent ban"
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

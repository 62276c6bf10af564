"""A case's pack, as a regulator or a court reads it."""

from datetime import UTC, datetime, tzinfo
from typing import Final

from bot.domain.cases import Answer, Party
from bot.domain.decisions import Action, Door
from bot.domain.effects import EffectState
from bot.domain.lines import count

CASE: Final = "The case"
ROADS: Final = "Complaints, by every road"
TEXTS: Final = "The comment, as it stood"
LOOKED: Final = "Who looked at it"
DECISIONS: Final = "Decisions"
TOLD: Final = "What the site was told, and what came of it"
CONTESTS: Final = "Contests and answers"
PROOF: Final = "Proof"

WITHHELD: Final = (
    "Texts are left out of this copy: the story is restricted, and they may be read in its own "
    "channel only. Ask for the pack there, or on the desk's own machine."
)
LEFT_OUT: Final = "(left out)"
RESTRICTED: Final = (
    "The story is restricted. The texts in this file may be quoted nowhere else; keep it safe."
)
NOBODY_LOOKED: Final = "Nothing is on record."
LOOKS: Final = (
    "The desk does not keep who only read a case. It knows who had a hand in it, and who opened it "
    "within the last minutes."
)
NOTHING: Final = "Nothing."
PROPOSED: Final = "Proposed, and not agreed to yet"
UNCHANGED: Final = "Verified: as it was recorded"
CHANGED: Final = "Changed after it was recorded"

DONE: Final = {
    Action.KEEP: "Kept",
    Action.HIDE: "Hidden",
    Action.BAN: "Hidden, and its author banned",
    Action.HOLD: "Put on hold",
    Action.REOPEN: "No longer kept",
    Action.UNHIDE: "Shown again",
    Action.UNBAN: "Ban lifted",
}
DOORS: Final = {
    Door.SITE: "in the site's own console",
    Door.DESK: "by the desk itself",
    Door.CONTEST: "as the answer to a contest",
    Door.RUN: "taking back a run of one person",
}
STATES: Final = {
    EffectState.WAITING: "Not carried out yet",
    EffectState.DONE: "Carried out",
    EffectState.FAILED: "Given up",
}
PARTIES: Final = {Party.AUTHOR: "The author", Party.REPORTER: "A reader who had reported it"}
ANSWERS: Final = {
    Answer.UPHELD: "It stands",
    Answer.OVERTURNED: "Changed",
    Answer.SHORTENED: "Ban shortened",
}


def title(number: int) -> str:
    return f"Case {number}: everything on record"


def made(at: str) -> str:
    return f"Put together on {at}. Times are in UTC, with the newsroom's own clock beside them."


def both(at: datetime, zone: tzinfo) -> str:
    """Return a moment in UTC and by the newsroom's clock."""
    there, utc = at.astimezone(zone), at.astimezone(UTC)
    return f"{utc:%Y-%m-%d %H:%M:%S} UTC ({there:%Y-%m-%d %H:%M:%S %Z})"


def report(reader: int) -> str:
    return f"Report by reader {reader}"


def text(revision: int) -> str:
    return f"Text {revision}"


def decision(number: int, done: str) -> str:
    return f"Decision {number}: {done}"


def order(action: str, decided: int) -> str:
    return f"{action} (decision {decided})"


def contest(number: int) -> str:
    return f"Contest {number}"


def legal_notice(number: int) -> str:
    return f"Legal notice {number}"


def whole(decisions: int) -> str:
    return (
        f"The whole record was walked: {count(decisions, 'decision')}, none changed. Each digest is "
        "made from the one before, so that no line can be changed or left out without its showing. "
        "The last digest is:"
    )


def broken(where: str) -> str:
    return f"The record does not verify: {where} was changed after it was recorded. Up to there:"


HOW_TO_CHECK: Final = (
    "To check it later: comment-desk verify --known DIGEST, with the last digest or that of any "
    "decision here; comment-desk export writes the whole record."
)


def too_large(number: int) -> str:
    return (
        f"The pack of case #{number} is larger than Discord takes here. On the desk's own machine: "
        f"`comment-desk pack {number} --out pack-{number}.html`"
    )


def here(number: int, *, withheld: bool) -> str:
    said = (
        f"**The pack of case #{number}**, as a page and as JSON. Only you see this; it names people, "
        "so mind where you keep it."
    )
    return f"{said}\n{WITHHELD}" if withheld else said

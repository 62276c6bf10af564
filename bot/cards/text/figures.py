"""The figures of a month, as a newsroom publishes them."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final

from bot.domain import bans as durations
from bot.domain.cases import NoticeKind
from bot.domain.readers.contest import Answer, Party
from bot.domain.readers.figures import Outcome, Starter, TakenBack
from bot.domain.readers.small_groups import FEWEST
from bot.domain.readers.waits import Wait

FEWER: Final = f"fewer than {FEWEST}"

REPORTS: Final = "Reports, by the house rule that readers chose"
CASES: Final = "Comments reported"
STARTERS: Final = "How they came to us"
TIMES: Final = "How long it took"
MEASURES: Final = "What was done"
TAKEN_BACK: Final = "Decisions that we undid ourselves"
CONTESTS: Final = "Decisions that somebody contested"
ANSWERS: Final = "Contests that were answered"
NOTICES: Final = "Other complaints about comments"
RECORD: Final = "The record"
NOTES: Final = "How it was counted"

TOTAL: Final = "Together"
WHAT: Final = "Of what"
HOW_MANY: Final = "How many"
WITHIN: Final = "Decided within"

HALF: Final = "Half of the comments reported"
NINE_TENTHS: Final = "Nine in ten of them"
TOO_FEW_TO_TELL: Final = "too few to tell"
HELD: Final = "Comments put on hold automatically until somebody had looked"
BANS: Final = "Bans given"

OUTCOMES: Final = {
    Outcome.KEPT: "Kept",
    Outcome.REMOVED: "Taken down",
    Outcome.WAITING: "Not decided yet",
}
STARTED: Final = {
    Starter.READERS: "A reader reported it, and a moderator looked",
    Starter.SITE: "Decided on the site itself before that",
    Starter.STAFF: "Entered by our staff",
    Starter.DESK: "Put on hold automatically before anybody had looked",
}
UNDONE: Final = {
    TakenBack.SAME: "By whoever had decided",
    TakenBack.OTHER: "By somebody else on our staff",
    TakenBack.DESK: "Automatically, as the site could not carry it out",
}
PARTIES: Final = {
    Party.AUTHOR: "By the author",
    Party.REPORTER: "By a reader who had reported the comment",
}
ANSWERED: Final = {
    Answer.UPHELD: "The decision stood",
    Answer.OVERTURNED: "The decision was changed",
    Answer.SHORTENED: "A ban was shortened",
}
KINDS: Final = {
    NoticeKind.ILLEGAL: "That a comment is illegal",
    NoticeKind.LEGAL: "Notices under section 5 of the Defamation Act 2013",
    NoticeKind.DATA: "About personal data",
    NoticeKind.NEWSROOM: "To the newsroom, about a comment",
}

TIME_NOTES: Final = (
    (
        "What is not decided yet is counted in, as lasting at least as long as it has waited "
        "(Kaplan-Meier estimate). “More than” means that too much still waits to say."
    ),
    (
        "The clock runs from the report to the first decision by a person. A comment that waits at the "
        "end waits all the time, also if it was decided before and that was undone."
    ),
)

COUNTED: Final = (
    (
        "The figures follow from the record of decisions alone, as it stood when the month was over; "
        "what happened later is in later figures."
    ),
    (
        "A comment is counted once, in the month in which it was first reported, however many report "
        "it."
    ),
    (
        "A decision that was undone does not count as one, and the comment waits until it is decided "
        "anew. Citing another rule for a decision is not another decision."
    ),
    (
        "What one person proposed and nobody agreed to is not decided. A hold is no decision either; "
        "what was released from hold waits as before."
    ),
    (
        "A ban that was shortened is not counted again. A report that its reader took back is not "
        "counted."
    ),
    (
        f"Groups of fewer than {FEWEST} are put together with others, so that nobody can be made out, "
        "neither from a row nor from a sum."
    ),
)


def title(month: str) -> str:
    return f"Readers' reports and what became of them: {month}"


def period(start: datetime, end: datetime, zone: tzinfo) -> str:
    first, last = start.astimezone(zone), (end - timedelta(microseconds=1)).astimezone(zone)
    return f"{_date(first)} to {_date(last)}, by the clock of {_name(zone)}."


def not_over(month: str, until: datetime, zone: tzinfo) -> str:
    return (
        f"{month} is not over. These figures go up to {moment(until, zone)} and will still change."
    )


def moment(at: datetime, zone: tzinfo) -> str:
    """Return a moment by a zone's clock: ``27 November 2026, 14:03``."""
    there = at.astimezone(zone)
    return f"{_date(there)}, {there:%H:%M}"


def number(count: int | None) -> str:
    return FEWER if count is None else f"{count:,}"


def together(names: Sequence[str]) -> str:
    return f"{'; '.join(names)} (together)"


def standing_bans(is_over: bool) -> str:
    return "Authors banned at the month's end" if is_over else "Authors banned now"


def wait(found: Wait | None) -> str:
    if found is None:
        return TOO_FEW_TO_TELL
    said = _length(found.time)
    return f"more than {said}" if found.longer else said


def decisions_so_far(at: int) -> str:
    return (
        f"Decision {at:,} was the last one that was counted here. Each decision's digest is made "
        "from the one before, so that none of them can be changed or left out without its showing:"
    )


NO_DECISIONS: Final = "Nothing was decided yet."
HOW_TO_CHECK: Final = (
    "Whoever keeps this page can have the newsroom check later, with its digest, that the record "
    "was not rewritten: comment-desk verify --known DIGEST."
)


def _length(time: timedelta) -> str:
    if time < timedelta(minutes=1):
        return "a minute"
    if time >= timedelta(days=3):
        time = timedelta(hours=round(time / timedelta(hours=1)))
    return durations.in_words(time)


def _date(there: datetime) -> str:
    return f"{there.day} {there:%B %Y}"


def _name(zone: tzinfo) -> str:
    return str(zone)


def here(month: str, *, over: bool) -> str:
    said = f"**The figures of {month}**, as a page to publish, a table and JSON. Only you see this."
    return said if over else f"{said}\nThe month is not over, so they will still change."

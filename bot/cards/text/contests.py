"""Contests: what moderators read of them, and what is answered to who answers one."""

from datetime import datetime
from typing import Final

from bot.cards.text.common import ago, date_and_clock
from bot.domain.cases import Answer, Contested, Party
from bot.domain.lines import count

NONE: Final = "Nobody contests a decision at the moment."
HOW: Final = (
    "Answer one with /contest. Whoever took part in a decision leaves its contest to somebody else."
)
_WHO: Final = {Party.AUTHOR: "the author", Party.REPORTER: "a reader who reported it"}
_DONE: Final = {
    Answer.UPHELD: "The decision stands.",
    Answer.OVERTURNED: "The decision is changed, and the site is being told.",
    Answer.SHORTENED: "The ban is shortened, and the site is being told.",
}


def heading(number: int) -> str:
    return f"**{count(number, 'contest')}**, the oldest first"


def contested(number: int, party: Party, at: datetime, case: str, decided: str) -> str:
    return f"**Contest {number}** · {case} · {decided} · {_WHO[party]}, {ago(at)}"


def answered(number: int, answer: Answer) -> str:
    return (
        f"{_DONE[answer]} Your reasons are on the page of whoever contested it (contest {number})."
    )


# The card of a contest.
UPHOLD: Final = "Uphold…"
OVERTURN: Final = "Overturn…"
SHORTEN: Final = "Shorten…"
DECIDED: Final = "**What was decided**"
EARLIER: Final = "**Contested before**"
THEY_SAY: Final = "**What they say**"
EDITED_SINCE: Final = "-# The comment was changed since; this is what was judged."
WHO_ANSWERS: Final = "Whoever took part in the decision leaves the answer to somebody else."
WORDS_ALONE: Final = (
    "The decision was replaced since, so only your words are owed: an answer changes nothing else."
)
OPEN_AGAIN: Final = "The case is open again. Decide it first, then answer."
_CAME: Final = {
    Answer.UPHELD: "the decision stands",
    Answer.OVERTURNED: "the decision was changed",
    Answer.SHORTENED: "the ban was shortened",
}


def headline(case: str) -> str:
    return f"⚖ **Somebody contests the decision on {case}**"


OF_REPORTS: Final = "(about their reports, which are not counted)"
HEARD_AGAIN: Final = (
    "Uphold, and their reports stay uncounted until the time is over. Overturn, and they count "
    "again from now on, with nothing held against the reader."
)


def headline_of_reports() -> str:
    return "⚖ **Somebody contests that their reports are not counted**"


def unfounded(number: int, of: int, case: str) -> str:
    return (
        f"{number} of their last {of} reports were about comments that were kept; the newest is "
        f"{case}."
    )


def whose(number: int, party: Party, at: datetime) -> str:
    return f"Contest {number} by {_WHO[party]}, {ago(at)}"


def due(at: datetime, now: datetime) -> str:
    return f"answer it {ago(at)}" if at > now else f"**overdue** since {date_and_clock(at)}"


def told(words: str) -> str:
    return f"The author was told: “{words}”"


def contested_by(number: int, party: Party, at: datetime, came: str | None) -> str:
    return f"Contest {number} by {_WHO[party]}, {ago(at)}: {came or 'not answered yet'}"


def came_of_it(answer: Answer, by: str, at: datetime) -> str:
    return f"{_CAME[answer]}, by {by}, {ago(at)}"


def newest(made: Contested) -> str:
    return f"contested, {_CAME[made.answer] if made.answer else 'not answered yet'}"


def on_case(made: Contested) -> str:
    came = _CAME[made.answer] if made.answer else "not answered yet"
    return f"Contested by {_WHO[made.party]}: {came}"


def unshowable(number: int, case: int) -> str:
    return (
        f"**Somebody contests the decision on #{case}** (contest {number})\nDiscord refuses to "
        "show what they say in a message here. Read it below, and answer with /contest."
    )


def all_words(number: int) -> str:
    return f"**All that is said in contest {number}**\n-# Written by a reader."


# The form that answers one.
REASONS_FIELD: Final = "Why?"
REASONS_HELP: Final = "Whoever contests reads this on their page. Your name is not there."
RULE_FIELD: Final = "Which rule does the comment break?"
DAYS_FIELD: Final = "How many days is the ban in all?"
DAYS_HELP: Final = "Counted from when it was given, so that what was served counts."
_FORM: Final = {
    Answer.UPHELD: "The decision stands",
    Answer.OVERTURNED: "Change the decision",
    Answer.SHORTENED: "Shorten the ban",
}


def form_title(answer: Answer, number: int) -> str:
    return f"{_FORM[answer]} (contest {number})"

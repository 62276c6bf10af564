"""Contests: what moderators read of them, and what is answered to who answers one."""

from datetime import datetime
from typing import Final

from bot.cards.text.common import ago
from bot.domain.numbers import count
from bot.domain.readers.contest import Answer, Party

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

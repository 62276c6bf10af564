"""Contesting a decision: who asks, who may answer, and what the answer does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.decision import Action, Decision, original
from bot.domain.ids import CaseId, DecisionId, PersonId

CONTEST_FOR: Final = timedelta(days=184)
"""How long a decision can be contested: six months at least, as Art. 20 of the DSA asks."""

LONGEST_TEXT: Final = 2_000
"""Characters of what somebody says against a decision, and of the reasons that answer it."""


class Party(StrEnum):
    """Who contests."""

    AUTHOR = "author"
    """What was done about their comment, or their account."""
    REPORTER = "reporter"
    """That the comment which they reported was kept."""


class Answer(StrEnum):
    """How a contest ended."""

    UPHELD = "upheld"
    """The decision stands."""
    OVERTURNED = "overturned"
    SHORTENED = "shortened"
    """The ban ends sooner; what was served counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """What somebody says against a decision, and the answer once there is one.

    `report_id` is the reader's own report, where the reporter contests; `locale` is the language
    they used. `reasons` go to whoever asked.
    """

    id: int
    case_id: CaseId
    decision_id: DecisionId
    party: Party
    report_id: int | None
    text: str
    locale: str
    at: datetime
    answer: Answer | None = None
    reasons: str | None = None
    by_id: PersonId | None = None
    by_name: str | None = None
    answered_at: datetime | None = None


def took_part(history: Sequence[Decision]) -> frozenset[PersonId]:
    """Return who had a part in what is recorded about a case, and so may not judge it again."""
    people = {made.verdict.by.id for made in history}
    people |= {made.second.id for made in history if made.second is not None}
    return frozenset(people - {PersonId(0)})


def is_stated(made: Decision) -> bool:
    """Whether the author is told of such a decision on a page of its own."""
    return made.did in (Action.HIDE, Action.BAN, Action.HOLD)


def can_be_contested(made: Decision, party: Party) -> bool:
    """Whether that party may contest such a decision.

    A hold is none: nobody has decided anything yet, and somebody will.
    """
    against = (Action.HIDE, Action.BAN) if party is Party.AUTHOR else (Action.KEEP,)
    return made.did in against


def answers_for(made: Decision, history: Sequence[Decision]) -> tuple[Answer, ...]:
    """Return how a contest of a decision may end; only a ban that somebody gave is shortened."""
    ban = original(made, history).action is Action.BAN
    return (Answer.UPHELD, Answer.OVERTURNED, *((Answer.SHORTENED,) if ban else ()))

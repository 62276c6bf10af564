"""Contesting a decision: who asks, who may answer, and what the answer does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.cases import Answer, CardRef, CaseView, Contested, Party
from bot.domain.decisions import Action, Decision, original
from bot.domain.ids import CaseId, DecisionId, PersonId

"""How long a decision can be contested if the policy says nothing: six months at least, as Art. 20
of the DSA asks."""

LONGEST_TEXT: Final = 2_000
"""Characters of what somebody says against a decision, and of the reasons that answer it."""


class About(StrEnum):
    """What is contested."""

    DECISION = "decision"
    REPORTS = "reports"
    """That a reader's reports are not counted, as many of them were unfounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """What somebody says against a decision, and the answer once there is one.

    `report_id` is the reader's own report, where the reporter contests; `locale` is the language
    they used. `reasons` go to whoever asked. Where it is `about` the reader's reports, the decision
    is the one after which they were not counted any more.
    """

    id: int
    case_id: CaseId
    decision_id: DecisionId
    party: Party
    report_id: int | None
    text: str
    locale: str
    at: datetime
    about: About = About.DECISION
    answer: Answer | None = None
    reasons: str | None = None
    by_id: PersonId | None = None
    by_name: str | None = None
    answered_at: datetime | None = None

    def due_at(self, within: timedelta | None) -> datetime | None:
        """Return until when it is to be answered, `None` where it was or there is no such time."""
        return self.at + within if within and not self.answer else None

    @property
    def mark(self) -> Contested:
        """The same without what was said."""
        return Contested(
            number=self.id,
            party=self.party,
            at=self.at,
            of_reports=self.about is About.REPORTS,
            answer=self.answer,
            by_name=self.by_name,
            answered_at=self.answered_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestView:
    """A contest with all that whoever answers it needs to know, read in one go.

    Args:
        contest: What is contested, without the words where these may not be read there.
        decision: The decision that is contested.
        view: Its case, as it may be read there.
        text: The comment as it stood when that was decided.
        told: What the author was told, if anything.
        earlier: What else was said against decisions on the case, the oldest first.
        answers: How it may be answered now; none while its case is open again.
        stands: Whether the decision still stands; if not, only words are owed.
        due_at: Until when it is to be answered, `None` where there is no such time.
        card: The case's card, if it has one.
        unfounded: Where it is about a reader's reports, how many of how many were unfounded.
    """

    contest: Contest
    decision: Decision
    view: CaseView
    text: str
    told: str | None = None
    earlier: tuple[Contest, ...] = ()
    answers: tuple[Answer, ...] = ()
    stands: bool = True
    due_at: datetime | None = None
    card: CardRef | None = None
    unfounded: tuple[int, int] | None = None


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

"""What happened in a month, counted from the record; how it is published is another matter.

A case is counted in the month in which it came in, as it stood when the month was over:

- what was undone is not decided, and the case waits, unless somebody has decided it anew;
- a rule that was corrected makes no decision of its own;
- what was proposed, and nobody has agreed to, is no decision;
- a hold is none either, whether it was released since or not.

It follows from the record alone, so that a month counted again later comes to the same.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.cases import NoticeKind
from bot.domain.decisions import (
    VERDICTS,
    Action,
    Decision,
    Door,
    original,
    original_among,
    undone_by,
)
from bot.domain.ids import CaseId, DecisionId, RuleNumber
from bot.domain.readers.contest import Answer, Contest, Party
from bot.domain.readers.months import Month

MEDIAN: Final = 0.5
SLOWEST_TENTH: Final = 0.9


class Outcome(StrEnum):
    """What had become of a comment."""

    KEPT = "kept"
    REMOVED = "removed"
    """Hidden, with or without a ban for its author."""
    WAITING = "waiting"
    """Nothing stood: nobody had decided, or it was undone."""


class Starter(StrEnum):
    """Who set a case going."""

    READERS = "readers"
    """A reader reported it, and a person was the first to act on that."""
    SITE = "site"
    """It was decided in the site's own console before anybody did here."""
    STAFF = "staff"
    """No reader reported it; somebody of the staff entered it."""
    DESK = "desk"
    """The desk put it on hold by itself before anybody had looked."""


class TakenBack(StrEnum):
    """Who undid a decision."""

    SAME = "same"
    """Whoever had made it."""
    OTHER = "other"
    """Somebody else, without being asked by a contest."""
    DESK = "desk"
    """The desk, as the site did not carry it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """A case of the month; `lines` are what its record said when the month was over."""

    id: CaseId
    opened_at: datetime
    reported: bool
    lines: tuple[Decision, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFacts:
    """What is on record of a month, not counted yet.

    Args:
        month: Which one.
        until: Up to when; its end, or now if it is not over.
        reports: How many reports cite each rule; those that were taken back are none.
        cases: The cases that came in.
        lines: What was recorded, of whatever cases.
        earlier: All lines, until then, of the cases in which something was undone.
        standing_bans: How many authors were banned at `until`.
        received: The contests that came.
        answered: The contests that were answered.
        notices: How many of each other kind came.
        head: The newest line of the record at `until`, `None` if there was none.
    """

    month: Month
    until: datetime
    reports: Mapping[RuleNumber, int]
    cases: Sequence[CaseFacts]
    lines: Sequence[Decision]
    earlier: Sequence[Decision]
    standing_bans: int
    received: Sequence[Contest]
    answered: Sequence[Contest]
    notices: Mapping[NoticeKind, int]
    head: Decision | None

    @property
    def outcomes(self) -> Mapping[Outcome, int]:
        """How the cases stood."""
        found = Counter(outcome(case.lines) for case in self.cases)
        return {one: found[one] for one in Outcome}

    @property
    def starters(self) -> Mapping[Starter, int]:
        """Who set the cases going."""
        found = Counter(starter(case) for case in self.cases)
        return {one: found[one] for one in Starter}

    def waits(self) -> tuple[list[timedelta], list[timedelta]]:
        """Return how long cases took to be decided, and how long the others had waited.

        From when a case came in to when a person decided it first, here or at the site. One that
        waits at the end waits all the time, also if it had been decided and that was undone.
        """
        over, waiting = list[timedelta](), list[timedelta]()
        for case in self.cases:
            if outcome(case.lines) is Outcome.WAITING:
                waiting.append(_since(case, self.until))
            else:
                over.append(_since(case, next(line.at for line in case.lines if _decides(line))))
        return over, waiting

    @property
    def held(self) -> int:
        """How many comments the desk put on hold by itself; each once, however often."""
        return len({line.case_id for line in self.lines if line.is_hold})

    @property
    def bans(self) -> Sequence[Decision]:
        """The bans that were given, undone or not; one that goes on in another form is none."""
        return [line for line in self.lines if line.action is Action.BAN and is_new(line)]

    @property
    def taken_back(self) -> Mapping[TakenBack, int]:
        """How many decisions were undone, but for those that somebody had contested."""
        known: dict[DecisionId | None, Decision] = {
            line.id: line for line in (*self.earlier, *self.lines)
        }
        found = Counter(one for line in self.lines if (one := _taken_back(line, known)) is not None)
        return {one: found[one] for one in TakenBack}

    @property
    def contests(self) -> Mapping[Party, int]:
        """Who contested decisions."""
        found = Counter(contest.party for contest in self.received)
        return {one: found[one] for one in Party}

    @property
    def answers(self) -> Mapping[Answer, int]:
        """How contests were answered, whenever they had come."""
        found = Counter(contest.answer for contest in self.answered)
        return {one: found[one] for one in Answer}


def outcome(lines: Sequence[Decision]) -> Outcome:
    """Return how a case stood after these lines of its record."""
    last = next((line for line in reversed(lines) if line.did in VERDICTS), None)
    if last is None or original(last, lines).id in undone_by(lines, lines):
        return Outcome.WAITING
    return Outcome.KEPT if last.did is Action.KEEP else Outcome.REMOVED


def starter(case: CaseFacts) -> Starter:
    """Return who set a case going: by the first line of its record, where no person here was."""
    if not case.reported:
        return Starter.STAFF
    first = next(iter(case.lines), None)
    if first is not None and first.is_hold:
        return Starter.DESK
    if first is not None and first.verdict.door is Door.SITE:
        return Starter.SITE
    return Starter.READERS


def is_new(line: Decision) -> bool:
    """Whether a line restricts something that was not restricted by the one it follows.

    A correction only cites another rule, a shortened ban goes on, and what comes back as somebody's
    run is taken back had been there before.
    """
    return line.amends is None and line.verdict.door not in (Door.CONTEST, Door.RUN)


def _decides(line: Decision) -> bool:
    return line.did in VERDICTS and line.amends is None


def _since(case: CaseFacts, moment: datetime) -> timedelta:
    """Return how long after a case came something was; a clock that was set back makes it none."""
    return max(moment - case.opened_at, timedelta())


def _taken_back(line: Decision, known: Mapping[DecisionId | None, Decision]) -> TakenBack | None:
    undone = known.get(line.reverses)
    if undone is None or undone.did not in VERDICTS or line.verdict.door is Door.CONTEST:
        return None
    if line.takes_back:
        return TakenBack.DESK
    first = original_among(undone, known)
    return TakenBack.SAME if first.verdict.by.id == line.verdict.by.id else TakenBack.OTHER

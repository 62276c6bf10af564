"""The figures of a month as they are published: nobody is made out in them.

Each breakdown is of people, or of things that each belong to one: a report to a reader, a case and
a ban to an author. No two of them tell one group in two ways, so that none is the difference of two
figures: what was decided is told of the cases that came in, and bans, holds and what was undone are
told by themselves. How long it took is told of five cases or more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import NoticeKind
from bot.domain.ids import RuleNumber
from bot.domain.readers.contest import Answer, Party
from bot.domain.readers.figures import (
    MEDIAN,
    SLOWEST_TENTH,
    MonthFacts,
    Outcome,
    Starter,
    TakenBack,
)
from bot.domain.readers.months import Month
from bot.domain.readers.small_groups import FEWEST, Told, at_least, told
from bot.domain.readers.waits import Wait, within


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHead:
    """The newest decision of a record: whoever notes it sees later whether any was changed."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A month as it may be published. A count that is `None` is from 1 to 4.

    Args:
        month: Which one.
        until: Up to when it was counted.
        is_over: Whether nothing more can happen in it.
        reports: Reports by the house rule that they cite.
        outcomes: The cases that came in, by how they stood at the end.
        starters: The same by who set them going.
        median: Within what time half of them were decided, `None` of fewer than five.
        slowest_tenth: The same for nine in ten.
        held: Comments that the desk put on hold by itself.
        bans: Bans that were given.
        standing_bans: Authors who were banned at the end.
        taken_back: Decisions that were undone, but for what somebody had contested.
        contests: Contests that came, by who contested.
        answers: Contests that were answered, by how.
        notices: Other complaints, by kind.
        head: The end of the record, `None` where nothing was decided yet.
    """

    month: Month
    until: datetime
    is_over: bool
    reports: Told[RuleNumber]
    outcomes: Told[Outcome]
    starters: Told[Starter]
    median: Wait | None
    slowest_tenth: Wait | None
    held: int | None
    bans: int | None
    standing_bans: int | None
    taken_back: Told[TakenBack]
    contests: Told[Party]
    answers: Told[Answer]
    notices: Told[NoticeKind]
    head: RecordHead | None


def published(facts: MonthFacts, rules: Iterable[RuleNumber]) -> Published:
    """Return what may be published of a month; `rules` are told also where nobody cites them."""
    over, waiting = facts.waits()
    enough = len(facts.cases) >= FEWEST
    head = facts.head
    return Published(
        month=facts.month,
        until=facts.until,
        is_over=facts.month.is_over(facts.until),
        reports=told(_by_rule(facts.reports, rules)),
        outcomes=told(facts.outcomes),
        starters=told(facts.starters),
        median=within(over, waiting, MEDIAN) if enough else None,
        slowest_tenth=within(over, waiting, SLOWEST_TENTH) if enough else None,
        held=at_least(facts.held),
        bans=at_least(len(facts.bans)),
        standing_bans=at_least(facts.standing_bans),
        taken_back=told(facts.taken_back),
        contests=told(facts.contests),
        answers=told(facts.answers),
        notices=told(facts.notices),
        head=RecordHead(number=head.id, digest=head.digest) if head else None,
    )


def _by_rule(
    reports: Mapping[RuleNumber, int], rules: Iterable[RuleNumber]
) -> dict[RuleNumber, int]:
    return {rule: reports.get(rule, 0) for rule in sorted({*rules, *reports})}

"""A recorded day, replayed to learn from or to try a change of policy on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.comments import Report
from bot.domain.decisions import Action
from bot.domain.ids import RuleNumber, SiteId

CommentKey = tuple[SiteId, str]
"""Names a comment in the recording and in the rehearsal; the cases' numbers differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How a case was decided, by whom, under which rule."""

    action: Action
    rule: RuleNumber | None
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The reports of a day in their order, and how their comments were decided in the end."""

    reports: Sequence[Report]
    settled: Mapping[CommentKey, Settled]

    @property
    def texts(self) -> dict[CommentKey, str]:
        """The comments that were reported, as the last report of each has them."""
        return {
            (report.site, report.comment.external_id): report.comment.text
            for report in self.reports
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A comment that was decided otherwise than then."""

    comment: CommentKey
    then: Settled
    now: Settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came of a rehearsal beside what was recorded.

    `only_then` counts the comments that were decided only as it was recorded.
    """

    same: int
    other: Sequence[Difference]
    only_then: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A comment that stands at another place in the queue; places count from 1."""

    comment: CommentKey
    before: int
    after: int


def waits(reports: Sequence[Report], speed: float, longest: timedelta) -> list[timedelta]:
    """Return how long to wait before each report, when time runs `speed` times as fast.

    No wait is longer than `longest`, so that quiet hours are passed over.
    """
    before: datetime | None = None
    found: list[timedelta] = []
    for report in reports:
        gap = (report.at - before) / speed if before else timedelta()
        found.append(min(max(gap, timedelta()), longest))
        before = report.at
    return found


def compare(then: Mapping[CommentKey, Settled], now: Mapping[CommentKey, Settled]) -> Comparison:
    """Return which comments were decided otherwise; another rule for the same is otherwise too."""
    both = [comment for comment in now if comment in then]
    other = [
        Difference(comment=comment, then=then[comment], now=now[comment])
        for comment in both
        if (then[comment].action, then[comment].rule) != (now[comment].action, now[comment].rule)
    ]
    return Comparison(
        same=len(both) - len(other),
        other=other,
        only_then=len(then) - len(both),
    )


def moved(before: Sequence[CommentKey], after: Sequence[CommentKey]) -> list[Moved]:
    """Return what stands elsewhere in a queue, what moved furthest up first."""
    places = {comment: place for place, comment in enumerate(before, start=1)}
    found = [
        Moved(comment=comment, before=places[comment], after=place)
        for place, comment in enumerate(after, start=1)
        if comment in places and places[comment] != place
    ]
    return sorted(found, key=lambda one: (one.after - one.before, one.after))


def counted(actions: Sequence[Action]) -> Mapping[Action, int]:
    """Return how often each action was taken, the most frequent first."""
    return dict(Counter(actions).most_common())

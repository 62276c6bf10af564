"""Worst first: how far up the queue a case stands, and why, in words."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.cases import Case, most_cited
from bot.domain.ids import RuleNumber
from bot.domain.lines import count
from bot.domain.policy import Policy
from bot.domain.stories import StoryState, StoryStatus

_SEVERITY_WEIGHT = 100
_READER_WEIGHT = 12
_READER_CAP = 25
_STRIKE_WEIGHT = 20
_STRIKE_CAP = 5
_PACE_WEIGHT = 6
_PACE_CAP = 10
_HOUR_WEIGHT = 2
_RAISED = 1_000_000
"""More than everything else can come to: what people raised stands before what they did not."""
_TAKEN_BACK = 2_000
"""More than all of a report but its age comes to: what nobody complains of any more comes last."""
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_HALF_LIFE = timedelta(minutes=10)
_NOT_AT_ALL = timedelta(0)
_TRUSTED = 1.5
_DOUBTED = 0.5
_FAST = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What else moves a case: how much its story's state and policy add to its place."""

    extra: int = 0
    words: tuple[str, ...] = ()


NOTHING_ELSE = Circumstances()

_STORIES: Mapping[StoryState, str] = {
    StoryState.WATCH: "the story is being watched",
    StoryState.PROCEEDINGS: "court proceedings are active",
    StoryState.PROTECTED: "a sexual offence or a child is involved",
    StoryState.CLOSED: "the story is closed for comments",
}


def of_story(policy: Policy, status: StoryStatus | None) -> Circumstances:
    """Return how the state of its story moves a case."""
    if status is None:
        return NOTHING_ELSE
    extra = policy.stories.of(status.state).extra
    return Circumstances(extra=extra, words=(_STORIES[status.state],)) if extra else NOTHING_ELSE


def priority(policy: Policy, case: Case, also: Circumstances = NOTHING_ELSE) -> int:
    """Return a case's place in the queue; the highest number is looked at first.

    A step of severity outweighs eight strangers, and readers stop counting at 25, so that a
    crowd cannot push a mild complaint above a threat. Five strikes weigh one step, and so do
    two days of waiting: a case that is an hour older than another stands two points above it,
    whenever they are compared, so no place has to be worked out again as time passes. What was
    raised stands before everything that was not.
    """
    return priority_with(policy, case, case.reasons, case.weight, case.pace, also)


def priority_with(
    policy: Policy,
    case: Case,
    reasons: Mapping[RuleNumber, int],
    weight: float,
    pace: float,
    also: Circumstances,
) -> int:
    """Return the place that a case takes with these reasons, readers' weight and pace."""
    age = _HOUR_WEIGHT * ((case.opened_at - _EPOCH) / _HOUR)
    return round(
        policy.rule(most_cited(reasons)).severity * _SEVERITY_WEIGHT
        + min(weight, _READER_CAP) * _READER_WEIGHT
        + min(case.strikes, _STRIKE_CAP) * _STRIKE_WEIGHT
        + min(pace - 1, _PACE_CAP) * _PACE_WEIGHT
        + also.extra
        + case.raised * _RAISED
        - case.taken_back * _TAKEN_BACK
        - age
    )


def pace_after(case: Case, at: datetime) -> float:
    """Return the case's pace with one more report."""
    waited = max(_NOT_AT_ALL, at - case.reported_at)
    return case.pace * math.pow(0.5, waited / _HALF_LIFE) + 1.0


def reasons_for_place(
    policy: Policy, case: Case, also: Circumstances = NOTHING_ELSE, *, as_one: bool = False
) -> tuple[str, ...]:
    """Return why a case stands where it stands, the weightiest reason first.

    `as_one` says that those of its readers who likely agreed on it weigh as one.
    """
    cited = policy.rule(case.top_rule)
    words = ["raised to the front"] if case.raised else []
    words += ["the report was taken back"] if case.taken_back else []
    words += [f"{cited.name.lower()} ({cited.severity.word})", *also.words]
    readers = _readers(case, as_one=as_one)
    if readers:
        words.append(readers)
    if case.strikes:
        words.append(count(case.strikes, "strike"))
    if case.pace >= _FAST:
        words.append("reports are coming fast")
    return tuple(words)


def _readers(case: Case, *, as_one: bool) -> str | None:
    many, were = (
        (f"{case.reporters} readers", "were") if case.reporters > 1 else ("one reader", "was")
    )
    if as_one:
        weighs = max(1, round(case.weight))
        return f"{many}, who weigh as {weighs if weighs > 1 else 'one'}"
    if mostly := _record_of(case):
        return f"{many} who {were} mostly {mostly} before"
    return many if case.reporters > 1 else None


def _record_of(case: Case) -> str | None:
    """Return what a case's readers mostly were before, `None` for neither."""
    if case.weight >= case.reporters * _TRUSTED:
        return "right"
    return "wrong" if case.weight <= case.reporters * _DOUBTED else None

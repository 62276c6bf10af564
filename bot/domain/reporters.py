"""Readers with many unfounded reports: when they are warned, and when they are not counted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.ids import DecisionId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfoundedRules:
    """By number and share: a reader is warned with `warned` unfounded reports of the `last`.

    With `more` unfounded ones of those made since the warning, and still as large a share, they
    are not counted for `days`. Nobody is ever warned where `warned` is 0.
    """

    warned: int = 10
    last: int = 20
    more: int = 10
    days: int = 30

    def warn_of(self, judged: "Sequence[JudgedReport]") -> bool:
        """Whether so many of a reader's last reports were unfounded; the newest is the first."""
        return 0 < self.warned <= unfounded(judged, self)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedReport:
    """What became of a report: `unfounded` if the comment was kept."""

    reported_at: datetime
    unfounded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderStanding:
    """That a reader was warned and, until a time, is not counted.

    `decision_id` is the newest decision that brought it about.
    """

    decision_id: DecisionId
    warned_at: datetime
    uncounted_since: datetime | None = None
    uncounted_until: datetime | None = None

    def is_uncounted(self, now: datetime) -> bool:
        """Whether the reader's reports are not counted now."""
        return self.uncounted_until is not None and now < self.uncounted_until

    def counted_since(self, now: datetime) -> datetime:
        """Return since when reports tell for or against the reader: the warning, or its end."""
        over = None if self.is_uncounted(now) else self.uncounted_until
        return over or self.warned_at

    def heard(self, now: datetime) -> "ReaderStanding":
        """Return the standing of a reader who is warned, and whose reports count."""
        if not self.is_uncounted(now):
            return self
        return replace(self, uncounted_since=None, uncounted_until=None)

    def unheard(self, decision_id: DecisionId, now: datetime, days: int) -> "ReaderStanding":
        """Return the standing of a reader whose reports do not count for some days."""
        if self.is_uncounted(now):
            return self
        until = now + timedelta(days=days)
        return replace(self, decision_id=decision_id, uncounted_since=now, uncounted_until=until)


def unfounded(judged: Sequence[JudgedReport], rules: UnfoundedRules) -> int:
    """Return how many of a reader's last reports were unfounded; the newest is the first."""
    return sum(one.unfounded for one in judged[: rules.last])


def standing_after(
    standing: ReaderStanding | None,
    judged: Sequence[JudgedReport],
    rules: UnfoundedRules,
    *,
    decision_id: DecisionId,
    now: datetime,
) -> ReaderStanding | None:
    """Return how a reader stands once a report was judged, or a judgement was taken back.

    `judged` are their reports, that which was judged last first. `None` is a reader like others.
    """
    if not rules.warn_of(judged):
        return None
    if standing is None:
        return ReaderStanding(decision_id=decision_id, warned_at=now)
    since = standing.counted_since(now)
    more = sum(one.unfounded for one in judged if one.reported_at >= since)
    if more < rules.more:
        # So few may be left once a decision was undone: then the reader is heard again.
        return standing.heard(now)
    return standing.unheard(decision_id, now, rules.days)

"""How the desk stands, as the pinned message in the moderators' channel shows it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.ids import CaseId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A case somebody has, and until when."""

    case_id: CaseId
    by_name: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingContests:
    """How many contests wait and are `overdue`; `first` is the oldest, to be answered by `due_at`."""

    number: int
    overdue: int
    first: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The desk's figures; `contests` is `None` if none waits.

    `waiting` are the open cases that nobody has claimed, put off or handed on; `oldest` is the
    one of them that waits longest, and since when. `raised` are at the front of the queue, `front`
    the first of them. `median` and `slowest` (the 90th percentile)
    are times from the first report to the first decision, of the `decided` cases of today.
    """

    open: int
    waiting: int
    escalated: int
    snoozed: int
    oldest: tuple[CaseId, datetime] | None
    claimed: tuple[Claimed, ...]
    on_shift: tuple[PersonId, ...]
    decided: int
    median: timedelta | None
    slowest: timedelta | None
    raised: int = 0
    front: CaseId | None = None
    contests: WaitingContests | None = None


def percentile(times: Sequence[timedelta], share: float) -> timedelta | None:
    """Return the smallest time that at least this share of them do not exceed; of none, `None`."""
    if not times:
        return None
    return sorted(times)[max(0, math.ceil(share * len(times)) - 1)]

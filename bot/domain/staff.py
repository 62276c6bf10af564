"""Who may decide what, the shifts, how the desk stands, and what Discord refuses it for now."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from bot.domain.ids import CaseId, PersonId


class Rank(IntEnum):
    """What a person may do at the desk; each rank may do all that the lower ones may."""

    NONE = 0
    MODERATOR = 1
    SENIOR = 2
    EDITOR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody at a door, with the roles Discord says they hold at this moment.

    Roles come and go: they are not kept, and do not make somebody another person.
    """

    id: PersonId
    name: str
    roles: frozenset[int] = field(default=frozenset(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Turns roles into a rank. A role that is not named in the settings counts for nothing."""

    ranks: Mapping[int, Rank]

    def rank(self, person: Person) -> Rank:
        """Return the highest rank that any of the person's roles gives."""
        return max((self.ranks.get(role, Rank.NONE) for role in person.roles), default=Rank.NONE)

    def holding(self, rank: Rank) -> tuple[int, ...]:
        """Return the roles that give just this rank."""
        return tuple(role for role, gives in self.ranks.items() if gives is rank)


_DAYS_LOOKED_BACK = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaSpan:
    """Who is on shift on some days of the week (0 is Monday) between two times.

    A span that ends before it begins runs past midnight.
    """

    days: frozenset[int]
    start: time
    end: time
    people: tuple[PersonId, ...]

    def end_if_running(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """Return when the span that runs at a moment ends, `None` if none does."""
        today = moment.astimezone(zone).date()
        for back in range(_DAYS_LOOKED_BACK):
            day = today - timedelta(days=back)
            if day.weekday() not in self.days:
                continue
            begins = datetime.combine(day, self.start, zone)
            last = day if self.end > self.start else day + timedelta(days=1)
            ends = datetime.combine(last, self.end, zone)
            if begins <= moment < ends:
                return ends.astimezone(UTC)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRules:
    """How a shift works.

    A claim lasts `claim_minutes`. An open, unclaimed case calls the shift after `shift_after`
    minutes and the editors after `editors_after`; 0 is never. Between `quiet_from` and
    `quiet_until` only cases of at least the severity `urgent` call anybody. Above `daily_cap`
    decisions in a day a moderator is reminded to rest; 0 is never.
    """

    claim_minutes: int = 15
    shift_after: int = 20
    editors_after: int = 60
    quiet_from: time | None = time(22)
    quiet_until: time | None = time(7)
    urgent: int = 4
    daily_cap: int = 150
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/London"))
    rota: tuple[RotaSpan, ...] = ()

    def call_after(self, step: str) -> int:
        """Return after how many minutes a case calls the shift, or the editors; 0 is never."""
        return self.shift_after if step == "shift" else self.editors_after

    def is_quiet(self, moment: datetime) -> bool:
        """Whether only what is urgent may call anybody."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None:
            return False
        clock = moment.astimezone(self.zone).time()
        return start <= clock < end if start <= end else clock >= start or clock < end

    def day_began(self, moment: datetime) -> datetime:
        """Return the midnight before a moment, by the newsroom's own clock."""
        local = moment.astimezone(self.zone)
        return datetime.combine(local.date(), time(0), self.zone).astimezone(UTC)

    def morning_after(self, moment: datetime) -> datetime:
        """Return eight o'clock on the morning after that day, by the newsroom's own clock."""
        local = moment.astimezone(self.zone)
        at = datetime.combine(local.date() + timedelta(days=1), time(8), self.zone)
        return at.astimezone(UTC)

    def on_rota(self, moment: datetime) -> Iterator[tuple[PersonId, datetime]]:
        """Yield who the rota says is on shift, and until when."""
        for span in self.rota:
            ends = span.end_if_running(moment, self.zone)
            if ends is not None:
                yield from ((person, ends) for person in span.people)


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

    @property
    def cases(self) -> Iterator[CaseId]:
        """The cases that it names."""
        yield from (claimed.case_id for claimed in self.claimed)
        if self.oldest is not None:
            yield self.oldest[0]
        if self.front is not None:
            yield self.front


def percentile(times: Sequence[timedelta], share: float) -> timedelta | None:
    """Return the smallest time that at least this share of them do not exceed; of none, `None`."""
    if not times:
        return None
    return sorted(times)[max(0, math.ceil(share * len(times)) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that is refused now and tried again.

    Attributes:
        name: The same for as long as it is the same trouble, such as ``post 1234``.
        words: What happened, and what it means for the comments.
        over: What is said when it is over.
        mend: What to do about it, where somebody can.
        channel_id: The channel it is about, `None` for all of them.
        grave: Whether something does not come that somebody waits for.
    """

    name: str
    words: str
    over: str
    mend: str = ""
    channel_id: int | None = None
    grave: bool = False

    @property
    def said(self) -> str:
        """The whole of it, as one paragraph."""
        return f"{self.words} {self.mend}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTrouble:
    """A trouble as it is kept: since when it stands, when staff were told, when it was over."""

    trouble: Trouble
    since: datetime
    told_at: datetime | None = None
    over_at: datetime | None = None

"""What editors see of a report spike, and what the newsroom decided about alerts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import NewType
from zoneinfo import ZoneInfo

from bot.domain.decisions import Action
from bot.domain.detection.brigades import Coordination
from bot.domain.detection.events import Tier
from bot.domain.ids import CaseId, MessageRef, RuleNumber, SiteId
from bot.domain.stories import Closing, StoryState

AlertId = NewType("AlertId", int)
"""The number people say aloud: alert 12."""


class AlertState(StrEnum):
    """How far the spike has got."""

    OPEN = "open"
    COOLING = "cooling"
    CLOSED = "closed"


class Opinion(StrEnum):
    """What an editor said of an alert."""

    REAL = "real"
    FALSE = "false"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One spike as it is kept.

    `incident` is the detector's own number, `key` the story's or commenter's id at its site,
    empty for the site. `usual` is in reports an hour; `chance_weeks` says that chance alone does
    this once in so many weeks. `inside` is the site's alert that it is part of; `joined` are
    the stories and commenters that are told of under this alert. `touched` grows with every change
    that the card should show, and `told` counts the times that somebody was notified. `raised_by`
    is who put its cases at the front of the queue; `held` names the line in which it was counted
    because there were too many to tell of each. `token` is a random name that no other record has.
    """

    id: AlertId
    site: SiteId
    incident: int
    tier: Tier
    key: str
    state: AlertState
    since: datetime
    opened_at: datetime
    last_at: datetime
    usual: float
    chance_weeks: float
    reports: int
    readers: int
    closed_at: datetime | None = None
    urgent: bool = False
    inside: AlertId | None = None
    joined: tuple[tuple[Tier, str], ...] = ()
    brigade: Coordination | None = None
    opinion: Opinion | None = None
    opinion_by: str | None = None
    touched: int = 1
    told: int = 0
    muted: bool = False
    message: MessageRef | None = None
    thread_id: int | None = None
    raised_by: str | None = None
    raised_at: datetime | None = None
    held: str | None = None
    token: str = ""

    @property
    def is_live(self) -> bool:
        """Whether the spike goes on."""
        return self.state is not AlertState.CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class TopComment:
    """One of the comments that an alert is about. `done` is what was decided, if anything was."""

    case_id: CaseId
    author: str
    reports: int
    done: Action | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Reports in steps of equal length.

    `usual` is what each step brings as a rule, `before` what the same step brought a week ago.
    """

    start: datetime
    step: timedelta
    counts: tuple[int, ...]
    usual: tuple[float, ...] = ()
    before: tuple[int, ...] = ()

    def at(self, index: int) -> datetime:
        """Return when a step begins."""
        return self.start + self.step * index


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The reports of a spike, counted exactly from what is kept.

    `decided` is what people at the desk decided since it began and still stands; `waiting` counts
    the comments that somebody has still to decide.
    """

    reports: int = 0
    readers: int = 0
    authors: int = 0
    comments: int = 0
    reasons: Mapping[RuleNumber, int] = field(default_factory=dict[RuleNumber, int])
    tops: tuple[TopComment, ...] = ()
    decided: Mapping[Action, int] = field(default_factory=dict[Action, int])
    waiting: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How far it has got that somebody asked the moderators; `trouble` is why it failed."""

    by_name: str
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Something that editors do not want to hear of until a time."""

    site: SiteId
    tier: Tier
    key: str
    until: datetime
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """All that an alert's card shows. `title` and `url` are the story's, `name` the commenter's.

    `inside` lists what was folded into it, the newest last; `state` is how the story stands, and
    `closing` what its site was asked about it, if it is `closable` from here. `mute` is the one that holds, `asked` how far it has
    got that the moderators were asked, where there is no thread yet, and `raised` how many of the
    cases that were put at the front of the queue still wait.
    """

    alert: Alert
    title: str
    url: str | None
    name: str
    tally: Tally
    series: Series
    inside: tuple[str, ...] = ()
    state: StoryState = StoryState.NORMAL
    closing: Closing | None = None
    closable: bool = True
    mute: Mute | None = None
    asked: Asked | None = None
    raised: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How well the alerts of a time did: what was told, and what editors said of it."""

    days: float
    alerts: int
    real: int
    false: int

    @property
    def false_a_week(self) -> float:
        """The false alarms a week, as far as editors said which were."""
        return self.false * 7 / self.days if self.days else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """How many false alarms a week a site may have, and who chose that (nobody: the policy)."""

    a_week: float
    by_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A sighting as it is kept: its place in the log, and where its case belongs.

    `rejected` of the reader's `decided` earlier reports were found to be for nothing.
    """

    id: int
    site: SiteId
    case_id: CaseId
    story: str
    published: datetime | None
    author: str
    reporter: bytes
    rule: RuleNumber
    at: datetime
    note: str | None = None
    referrer: str | None = None
    rejected: int = 0
    decided: int = 0


def bars(moments: Sequence[datetime], start: datetime, step: timedelta, steps: int) -> list[int]:
    """Return how many of the moments fall into each of the steps after `start`."""
    counts = [0] * steps
    for moment in moments:
        place = int((moment - start) / step)
        if 0 <= place < steps:
            counts[place] += 1
    return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which ways to editors there are: their channel in Discord, and any other road."""

    channel: bool = True
    roads: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRules:
    """How editors are told of report spikes.

    `a_week` is how many false alarms a week they take for knowing early; `hourly` the reports an
    hour the newsroom expects before its own week is known. Between `quiet_from` and `quiet_until`
    only what is urgent makes a sound: alerts in which the rule cited most is at least as severe
    as `urgent` (a `Severity`). `digest_at` is when the morning's summary is posted, `None` never.
    `most_an_hour` alerts are told one by one; the rest share a line.
    """

    a_week: float = 1.0
    hourly: float = 20.0
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/London"))
    quiet_from: time | None = time(22)
    quiet_until: time | None = time(7)
    digest_at: time | None = time(7, 30)
    urgent: int = 4
    most_an_hour: int = 10

    def local(self, moment: datetime) -> datetime:
        """Return a moment by the newsroom's own clock."""
        return moment.astimezone(self.zone)

    def is_quiet(self, moment: datetime) -> bool:
        """Whether only what is urgent may make a sound."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None:
            return False
        clock = self.local(moment).time()
        return start <= clock < end if start <= end else clock >= start or clock < end

    def loud_again(self, moment: datetime) -> datetime:
        """Return when the quiet hours that run at a moment end; the moment itself if none do."""
        if not self.is_quiet(moment) or self.quiet_until is None:
            return moment
        local = self.local(moment)
        end = datetime.combine(local.date(), self.quiet_until, self.zone)
        if end <= local:
            end = datetime.combine(local.date() + timedelta(days=1), self.quiet_until, self.zone)
        return end.astimezone(UTC)

    def offset(self, instant: float) -> float:
        """Return the seconds that the newsroom is east of Greenwich at an instant."""
        moved = datetime.fromtimestamp(instant, self.zone).utcoffset()
        return moved.total_seconds() if moved is not None else 0.0

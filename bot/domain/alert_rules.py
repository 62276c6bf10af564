"""What a newsroom decided about alerts: how many, when, and whom to wake."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


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

"""What a newsroom decided about its shifts: claims, clocks, quiet hours, the rota, a daily cap."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ids import PersonId

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

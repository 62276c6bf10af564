"""How many reports the site gets at each hour of the week, learned as they come."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.detection.events import LONG_AGO, State, packed, unpack

HOUR = 3600.0
DAY = 24 * HOUR
WEEK_HOURS = 168
WEEK = WEEK_HOURS * HOUR

Offset = Callable[[float], float]
"""Seconds east of Greenwich at an instant (seconds since 1970); daylight saving lives here."""

DAY_SHAPE = (
    0.5, 0.4, 0.3, 0.3, 0.3, 0.4, 0.6, 0.9, 1.1, 1.2, 1.2, 1.2,
    1.3, 1.3, 1.2, 1.2, 1.2, 1.3, 1.4, 1.4, 1.4, 1.3, 1.1, 0.8,
)  # fmt: skip
"""What any local paper's day looks like before its own is known; midnight first."""

FIRST_WEEKEND_HOUR = 120
SATURDAY = 24
"""Cells of the day: 24 for Monday to Friday, then 24 for the weekend."""
FORGET = 0.92
"""What is left of a cell's history after a week."""
TOTAL_FORGET = FORGET ** (1 / WEEK_HOURS)
LEVEL_KEEP = 0.84
"""What is left of the short-term level after an hour: a half-life of four hours."""
LEVEL_PRIOR = 4.0
LEVEL_LOW, LEVEL_HIGH = 0.4, 2.5
PRIOR_HOURS = 6.0
"""How many hours the newsroom's own guess of its traffic weighs."""
SWING = 2400.0
"""Seconds over which the site's liveliness of the moment is taken."""
STEADY = 30.0
"""Reports by which the liveliness of the moment is pulled to the level."""
SILENCE = 40.0
"""Expected reports, with none come, from which a silence is an outage and not a quiet night.

By chance that happens once in exp(40) times; nothing is learned from the hours of an outage.
"""
LONGEST_WALK = 8 * WEEK
SPREAD_FLOOR = 0.01
SPREAD_START, SPREAD_HOURS = 0.25, 24.0
"""The relative error of an hour's expectation at first, and the hours for which that weighs."""
LEARNING = 72
"""Hours after the start in which the site's own week is not known well enough to judge it."""
KEPT = (
    "_week", "_weeks", "_day", "_days", "_total", "_shape", "_recent", "_base", "_error",
    "_weight", "_cell", "_came", "_due", "_count", "_hour", "_until", "_plain_hour", "now", "shift", "hours",
    "first", "level", "spread", "phi", "plain", "rate", "plain_rate",
)  # fmt: skip


def utc(_instant: float) -> float:
    """Return the offset of a newsroom that lives by Greenwich, summer and winter."""
    return 0.0


class Season:
    """The site's rate: the hour of the week's, times a short-term level.

    `phi` is operational time: the reports expected since the start; evidence on a key is measured
    in it. `plain` is the same without the short-term level, for the site's own evidence: a level
    that follows a surge would hide it. `rate` is in reports a second, `spread` the relative error
    of an hour's plain expectation, `first` the part of the reports that is on comments not
    reported shortly before (the rest are echoes).
    """

    def __init__(self, prior: float, offset: Offset = utc) -> None:
        """Start with the reports an hour the newsroom expects (20 for a local paper)."""
        self._offset = offset
        self._week = [0.0] * WEEK_HOURS
        self._weeks = [0.0] * WEEK_HOURS
        self._day = [0.0] * 48
        self._days = [0.0] * 48
        self._total = prior * PRIOR_HOURS
        self._shape = PRIOR_HOURS
        self._recent = 0.0
        self._base = 0.0
        self._error = 0.0
        self._weight = 0.0
        self._cell = prior
        self._came = 0.0
        self._due = 0.0
        self._count = 0.0
        self._hour = 0
        self._until = LONG_AGO
        self._plain_hour = 0.0
        self.now = LONG_AGO
        self.shift = 0.0
        self.hours = 0
        self.first = 0.75
        self.level = 1.0
        self.spread = 0.25
        self.phi = 0.0
        self.plain = 0.0
        self.rate = prior / HOUR
        self.plain_rate = prior / HOUR

    def advance(self, to: float) -> None:
        """Move operational time on to an instant, learning every hour that ends on the way."""
        if self.now == LONG_AGO:
            self._settle(to)
        if to <= self.now:
            return
        if self._outage(to):
            self._count = 0.0
            self.phi += SILENCE
            self.plain += SILENCE
            self.level = 1.0
            self._recent = self._base = 0.0
            self._settle(to)
            return
        while to >= self._until:
            self._pass(self._until)
            self._learn()
            self._enter(self.now)
        self._pass(to)

    def fano(self) -> float:
        """Return how many times wider than by chance the counts scatter, for the echoes in them."""
        return 1.0 / self.first**2

    def set_back(self, shift: float) -> None:
        """Go on from now although the wall's clock shows an earlier time."""
        self.shift = shift
        self._enter(self.now)

    def count(self, weight: float = 1.0) -> None:
        """Count a report in the hour that runs."""
        self._count += weight
        self._came += weight

    def weekly(self) -> float:
        """Return the reports a week the site gets, as far as known."""
        return WEEK_HOURS * self._total / self._shape

    def usual(self, at: float) -> float:
        """Return the reports an hour usual at that hour of the week, whatever today's level."""
        return self._cell_rate(self._hour_of_week(at))

    def average(self) -> float:
        """Return the reports an hour the site gets on average."""
        return self._total / self._shape

    def snapshot(self) -> State:
        """Return the state as JSON."""
        return packed(self, KEPT)

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state from its JSON; the time zone is the one given at the start."""
        unpack(self, KEPT, state)

    # -- hours

    def _pass(self, to: float) -> None:
        gap = to - self.now
        if gap > 0.0:
            fade = math.exp(-gap / SWING)
            hourly = self.plain_rate * self.level
            self._due = self._due * fade + hourly * SWING * (1.0 - fade)
            self._came *= fade
            swing = (self._came + STEADY) / (self._due + STEADY)
            self.rate = hourly * min(max(swing, LEVEL_LOW), LEVEL_HIGH)
        self.phi += self.rate * gap
        self.plain += self.plain_rate * gap
        self.now = to

    def _hour_of_week(self, at: float) -> int:
        # 1970 began on a Thursday; weeks here begin on Monday, local time.
        return int(self._local(at) // HOUR + 72) % WEEK_HOURS

    def _local(self, at: float) -> float:
        wall = at - self.shift
        return wall + self._offset(wall)

    def _settle(self, at: float) -> None:
        self.now = at
        self._enter(at)

    def _enter(self, at: float) -> None:
        self._until = at + HOUR - self._local(at) % HOUR
        self._hour = self._hour_of_week(at)
        self._count = 0.0
        self._cell = self._cell_rate(self._hour)
        self.plain_rate = self._cell / HOUR
        self.rate = self.plain_rate * self.level
        self._plain_hour = self.plain

    def _cell_rate(self, hour: int) -> float:
        day = _day_cell(hour)
        guess = self._total / self._shape * DAY_SHAPE[hour % 24]
        mean = (self._day[day] + 8.0 * guess) / (self._days[day] + 8.0)
        return (self._week[hour] + 12.0 * mean) / (self._weeks[hour] + 12.0)

    def _outage(self, to: float) -> bool:
        if to - self.now > LONGEST_WALK:
            return True
        if to - self.now < 2 * HOUR:
            return False
        hours = int((to - self.now) // HOUR)
        missed = sum(self._cell_rate((self._hour + i) % WEEK_HOURS) for i in range(1, hours + 1))
        return missed * self.level > SILENCE

    def _learn(self) -> None:
        expected = self.plain - self._plain_hour
        if expected <= 0.0:
            return
        # An hour only partly seen (the first one) weighs what was seen of it.
        seen = expected / self._cell
        count = min(self._count, self._believed(expected))
        self._learn_cells(count, seen)
        self._recent = LEVEL_KEEP * self._recent + count
        self._base = LEVEL_KEEP * self._base + self._cell * seen
        level = (self._recent + LEVEL_PRIOR) / (self._base + LEVEL_PRIOR)
        self.level = min(max(level, LEVEL_LOW), LEVEL_HIGH)
        # From below only: surges must not widen what is taken for usual.
        short = max(0.0, expected - count)
        self._error = 0.999 * self._error + 2.0 * short * short - self.fano() * expected
        self._weight = 0.999 * self._weight + expected * expected
        prior = SPREAD_HOURS * max(self.average(), 0.5) ** 2
        excess = (self._error + prior * SPREAD_START**2) / (self._weight + prior)
        self.spread = math.sqrt(max(excess, SPREAD_FLOOR))
        self.hours += 1

    def _believed(self, expected: float) -> float:
        """Return the most of an hour's reports that is taken for usual: a surge must not become it.

        What has lasted for hours (the level) may; and at first nothing is known to hold against.
        """
        if self.hours < LEARNING:
            return math.inf
        steady = expected * max(1.0, self.level)
        return steady * (1.0 + 3.0 * self.spread) + 3.0 * math.sqrt(steady * self.fano()) + 3.0

    def _learn_cells(self, count: float, seen: float) -> None:
        hour, day = self._hour, _day_cell(self._hour)
        keep = FORGET ** (1 / 5) if day < SATURDAY else FORGET ** (1 / 2)
        self._week[hour] = FORGET * self._week[hour] + count
        self._weeks[hour] = FORGET * self._weeks[hour] + seen
        self._day[day] = keep * self._day[day] + count
        self._days[day] = keep * self._days[day] + seen
        self._total = TOTAL_FORGET * self._total + count
        self._shape = TOTAL_FORGET * self._shape + seen * DAY_SHAPE[hour % 24]


def _day_cell(hour: int) -> int:
    return hour % 24 + (SATURDAY if hour >= FIRST_WEEKEND_HOUR else 0)

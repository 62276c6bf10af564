"""Weighs every report on its story, its commenter and the site, in constant time and memory.

What could go wrong, and why it does not:

A few readers make a spike. A reader's second report on a comment is not counted at all, and on another
comment of the same story or author it weighs less. Below so many distinct readers there is no signal,
whatever the evidence.

A thread makes a spike of the site. A report on a comment that was reported a short while ago follows
it. How often that happens is learned and expected, so an argument under one comment is no news.

A busy hour makes an alarm, a quiet one hides it. What is expected follows the hour and the weekday, and
thresholds are set so that the budgeted number of alarms a week is kept. While little is known of a
site nothing is said of it as a whole, and more readers are asked for.

One burst alarms for ever. An episode that was told is told once, its evidence is kept close to the
threshold, and a key that falls quiet begins a new one.

It grows for ever. Each table holds so many keys, and the one unused for longest makes room. What is due
to an average key is counted apart from the tables, so an eviction makes nobody suspicious.

Time runs backwards. Reports come in some disorder: time here stands still for one that is late by less
than `JUMP`. A clock set back further is believed, as else nothing would be weighed until it caught up.
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from bot.domain.detection.baselines import Commenters, Stories
from bot.domain.detection.events import (
    LONG_AGO,
    ReportEvent,
    Signal,
    State,
    Tier,
    Weighed,
    bit,
    distinct,
    packed,
    unpack,
)
from bot.domain.detection.evidence import READER_BITS, Arrival, KeyTier, Track
from bot.domain.detection.season import DAY, HOUR, LEARNING, WEEK, Offset, Season, utc
from bot.domain.detection.surge import Surge
from bot.domain.detection.thresholds import Budget, Tail

SAME_THREAD = 6 * HOUR
"""A report on a comment reported within this time follows it, and is no news of its own."""
ECHO_KEEP = 0.9998
FEWEST_READERS = 4
"""Distinct readers without whom there is no spike, however many reports they send."""
FEWEST_AT_FIRST, FIRST_DAYS = 8, 3 * DAY
"""The same while next to nothing is known of a site, where a handful is a surprise to nobody."""
MOST_STORIES, MOST_COMMENTERS, MOST_COMMENTS, MOST_PAIRS = 4_000, 20_000, 20_000, 30_000
WARM = {Tier.STORY: 0.5, Tier.COMMENTER: 0.5, Tier.SITE: 0.7}
"""The part of the threshold over which a report keeps an incident open."""
FORTNIGHT = 14 * DAY
LONGEST_DAY = 2.0
STEP = 0.25
"""How far the site's threshold moves in a day: there are few peaks to draw it from, and none
shows what passed the threshold of its day."""
FOR_EVER = 1e12
MINUTE = 60.0
JUMP = 15 * MINUTE
"""A clock set back further than this is believed; less is disorder on the way here."""

CROWDED = 0.9
"""A commenter's share has to fall to that part before what was expected of all is put right."""

KEPT = ("_follows", "_firsts", "_started", "_calibrated")


class Over(NamedTuple):
    """A key's evidence after a report, and the episode it belongs to."""

    tier: Tier
    key: str
    evidence: float
    episode: Track | Surge


class Detector:
    """All the evidence there is, and nothing else; `incidents` decides what is told of it."""

    def __init__(self, budget: Budget, *, hourly: float = 20.0, offset: Offset = utc) -> None:
        """Start knowing nothing but the reports an hour the newsroom expects."""
        self.budget = budget
        self.season = Season(hourly, offset)
        self.surge = Surge(self.season)
        self._stories = Stories()
        self._commenters = Commenters()
        self._tiers = {
            Tier.STORY: KeyTier(
                alpha=0.7, pull=0.9, memory=40.0, forget=FOR_EVER, most=MOST_STORIES
            ),
            Tier.COMMENTER: KeyTier(
                alpha=0.3, pull=0.7, memory=20.0, forget=FORTNIGHT, most=MOST_COMMENTERS
            ),
        }
        self._pairs: dict[tuple[str, str], None] = {}
        self._comments: dict[str, float] = {}
        self._follows = 2.5
        self._firsts = 7.5
        self._part = self._commenters.share()
        self._started: float | None = None
        self._calibrated = LONG_AGO

    def observe(self, seen: ReportEvent, *, told: bool = False) -> Weighed:
        """Weigh one report. `told` leaves it out of the site's count: an open incident has it."""
        at = self._steady(seen.at)
        pair = (seen.reader, seen.comment)
        if pair in self._pairs:
            return Weighed(counted=False, at=at)
        _remember(self._pairs, pair, None, MOST_PAIRS)
        self.season.advance(at)
        self._stories.advance(at)
        self._calibrate(at)
        follows = self._follow(seen.comment, at)
        self.season.count()
        season = self.season
        reader = bit(seen.reader, READER_BITS)
        arrival = Arrival(at, season.phi, season.rate, 1.0 - season.first, follows, reader)
        found: list[Signal] = []
        hot: dict[Tier, float] = {}
        for tier, key in ((Tier.STORY, seen.story), (Tier.COMMENTER, seen.author)):
            if not key:
                continue
            track = self._track(tier, key, seen, at)
            base = self._share(tier, track, (at + track.at) / 2.0) * season.first
            evidence = self._tiers[tier].weigh(track, arrival, base)
            self._note(Over(tier, key, evidence, track), at, found, hot)
        if not told:
            evidence = self.surge.weigh(at, reader=reader, echo=follows)
            if self.season.hours >= LEARNING:
                self._note(Over(Tier.SITE, "", evidence, self.surge), at, found, hot)
        return Weighed(counted=True, at=at, signals=tuple(found), hot=hot)

    def set_budget(self, budget: Budget) -> None:
        """Take another budget from now on; what was learned stays."""
        self.budget = budget
        if self._started is not None:
            self._set_thresholds(self.season.now, most=FOR_EVER)

    def started(self, otherwise: float) -> float:
        """Return when the first report came."""
        return otherwise if self._started is None else self._started

    def now(self, wall: float) -> float:
        """Return the time here when the wall's clock shows `wall`; it never goes backwards."""
        return max(wall + self.season.shift, self.season.now)

    def alert(self, tier: Tier, key: str) -> None:
        """Mark a key's episode as told."""
        if tier is Tier.SITE:
            self.surge.alert()
            return
        track = self._tiers[tier].find(key)
        if track is not None:
            self._tiers[tier].alert(track)

    def settle(self, tier: Tier, key: str) -> None:
        """End an incident, so that its reports do not become what is usual."""
        if tier is Tier.SITE:
            self.surge.settle()
        else:
            self._tiers[tier].settle(key)

    def false_alarm(self, tier: Tier) -> None:
        """Learn that an alert was for nothing."""
        self._tail(tier).label()

    def threshold(self, tier: Tier) -> float:
        """Return the evidence that alerts now."""
        return self.surge.threshold if tier is Tier.SITE else self._tiers[tier].threshold

    def usual(self, tier: Tier, key: str, at: float) -> float:
        """Return the reports an hour usual for a key at this time."""
        site = self.season.usual(at)
        if tier is Tier.SITE:
            return site
        track = self._tiers[tier].find(key)
        if track is None:
            return 0.0
        return site * self._share(tier, track, at) * self._tiers[tier].liking(track)

    def snapshot(self) -> State:
        """Return everything remembered, as JSON: restored, it gives the very same alerts."""
        return packed(self, KEPT) | {
            "_part": self._part,
            "season": self.season.snapshot(),
            "surge": self.surge.snapshot(),
            "stories": self._stories.snapshot(),
            "commenters": self._commenters.snapshot(),
            "tiers": {tier.value: table.snapshot() for tier, table in self._tiers.items()},
            "pairs": list(self._pairs),
            "comments": list(self._comments.items()),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state from its JSON; budget and time zone are those given at the start."""
        unpack(self, KEPT, state)
        self.season.restore(state["season"])
        self.surge.restore(state["surge"])
        self._stories.restore(state["stories"])
        self._commenters.restore(state["commenters"])
        # An earlier version never put right what was expected of the first: it is as it stands.
        self._part = state.get("_part", self._commenters.share())
        for tier, table in self._tiers.items():
            table.restore(state["tiers"][tier.value])
        self._pairs = dict.fromkeys((reader, comment) for reader, comment in state["pairs"])
        self._comments = dict(state["comments"])

    # -- time

    def _steady(self, wall: float) -> float:
        at = wall + self.season.shift
        now = self.season.now
        if at < now - JUMP:
            self._set_back(now - at)
            return now
        return max(at, now)

    def _set_back(self, by: float) -> None:
        # Stories are as old as the wall's clock makes them.
        self.season.set_back(self.season.shift + by)
        self.surge.distrust()
        self._stories.rejuvenate(self._tiers[Tier.STORY].rejuvenate(by), self.season.now)

    # -- one report

    def _follow(self, comment: str, at: float) -> bool:
        last = self._comments.get(comment)
        follows = last is not None and at - last < SAME_THREAD
        _remember(self._comments, comment, at, MOST_COMMENTS)
        self._follows = self._follows * ECHO_KEEP + follows
        self._firsts = self._firsts * ECHO_KEEP + (not follows)
        self.season.first = self._firsts / (self._follows + self._firsts)
        return follows

    def _track(self, tier: Tier, key: str, seen: ReportEvent, at: float) -> Track:
        return self._tiers[tier].find(key) or self._begin(tier, key, seen, at)

    def _note(self, over: Over, at: float, found: list[Signal], hot: dict[Tier, float]) -> None:
        tier, key, evidence, episode = over
        threshold = self.threshold(tier)
        if evidence < threshold * WARM[tier]:
            return
        chance = hot[tier] = self._chance(tier, evidence + episode.beyond)
        wanted = self.surge.wanted() if tier is Tier.SITE else threshold
        if evidence < wanted or episode.alerted:
            return
        if distinct(episode.readers, READER_BITS, episode.reports) < self._fewest(at):
            return
        found.append(
            Signal(
                tier=tier,
                key=key,
                at=at,
                since=episode.since,
                evidence=evidence,
                chance_weeks=chance,
            )
        )

    def _fewest(self, at: float) -> int:
        """Return how many readers a spike takes."""
        return FEWEST_AT_FIRST if at - self.started(at) < FIRST_DAYS else FEWEST_READERS

    def _begin(self, tier: Tier, key: str, seen: ReportEvent, at: float) -> Track:
        born = at
        if tier is Tier.COMMENTER:
            self._meet(key)
        else:
            if seen.published is not None:
                born = min(at, seen.published + self.season.shift)
            self._stories.add(born)
        return self._tiers[tier].begin(key, at=at, phi=self.season.phi, born=born)

    def _meet(self, author: str) -> None:
        # Of the first commenters too much was expected, for as few were known: were that left, the
        # most reported of them would seem quiet, and alert for weeks.
        self._commenters.add(author)
        share = self._commenters.share()
        if share < CROWDED * self._part:
            self._tiers[Tier.COMMENTER].rescale(share / self._part)
            self._part = share

    def _share(self, tier: Tier, track: Track, at: float) -> float:
        if tier is Tier.STORY:
            return self._stories.share(track.born, at)
        return self._commenters.share()

    # -- thresholds

    def _calibrate(self, at: float) -> None:
        if self._started is None:
            self._started = self._calibrated = at
        elif at - self._calibrated < DAY:
            return
        # Over a longer silence nothing was watched: it must not look like days without a peak.
        days = min((at - self._calibrated) / DAY, LONGEST_DAY)
        self._calibrated = at
        for tier in Tier:
            self._tail(tier).age(days)
        self._set_thresholds(at, most=STEP)

    def _set_thresholds(self, at: float, *, most: float) -> None:
        weekly = self.season.weekly()
        for tier in Tier:
            limit = self.threshold(tier)
            value = self.budget.threshold(
                tier,
                weekly=weekly,
                measured=self._tail(tier).threshold(self.budget.share(tier, weekly), limit),
                new=at - self.started(at) < WEEK,
            )
            if tier is Tier.SITE:
                if self.season.hours >= LEARNING:
                    value = min(max(value, limit - most), limit + most)
                self.surge.threshold = value
            else:
                self._tiers[tier].threshold = value

    def _tail(self, tier: Tier) -> Tail:
        return self.surge.tail if tier is Tier.SITE else self._tiers[tier].tail

    def _chance(self, tier: Tier, evidence: float) -> float:
        over = (evidence - self.threshold(tier)) * self._tail(tier).slope
        return math.exp(min(over, 12.0)) / self.budget.share(tier, self.season.weekly())


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _remember(table: dict[_Key, _Value], key: _Key, value: _Value, most: int) -> None:
    """Put a key last in a table that holds so many, pushing out the one put longest ago."""
    table.pop(key, None)
    if len(table) >= most:
        del table[next(iter(table))]
    table[key] = value

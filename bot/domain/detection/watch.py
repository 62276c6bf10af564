"""Watches one site's reports: what the detector finds becomes incidents, and those notices."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.detection.detector import Detector
from bot.domain.detection.events import ReportEvent, Signal, State, Tier, Weighed
from bot.domain.detection.incident_merging import SITE, IncidentMerging, Part
from bot.domain.detection.incidents import (
    COOL_AFTER,
    REOPEN_WITHIN,
    Facts,
    Incident,
    Kind,
    Notice,
    Stage,
)
from bot.domain.detection.recent_reports import Pair, RecentReports, Seen
from bot.domain.detection.season import Offset, utc
from bot.domain.detection.settings import Mutes, Record, measure
from bot.domain.detection.thresholds import Budget

SHOW_AGAIN = 1.25
"""A message is edited when the reports have grown so many times."""
GROWTH = 2
REMEMBERED = 200


class Watch:
    """The whole of spike detection for one site. Not a coroutine in it, and no clock.

    Feed it every report in the order it arrived and the time now and then; show the notices it
    returns. Fed the same, it says the same, whatever happened between: see `snapshot`.
    """

    def __init__(self, budget: Budget, *, hourly: float = 20.0, offset: Offset = utc) -> None:
        """Start a watch for a site with that many reports an hour in that time zone."""
        self._detector = Detector(budget, hourly=hourly, offset=offset)
        self._recent = RecentReports()
        self._merging = IncidentMerging(self._detector, self._recent)
        self._open: dict[Pair, Incident] = {}
        self._joined: dict[Pair, Part] = {}
        self._closed: deque[Incident] = deque(maxlen=REMEMBERED)
        self._mutes = Mutes()
        self._number = 0

    def observe(self, report: ReportEvent) -> tuple[Notice, ...]:
        """Take in one report. A reader's repeat on the same comment changes nothing."""
        notices = list(self._advance(self._detector.now(report.at)))
        told = self._answered_for(report)
        weighed = self._detector.observe(report, told=told)
        if not weighed.counted:
            return tuple(notices)
        self._recent.keep(report, weighed.at)
        notices += self._grow(report, weighed)
        for signal in weighed.signals:
            notices += self._raise(signal)
        return tuple(notices)

    def tick(self, wall: float) -> tuple[Notice, ...]:
        """Let time pass: incidents cool and end by the clock, not by the next report."""
        return tuple(self._advance(self._detector.now(wall)))

    def set_budget(self, a_week: float) -> None:
        """Take another number of false alarms a week, from the next report on."""
        self._detector.set_budget(Budget(a_week=a_week))

    def mute(self, tier: Tier, key: str, until: float) -> None:
        """Say nothing of a key until a time; spikes on it are followed in silence."""
        self._mutes.put((tier, key), until + self._detector.season.shift)
        incident = self._open.get((tier, key))
        if incident is not None:
            incident.muted = True

    def unmute(self, tier: Tier, key: str) -> None:
        """Speak of a key again; what is going on now stays silent."""
        self._mutes.drop((tier, key))

    def mutes(self) -> tuple[tuple[Tier, str, float], ...]:
        """Return what is muted, and until when."""
        ahead = self._detector.season.shift
        return tuple((tier, key, until - ahead) for tier, key, until in self._mutes)

    def judge(self, number: int, *, real: bool) -> Facts | None:
        """Take an editor's word on an incident; `None` if it is no longer known.

        A false alarm goes into what the thresholds are learned from, and falls silent. Taking
        the word back is possible; what was learned fades by itself.
        """
        incident = self._find(number)
        if incident is None:
            return None
        if not real and incident.real is not False:
            self._detector.false_alarm(incident.tier)
        incident.real = real
        incident.muted = incident.muted or not real
        return incident.facts(self._detector.season.shift)

    def incidents(self) -> tuple[Facts, ...]:
        """Return the open incidents, then the last closed, the newest first of each."""
        ahead = self._detector.season.shift
        going = sorted(self._open.values(), key=lambda incident: -incident.number)
        return tuple(incident.facts(ahead) for incident in [*going, *reversed(self._closed)])

    def record(self, wall: float) -> Record:
        """Return how the alerts of the last eight weeks turned out."""
        now = self._detector.now(wall)
        return measure(
            [*self._open.values(), *self._closed],
            started=self._detector.started(now),
            now=now,
            budget=self._detector.budget.a_week,
        )

    def threshold(self, tier: Tier) -> float:
        """Return the evidence that alerts on a tier now."""
        return self._detector.threshold(tier)

    def usual(self, tier: Tier, key: str, wall: float) -> float:
        """Return the reports an hour usual for a key at that time."""
        return self._detector.usual(tier, key, wall + self._detector.season.shift)

    def snapshot(self) -> State:
        """Return everything remembered, as JSON; a watch restored from it says the very same."""
        return {
            "detector": self._detector.snapshot(),
            "witnesses": self._recent.snapshot(),
            "open": [incident.pack() for incident in self._open.values()],
            "joined": [part.pack() for part in self._joined.values()],
            "closed": [incident.pack() for incident in self._closed],
            "mutes": [list(mute) for mute in self._mutes],
            "number": self._number,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state from its JSON; budget and time zone are those given at the start."""
        self._detector.restore(state["detector"])
        self._recent.restore(state["witnesses"])
        self._open = {incident.pair: incident for incident in map(Incident.unpack, state["open"])}
        parts = map(Part.unpack, state["joined"])
        self._joined = {part.pair: part for part in parts}
        self._closed.clear()
        self._closed.extend(map(Incident.unpack, state["closed"]))
        self._mutes.restore(state["mutes"])
        self._number = state["number"]

    # -- a report

    def _answered_for(self, report: ReportEvent) -> bool:
        now = self._detector.season.now
        for pair in ((Tier.STORY, report.story), (Tier.COMMENTER, report.author)):
            incident = self._hosting(pair)
            if incident is None or not self._merging.is_fresh(incident, now):
                continue
            if not self._merging.is_the_site(incident.pair, now):
                return True
        return False

    def _hosting(self, pair: Pair) -> Incident | None:
        part = self._joined.get(pair)
        return self._open.get(part.host if part else pair)

    def _grow(self, report: ReportEvent, weighed: Weighed) -> Iterator[Notice]:
        done: set[int] = set()
        for pair in ((Tier.STORY, report.story), (Tier.COMMENTER, report.author), SITE):
            incident = self._hosting(pair)
            if incident is None or incident.number in done:
                continue
            done.add(incident.number)
            incident.add(report, weighed.at, hot=pair[0] in weighed.hot)
            if pair == incident.pair:
                # It was rare when it began, and is rarer the more there are.
                rarer = weighed.hot.get(pair[0], 0.0)
                incident.chance_weeks = max(incident.chance_weeks, rarer)
            yield from self._show(incident, weighed.at)
            yield from self._outgrow(pair, report, weighed)

    def _outgrow(self, pair: Pair, report: ReportEvent, weighed: Weighed) -> Iterator[Notice]:
        part = self._joined.get(pair)
        if part is None or pair == SITE:
            return
        if self._merging.outgrown(part, Seen(weighed.at, report, new=False)):
            self._open[part.host].joined.remove(pair)
            del self._joined[pair]
            yield from self._begin(replace(part.signal, at=weighed.at))

    def _show(self, incident: Incident, at: float) -> Iterator[Notice]:
        doubled = incident.reports >= GROWTH * incident.told_reports
        if doubled and 2 * incident.readers() >= 3 * incident.told_readers:
            incident.stage = Stage.GROWING
            self._assess(incident)
            incident.tell()
            yield self._speak(Kind.DOUBLED, incident, at)
        elif incident.reports >= SHOW_AGAIN * incident.shown_reports:
            incident.stage = Stage.GROWING
            incident.shown_reports = incident.reports
            self._assess(incident)
            yield self._notice(Kind.UPDATED, incident, at)

    # -- a signal

    def _raise(self, signal: Signal) -> Iterator[Notice]:
        pair = (signal.tier, signal.key)
        if pair in self._open or pair in self._joined:
            return
        if signal.tier is Tier.SITE and self._merging.is_one_key(signal):
            self._detector.surge.excuse()
            return
        self._detector.alert(signal.tier, signal.key)
        part = self._merging.host(signal, self._open)
        if part is not None:
            host = self._open[part.host]
            host.joined.append(pair)
            self._joined[pair] = part
            yield self._notice(Kind.JOINED, host, signal.at)
            return
        yield from self._begin(signal)

    def _begin(self, signal: Signal) -> Iterator[Notice]:
        incident, kind = self._open_incident(signal)
        if signal.tier is Tier.SITE:
            for other in self._open.values():
                other.parent = other.parent or incident.number
            incident.parent = None
        self._assess(incident)
        incident.tell()
        yield self._speak(kind, incident, signal.at)

    def _open_incident(self, signal: Signal) -> tuple[Incident, Kind]:
        pair = (signal.tier, signal.key)
        incident, kind = self._reopened(pair, signal.at), Kind.REOPENED
        if incident is None:
            kind = Kind.OPENED
            self._number += 1
            incident = Incident(
                number=self._number,
                tier=signal.tier,
                key=signal.key,
                began=signal.since,
                opened=signal.at,
                last=signal.at,
                usual=self._detector.usual(signal.tier, signal.key, signal.at),
                evidence=signal.evidence,
                chance_weeks=signal.chance_weeks,
            )
        # A reopened incident counts on from where it ended.
        since = signal.since if kind is Kind.OPENED else max(signal.since, incident.last)
        for seen in self._recent.of(pair, since):
            incident.add(seen.report, seen.at, hot=True)
        incident.last = signal.at
        self._mutes.expire(signal.at)
        incident.muted = incident.hushed = pair in self._mutes
        self._open[pair] = incident
        return incident, kind

    def _reopened(self, pair: Pair, at: float) -> Incident | None:
        for incident in reversed(self._closed):
            if incident.pair == pair and at <= incident.closes + REOPEN_WITHIN:
                self._closed.remove(incident)
                incident.stage = Stage.OPEN
                incident.times_opened += 1
                incident.muted = False
                incident.real = None
                return incident
        return None

    # -- time

    def _advance(self, now: float) -> Iterator[Notice]:
        self._mutes.expire(now)
        quiet = [one for one in self._open.values() if one.last + COOL_AFTER <= now]
        for incident in sorted(quiet, key=lambda one: (one.closes, one.number)):
            if incident.closes <= now:
                yield self._close(incident, incident.closes)
            elif incident.stage is not Stage.COOLING:
                incident.stage = Stage.COOLING
                yield self._notice(Kind.COOLED, incident, incident.last + COOL_AFTER)

    def _close(self, incident: Incident, at: float) -> Notice:
        del self._open[incident.pair]
        for pair in [incident.pair, *incident.joined]:
            self._joined.pop(pair, None)
            self._detector.settle(*pair)
        incident.stage = Stage.CLOSED
        incident.joined = list(dict.fromkeys(incident.joined))
        if incident.tier is Tier.SITE:
            for other in self._open.values():
                if other.parent == incident.number:
                    other.parent = None
        self._assess(incident, over=True)
        self._closed.append(incident)
        return self._notice(Kind.CLOSED, incident, at)

    # -- telling

    def _assess(self, incident: Incident, *, over: bool = False) -> None:
        if incident.tier is not Tier.SITE:
            found = self._recent.assess(incident.pair, incident.began, over=over)
            incident.coordination = found or incident.coordination

    def _speak(self, kind: Kind, incident: Incident, at: float) -> Notice:
        aloud = not incident.muted and incident.parent is None
        return replace(self._notice(kind, incident, at), aloud=aloud)

    def _notice(self, kind: Kind, incident: Incident, at: float) -> Notice:
        ahead = self._detector.season.shift
        return Notice(kind=kind, at=at - ahead, facts=incident.facts(ahead), aloud=False)

    def _find(self, number: int) -> Incident | None:
        known = [*self._open.values(), *self._closed]
        return next((incident for incident in known if incident.number == number), None)

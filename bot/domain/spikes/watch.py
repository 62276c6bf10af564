"""Watches one site's reports: what the detector finds becomes incidents, and those notices."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.domain.brigades import Complaint, Readers, Suspicion, note_mark, weigh
from bot.domain.spikes.budget import Budget
from bot.domain.spikes.detector import Detector, Signal, Weighed
from bot.domain.spikes.incidents import (
    CLOSE_AFTER,
    COOL_AFTER,
    REOPEN_WITHIN,
    Facts,
    Incident,
    Kind,
    Notice,
    Pair,
    Stage,
)
from bot.domain.spikes.season import HOUR, WEEK, Offset, utc
from bot.domain.spikes.sighting import Sighting, Tier
from bot.domain.spikes.state import State

RECENT = 4096
"""Reports kept whole, to tell what an incident is about once it is one."""
ALOUD_AN_HOUR = 10
SHOW_AGAIN = 1.25
"""A message is edited when the reports have grown so many times."""
GROWTH = 2
FRESH_INCIDENT = 2 * HOUR
"""A key's incident answers for the site's surge only so long; then the site speaks for itself."""
REMEMBERED = 200
MEASURED = 8 * WEEK
REFERRERS, REFERRER_KEEP = 64, 0.999
SITE: Pair = (Tier.SITE, "")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A report kept whole for a while."""

    at: float
    report: Sighting
    new: bool

    def on(self, pair: Pair) -> bool:
        """Whether the report counts for a key."""
        tier, key = pair
        if tier is Tier.STORY:
            return self.report.story == key
        return tier is Tier.SITE or self.report.author == key

    def complaint(self) -> Complaint:
        """Return what a brigade is known by."""
        report = self.report
        return Complaint(
            reader=report.reader,
            new=self.new,
            referrer=report.referrer,
            note=report.note,
            rejected=report.rejected,
            decided=report.decided,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How the alerts of the last eight weeks turned out, in alerts a week."""

    weeks: float
    alerts: float
    real: float
    false: float
    unjudged: float
    budget: float


class Watch:
    """The whole of spike detection for one site. Not a coroutine in it, and no clock.

    Feed it every report in the order it arrived and the time now and then; show the notices it
    returns. Fed the same, it says the same, whatever happened between: see `snapshot`.
    """

    def __init__(self, budget: Budget, *, hourly: float = 20.0, offset: Offset = utc) -> None:
        """Start a watch for a site with that many reports an hour in that time zone."""
        self._detector = Detector(budget, hourly=hourly, offset=offset)
        self._readers = Readers()
        self._recent: deque[_Seen] = deque(maxlen=RECENT)
        self._referrers: dict[str, float] = {}
        self._open: dict[Pair, Incident] = {}
        self._joined: dict[Pair, Pair] = {}
        self._closed: deque[Incident] = deque(maxlen=REMEMBERED)
        self._mutes: dict[Pair, float] = {}
        self._aloud: deque[float] = deque(maxlen=ALOUD_AN_HOUR)
        self._held = 0
        self._number = 0

    def observe(self, report: Sighting) -> tuple[Notice, ...]:
        """Take in one report. A reader's repeat on the same comment changes nothing."""
        notices = list(self._advance(self._detector.now(report.at)))
        told = self._answered_for(report)
        weighed = self._detector.observe(report, told=told)
        if not weighed.counted:
            return tuple(notices)
        self._keep(report, weighed.at)
        notices += self._grow(report, weighed)
        for signal in weighed.signals:
            notices += self._raise(signal)
        return tuple(notices)

    def tick(self, wall: float) -> tuple[Notice, ...]:
        """Let time pass: incidents cool and end by the clock, not by the next report."""
        return tuple(self._advance(self._detector.now(wall)))

    def mute(self, tier: Tier, key: str, until: float) -> None:
        """Say nothing of a key until a time; spikes on it are followed in silence."""
        pair = (tier, key)
        self._mutes.pop(pair, None)
        self._mutes[pair] = until + self._detector.season.shift
        incident = self._open.get(pair)
        if incident is not None:
            incident.muted = True

    def unmute(self, tier: Tier, key: str) -> None:
        """Speak of a key again; what is going on now stays silent."""
        self._mutes.pop((tier, key), None)

    def mutes(self) -> tuple[tuple[Tier, str, float], ...]:
        """Return what is muted, and until when."""
        ahead = self._detector.season.shift
        return tuple((tier, key, until - ahead) for (tier, key), until in self._mutes.items())

    def judge(self, number: int, *, real: bool) -> Facts | None:
        """Take an editor's word on an incident; `None` if it is no longer known.

        A false alarm goes into what the thresholds are learned from, and falls silent. Taking
        the word back is possible; what was learned fades by itself.
        """
        incident = self._find(number)
        if incident is None:
            return None
        if not real and incident.real is not False:
            self._detector.false_alarm(incident.tier, incident.evidence)
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
        since = max(now - MEASURED, self._detector.started(now))
        weeks = max((now - since) / WEEK, 1.0 / 7.0)
        told = [
            incident.real
            for incident in [*self._open.values(), *self._closed]
            if incident.opened >= since and incident.told_reports
        ]
        return Record(
            weeks=weeks,
            alerts=len(told) / weeks,
            real=sum(word is True for word in told) / weeks,
            false=sum(word is False for word in told) / weeks,
            unjudged=sum(word is None for word in told) / weeks,
            budget=self._detector.budget.a_week,
        )

    def usual(self, tier: Tier, key: str, wall: float) -> float:
        """Return the reports an hour usual for a key at that time."""
        return self._detector.usual(tier, key, wall + self._detector.season.shift)

    def snapshot(self) -> State:
        """Return everything remembered, as JSON; a watch restored from it says the very same."""
        return {
            "detector": self._detector.snapshot(),
            "readers": self._readers.snapshot(),
            "recent": [[seen.at, asdict(seen.report), seen.new] for seen in self._recent],
            "referrers": list(self._referrers.items()),
            "open": [incident.pack() for incident in self._open.values()],
            "joined": [[*pair, *host] for pair, host in self._joined.items()],
            "closed": [incident.pack() for incident in self._closed],
            "mutes": [[*pair, until] for pair, until in self._mutes.items()],
            "aloud": list(self._aloud),
            "counts": [self._held, self._number],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state from its JSON; budget and time zone are those given at the start."""
        self._detector.restore(state["detector"])
        self._readers.restore(state["readers"])
        self._recent.clear()
        self._recent.extend(
            _Seen(at, Sighting(**report), new) for at, report, new in state["recent"]
        )
        self._referrers = dict(state["referrers"])
        self._open = {incident.pair: incident for incident in map(Incident.unpack, state["open"])}
        self._joined = {(Tier(a), b): (Tier(c), d) for a, b, c, d in state["joined"]}
        self._closed.clear()
        self._closed.extend(map(Incident.unpack, state["closed"]))
        self._mutes = {(Tier(tier), key): until for tier, key, until in state["mutes"]}
        self._aloud.clear()
        self._aloud.extend(state["aloud"])
        self._held, self._number = state["counts"]

    # -- a report

    def _keep(self, report: Sighting, at: float) -> None:
        new = self._readers.add(report.reader, report.author or report.story)
        if report.note:
            report = replace(report, note=note_mark(report.note))
        self._recent.append(_Seen(at, report, new))
        if report.referrer:
            table = self._referrers
            if report.referrer not in table and len(table) >= REFERRERS:
                del table[min(table, key=lambda name: table[name])]
            for name in table:
                table[name] *= REFERRER_KEEP
            table[report.referrer] = table.get(report.referrer, 0.0) + 1.0

    def _answered_for(self, report: Sighting) -> bool:
        now = self._detector.season.now
        for pair in ((Tier.STORY, report.story), (Tier.COMMENTER, report.author)):
            incident = self._hosting(pair)
            if incident is None or incident.tier is Tier.SITE:
                continue
            if now - incident.opened < FRESH_INCIDENT:
                return True
        return False

    def _hosting(self, pair: Pair) -> Incident | None:
        return self._open.get(self._joined.get(pair, pair))

    def _grow(self, report: Sighting, weighed: Weighed) -> Iterator[Notice]:
        done: set[int] = set()
        for pair in ((Tier.STORY, report.story), (Tier.COMMENTER, report.author), SITE):
            incident = self._hosting(pair)
            if incident is None or incident.number in done:
                continue
            done.add(incident.number)
            incident.add(report, weighed.at, hot=pair[0] in weighed.hot)
            yield from self._show(incident, weighed.at)

    def _show(self, incident: Incident, at: float) -> Iterator[Notice]:
        doubled = incident.reports >= GROWTH * incident.told_reports
        if doubled and 2 * incident.readers() >= 3 * incident.told_readers:
            incident.stage = Stage.GROWING
            self._assess(incident)
            incident.tell()
            yield from self._speak(Kind.DOUBLED, incident, at)
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
        self._detector.alert(signal.tier, signal.key)
        host = self._host(signal)
        if host is not None:
            host.joined.append(pair)
            self._joined[pair] = host.pair
            yield self._notice(Kind.JOINED, host, signal.at)
            return
        incident, kind = self._open_incident(signal)
        if signal.tier is Tier.SITE:
            for other in self._open.values():
                other.parent = other.parent or incident.number
            incident.parent = None
        self._assess(incident)
        incident.tell()
        yield from self._speak(kind, incident, signal.at)

    def _host(self, signal: Signal) -> Incident | None:
        """Return the open incident that a signal is but another side of."""
        if signal.tier is not Tier.SITE and SITE in self._open:
            return self._open[SITE]
        mine = [
            seen
            for seen in self._recent
            if seen.at >= signal.since and seen.on((signal.tier, signal.key))
        ]
        for pair, incident in self._open.items():
            if incident.tier is signal.tier:
                continue
            if signal.tier is Tier.SITE and signal.at - incident.opened >= FRESH_INCIDENT:
                continue
            if 2 * sum(seen.on(pair) for seen in mine) >= len(mine):
                return incident
        return None

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
        for seen in self._recent:
            if seen.at >= max(signal.since, incident.began) and seen.on(pair):
                incident.add(seen.report, seen.at, hot=True)
        incident.last = signal.at
        incident.muted = incident.muted or self._is_muted(pair, signal.at)
        self._open[pair] = incident
        return incident, kind

    def _reopened(self, pair: Pair, at: float) -> Incident | None:
        for incident in reversed(self._closed):
            if incident.pair == pair and at - incident.last <= REOPEN_WITHIN + CLOSE_AFTER:
                self._closed.remove(incident)
                incident.stage = Stage.OPEN
                incident.times_opened += 1
                incident.muted = False
                incident.real = None
                return incident
        return None

    def _is_muted(self, pair: Pair, at: float) -> bool:
        return self._mutes.get(pair, at) > at

    # -- time

    def _advance(self, now: float) -> Iterator[Notice]:
        for pair in [pair for pair, until in self._mutes.items() if until <= now]:
            del self._mutes[pair]
        due = sorted(
            (incident.last + CLOSE_AFTER, incident.number)
            for incident in self._open.values()
            if incident.last + COOL_AFTER <= now
        )
        for closes, number in due:
            incident = next(i for i in self._open.values() if i.number == number)
            if closes <= now:
                yield self._close(incident, closes)
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
        self._assess(incident, learn=True)
        self._closed.append(incident)
        return self._notice(Kind.CLOSED, incident, at)

    # -- telling

    def _assess(self, incident: Incident, *, learn: bool = False) -> None:
        if incident.tier is Tier.SITE:
            return
        seen = [s for s in self._recent if s.at >= incident.began and s.on(incident.pair)]
        if not seen:
            return
        readers = list(dict.fromkeys(s.report.reader for s in seen))
        targets = {s.report.author or s.report.story for s in seen}
        overlap, sharing = self._readers.overlap(readers, targets)
        total = sum(self._referrers.values()) or 1.0
        incident.coordination = weigh(
            [s.complaint() for s in seen],
            overlap=overlap,
            sharing=sharing,
            organic=self._readers.organic(),
            referrers={name: count / total for name, count in self._referrers.items()},
        )
        if learn and incident.coordination.suspicion is Suspicion.NONE:
            self._readers.learn(overlap)

    def _speak(self, kind: Kind, incident: Incident, at: float) -> Iterator[Notice]:
        silent = incident.muted or incident.parent is not None
        if not silent and len(self._aloud) == ALOUD_AN_HOUR and at - self._aloud[0] < HOUR:
            self._held += 1
            silent = True
        held = 0
        if not silent:
            self._aloud.append(at)
            held, self._held = self._held, 0
        yield self._notice(kind, incident, at, aloud=not silent, held=held)

    def _notice(
        self, kind: Kind, incident: Incident, at: float, *, aloud: bool = False, held: int = 0
    ) -> Notice:
        ahead = self._detector.season.shift
        return Notice(kind=kind, at=at - ahead, facts=incident.facts(ahead), aloud=aloud, held=held)

    def _find(self, number: int) -> Incident | None:
        known = [*self._open.values(), *self._closed]
        return next((incident for incident in known if incident.number == number), None)

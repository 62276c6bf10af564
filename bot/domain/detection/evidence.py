"""Evidence that one story or commenter draws more reports than expected, report by report."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bot.domain.detection.season import HOUR
from bot.domain.detection.thresholds import Tail

TIMES = (3.0, 8.0, 20.0, 50.0, 130.0, 350.0)
"""How many times the expected reports a spike may bring; the evidence is a mixture of these."""
RISES = tuple(times - 1.0 for times in TIMES)
GUARD = 900.0
GUARDED = 0.7
"""Of what came in these last seconds, so much does not yet count as the key's own rate: a burst
on a new story must not explain itself."""
POPULAR = 8.0
"""So many times an average key's reports in that time are put down to a popular key instead."""
ECHO = 2400.0
"""Reports draw reports on the same thread; the echo fades in these seconds."""
QUIET = 1.2
"""Mean evidence under which the story so far is forgotten and a new episode begins."""
REPEAT = 0.9
"""How much a further report of the same reader on the same key weighs, as an exponent."""
HEADROOM = 6.0
"""Evidence is kept at most this far over the threshold, or one burst would alarm for a day."""
READER_BITS = 256

Packed = list[object]
"""A track as JSON."""


class Track:
    """What is remembered of one key; under 1 KB whatever its traffic.

    `exposure` is what was expected of an average key and `count` what came, echoes left out;
    `recent` is the part of `count` of the last minutes;
    `heat` is the rate of echoes now, a second; `odds` the evidence for each of `TIMES`;
    `..._before` is what stood when the episode began, `told` how often it was told of lately,
    `beyond` the logarithm of the evidence that `odds` had no room for.
    """

    __slots__ = (
        "alerted", "at", "beyond", "born", "count", "count_before", "exposure", "exposure_before", "heat",
        "odds", "peak", "phi", "readers", "recent", "reports", "since", "told",
    )  # fmt: skip

    def __init__(self, *, at: float, phi: float, born: float) -> None:
        self.at = at
        self.phi = phi
        self.born = born
        self.exposure = 0.0
        self.count = 0.0
        self.recent = 0.0
        self.heat = 0.0
        self.odds: list[float] = [0.0] * len(TIMES)
        self.since = at
        self.reports = 0
        self.readers = 0
        self.count_before = 0.0
        self.exposure_before = 0.0
        self.told = 0.0
        self.beyond = 0.0
        self.peak = 0.0
        self.alerted = False

    def pack(self) -> Packed:
        """Return the track as JSON."""
        return [
            self.at, self.phi, self.born, self.exposure, self.count, self.heat, self.odds[:],
            self.since, self.reports, f"{self.readers:x}", self.count_before, self.peak,
            self.alerted, self.recent, self.exposure_before, self.told, self.beyond,
        ]  # fmt: skip

    @classmethod
    def unpack(cls, packed: Sequence[object]) -> "Track":
        """Return a track from its JSON."""
        track = cls(at=0.0, phi=0.0, born=0.0)
        names = (
            "at", "phi", "born", "exposure", "count", "heat", "odds", "since", "reports",
            "readers", "count_before", "peak", "alerted", "recent", "exposure_before", "told",
            "beyond",
        )  # fmt: skip
        for name, value in zip(names, packed, strict=False):
            setattr(track, name, value)
        if len(packed) <= names.index("exposure_before"):
            # An earlier version kept but the count: of what was expected nothing is taken back.
            track.exposure_before = track.exposure
        track.readers = int(str(packed[9]), 16)
        track.odds = list(track.odds)
        return track


class Arrival(NamedTuple):
    """What a report's keys have in common.

    `phi` is the site's operational time and `rate` its reports a second, `echo` the reports that
    one report draws, `follows` whether the comment was reported shortly before, `reader` a number
    below 256.
    """

    at: float
    phi: float
    rate: float
    echo: float
    follows: bool
    reader: int


class KeyTier:
    """All keys of one tier: a bounded table, a threshold, and the tail that sets it.

    `pull` is how much a report on a comment reported shortly before weighs, as an exponent;
    `alpha` how alike keys are; `memory` the most expected reports a key's own rate rests on, and
    `forget` the seconds over which they fade.
    """

    def __init__(
        self, *, alpha: float, pull: float, memory: float, forget: float, most: int
    ) -> None:
        self._alpha = alpha
        self._memory = memory
        self._forget = forget
        self._most = most
        self._echoes = tuple(times**pull for times in TIMES)
        self._echo_rises = tuple(times - 1.0 for times in self._echoes)
        self._tracks: dict[str, Track] = {}
        self.tail = Tail(width=0.25, slope=0.75, trust=12.0, span=2.5)
        self.threshold = 12.0

    def __len__(self) -> int:
        return len(self._tracks)

    def find(self, key: str) -> Track | None:
        """Return a key's track, and mark it the last used."""
        track = self._tracks.pop(key, None)
        if track is not None:
            self._tracks[key] = track
        return track

    def begin(self, key: str, *, at: float, phi: float, born: float) -> Track:
        """Start a key's track; the key unused for longest makes room for it."""
        if len(self._tracks) >= self._most:
            del self._tracks[next(iter(self._tracks))]
        track = self._tracks[key] = Track(at=at, phi=phi, born=born)
        return track

    def weigh(self, track: Track, report: Arrival, base: float) -> float:
        """Weigh one report against what was expected since the last, and return the evidence.

        `base` is the part of the site's reports due to an average key of this age.
        """
        at, phi, rate, echo, follows, reader = report
        gap = at - track.at
        guard = track.recent * math.exp(-gap / GUARD)
        sudden = max(0.0, guard - POPULAR * base * rate * GUARD)
        older = max(0.0, track.count - GUARDED * sudden)
        theta = (self._alpha + older) / (self._alpha + track.exposure)
        passed = phi - track.phi
        fresh = theta * base * passed
        fade = math.exp(-gap / ECHO)
        echoes = track.heat * ECHO * (1.0 - fade)
        self._expose(track, base * passed, gap)
        heat = track.heat * fade
        expected = theta * base * rate
        own = expected / (expected + heat) if expected > 0.0 else 0.0
        if self._wait(track, fresh, echoes) < QUIET and not track.alerted:
            _begin_episode(track, at)
        bit = 1 << reader
        evidence = self._multiply(track, follows=follows, repeat=bool(track.readers & bit))
        track.readers |= bit
        track.reports += 1
        track.count += own
        track.recent = guard + own
        track.heat = heat + echo / ECHO
        track.phi = phi
        track.at = at
        if not track.alerted and evidence > track.peak:
            self._climb(track, evidence)
        return evidence

    def rejuvenate(self, by: float) -> list[float]:
        """Let every key be born so many seconds later, and return when each then was."""
        for track in self._tracks.values():
            track.born += by
        return [track.born for track in self._tracks.values()]

    def rescale(self, by: float) -> None:
        """Take what was expected of every key so far for so many times as much."""
        for track in self._tracks.values():
            track.exposure *= by
            track.exposure_before *= by

    def liking(self, track: Track) -> float:
        """Return how many times an average key's reports this one drew before its episode."""
        before = min(track.count, track.count_before)
        return (self._alpha + before) / (self._alpha + track.exposure)

    def alert(self, track: Track) -> None:
        """Take the key's episode out of the tail: it was told, so it says nothing of chance."""
        self.tail.move(track.peak or None, None)
        track.alerted = True

    def settle(self, key: str) -> None:
        """End a key's incident: its reports must not become what is usual for it.

        That goes for the time it lasted as a whole, or the key would seem quieter than it is. Of
        what comes time and again ever more is believed: some commenter has a fifth of a site's
        reports, and would alert every day.
        """
        track = self._tracks.get(key)
        if track is None:
            return
        track.told += 1.0
        believed = 1.0 - 1.0 / track.told
        track.count = _between(track.count_before, track.count, believed)
        track.exposure = _between(track.exposure_before, track.exposure, believed)
        track.odds = [0.0] * len(TIMES)
        track.alerted = False
        track.peak = 0.0
        track.beyond = 0.0
        track.reports = 0
        track.readers = 0

    def snapshot(self) -> dict[str, object]:
        """Return the tier as JSON."""
        return {
            "tracks": [[key, track.pack()] for key, track in self._tracks.items()],
            "tail": self.tail.snapshot(),
            "threshold": self.threshold,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state from its JSON."""
        self._tracks = {key: Track.unpack(packed) for key, packed in state["tracks"]}
        self.tail.restore(state["tail"])
        self.threshold = state["threshold"]

    # -- one report

    def _expose(self, track: Track, expected: float, gap: float) -> None:
        keep = math.exp(-gap / self._forget) if gap > HOUR else 1.0
        exposure = track.exposure * keep + expected
        if exposure > self._memory:
            keep *= self._memory / exposure
            exposure = self._memory
        track.exposure = exposure
        _fade(track, keep)

    def _wait(self, track: Track, fresh: float, echoes: float) -> float:
        odds, rises = track.odds, self._echo_rises
        total = 0.0
        for i in range(len(TIMES)):
            odds[i] = left = (1.0 + odds[i]) * math.exp(-RISES[i] * fresh - rises[i] * echoes)
            total += left
        return total / len(TIMES)

    def _multiply(self, track: Track, *, follows: bool, repeat: bool) -> float:
        gains = self._echoes if follows else TIMES
        odds = track.odds
        cap = math.exp(self.threshold + HEADROOM)
        total = whole = 0.0
        for i in range(len(TIMES)):
            left = odds[i] * (gains[i] ** REPEAT if repeat else gains[i])
            whole += left
            odds[i] = left = min(left, cap)
            total += left
        if whole > total:
            # It would take for ever to calm down from there, but says how rare all this is.
            track.beyond += math.log(whole / total)
        return math.log(total / len(TIMES))

    def _climb(self, track: Track, evidence: float) -> None:
        if track.peak == 0.0:
            self.tail.move(None, evidence)
        elif not self.tail.same_bin(track.peak, evidence):
            self.tail.move(track.peak, evidence)
        track.peak = evidence


def _fade(track: Track, keep: float) -> None:
    track.count *= keep
    track.count_before *= keep
    track.exposure_before *= keep
    track.told *= keep


def _begin_episode(track: Track, at: float) -> None:
    track.since = at
    track.reports = 0
    track.readers = 0
    track.peak = 0.0
    track.beyond = 0.0
    track.count_before = track.count
    track.exposure_before = track.exposure


def _between(before: float, now: float, part: float) -> float:
    return before + part * max(0.0, now - before)

"""Evidence that the whole site draws more reports than this hour usually brings."""

import math
from collections.abc import Mapping
from typing import Any

from bot.domain.detection.events import LONG_AGO, State, packed, unpack
from bot.domain.detection.season import HOUR, LEARNING, WEEK, Season
from bot.domain.detection.thresholds import Tail

LONG = 1800.0
SHORT, SHORTEST = 400.0, 200.0
"""Fading windows, in seconds: the long one sees what is small, the short one is quick."""
SHORT_HOLDS = 28.0
"""Reports that usually come in the short window; a large site need not wait as long."""
WINDOWS = 2
HEEDED = 0.3
"""How much of today's liveliness excuses a surge, as an exponent: all of it would hide one."""
ECHO_WEIGHT = 0.25
"""What a further report on the same comment counts for: a surge is many comments, not one."""
FEW = 3.0
"""Reports added on both sides of the ratio, so that few of them prove little."""
LONELY = 0.5
"""Reports by whose scatter the ratio is never narrower, so that a quiet night is not hysterical."""
SAMPLE = 600.0
"""Seconds between two looks at how far the ratio strays by itself."""
EXCUSED = 1e9
"""A peak that nothing climbs over."""
WILD = 9.0
"""One look widens the scatter by at most so many times itself."""
LEARNED = 3000.0
FADES = 12 * HOUR
"""Seconds over which what a surge was told at, and must be outdone by the next, fades."""
DOUBT = 2.0
"""How much more is asked for at first once the clock was set."""
EPISODE = 1800.0
"""Seconds of calm after which a new episode begins."""
CALM = 1.0
"""Evidence under which the site is calm."""
FIRST_DAYS = 48
"""Hours in which the rate is not yet known, so that nothing can be learned of its scatter."""

KEPT = (
    "_came", "_due", "_scatter", "_samples", "_next", "_at", "_plain", "_risen", "_evidence",
    "_height", "_settled", "_doubted", "peak", "since", "reports", "readers", "alerted", "threshold",
)  # fmt: skip


class Surge:
    """The site tier: how far the reports of two fading windows stand over the usual.

    The evidence is a logarithm of a ratio in units of its own usual scatter, for volumes have
    heavy tails: a count model's likelihood would never be calm. State is a dozen numbers.
    """

    def __init__(self, season: Season) -> None:
        self._season = season
        self._came = [0.0] * WINDOWS
        self._due = [0.0] * WINDOWS
        self._scatter = [1.0] * WINDOWS
        self._samples = 20.0
        self._next = LONG_AGO
        self._at = LONG_AGO
        self._plain = 0.0
        self._risen = LONG_AGO
        self.peak = 0.0
        self.reports = 0
        self.readers = 0
        self.since = LONG_AGO
        self.alerted = False
        self.beyond = 0.0
        self._evidence = 0.0
        self._height = 0.0
        self._settled = LONG_AGO
        self._doubted = LONG_AGO
        self.tail = Tail(width=0.125, slope=2.5, trust=4.0, span=1.5)
        self.threshold = 4.0

    def weigh(
        self, at: float, *, reader: int = 0, echo: bool = False, weight: float = 1.0
    ) -> float:
        """Weigh one report, and return the evidence.

        `reader` is a number below 256; `echo` is a report on a comment reported shortly before.
        """
        season = self._season
        gap = at - self._at if self._at > LONG_AGO else 0.0
        rate = (season.plain - self._plain) / gap if gap > 0.0 else season.plain_rate
        rate *= max(1.0, season.level) ** HEEDED
        rate *= season.first + ECHO_WEIGHT * (1.0 - season.first)
        self._at = at
        self._plain = season.plain
        look = at >= self._next and season.hours >= FIRST_DAYS
        # A fading count scatters by half its mean; echoes weigh little enough to leave out.
        noise = 0.5 * (1.0 + ECHO_WEIGHT)
        best = -math.inf
        short = min(max(SHORT_HOLDS * HOUR / season.average(), SHORTEST), SHORT)
        for i, window in enumerate((short, LONG)):
            fade = math.exp(-gap / window)
            due = self._due[i] * fade + rate * window * (1.0 - fade)
            came = self._came[i] * fade
            scale = (due + FEW) / math.sqrt(noise * (due + LONELY) + (season.spread * due) ** 2)
            if look:
                self._learn(i, math.log((came + FEW) / (due + FEW)) * scale)
            came += weight * (ECHO_WEIGHT if echo else 1.0)
            ratio = math.log((came + FEW) / (due + FEW)) * scale
            best = max(best, ratio / math.sqrt(self._scatter[i]))
            self._came[i] = came
            self._due[i] = due
        if look:
            self._next = at + SAMPLE
            self._samples = min(self._samples + 1.0, LEARNED)
        self._evidence = best
        if self.alerted:
            self._height = max(self._height, best)
        self._follow(best, at, 1 << reader)
        return best

    def wanted(self) -> float:
        """Return the evidence that alerts now: soon after a surge only a higher one is news."""
        told = max(0.0, 1.0 - (self._at - self._settled) / FADES)
        doubt = max(0.0, 1.0 - (self._at - self._doubted) / WEEK)
        more = max(told * (self._height - self.threshold), doubt * DOUBT)
        return self.threshold + max(0.0, more)

    def distrust(self) -> None:
        """Ask for more for a week: the clock was set, and its hours are not those learned."""
        self._doubted = self._at

    def alert(self) -> None:
        """Take the episode out of the tail: it was told, so it says nothing of chance."""
        self.excuse()
        self.alerted = True
        self._height = self._evidence

    def excuse(self) -> None:
        """Take the episode out of the tail without a word: one key made it, and answers for it."""
        if self.peak < EXCUSED:
            self.tail.move(self.peak or None, None)
        self.peak = EXCUSED

    def settle(self) -> None:
        """End the site's incident; what goes on is a new episode."""
        self.alerted = False
        self.peak = 0.0
        self._settled = self._at
        self._risen = LONG_AGO

    def snapshot(self) -> State:
        """Return the state as JSON."""
        return packed(self, KEPT) | {"tail": self.tail.snapshot()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state from its JSON."""
        unpack(self, KEPT, state)
        self.tail.restore(state["tail"])

    # -- one report

    def _learn(self, window: int, stray: float) -> None:
        scatter = self._scatter[window]
        square = min(stray * stray, WILD * scatter)
        self._scatter[window] = scatter + (square - scatter) / self._samples

    def _follow(self, evidence: float, at: float, reader: int) -> None:
        if evidence < CALM:
            return
        if at - self._risen > EPISODE:
            self.since = at
            self.peak = 0.0
            self.reports = 0
            self.readers = 0
        self.reports += 1
        self.readers |= reader
        self._risen = at
        if self.alerted or evidence <= self.peak or self._season.hours < LEARNING:
            return
        if self.peak == 0.0:
            self.tail.move(None, evidence)
        elif not self.tail.same_bin(self.peak, evidence):
            self.tail.move(self.peak, evidence)
        self.peak = evidence

"""When two spikes are one: seen on a story and a commenter, or on a key and the whole site."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from bot.domain.detection.detector import Detector
from bot.domain.detection.events import Signal, Tier
from bot.domain.detection.incidents import Incident, Stage
from bot.domain.detection.recent_reports import Pair, RecentReports, Seen
from bot.domain.detection.season import HOUR, WEEK

SITE: Pair = (Tier.SITE, "")
FRESH = 6 * HOUR
"""A key's incident answers for the site's surge only so long; then the site speaks for itself."""
SAME = 3
"""Two spikes are one where all but one in so many reports of the second are on the first."""
LATELY = HOUR / 3
FEW = 4
MOST_OF_SITE = 2
"""A key that usually has one in so many of the site's reports is as good as the site."""


@dataclass(slots=True)
class Part:
    """A key that is told of under another's incident, while its reports are mostly that one's."""

    host: Pair
    signal: Signal
    here: int
    away: int

    @property
    def pair(self) -> Pair:
        """The key."""
        return (self.signal.tier, self.signal.key)

    def count(self, seen: Seen) -> None:
        """Count one more report on the key."""
        if seen.on(self.host):
            self.here += 1
        else:
            self.away += 1

    def pack(self) -> list[Any]:
        """Return the part as JSON."""
        return [*self.host, asdict(self.signal), self.here, self.away]

    @classmethod
    def unpack(cls, state: list[Any]) -> Self:
        """Return a part from its JSON."""
        tier, key, signal, here, away = state
        known = Signal(**signal)
        return cls((Tier(tier), key), replace(known, tier=Tier(known.tier)), here, away)


class IncidentMerging:
    """Tells which open incident a new signal belongs to."""

    def __init__(self, detector: Detector, recent: RecentReports) -> None:
        self._detector = detector
        self._recent = recent

    def host(self, signal: Signal, going: Mapping[Pair, Incident]) -> Part | None:
        """Return the signal as a part of an open incident that it is but another side of."""
        if self._is_of_surge(signal, going.get(SITE)):
            return Part(SITE, signal, 0, 0)
        mine = self._since(signal)
        for pair, incident in going.items():
            if not self._may_host(pair, incident, signal):
                continue
            here = sum(seen.on(pair) for seen in mine)
            if SAME * here >= (SAME - 1) * len(mine):
                return Part(pair, signal, here, len(mine) - here)
        return None

    def _is_of_surge(self, signal: Signal, site: Incident | None) -> bool:
        """Whether a signal is part of the whole site's surge, and not what the surge is."""
        surges = site is not None and site.stage is not Stage.COOLING
        return surges and not self._is_cause(signal)

    def _may_host(self, pair: Pair, incident: Incident, signal: Signal) -> bool:
        """Whether a signal may be another side of an incident: of another tier, and not the site."""
        if incident.tier in (signal.tier, Tier.SITE) or self.is_the_site(pair, signal.at):
            return False
        return signal.tier is not Tier.SITE or self.is_fresh(incident, signal.at)

    def outgrown(self, part: Part, seen: Seen) -> bool:
        """Count one more report on a part; say whether it is by now a spike of its own.

        So it is when too few of its reports are on its host, or most of the site's are its own.
        """
        part.count(seen)
        if part.host != SITE:
            return SAME * part.away > part.here + part.away
        # To look costs as much as the site had reports of late, so only at powers of two.
        look = part.here >= FEW and part.here & (part.here - 1) == 0
        return look and self._is_cause(replace(part.signal, at=seen.at))

    def _is_cause(self, signal: Signal) -> bool:
        """Whether most of the site's last reports are the signal's own."""
        everything = self._recent.of(SITE, signal.at - LATELY)
        return 2 * len(self._since(signal, within=LATELY)) >= len(everything)

    def is_one_key(self, signal: Signal) -> bool:
        """Whether one story or commenter has most of a surge, which then is not the site's."""
        mine = self._since(signal, within=LATELY)
        stories = Counter(seen.report.story for seen in mine)
        authors = Counter(seen.report.author for seen in mine)
        for tier, counts in ((Tier.STORY, stories), (Tier.COMMENTER, authors)):
            key, count = counts.most_common(1)[0]
            if 2 * count >= len(mine) and key and not self.is_the_site((tier, key), signal.at):
                return True
        return False

    def is_fresh(self, incident: Incident, at: float) -> bool:
        """Whether an incident on a key still answers for what the site gets of it."""
        return incident.tier is not Tier.SITE and at - incident.opened < FRESH

    def is_the_site(self, pair: Pair, at: float) -> bool:
        """Whether a key usually has so much of the site's reports that the two are one."""
        usual = self._detector.usual(*pair, at)
        return MOST_OF_SITE * usual >= self._detector.season.usual(at)

    def _since(self, signal: Signal, within: float = WEEK) -> list[Seen]:
        since = max(signal.since, signal.at - within)
        return self._recent.of((signal.tier, signal.key), since)

"""The last reports as they came, and whether their readers may have agreed on them."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import takewhile
from typing import Any

from bot.domain.brigades import Complaint, Coordination, Readers, Suspicion, note_mark, weigh
from bot.domain.spikes.sighting import Sighting, Tier
from bot.domain.spikes.state import State

RECENT = 4096
"""Reports kept whole, to tell what an incident is about once it is one."""
REFERRERS, REFERRER_KEEP = 64, 0.999

Pair = tuple[Tier, str]
"""A tier and a key on it; the site's key is empty."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A report kept whole for a while; of a note, only a mark is kept."""

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


class Witnesses:
    """The last reports of a site, and each reader's last targets."""

    def __init__(self) -> None:
        self._readers = Readers()
        self._recent: deque[Seen] = deque(maxlen=RECENT)
        self._referrers: dict[str, float] = {}

    def keep(self, report: Sighting, at: float) -> None:
        """Keep a report."""
        new = self._readers.add(report.reader, _target(report))
        if report.note:
            report = replace(report, note=note_mark(report.note))
        self._recent.append(Seen(at, report, new))
        if report.referrer:
            self._refer(report.referrer)

    def of(self, pair: Pair, since: float) -> list[Seen]:
        """Return a key's reports since a time, the newest first."""
        late = takewhile(lambda seen: seen.at >= since, reversed(self._recent))
        return [seen for seen in late if seen.on(pair)]

    def assess(self, pair: Pair, since: float, *, over: bool) -> Coordination | None:
        """Say whether the readers of a spike may have agreed; `None` if none of it is kept.

        When it is `over` and nothing speaks against its readers, the site's usual overlap is
        learned from it.
        """
        seen = self.of(pair, since)[::-1]
        if not seen:
            return None
        readers = list(dict.fromkeys(s.report.reader for s in seen))
        overlap, sharing = self._readers.overlap(readers, {_target(s.report) for s in seen})
        verdict = weigh(
            [s.complaint() for s in seen],
            overlap=overlap,
            sharing=sharing,
            organic=self._readers.organic(),
            referrers=self._usual_referrers(),
        )
        if over and verdict.suspicion is Suspicion.NONE:
            self._readers.learn(overlap)
        return verdict

    def snapshot(self) -> State:
        """Return the state as JSON."""
        return {
            "readers": self._readers.snapshot(),
            "recent": [[seen.at, asdict(seen.report), seen.new] for seen in self._recent],
            "referrers": list(self._referrers.items()),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state from its JSON."""
        self._readers.restore(state["readers"])
        recent: Iterable[tuple[float, dict[str, Any], bool]] = state["recent"]
        self._recent.clear()
        self._recent.extend(Seen(at, Sighting(**report), new) for at, report, new in recent)
        self._referrers = dict(state["referrers"])

    def _refer(self, referrer: str) -> None:
        table = self._referrers
        if referrer not in table and len(table) >= REFERRERS:
            del table[min(table, key=lambda name: table[name])]
        for name in table:
            table[name] *= REFERRER_KEEP
        table[referrer] = table.get(referrer, 0.0) + 1.0

    def _usual_referrers(self) -> dict[str, float]:
        total = sum(self._referrers.values()) or 1.0
        return {name: count / total for name, count in self._referrers.items()}


def _target(report: Sighting) -> str:
    return report.author or report.story

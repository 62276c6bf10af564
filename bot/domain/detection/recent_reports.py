"""The last reports as they came, and whether their readers may have agreed on them."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import takewhile
from typing import Any

from bot.domain.detection.baselines import Share, Table
from bot.domain.detection.brigades import (
    FEWEST,
    NEW,
    REJECTED,
    Complaint,
    Coordination,
    Suspicion,
    Usual,
    newcomers,
    note_mark,
    record,
    weigh,
)
from bot.domain.detection.events import ReportEvent, State, Tier, packed
from bot.domain.detection.reporter_overlap import Readers

RECENT = 4096
"""Reports kept whole, to tell what an incident is about once it is one."""
KEPT = 35 * 86_400.0
"""Seconds after which none is kept, however few there are."""
NAMES, KEEP = 64, 0.999
"""Referrers and texts that are known apart, and what is left of the usual after each report."""
REPORTS, CROWDS, CROWD_KEEP = 6.0, 8.0, 0.98
"""Reports and crowds that the figures at the start count for, and what is left after a crowd."""
UNHEARD = 500.0
"""Reports with a start of none of them, so that a young site's first crowd is not its custom."""
_FIELDS = tuple(one.name for one in fields(ReportEvent))

Pair = tuple[Tier, str]
"""A tier and a key on it; the site's key is empty."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A report kept whole for a while; of a note, only a mark is kept."""

    at: float
    report: ReportEvent
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


class RecentReports:
    """The last reports of a site, and each reader's last targets."""

    def __init__(self) -> None:
        self._readers = Readers()
        self._recent: deque[Seen] = deque(maxlen=RECENT)
        self._new = Share(NEW * REPORTS, REPORTS, keep=KEEP)
        self._crowd_new = Share(NEW * CROWDS, CROWDS, keep=CROWD_KEEP)
        self._rejected = Share(REJECTED * REPORTS, REPORTS, keep=KEEP)
        self._referrers = Table(NAMES, keep=KEEP, start=UNHEARD)
        self._notes = Table(NAMES, keep=KEEP, start=UNHEARD)

    def keep(self, report: ReportEvent, at: float) -> None:
        """Keep a report, and learn from it what is usual; those too old to count go."""
        new = self._readers.add(report.reader, _target(report), at)
        if report.note:
            report = replace(report, note=note_mark(report.note))
        self._recent.append(Seen(at, report, new))
        while self._recent[0].at < at - KEPT:
            self._recent.popleft()
        self._new.learn(float(new))
        rejected, decided = record(report.rejected, report.decided)
        if decided:
            self._rejected.learn(rejected / decided)
        self._referrers.add(report.referrer)
        self._notes.add(report.note)

    def of(self, pair: Pair, since: float) -> list[Seen]:
        """Return a key's reports since a time, the newest first."""
        late = takewhile(lambda seen: seen.at >= since, reversed(self._recent))
        return [seen for seen in late if seen.on(pair)]

    def assess(self, pair: Pair, since: float, *, over: bool) -> Coordination | None:
        """Say whether the readers of a spike may have agreed; `None` if none of it is kept.

        When it is `over` and no brigade was likely, what is usual for a crowd is learned from it.
        """
        seen = self.of(pair, since)[::-1]
        if not seen:
            return None
        first = list({s.report.reader: s for s in reversed(seen)}.values())[::-1]
        bond = self._readers.bond(
            [s.report.reader for s in first], {_target(s.report) for s in seen}
        )
        complaints = [s.complaint() for s in first]
        verdict = weigh(complaints, bond, self._usual(complaints))
        if over and len(first) >= FEWEST and verdict.suspicion is not Suspicion.LIKELY:
            self._crowd_new.learn(newcomers(complaints))
        return verdict

    def _usual(self, complaints: Sequence[Complaint]) -> Usual:
        return Usual(
            # Where regulars do most of it, a crowd still draws people who never reported before;
            # to a desk that has only just begun, everybody is new.
            new=max(self._crowd_new.mean, self._new.mean),
            crowd_new=self._crowd_new.mean,
            rejected=self._rejected.mean,
            referrers={c.referrer: self._referrers.share(c.referrer) for c in complaints},
            notes={c.note: self._notes.share(c.note) for c in complaints},
        )

    def snapshot(self) -> State:
        """Return the state as JSON."""
        return {
            "readers": self._readers.snapshot(),
            "recent": [[seen.at, packed(seen.report, _FIELDS), seen.new] for seen in self._recent],
            "usual": {
                "new": self._new.snapshot(),
                "crowd new": self._crowd_new.snapshot(),
                "rejected": self._rejected.snapshot(),
                "referrers": self._referrers.snapshot(),
                "notes": self._notes.snapshot(),
            },
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state from its JSON; an older one lacks what is usual, which starts anew."""
        self._readers.restore(state["readers"])
        recent: Iterable[tuple[float, dict[str, Any], bool]] = state["recent"]
        self._recent.clear()
        self._recent.extend(Seen(at, ReportEvent(**report), new) for at, report, new in recent)
        usual = state.get("usual") or RecentReports().snapshot()["usual"]
        self._new.restore(usual["new"])
        self._crowd_new.restore(usual["crowd new"])
        self._rejected.restore(usual["rejected"])
        self._referrers.restore(usual["referrers"])
        self._notes.restore(usual["notes"])


def _target(report: ReportEvent) -> str:
    return report.author or report.story

"""Whether the readers of a spike may have agreed to report together: five signals and a sum."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zlib import crc32

RING = 16
"""Targets remembered of each reader."""
FEWEST = 5
"""Distinct readers under whom nothing is ever said."""
MOST_READERS = 20_000
MOST_DEGREES = 40_000
CEILING = 6.0
"""One signal speaks for at most six powers of ten."""
POSSIBLE, LIKELY, LIKELY_OVERLAP = 3.0, 5.0, 3.0
ORGANIC_OVERLAP = 0.0006
"""Overlap of unrelated readers before the site's own is known."""
OVERLAP_SPREAD = 0.6
"""How far the logarithm of organic overlap strays."""
OVERLAP_KEEP = 0.98
OVERLAP_PRIOR = 20.0
WORDS = 3
"""A note shorter than this is nobody's in particular."""
CROWD = 40
"""Readers compared pair by pair; more would say no more and cost their square."""


class Suspicion(StrEnum):
    """What may be said about a spike's readers."""

    NONE = "none"
    POSSIBLE = "possible"
    LIKELY = "likely"


class Sign(StrEnum):
    """What speaks for an agreement."""

    OVERLAP = "overlap"
    NEW_READERS = "new readers"
    REFERRER = "referrer"
    NOTE = "note"
    RECORD = "record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One signal: its weight (powers of ten against chance), and how many of how many readers."""

    sign: Sign
    weight: float
    readers: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordination:
    """The verdict, for people to weigh: it blocks no reader and hides no comment."""

    suspicion: Suspicion
    score: float
    readers: int
    clues: tuple[Clue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What one reader did in a spike. `rejected` of `decided` earlier reports were in vain.

    `note` is a mark of the reader's words (`note_mark`), never the words.
    """

    reader: str
    new: bool
    referrer: str = ""
    note: str = ""
    rejected: int = 0
    decided: int = 0


class Readers:
    """The last targets of each reader and how often each target was reported; bounded."""

    def __init__(self) -> None:
        self._targets: dict[str, list[str]] = {}
        self._degrees: dict[str, int] = {}
        self._organic = math.log(ORGANIC_OVERLAP)
        self._weight = OVERLAP_PRIOR

    def add(self, reader: str, target: str) -> bool:
        """Remember that a reader reported a target; say whether the reader is new."""
        ring = self._targets.pop(reader, None)
        new = ring is None
        ring = ring if ring is not None else []
        if target not in ring:
            ring.append(target)
            del ring[:-RING]
            degree = self._degrees.pop(target, 0)
            _make_room(self._degrees, MOST_DEGREES)
            self._degrees[target] = degree + 1
        _make_room(self._targets, MOST_READERS)
        self._targets[reader] = ring
        return new

    def overlap(self, readers: Sequence[str], without: Iterable[str]) -> tuple[float, int]:
        """Return the mean overlap of pairs of readers, and how many share a target.

        The targets of the spike itself (`without`) are left out, or every pair would agree.
        """
        here = set(without)
        known = [set(self._targets.get(reader, ())) - here for reader in readers[:CROWD]]
        total, pairs = 0.0, 0
        sharing: set[int] = set()
        for i, mine in enumerate(known):
            for j in range(i):
                pairs += 1
                common = mine & known[j]
                if common:
                    total += self._rarity(common) / len(mine | known[j])
                    sharing.update((i, j))
        return (total / pairs if pairs else 0.0), len(sharing)

    def organic(self) -> float:
        """Return the overlap usual among readers of a spike at this site."""
        return math.exp(self._organic)

    def learn(self, overlap: float) -> None:
        """Learn from the overlap of a crowd that nothing speaks against."""
        self._weight = self._weight * OVERLAP_KEEP + 1.0
        value = math.log(max(overlap, ORGANIC_OVERLAP / 10.0))
        self._organic += (value - self._organic) / self._weight

    def snapshot(self) -> dict[str, Any]:
        """Return the state as JSON."""
        return {
            "targets": [[reader, ring[:]] for reader, ring in self._targets.items()],
            "degrees": [[target, degree] for target, degree in self._degrees.items()],
            "organic": [self._organic, self._weight],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state from its JSON."""
        self._targets = {reader: list(ring) for reader, ring in state["targets"]}
        self._degrees = dict(state["degrees"])
        self._organic, self._weight = state["organic"]

    def _rarity(self, targets: Iterable[str]) -> float:
        # In order, for a sum of floats in the order of a set would differ from run to run.
        return math.fsum(
            1.0 / math.log2(2.0 + self._degrees.get(target, 1)) for target in sorted(targets)
        )


def weigh(
    complaints: Sequence[Complaint],
    *,
    overlap: float,
    sharing: int,
    organic: float,
    referrers: Mapping[str, float],
) -> Coordination:
    """Weigh a spike's complaints; one per reader counts.

    `referrers` is each referrer's usual part of the reports, `overlap` and `sharing` come from
    `Readers.overlap`, `organic` from `Readers.organic`.
    """
    first = list({complaint.reader: complaint for complaint in reversed(complaints)}.values())
    count = len(first)
    if count < FEWEST:
        return Coordination(suspicion=Suspicion.NONE, score=0.0, readers=count, clues=())
    clues = [
        _overlap_clue(overlap, sharing, count, organic),
        _new_clue(first),
        _referrer_clue(first, referrers),
        _note_clue(first),
        _record_clue(first),
    ]
    told = tuple(
        sorted((c for c in clues if c.weight >= 1.0), key=lambda c: (-c.weight, c.sign.value))
    )
    score = math.fsum(clue.weight for clue in clues)
    return Coordination(
        suspicion=_suspicion(score, clues[0].weight), score=score, readers=count, clues=told
    )


def tail(count: int, of: int, alpha: float, beta: float) -> float:
    """Return minus the decimal logarithm of a beta-binomial's P(at least `count` in `of`)."""
    if count <= 0:
        return 0.0
    total = math.fsum(
        math.exp(
            math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1)
            + _log_beta(k + alpha, of - k + beta) - _log_beta(alpha, beta)
        )
        for k in range(count, of + 1)
    )  # fmt: skip
    return min(CEILING, max(0.0, -math.log10(min(1.0, max(total, 1e-12)))))


def _suspicion(score: float, overlap: float) -> Suspicion:
    if score >= LIKELY or overlap >= LIKELY_OVERLAP:
        return Suspicion.LIKELY
    return Suspicion.POSSIBLE if score >= POSSIBLE else Suspicion.NONE


def _overlap_clue(overlap: float, sharing: int, of: int, organic: float) -> Clue:
    weight = 0.0
    if overlap > organic:
        stray = math.log(overlap / organic) / (OVERLAP_SPREAD * math.sqrt(2.0))
        weight = min(CEILING, -math.log10(max(0.5 * math.erfc(stray), 1e-12)))
    return Clue(sign=Sign.OVERLAP, weight=weight, readers=sharing, of=of)


def _new_clue(complaints: Sequence[Complaint]) -> Clue:
    new = sum(complaint.new for complaint in complaints)
    of = len(complaints)
    return Clue(sign=Sign.NEW_READERS, weight=tail(new, of, 8.0, 16.0), readers=new, of=of)


def _referrer_clue(complaints: Sequence[Complaint], usual: Mapping[str, float]) -> Clue:
    came = _counts(complaint.referrer for complaint in complaints)
    of = sum(came.values())
    best, most = 0.0, 0
    for referrer, count in came.items():
        part = min(max(usual.get(referrer, 0.05), 0.02), 0.98)
        weight = tail(count, of, 8.0 * part, 8.0 * (1.0 - part)) - math.log10(len(came))
        if weight > best:
            best, most = weight, count
    return Clue(sign=Sign.REFERRER, weight=best, readers=most, of=len(complaints))


def _note_clue(complaints: Sequence[Complaint]) -> Clue:
    notes = _counts(complaint.note for complaint in complaints)
    same = max(notes.values(), default=0)
    of = len(complaints)
    # The first of a text is nobody's copy.
    weight = tail(same - 1, of - 1, 1.0, 25.0)
    return Clue(sign=Sign.NOTE, weight=weight, readers=same, of=of)


def _record_clue(complaints: Sequence[Complaint]) -> Clue:
    rejected = sum(min(complaint.rejected, RING) for complaint in complaints)
    decided = sum(min(complaint.decided, RING) for complaint in complaints)
    poor = sum(2 * complaint.rejected > complaint.decided for complaint in complaints)
    weight = tail(rejected, decided, 8.0, 10.0)
    return Clue(sign=Sign.RECORD, weight=weight, readers=poor, of=len(complaints))


def _counts(words: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        if word:
            counts[word] = counts.get(word, 0) + 1
    return counts


def note_mark(note: str) -> str:
    """Return what is the same for notes of the same three words or more, and empty for others."""
    words = "".join(c if c.isalnum() else " " for c in note.casefold()).split()
    return f"{crc32(' '.join(words).encode()):08x}" if len(words) >= WORDS else ""


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _make_room(table: dict[str, Any], most: int) -> None:
    if len(table) >= most:
        del table[next(iter(table))]

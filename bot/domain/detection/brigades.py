"""Whether the readers of a spike may have agreed to report together: five signals and a sum."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from zlib import crc32

from bot.domain.detection.reporter_overlap import CROWD, Bond

FEWEST = 5
"""Distinct readers under whom nothing is ever said."""
FEWEST_ON_A_CASE = 3
"""Reports on a case in the spike without which it is not marked; one reader is no brigade."""
CEILING = 6.0
"""One signal speaks for at most six powers of ten."""
POSSIBLE, LIKELY = 3.0, 4.0
"""The sum of all signals that is said to be so; the pasts of a crowd say it alone with less."""
POSSIBLE_OVERLAP, LIKELY_OVERLAP = 2.1, 2.5
TARGETS, ONCE = 2, 2.0
"""Regulars who were once of one mind before are no conspiracy: a past that shares but one target
speaks for so much at most, and so never alone."""
WORDS = 3
"""A note shorter than this is nobody's in particular."""
JUDGED = 16
"""Earlier reports of one reader that count."""

NEW, NEW_STRENGTH = 1.0 / 3.0, 24.0
"""First-time reporters in a crowd that did not agree on anything, and how little that strays."""
REJECTED, REJECTED_STRENGTH = 8.0 / 18.0, 18.0
COPIED, COPIED_STRENGTH = 1.0 / 26.0, 26.0
LED, LED_STRENGTH = 0.45, 8.0
"""A crowd mostly comes by one link, from wherever; so many of it, as a rule."""

BY_READER, BY_PAIR, ANYWAY = 4.0, 0.8, 0.1
"""How the overlap of unrelated readers scatters: the square of its relative deviation is the
first by the readers expected to have a past, the second by the pairs expected to share a target,
and the third. Measured on made-up crowds of 5 to 40, for all sorts of sites."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What is usual at the site.

    `new` is the share of first-time reporters that a crowd may have without having agreed,
    `crowd_new` the share it has as a rule. `rejected` is how many of its readers' reports were in vain;
    `referrers` and `notes` say how many of all reports come from where, and with which text.
    """

    new: float = NEW
    crowd_new: float = NEW
    rejected: float = REJECTED
    referrers: Mapping[str, float] = field(default_factory=dict[str, float])
    notes: Mapping[str, float] = field(default_factory=dict[str, float])


def newcomers(complaints: Sequence[Complaint]) -> float:
    """Return the share of first-time reporters."""
    return sum(complaint.new for complaint in complaints) / len(complaints)


def weigh(complaints: Sequence[Complaint], bond: Bond, usual: Usual) -> Coordination:
    """Weigh a spike's complaints; one per reader counts."""
    first = list({complaint.reader: complaint for complaint in reversed(complaints)}.values())
    count = len(first)
    if count < FEWEST:
        return Coordination(suspicion=Suspicion.NONE, score=0.0, readers=count, clues=())
    clues = [
        _overlap_clue(bond, count, 1.0 - min(usual.crowd_new, 0.95)),
        _new_clue(first, usual.new),
        _referrer_clue(first, usual.referrers),
        _note_clue(first, usual.notes),
        _record_clue(first, usual.rejected),
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
    if score >= POSSIBLE or overlap >= POSSIBLE_OVERLAP:
        return Suspicion.POSSIBLE
    return Suspicion.NONE


def _overlap_clue(bond: Bond, of: int, aged: float) -> Clue:
    compared = min(of, CROWD)
    pairs = compared * (compared - 1) / 2
    usual = bond.usual * aged**2
    weight = 0.0
    if bond.overlap > usual:
        sharing = pairs * bond.usual_sharing * aged**2
        variance = BY_READER / (compared * aged) + BY_PAIR / sharing + ANYWAY
        spread = math.sqrt(math.log1p(variance))
        stray = math.log(bond.overlap / usual) / spread + spread / 2.0
        weight = min(CEILING, -math.log10(max(0.5 * math.erfc(stray / math.sqrt(2.0)), 1e-12)))
        # Where most of a crowd share nothing, a few old friends in it do not make it theirs.
        weight *= min(1.0, 2.0 * bond.sharing / compared)
        if bond.targets < TARGETS:
            weight = min(weight, ONCE)
    return Clue(sign=Sign.OVERLAP, weight=weight, readers=bond.sharing, of=of)


def _new_clue(complaints: Sequence[Complaint], usual: float) -> Clue:
    new = sum(complaint.new for complaint in complaints)
    of = len(complaints)
    weight = _above(new, of, usual, NEW_STRENGTH)
    return Clue(sign=Sign.NEW_READERS, weight=weight, readers=new, of=of)


def _referrer_clue(complaints: Sequence[Complaint], usual: Mapping[str, float]) -> Clue:
    came = _counts(complaint.referrer for complaint in complaints)
    best, most, of = 0.0, 0, len(complaints)
    for referrer, count in came.items():
        part = max(LED, usual.get(referrer, 0.0))
        weight = _above(count, of, part, LED_STRENGTH) - math.log10(len(came))
        if weight > best:
            best, most = weight, count
    return Clue(sign=Sign.REFERRER, weight=best, readers=most, of=of)


def _note_clue(complaints: Sequence[Complaint], usual: Mapping[str, float]) -> Clue:
    notes = _counts(complaint.note for complaint in complaints)
    best, most, of = 0.0, 0, len(complaints)
    for note, count in notes.items():
        # The first of a text is nobody's copy.
        part = max(COPIED, usual.get(note, 0.0))
        weight = _above(count - 1, of - 1, part, COPIED_STRENGTH)
        if weight > best:
            best, most = weight, count
    return Clue(sign=Sign.NOTE, weight=best, readers=most, of=of)


def _record_clue(complaints: Sequence[Complaint], usual: float) -> Clue:
    records = [record(complaint.rejected, complaint.decided) for complaint in complaints]
    rejected, decided = (sum(figures) for figures in zip(*records, strict=True))
    poor = sum(2 * complaint.rejected > complaint.decided for complaint in complaints)
    weight = _above(rejected, decided, usual, REJECTED_STRENGTH)
    return Clue(sign=Sign.RECORD, weight=weight, readers=poor, of=len(complaints))


def record(rejected: int, decided: int) -> tuple[int, int]:
    """Return what counts of a reader's record, so that the busiest do not speak for all."""
    if decided <= JUDGED:
        return rejected, decided
    return round(rejected * JUDGED / decided), JUDGED


def _above(count: int, of: int, mean: float, strength: float) -> float:
    mean = min(mean, 0.98)
    return tail(count, of, strength * mean, strength * (1.0 - mean))


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

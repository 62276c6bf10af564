"""What may have been done to a record where its chain breaks: each thing undone, and how far it goes.

Lines are looked at here by what ties them together, and not by what they say.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain
from typing import Final

from bot.domain.chain import GENESIS

_CANDIDATES: Final = 4
"""Lines that may belong in the place of the break, of those that name the line before it."""

_STEPS: Final = 20
"""Steps of contests after one line, behind each of which something may belong."""


class LineKind(StrEnum):
    """What a line is."""

    DECISION = "decision"
    ERASURE = "erasure"
    CONTEST_STEP = "contest step"


class FaultKind(StrEnum):
    """What was done to the record."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The first thing in a record that is not as it was recorded.

    It is about the lines of one kind from the number `first` to `last`, as they stand there, or as
    they would if they had not been removed. Where the order was changed, `instead` is the number
    of the line that stands in the place of `first`. `contest` is that of a step, as far as known.
    """

    kind: FaultKind
    line: LineKind
    first: int
    last: int
    instead: int | None = None
    contest: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line by what ties it to others: it was `sealed` under a number, or is not as it was sealed.

    One that `is_any` stands for a line that is gone or was changed, and for all up to its number.
    """

    kind: LineKind
    number: int
    sealed: int | None = None
    previous: str = ""
    digest: str | None = None
    head: str = ""
    after: int = 0
    contest: int | None = None
    is_asked: bool = False
    is_any: bool = False

    @property
    def is_step(self) -> bool:
        """Whether it is of the chain of steps, and not of the record's own."""
        return self.kind is LineKind.CONTEST_STEP

    @property
    def name(self) -> int:
        """The number that it was recorded under, as far as that is known."""
        return self.number if self.sealed is None else self.sealed

    @property
    def is_renumbered(self) -> bool:
        """Whether it was sealed under another number."""
        return self.name != self.number


def _nothing_passed() -> dict[LineKind, int]:
    return dict.fromkeys(LineKind, 0)


def _no_heads() -> dict[bool, str | None]:
    return {False: GENESIS, True: GENESIS}


@dataclass(slots=True, kw_only=True)
class ItemWalk:
    """Walks over lines by their ties; after one that may be any, what follows names no `known` one."""

    known: frozenset[str] = frozenset()
    counts: dict[LineKind, int] = field(default_factory=_nothing_passed)
    heads: dict[bool, str | None] = field(default_factory=_no_heads)
    is_loose: bool = False

    def copy(self, known: frozenset[str] = frozenset()) -> "ItemWalk":
        """Return a walk that goes on from here."""
        return ItemWalk(known=known, counts={**self.counts}, heads={**self.heads})

    def accepts(self, item: Item) -> bool:
        """Whether this is the next line, by its ties; then the walk goes on from it."""
        if item.is_any:
            self.is_loose = True
        elif not self.fits(item):
            return False
        self.counts[item.kind] = item.name
        self.heads[item.is_step] = item.digest
        return True

    def fits(self, item: Item) -> bool:
        """Whether this is the next line."""
        if item.sealed != self.counts[item.kind] + 1:
            return False
        return self._follows(item.previous, is_step=item.is_step) and self._is_in_place(item)

    def _follows(self, previous: str, *, is_step: bool) -> bool:
        head = self.heads[is_step]
        return previous == head or (head is None and previous not in self.known)

    def _is_in_place(self, item: Item) -> bool:
        if item.kind is LineKind.ERASURE:
            return item.after == self.counts[LineKind.DECISION]
        if item.kind is LineKind.DECISION or self._follows(item.head, is_step=False):
            return True
        return self.is_loose and item.head not in self.known


_Reading = tuple[Fault, Sequence[Item]]
"""What may have been done, and the lines as they were before."""


class Repairs:
    """Finds what, undone, lets the walk from the `start` of some lines go on furthest.

    It broke off `at` one of them. If it `owes_erasure`, something is gone of which no erasure says so.
    """

    def __init__(
        self, *, items: Sequence[Item], at: int, start: ItemWalk, owes_erasure: bool = False
    ) -> None:
        self._items = [*items]
        self._at = at
        self._owes_erasure = owes_erasure
        self._is_whole = not any(start.counts.values())
        self._named = {tie for one in items for tie in (one.previous, one.head)}
        self._start = start.copy(frozenset(one.digest for one in items if one.digest))
        self._walk = self._start.copy()
        for item in self._items[:at]:
            self._walk.accepts(item)

    def fault(self) -> Fault:
        """Return what was done; of what explains it equally well, the likeliest."""
        best, fewest = None, len(self._items) + 1
        for fault, lines in self._readings():
            left = self._unexplained(lines)
            if left < fewest:
                best, fewest = fault, left
            if not left:
                break
        return best or self._changed(self._at)[0]

    def _unexplained(self, lines: Sequence[Item]) -> int:
        walk = self._start.copy(self._start.known)
        stop = next((i for i, one in enumerate(lines) if not walk.accepts(one)), len(lines))
        return len(lines) - stop

    def _readings(self) -> Iterator[_Reading]:
        line = self._items[self._at]
        if self._walk.fits(line):
            yield _fault(FaultKind.CHANGED, line), self._items  # nothing but its number
        if self._owes_erasure:
            yield self._without_word(LineKind.ERASURE)
        if line.sealed is None:
            yield self._changed(self._at)
        yield from self._moved()
        yield from self._gone()
        yield from self._swapped()
        yield from self._renumbered()
        yield from map(self._changed, self._before())
        yield from self._put_in()
        yield self._without_word(LineKind.DECISION)
        yield self._without_word(LineKind.ERASURE)
        yield self._changed(self._at)

    def _changed(self, at: int) -> _Reading:
        line, lines = self._items[at], [*self._items]
        lines[at] = self._any(line)
        return _fault(FaultKind.CHANGED, line), lines

    def _any(self, line: Item) -> Item:
        """Return what stands for a changed line; who sealed it anew changed its digest too."""
        digest = line.digest if line.digest in self._named else None
        return replace(line, is_any=True, digest=digest)

    def _before(self) -> Iterator[int]:
        """Yield where the last line of either chain before the break stands."""
        for is_step in (self._items[self._at].is_step, not self._items[self._at].is_step):
            behind = range(self._at - 1, -1, -1)
            yield from [at for at in behind if self._items[at].is_step == is_step][:1]

    def _fitting(self) -> list[int]:
        """Return where lines stand, behind the break, that name the line before it."""
        fitting = (
            at
            for at in range(self._at + 1, len(self._items))
            if self._items[at].previous == self._walk.heads[self._items[at].is_step]
        )
        return [at for at, _ in zip(fitting, range(_CANDIDATES), strict=False)]

    def _moved(self) -> Iterator[_Reading]:
        """Put a line behind what it was sealed after; of two neighbours, the decision was moved."""
        moved = [*self._fitting(), self._at, *self._before()]
        for at in sorted(moved, key=lambda one: self._items[one].kind is not LineKind.DECISION):
            line, rest = self._items[at], self._items[:at] + self._items[at + 1 :]
            put = self._any(line) if line.sealed is None else line
            for place in self._places(line, rest):
                if place != at:
                    fault = self._order_changed(at, place)
                    yield fault, [*rest[:place], put, *rest[place:]]

    def _places(self, line: Item, rest: Sequence[Item]) -> Iterator[int]:
        """Yield where a line may belong: behind what it names, and the steps that follow on that."""
        for first in self._behind_ties(line, rest):
            for place in range(first, min(first + _STEPS, len(rest)) + 1):
                yield place
                if place == len(rest) or not rest[place].is_step:
                    break

    def _behind_ties(self, line: Item, lines: Sequence[Item]) -> list[int]:
        """Return the places behind what a line names; the first if it names the record's start."""
        ties = {line.previous, line.head}
        start = [0] if GENESIS in ties and self._is_whole else []
        return start + [at for at, one in enumerate(lines, 1) if one.digest in ties]

    def _renumbered(self) -> Iterator[_Reading]:
        """Move decisions of a database, where steps and erasures stand by what they name."""
        for fault, lines in chain(self._moved(), self._swapped()):
            if fault.line is LineKind.DECISION:
                yield fault, self._settled(lines)

    def _settled(self, lines: Sequence[Item]) -> Sequence[Item]:
        by_kind = _by_kind(lines)
        made = self._start.counts[LineKind.DECISION]
        erasures = [(one.after, one) for one in by_kind[LineKind.ERASURE]]
        record = _in_order([*enumerate(by_kind[LineKind.DECISION], made + 1), *erasures])
        ends = {one.digest: at for at, one in enumerate(record)}
        steps = [(ends.get(one.head, -1), one) for one in by_kind[LineKind.CONTEST_STEP]]
        return _in_order([*enumerate(record), *steps])

    def _order_changed(self, at: int, place: int) -> Fault:
        """Tell a line that was moved from one that stands elsewhere because a field was changed."""
        line = self._items[at]
        others = self._items[min(at, place) : max(at, place) + 1]
        renumbered = [one for one in others if one.is_renumbered]
        if line.sealed is None or renumbered == [line]:
            return _fault(FaultKind.CHANGED, line)
        return self._instead_of(line) if place == self._at else _fault(FaultKind.REORDERED, line)

    def _instead_of(self, line: Item) -> Fault:
        there, fault = self._items[self._at], _fault(FaultKind.REORDERED, line)
        return replace(fault, instead=there.name) if there.kind is line.kind else fault

    def _put_in(self) -> Iterator[_Reading]:
        """Take out what stands here, or between this and the line that it was sealed after."""
        ends = (self._at + 1, *self._fitting())
        runs = [*self._runs_before(), *([*range(self._at, end)] for end in ends)]
        return (self._inserted(run) for run in sorted(filter(None, runs), key=len))

    def _runs_before(self) -> Iterator[list[int]]:
        for first in self._behind_ties(self._items[self._at], self._items[: self._at]):
            between = range(first, self._at)
            for is_step in (False, True):
                yield [at for at in between if self._items[at].is_step == is_step]

    def _inserted(self, run: Sequence[int]) -> _Reading:
        gone = {*run}
        lines = [one for at, one in enumerate(self._items) if at not in gone]
        first = self._items[run[0]]
        alike = [self._items[at].number for at in run if self._items[at].kind is first.kind]
        fault = _fault(FaultKind.INSERTED, first)
        return replace(fault, first=min(alike), last=max(alike)), lines

    def _gone(self) -> Iterator[_Reading]:
        """Put in what numbers say is missing, of each kind, and of all together."""
        missing = [one for kind in LineKind for one in self._missing(kind)]
        for one in missing:
            yield self._removed([one])
        of_each = {one.kind: one for one in missing}
        if len(of_each) > 1:
            yield self._removed([*of_each.values()])

    def _missing(self, kind: LineKind) -> list[Item]:
        made, ends = self._walk.counts[kind], sorted(self._told_before(kind))
        return [Item(kind=kind, number=one, is_any=True) for one in ends if one > made]

    def _told_before(self, kind: LineKind) -> set[int]:
        """Return up to which number there were lines of a kind, as the next sealed ones tell."""
        sealed = _by_kind(one for one in self._items[self._at :] if one.sealed)
        told = {one.name - 1 for one in sealed[kind][:1]}
        if kind is LineKind.DECISION:
            told |= {one.after for one in sealed[LineKind.ERASURE][:1]}
        return told

    def _without_word(self, kind: LineKind) -> _Reading:
        """Put in one line of which no number tells."""
        return self._removed([Item(kind=kind, number=self._walk.counts[kind] + 1, is_any=True)])

    def _removed(self, gone: Sequence[Item]) -> _Reading:
        first, at = gone[0], self._at
        fault = Fault(
            kind=FaultKind.REMOVED,
            line=first.kind,
            first=self._walk.counts[first.kind] + 1,
            last=first.number,
            contest=self._answered() if first.is_step else None,
        )
        return fault, [*self._items[:at], *gone, *self._items[at:]]

    def _answered(self) -> int | None:
        """Return the contest whose answer stands here: what is gone before it is of that one."""
        line = self._items[self._at]
        return None if line.is_asked else line.contest

    def _swapped(self) -> Iterator[_Reading]:
        for at in self._fitting():
            for other in (self._at, *self._before()):
                lines = [*self._items]
                lines[other], lines[at] = lines[at], lines[other]
                yield self._instead_of(self._items[at]), lines


def _by_kind(lines: Iterable[Item]) -> dict[LineKind, list[Item]]:
    known = [*lines]
    return {kind: [one for one in known if one.kind is kind] for kind in LineKind}


def _in_order(placed: Iterable[tuple[int, Item]]) -> list[Item]:
    """Return lines by their places; in the same one an erasure follows a decision, and a step both."""
    kinds = [*LineKind]
    return [one for _, one in sorted(placed, key=lambda one: (one[0], kinds.index(one[1].kind)))]


def _fault(kind: FaultKind, line: Item) -> Fault:
    return Fault(kind=kind, line=line.kind, first=line.name, last=line.name, contest=line.contest)

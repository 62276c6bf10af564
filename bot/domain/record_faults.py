"""Which line of a record that does not verify was changed, removed, inserted or moved.

A walk only knows where the chain breaks, and that may be a line that nobody touched. So what may
have been done there is undone, one thing after the other (`bot.domain.record_repairs`): the fault is
what, undone, lets the walk go on furthest.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from bot.domain.chain import holds, holds_sealed
from bot.domain.decisions import Decision, to_row
from bot.domain.erasure import ErasedRow, Erasure, digest_of
from bot.domain.ids import DecisionId
from bot.domain.readers.contest_steps import ContestStep, is_sealed
from bot.domain.record import Line
from bot.domain.record_repairs import Fault, FaultKind, Item, ItemWalk, LineKind, Repairs
from bot.domain.seals import Part, is_tombstone

_LOOKED_AT: Final = 5_000
"""Lines on either side of the break, and numbers, among which something that moved is sought."""

_BEYOND: Final = 100
"""Numbers before and beyond those that stand there, of lines that are gone."""

_SEARCHES: Final = 8
"""Lines of which the number is sought among all those; any more were changed."""


def find_fault(lines: Iterable[Line], erased: Mapping[int, ErasedRow]) -> Fault | None:
    """Return what is wrong first in a whole record, if anything.

    `erased` is what all its erasures together say is gone. A decision in which something is gone
    without their saying so is passed at first: an erasure may have been touched instead.
    """
    return _Search(erased).through(iter(lines))


class _Search:
    """Walks a record up to its first fault, with what is near to be looked at then."""

    def __init__(self, erased: Mapping[int, ErasedRow]) -> None:
        self._erased = erased
        self._walk = ItemWalk()
        self._start = ItemWalk()
        self._seen = deque[Item]()
        self._blank: Item | None = None

    def through(self, lines: Iterator[Line]) -> Fault | None:
        """Return what is wrong first, if anything."""
        for line in lines:
            item = _item(line, self._erased)
            if item.sealed != item.number or not self._walk.accepts(item):
                return self._fault_at([line, *islice(lines, _LOOKED_AT)])
            self._pass(line, item)
        return self._erased_without_word() if self._blank is not None else None

    def _pass(self, line: Line, item: Item) -> None:
        if self._blank is None and isinstance(line, Decision):
            self._blank = None if holds(line, self._erased.get(line.id)) else item
        self._seen.append(item)
        if len(self._seen) > _LOOKED_AT:
            self._start.accepts(self._seen.popleft())

    def _fault_at(self, behind: Sequence[Line]) -> Fault:
        blank, items = self._blank, [*self._seen, *_Numbers(self._erased).items(behind)]
        fault = Repairs(
            items=items, at=len(self._seen), start=self._start, owes_erasure=blank is not None
        ).fault()
        if blank is None or _explains(fault, blank, self._erased):
            return fault
        return _changed(blank)

    def _erased_without_word(self) -> Fault:
        """Tell an erasure that was cut off from a decision that was made to look erased."""
        if self._blank is not None and self._blank.number in self._erased:
            return _changed(self._blank)
        last = self._walk.counts[LineKind.ERASURE] + 1
        return Fault(kind=FaultKind.REMOVED, line=LineKind.ERASURE, first=last, last=last)


def _explains(fault: Fault, blank: Item, erased: Mapping[int, ErasedRow]) -> bool:
    """Whether it may also be why no erasure says that something is gone in a decision."""
    with_it = fault.kind is FaultKind.REMOVED and blank.number not in erased
    return with_it or fault.line is LineKind.ERASURE


def _changed(item: Item) -> Fault:
    return Fault(kind=FaultKind.CHANGED, line=item.kind, first=item.number, last=item.number)


def kind_of(line: Line) -> LineKind:
    """Return whether a line is a decision, an erasure or a step of a contest."""
    match line:
        case Decision():
            return LineKind.DECISION
        case Erasure():
            return LineKind.ERASURE
        case ContestStep():
            return LineKind.CONTEST_STEP


class _Numbers:
    """Finds under which numbers lines were sealed that bear another by now."""

    def __init__(self, erased: Mapping[int, ErasedRow]) -> None:
        self._erased = erased
        self._off = 0
        self._searches = _SEARCHES
        self._far = range(0)

    def items(self, lines: Sequence[Line]) -> list[Item]:
        """Return lines by their ties."""
        lowest, highest = min(one.id for one in lines), max(one.id for one in lines)
        first = max(1, lowest - _BEYOND)
        self._far = range(first, min(highest + _BEYOND, first + _LOOKED_AT))
        return [_item(line, self._erased, self._number_of(line)) for line in lines]

    def _number_of(self, line: Line) -> int | None:
        near = (line.id, line.id + self._off, line.id - 1, line.id + 1)
        number = self._first(line, near)
        if number is None and self._searches > 0:
            self._searches -= 1
            number = self._first(line, self._far)
        self._off = number - line.id if number is not None else self._off
        return number

    def _first(self, line: Line, numbers: Iterable[int]) -> int | None:
        return next((one for one in numbers if _is_sealed_as(line, one, self._erased)), None)


def _item(line: Line, erased: Mapping[int, ErasedRow], number: int | None = None) -> Item:
    tried = line.id if number is None else number
    item = Item(
        kind=kind_of(line),
        number=line.id,
        sealed=tried if _is_sealed_as(line, tried, erased) else None,
        previous=line.previous,
        digest=line.digest,
    )
    match line:
        case Decision():
            return item
        case Erasure():
            return replace(item, after=line.after)
        case ContestStep():
            return replace(
                item, head=line.head, contest=line.contest_id, is_asked=line.step == "asked"
            )


def _is_sealed_as(line: Line, number: int, erased: Mapping[int, ErasedRow]) -> bool:
    match line:
        case Decision():
            made = replace(line, id=DecisionId(number))
            return holds(made, erased.get(number)) or _may_be_erased(made)
        case Erasure():
            return line.is_of_earlier and digest_of(replace(line, id=number)) == line.digest
        case ContestStep():
            return is_sealed(replace(line, id=number))


def _may_be_erased(made: Decision) -> bool:
    """Whether a decision says what was recorded but for what looks as if it had been erased."""
    row = to_row(made)
    gone = [part for part in Part if is_tombstone(row, part)]
    if not gone:
        return False
    return holds_sealed(made, gone) if made.seals is not None else made.salts is None

"""Which line of a record that does not verify was changed, removed, inserted or moved.

A walk only knows where the chain breaks. What happened there is read from three things: a line's own
digest says whether it is as it was sealed and under which number; the digest before it, which line
it was sealed after; and the numbers, which are missing. Whoever changes a line and seals it anew
breaks the line after it: then the sealed one is named, and not the one that tells on it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import Final

from bot.domain.chain import holds
from bot.domain.decisions import Decision
from bot.domain.erasure import ErasedRow, Erasure, digest_of
from bot.domain.ids import DecisionId
from bot.domain.readers.contest_steps import ContestStep, is_sealed
from bot.domain.record import Line, RecordWalk

_LOOKED_AT: Final = 5_000
"""Lines behind the break, and numbers on either side, among which something that moved is sought."""

_CUT_OFF: Final = 100
"""Numbers beyond the last that stands there, of lines that were cut off."""


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
    of the line that stands in the place of `first`.
    """

    kind: FaultKind
    line: LineKind
    first: int
    last: int
    instead: int | None = None


def find_fault(lines: Iterable[Line], erased: Mapping[int, ErasedRow]) -> Fault | None:
    """Return what is wrong first in a whole record, if anything.

    `erased` is what all its erasures together say is gone.
    """
    walk, passed = RecordWalk(erased), dict[str, Line]()
    last: dict[bool, Line] = {}
    rest = iter(lines)
    for line in rest:
        if not walk.accepts(line):
            break_ = _Break(
                line=line,
                walk=walk,
                before=last.get(isinstance(line, ContestStep)),
                newest=last.get(False),
                passed=passed,
                rest=[*islice(rest, _LOOKED_AT)],
                erased=erased,
            )
            return break_.fault()
        passed[line.digest] = line
        last[isinstance(line, ContestStep)] = line
    return None


def kind_of(line: Line) -> LineKind:
    """Return what a line is."""
    match line:
        case Decision():
            return LineKind.DECISION
        case Erasure():
            return LineKind.ERASURE
        case ContestStep():
            return LineKind.CONTEST_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class _Break:
    """The first line that a walk does not accept, with what is before it and behind it.

    `before` is the line before it in its own chain, and `newest` the one in the record's.
    """

    line: Line
    walk: RecordWalk
    before: Line | None
    newest: Line | None
    passed: Mapping[str, Line]
    rest: list[Line]
    erased: Mapping[int, ErasedRow]

    @property
    def _expected(self) -> int:
        match self.line:
            case Decision():
                return self.walk.decisions + 1
            case Erasure():
                return self.walk.erasures + 1
            case ContestStep():
                return self.walk.steps + 1

    @property
    def _head(self) -> str:
        is_step = isinstance(self.line, ContestStep)
        return self.walk.step_head if is_step else self.walk.head

    @property
    def _chained(self) -> list[Line]:
        """What is behind it in its own chain."""
        is_step = isinstance(self.line, ContestStep)
        return [one for one in self.rest if isinstance(one, ContestStep) == is_step]

    def fault(self) -> Fault:
        """Return what happened."""
        line, expected = self.line, self._expected
        if line.id == expected:
            return self._under_its_number()
        if line.id < expected:
            return self._of(FaultKind.INSERTED, line.id)
        there = [one for one in self.rest if kind_of(one) == kind_of(line)]
        if all(one.id != expected for one in there):
            return self._of(FaultKind.REMOVED, expected, line.id - 1)
        if line.previous in {one.digest for one in there} and self._number_of(line) == line.id:
            return self._of(FaultKind.REORDERED, expected, instead=line.id)
        return self._of(FaultKind.INSERTED, line.id)

    def _under_its_number(self) -> Fault:
        line, number = self.line, self._number_of(self.line)
        if number is None:
            return self._not_as_sealed()
        if number > line.id:
            return self._of_a_later_number(number)
        if number < line.id or self._stands_after_strangers:
            return self._inserted_before()
        return self._not_after_what_it_was_sealed_after()

    def _not_as_sealed(self) -> Fault:
        """Tell a line that was changed from one that was put in, by whether the next was moved."""
        line = self.line
        after = next((one for one in self.rest if kind_of(one) == kind_of(line)), None)
        moved = after is not None and self._number_of(after) == line.id
        return self._of(FaultKind.INSERTED if moved else FaultKind.CHANGED, line.id)

    def _of_a_later_number(self, number: int) -> Fault:
        """Tell lines that were swapped from some that are gone, the rest having moved up."""
        line = self.line
        if any(one.previous == self._head and self._number_of(one) for one in self._chained):
            return self._of(FaultKind.REORDERED, line.id, instead=number)
        return self._of(FaultKind.REMOVED, line.id, number - 1)

    @property
    def _stands_after_strangers(self) -> bool:
        known = self.passed.get(self.line.previous)
        return known is not None and known is not self.before

    def _inserted_before(self) -> Fault:
        """Name what stands between a line and the one that it was sealed after."""
        known, before = self.passed.get(self.line.previous), self.before
        if before is None or known is None or kind_of(known) != kind_of(before):
            return self._of_before(FaultKind.INSERTED)
        return self._of_before(FaultKind.INSERTED, known.id + 1)

    def _not_after_what_it_was_sealed_after(self) -> Fault:
        """Say what is wrong about a line that is as it was sealed, and not in its place."""
        line, elsewhere = self.line, {one.digest for one in self.rest}
        if line.previous in elsewhere:
            return self._of(FaultKind.REORDERED, line.id)
        if line.previous != self._head:
            return self._of_before(FaultKind.CHANGED)
        if not isinstance(line, ContestStep):
            return self._of(FaultKind.CHANGED, line.id)
        if line.head in elsewhere or line.head in self.passed:
            return self._of(FaultKind.REORDERED, line.id)
        return self._of_the_record_that_it_names()

    def _of_the_record_that_it_names(self) -> Fault:
        """Say what became of the line of the record after which a step was sealed."""
        expected, newest = self.walk.decisions + 1, self.newest
        later = next((one.id for one in self.rest if isinstance(one, Decision)), None)
        if later == expected and newest is not None:
            return Fault(
                kind=FaultKind.CHANGED, line=kind_of(newest), first=newest.id, last=newest.id
            )
        last = max(expected, later - 1) if later is not None else expected
        return Fault(kind=FaultKind.REMOVED, line=LineKind.DECISION, first=expected, last=last)

    def _of(
        self, kind: FaultKind, first: int, last: int | None = None, *, instead: int | None = None
    ) -> Fault:
        what = kind_of(self.line)
        return Fault(kind=kind, line=what, first=first, last=last or first, instead=instead)

    def _of_before(self, kind: FaultKind, first: int | None = None) -> Fault:
        before = self.before
        if before is None:
            return self._of(kind, self.line.id)
        return Fault(kind=kind, line=kind_of(before), first=first or before.id, last=before.id)

    def _number_of(self, line: Line) -> int | None:
        """Return the number that a line was sealed under, `None` if it is not as it was sealed."""
        highest = max((one.id for one in self.rest), default=0)
        far = min(line.id + _LOOKED_AT, max(line.id, highest) + _CUT_OFF)
        near = range(max(1, line.id - _LOOKED_AT), far)
        likely = (line.id, line.id - 1, line.id + 1)
        tried = (one for one in (*likely, *near) if self._is_sealed_as(line, one))
        return next(tried, None)

    def _is_sealed_as(self, line: Line, number: int) -> bool:
        match line:
            case Decision():
                return holds(replace(line, id=DecisionId(number)), self.erased.get(number))
            case Erasure():
                return digest_of(replace(line, id=number)) == line.digest
            case ContestStep():
                return is_sealed(replace(line, id=number))

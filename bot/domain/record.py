"""The whole record, line by line: decisions, erasures, and the steps of contests between them.

Decisions and erasures are one chain, the steps of contests another beside it. Each step stands here
after the line of the record that it names, which was the newest then, so that neither chain can
be written anew without the other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.domain.chain import GENESIS, Link, Walk
from bot.domain.decisions import Decision
from bot.domain.erasure import ErasedRow, Erasure, hashed
from bot.domain.readers.contest_steps import ContestStep, seal_step

Line = Link | ContestStep


def in_order(
    decisions: Iterable[Decision], erasures: Sequence[Erasure], steps: Sequence[ContestStep] = ()
) -> Iterator[Line]:
    """Yield a whole record, oldest first; see `InOrder`."""
    order = InOrder(erasures, steps)
    yield from order.with_(decisions)
    yield from order.rest()


class InOrder:
    """Puts erasures and steps between decisions that come page by page, oldest first.

    A step that names no line of the record comes last, where it is out of place.
    """

    def __init__(self, erasures: Sequence[Erasure], steps: Sequence[ContestStep]) -> None:
        self._erasures = [*erasures]
        self._steps = [*steps]

    def with_(self, decisions: Iterable[Decision]) -> Iterator[Line]:
        """Yield decisions, with what stands before and between them."""
        yield from self._said_after(GENESIS)
        for decision in decisions:
            while self._erasures and self._erasures[0].after < decision.id:
                yield from self._next(self._erasures.pop(0))
            yield from self._next(decision)

    def rest(self) -> Iterator[Line]:
        """Yield what stands after the last decision."""
        for erasure in self._erasures:
            yield from self._next(erasure)
        yield from self._steps

    def _next(self, link: Link) -> Iterator[Line]:
        yield link
        yield from self._said_after(link.digest)

    def _said_after(self, digest: str) -> Iterator[ContestStep]:
        while self._steps and self._steps[0].head == digest:
            yield self._steps.pop(0)


class RecordWalk:
    """Walks a whole record from its first line on; `erased` as for `bot.domain.chain.Walk`."""

    def __init__(self, erased: Mapping[int, ErasedRow] | None = None) -> None:
        self._walk = Walk(erased)
        self._step: ContestStep | None = None

    @property
    def decisions(self) -> int:
        """How many decisions it passed."""
        return self._walk.decisions

    @property
    def erasures(self) -> int:
        """How many erasures it passed."""
        return self._walk.erasures

    @property
    def steps(self) -> int:
        """How many steps of contests it passed."""
        return self._step.id if self._step else 0

    @property
    def head(self) -> str:
        """The digest of the newest decision or erasure that it passed."""
        return self._walk.head

    @property
    def step_head(self) -> str:
        """The digest of the newest step that it passed."""
        return self._step.digest if self._step else GENESIS

    @property
    def digest(self) -> str:
        """One digest of all that it passed, to be noted; see `digest_of_both`."""
        return digest_of_both(self.head, self.step_head)

    def accepts(self, line: Line) -> bool:
        """Whether this is the next line, as it was recorded; then the walk goes on from it."""
        if not isinstance(line, ContestStep):
            return self._walk.accepts(line)
        follows = line.id == self.steps + 1 and line.head == self.head
        if not follows or seal_step(line, self._step) != line:
            return False
        self._step = line
        return True


def digest_of_both(head: str, step_head: str) -> str:
    """Return one digest for the ends of both chains: the record's own until there is a step."""
    return head if step_head == GENESIS else hashed([head, step_head])

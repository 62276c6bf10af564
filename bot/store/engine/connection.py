"""What the tables know of a database, whichever it is."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from bot.domain.folding import searchable
from bot.domain.search import Query
from bot.store.errors import STOPPING, StoreTrouble

T = TypeVar("T")


class Rows(Protocol):
    """What a statement found or did."""

    @property
    def rowcount(self) -> int:
        """How many rows a statement wrote."""
        ...

    def fetchone(self) -> Any:
        """Return the next row, `None` after the last."""
        ...

    def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


def _as_it_is(text: str, _span: int) -> str:
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How cases are found by their words, which each engine does in its own way."""

    index: str
    """Lets a case be found by a text, with its author's name and its story's title."""
    cases: str
    """Finds cases, the newest first, with room for `filters`."""
    authors: str
    """Finds the sites and ids of the authors of cases, the newest first."""
    matching: Callable[[Query], str]
    """Returns the value that the last two ask for, empty if the query is not about words."""
    forget: str = ""
    """Lets a case be found by none of its words any more."""
    indexed: Callable[[str], str] = searchable
    """Returns a text as `index` takes it."""
    in_a_span: int = 2**62
    """How many cases can be asked for at once, as their words are kept by themselves."""
    within: Callable[[str, int], str] = _as_it_is
    """Returns what `matching` or `indexed` returned as it is in a span of cases."""

    def spans(self, newest: int) -> range:
        """Return the spans of the cases up to a number, the newest first."""
        return range(newest // self.in_a_span, -1, -1)


class Connection(Protocol):
    """One connection, which must be used from its own thread only.

    The statements are the same for every engine: standard SQL with `?` for each value, no name
    that two tables could mean, a target for each conflict, and a moment, an id or a count that
    may be nothing cast where only its being nothing is asked. `tests/contract/store` prepares
    them all on PostgreSQL. What cannot be said in the same way is here.
    """

    def run(self, sql: str, values: Sequence[Any] = ..., /) -> Rows:
        """Run a statement with its values, `?` for each, on the one cursor that all tables share.

        What is read is fetched at once, so no statement is left open when the next begins, and
        no cursor is made for each statement. This is the driver's own function: intake runs a
        dozen statements a report, and a frame more for each can be measured.
        """
        ...

    def run_each(self, sql: str, rows: Sequence[Sequence[Any]], /) -> Rows:
        """Run a statement that writes, once for each row, with no way to the engine for each.

        `rowcount` is of all together.
        """
        ...

    @property
    def words(self) -> Words:
        """How cases are found by their words."""
        ...

    def rows(self, sql: str, values: Sequence[Any]) -> AbstractContextManager[Iterator[Any]]:
        """Yield rows one by one, on a cursor of their own, until the block is left."""
        ...

    def add(self, sql: str, values: Sequence[Any]) -> int:
        """Insert one row, and return the id that it was given."""
        ...

    def new_ids(self, table: str, number: int) -> Sequence[int]:
        """Return the ids that so many new rows of a table are to have, in their order."""
        ...

    def tidy(self, *, begins: bool) -> bool:
        """Let go of what was taken out of the index of words, a bit of it; false once none is left.

        Until then the engine may keep what it was, marked as gone.
        """
        ...

    def begin(self) -> None:
        """Begin a transaction that will write, so that it waits for others now and not later."""
        ...

    def commit(self) -> None:
        """Keep what was written since `begin`.

        Raises:
            StoreUnsure: The engine went away meanwhile, and cannot be asked whether it was kept.
        """
        ...

    def begin_reading(self) -> None:
        """Begin a transaction that reads one state of everything."""
        ...

    def tell(self, word: str) -> None:
        """Say a word to the other processes, if there may be any, once the transaction is kept."""
        ...

    @property
    def claimer(self) -> int | None:
        """By which number this process claims work; `None` where no other does the same."""
        ...

    def gone(self, claimers: Sequence[int]) -> Sequence[int]:
        """Return those of some that claim nothing any more, as their processes have ended."""
        ...

    @property
    def passing_over(self) -> str:
        """What stands behind a question for rows that are to be changed, and not waited for."""
        ...

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction goes on; the engine may have given it up by itself."""
        ...


class Database(ABC):
    """A connection on which functions run, one after another, in its own thread."""

    def __init__(self) -> None:
        self._closed = False

    async def run(self, function: Callable[[Any], T], /) -> T:
        """Run a function in that thread, and return what it returns; it is given the driver's own.

        The function runs to its end even if the caller is cancelled meanwhile.

        Raises:
            StoreTrouble: The connection is closed.
        """
        if self._closed:
            raise StoreTrouble(STOPPING)
        return await self._run(function)

    async def close(self) -> None:
        """Finish what was asked, then close."""
        self._closed = True
        await self._close()

    @abstractmethod
    async def _run(self, function: Callable[[Any], T], /) -> T: ...

    @abstractmethod
    async def _close(self) -> None: ...


def places(values: int) -> str:
    """Return what stands within `IN ( )` for so many values; for none, what nothing equals."""
    return ", ".join("?" * values) or "NULL"

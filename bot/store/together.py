"""Statements that ask for many rows at once, in a few widths, so that each is prepared once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from bot.store.engine.connection import Rows

WIDTHS: Final = (1, 8, 64)

Row = tuple[Any, ...]
Wide = Mapping[int, str]


def wide(before: str, one: str = "?", between: str = ", ", after: str = ")") -> Wide:
    """Return a statement that asks for so many keys, for each width.

    Args:
        before: What stands before the first key.
        one: What stands for a key.
        between: What stands between two.
        after: What stands after the last.
    """
    return {width: f"{before}{between.join([one] * width)}{after}" for width in WIDTHS}


def found(run: Callable[..., Rows], asked: Wide, values: Iterable[Any], *first: Any) -> list[Row]:
    """Return the rows of keys of one value each, of which every one is asked for once.

    Args:
        run: Runs a statement.
        asked: The statement.
        values: The keys.
        first: The values that stand before all keys.
    """
    return _found(run, asked, dict.fromkeys(values), first, iter)


def found_by_several(
    run: Callable[..., Rows], asked: Wide, keys: Iterable[Sequence[Any]], *first: Any
) -> list[Row]:
    """Return the same of keys of several values each."""
    return _found(run, asked, dict.fromkeys(keys), first, chain.from_iterable)


def _found(
    run: Callable[..., Rows],
    asked: Wide,
    keys: Iterable[Any],
    first: tuple[Any, ...],
    values_of: Callable[[list[Any]], Iterator[Any]],
) -> list[Row]:
    rows: list[Row] = []
    left = [*keys]
    while left:
        some, left = left[: WIDTHS[-1]], left[WIDTHS[-1] :]
        width = next(width for width in WIDTHS if width >= len(some))
        # What is left over is asked for again, which finds nothing more.
        some += some[-1:] * (width - len(some))
        rows += run(asked[width], (*first, *values_of(some))).fetchall()
    return rows

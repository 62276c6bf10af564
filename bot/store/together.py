"""Statements that ask for many rows at once, in a few widths, so that each is prepared once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from bot.store.engine.connection import Rows

WIDTHS: Final = (1, 8, 64)

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


def found(
    run: Callable[..., Rows], asked: Wide, keys: Sequence[Sequence[Any]], *first: Any
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of so many keys, of each once.

    Args:
        run: Runs a statement.
        asked: The statement.
        keys: The values of each key.
        first: The values that stand before all keys.
    """
    at = 0
    while at < len(keys):
        left = len(keys) - at
        width = next((width for width in WIDTHS if width >= left), WIDTHS[-1])
        some = keys[at : at + width]
        # What is left over is asked for again, which finds nothing more.
        filled = chain(some, [some[-1]] * (width - len(some)))
        yield from run(asked[width], (*first, *chain.from_iterable(filled))).fetchall()
        at += width


def ones(values: Iterable[Any]) -> list[tuple[Any]]:
    """Return keys of one value each, every one once and in its order."""
    return [(value,) for value in dict.fromkeys(values)]

"""What a row of the bench's table is; every module here adds its own by `measures`."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table: what is measured, and what is to be reached."""

    name: str
    what: str
    target: float
    at_least: bool
    unit: str = ""

    def verdict(self, value: float | None) -> str:
        """Return whether a measured value is as good as the target."""
        if value is None:
            return "not measured"
        good = value >= self.target if self.at_least else value <= self.target
        return "ok" if good else "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a part is to be measured: with small numbers, or as the targets mean it."""

    short: bool = False

    def size(self, whole: int, short: int) -> int:
        """Return the number that this run takes."""
        return short if self.short else whole


Measure = Callable[[Run], Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows that are measured together, by one function."""

    name: str
    rows: tuple[Row, ...]
    measure: Measure
    rounds: bool


_PARTS: dict[str, Part] = {}


def at_least(name: str, what: str, target: float, unit: str = "") -> Row:
    """Return a row whose value must not be lower."""
    return Row(name=name, what=what, target=target, at_least=True, unit=unit)


def at_most(name: str, what: str, target: float, unit: str = "") -> Row:
    """Return a row whose value must not be higher."""
    return Row(name=name, what=what, target=target, at_least=False, unit=unit)


def measures(part: str, *rows: Row, rounds: bool = False) -> Callable[[Measure], Measure]:
    """Let a function measure these rows: it returns the values, by the names of the rows.

    Args:
        part: What the function is called by `--only`.
        rows: The lines of the table. What is returned as "a-row by CPU" is shown beside it, and
            what has another name is only kept.
        rounds: Whether it compares within a round, and is repeated; the median counts.
    """

    def add(measure: Measure) -> Measure:
        _PARTS[part] = Part(name=part, rows=rows, measure=measure, rounds=rounds)
        return measure

    return add


def parts(only: Sequence[str] = ()) -> list[Part]:
    """Return the parts that are asked for, by their own name or a row's; all if none is named.

    Raises:
        KeyError: Nothing has such a name.
    """
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    named = {part.name: {part.name, *(row.name for row in part.rows)} for part in _PARTS.values()}
    for name in only:
        if not any(name in names for names in named.values()):
            raise KeyError(name)
    return [part for part in _PARTS.values() if not only or named[part.name] & set(only)]

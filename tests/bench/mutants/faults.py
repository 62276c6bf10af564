"""The faults: drawn from all that mutmut can think of, and written out as whole files."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from multiprocessing import Pool
from pathlib import Path

from libcst import FunctionDef, Module
from mutmut.mutation.file_mutation import Mutation, create_mutations
from reached import ROOMS

ROOT = Path(__file__).parents[3]
_PROPERTY, _HIDDEN = "@property\n", "@staticmethod  # property\n"
"""mutmut goes into no decorated function but the second; afterwards it is put back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One change to one file.

    Attributes:
        path: Of the file, from the root.
        line: Where the change begins.
        was: The lines that it takes away.
        now: The lines that it puts there.
        text: The whole file with it.
    """

    path: str
    line: int
    was: str
    now: str
    text: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}\n  - {self.was}\n  + {self.now}"


def draw(seed: int, size: int) -> tuple[int, list[Fault]]:
    """Return how many faults can be put in, and some of them, each as likely as any other."""
    paths = sorted(
        path.relative_to(ROOT).as_posix() for room in ROOMS for path in (ROOT / room).rglob("*.py")
    )
    with Pool() as pool:
        amounts = pool.map(_amount, paths)
        all_of_them = [
            (path, number)
            for path, amount in zip(paths, amounts, strict=True)
            for number in range(amount)
        ]
        drawn = random.Random(seed).sample(all_of_them, min(size, len(all_of_them)))  # noqa: S311 - no secret
        return len(all_of_them), pool.starmap(_make, drawn)


def _texts(path: str) -> tuple[str, str]:
    """Return a file's text, and the text as mutmut is to read it."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return text, text.replace(_PROPERTY, _HIDDEN)


def _amount(path: str) -> int:
    return len(_mutations(path, _texts(path)[1])[1])


def _mutations(path: str, text: str) -> tuple[Module, list[Mutation]]:
    """Return a file as a tree, and what can go wrong inside its functions."""
    module, mutations, *_ = create_mutations(path, text)
    inside = [
        one for one in mutations if isinstance(one.contained_by_top_level_function, FunctionDef)
    ]
    return module, inside


def _make(path: str, number: int) -> Fault:
    text, hidden = _texts(path)
    module, mutations = _mutations(path, hidden)
    chosen = mutations[number]
    changed = module.deep_replace(chosen.original_node, chosen.mutated_node)
    faulty = changed.code.replace(_HIDDEN, _PROPERTY)
    was, now = text.splitlines(), faulty.splitlines()
    first = _alike(was, now)
    last = _alike(was[:first:-1], now[:first:-1])
    return Fault(
        path=path,
        line=first + 1,
        was=_in_a_line(was[first : len(was) - last]),
        now=_in_a_line(now[first : len(now) - last]),
        text=faulty,
    )


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return with how many lines both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _in_a_line(lines: Sequence[str]) -> str:
    return " ".join(line.strip() for line in lines)

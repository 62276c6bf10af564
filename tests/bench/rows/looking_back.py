"""What commands ask the store, at a million cases against a hundred thousand; see knowing.py."""

import asyncio
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from knowing import asked, fill

from bot.store.sqlite import open_store
from rows import Run, at_most, measures
from tests.services.desks import Bench

_TIMES = 3
_COUNTS = 0.02
"""Seconds from which on a ratio says more than that a clock ticks."""


@measures(
    "looking-back",
    at_most("looking-back-slowest", "the slowest command's question, at 1 M cases", 300, "ms"),
    at_most("looking-back-ratio", "the same that grows most, against 100,000", 2, ""),
)
def looking_back(run: Run) -> Mapping[str, float]:
    few, many = run.size(100_000, 2_000), run.size(1_000_000, 20_000)
    with tempfile.TemporaryDirectory() as folder:
        before, after = (asyncio.run(_asked(Path(folder) / f"{n}.db", n)) for n in (few, many))
    ratios = {name: took / before[name] for name, took in after.items() if took >= _COUNTS}
    return {
        "looking-back-slowest": max(after.values()) * 1e3,
        "looking-back-ratio": max(ratios.values(), default=1.0),
        **{f"{name}, ms": took * 1e3 for name, took in after.items()},
        **{f"{name}, times": ratio for name, ratio in ratios.items()},
    }


async def _asked(path: Path, cases: int) -> Mapping[str, float]:
    """Return the seconds that each took, the least of a few times."""
    fill(path, cases)
    took: dict[str, float] = {}
    async with open_store(path) as store:
        for name, ask in asked(Bench(store=store), cases).items():
            for _ in range(_TIMES):
                began = time.perf_counter()
                await ask()
                took[name] = min(took.get(name, float("inf")), time.perf_counter() - began)
    return took

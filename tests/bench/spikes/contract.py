"""Measures whether the false alarms a week that were asked for are kept, and what a report costs.

Run as ``python tests/bench/spikes/contract.py [--rate 50] [--seeds 1,2,3] [--budgets 0.5,1,3,7]
[--noise 0.25] [--profile news] [--hourly 20]``. The reports come from the simulator that stands
beside the project (no spike is planted); `--noise` is its standard deviation of an hour's
logarithm, `--profile` its week (news or flat), `--hourly` what the newsroom guessed. It prints, for
each budget, the alerts a week after the simulator's three weeks of warming up, those of the first
week, the microseconds of processor time a report, and the bytes a key.
"""

import argparse
import importlib.util
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from bot.domain.detection.events import ReportEvent, Tier
from bot.domain.detection.evidence import KeyTier
from bot.domain.detection.incidents import Kind
from bot.domain.detection.season import WEEK
from bot.domain.detection.thresholds import Budget
from bot.domain.detection.watch import Watch

SIMULATOR = Path(__file__).parents[4] / "shared" / "spikes" / "simulator.py"
KEYS = 5_000


def simulator() -> ModuleType:
    """Return the simulator beside the project."""
    spec = importlib.util.spec_from_file_location("simulator", SIMULATOR)
    if spec is None or spec.loader is None:
        raise ImportError(SIMULATOR)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def sightings(rows: Iterator[dict[str, float]]) -> Iterator[ReportEvent]:
    """Return the simulator's reports as the watch takes them."""
    for row in rows:
        yield ReportEvent(
            at=row["t"],
            story=str(row["article"]),
            published=row["published"],
            comment=str(row["comment"]),
            author=str(row["author"]),
            reader=str(row["reporter"]),
        )


def alerts(
    reports: Sequence[ReportEvent], budget: float, hourly: float
) -> list[tuple[float, Tier]]:
    """Return when and on which tier an incident was opened."""
    watch = Watch(Budget(a_week=budget), hourly=hourly)
    return [
        (notice.at, notice.facts.tier)
        for report in reports
        for notice in watch.observe(report)
        if notice.kind in (Kind.OPENED, Kind.REOPENED)
    ]


def bytes_a_key() -> float:
    """Return the memory of a story or commenter that was reported."""
    tier = KeyTier(alpha=0.3, pull=0.7, memory=20.0, forget=1e6, most=KEYS)
    tracemalloc.start()
    for n in range(KEYS):
        track = tier.begin(f"author {n}", at=1.5 * n, phi=2.5 * n, born=3.5 * n)
        track.odds = [0.1 * n + i for i in range(len(track.odds))]
        track.exposure, track.count, track.heat, track.recent = 0.1 * n, 0.2 * n, 0.3 * n, 0.4 * n
        track.count_before, track.exposure_before, track.peak = 0.5 * n, 0.6 * n, 0.7 * n
        track.readers = 1 << (n % 256)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / KEYS


def main() -> int:
    """Print the false alarms a week for every budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--seeds", default="1,2,3,4,5,6")
    parser.add_argument("--weeks", type=int, default=12)
    parser.add_argument("--budgets", default="0.5,1,3,7")
    parser.add_argument("--noise", type=float, default=0.25)
    parser.add_argument("--profile", default="news")
    parser.add_argument("--hourly", type=float, default=20.0)
    given = parser.parse_args()
    if not SIMULATOR.exists():
        print("skipped: the simulator is not beside the project")  # noqa: T201 - a bench's result
        return 0
    module = simulator()
    budgets = [float(text) for text in given.budgets.split(",")]
    seeds = [int(text) for text in given.seeds.split(",")]
    told: dict[float, Counter[Tier]] = {budget: Counter() for budget in budgets}
    first: Counter[float] = Counter()
    spent, count = 0.0, 0
    for seed in seeds:
        town = module.Sim(
            seed, given.weeks, given.rate, noise_sd=given.noise, prof=given.profile
        )  # fmt: skip
        reports = list(sightings(town.reports()))
        for budget in budgets:
            start = time.process_time()
            found = alerts(reports, budget, given.hourly)
            spent += time.process_time() - start
            count += len(reports)
            told[budget].update(tier for at, tier in found if at >= town.warm * WEEK)
            first[budget] += sum(at < WEEK for at, _ in found)
    for budget in budgets:
        weeks = given.weeks * len(seeds)
        parts = ", ".join(f"{tier} {told[budget][tier] / weeks:.2f}" for tier in Tier)
        print(  # noqa: T201 - a bench's result
            f"asked for {budget:g} a week: {told[budget].total() / weeks:.2f} ({parts}), "
            f"{first[budget] / len(seeds):.1f} in the first week"
        )
    cost = 1e6 * spent / count
    print(f"{cost:.0f} microseconds a report, {bytes_a_key():.0f} bytes a key")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())

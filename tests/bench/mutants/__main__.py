"""Puts faults into bot/domain and bot/services, one after another, and says which go unnoticed.

Run as ``python tests/bench/mutants [--seed N] [--faults N]``. The faults are mutmut's; the seed
draws some of them. Each is written into a copy of the house, where those unit and service tests
that reach its line are run, the most special first, until one fails. Which test reaches which
line is noted in a run without faults, and kept in `.mutants/` until a file changes.
"""

import argparse
import hashlib
import shutil
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from faults import ROOT, Fault, draw
from house import TESTS, House, Verdict, files_of
from reach import Reach
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

KEPT = ROOT / ".mutants"
MATTERS = ("bot", "cogs", "config", "tests/conftest.py", "tests/support", *TESTS)
AT_ONCE = 2
PROBED = 5
"""So many tests of each fault are run without it first."""

MOST_FAILED = 5
"""If more tests fail without any fault, no figure is given."""

SAY = Console(highlight=False, soft_wrap=True).print


UNNOTICED = (Verdict.SURVIVED, Verdict.NOT_REACHED)


def recorded(house: House) -> Reach:
    """Return who reaches what, noted now unless nothing has changed since it was."""
    digest = hashlib.sha256()
    for name in files_of(*MATTERS):
        digest.update(name.encode() + (ROOT / name).read_bytes())
    folder = KEPT / digest.hexdigest()[:16]
    if not folder.exists():
        shutil.rmtree(KEPT, ignore_errors=True)
        fresh = KEPT / "new"
        fresh.mkdir(parents=True)
        SAY("Running every unit and service test once, to note which reaches what.")
        if not house.record(fresh, at_once=AT_ONCE):
            sys.exit(f"{house.log}\nNo fault is put in: the tests did not come to an end.")
        fresh.rename(folder)
    reach = Reach(folder)
    if len(reach.failed) > MOST_FAILED:
        shutil.rmtree(folder)
        named = "\n".join(sorted(reach.failed))
        sys.exit(f"No fault is put in, as these tests fail without one:\n{named}")
    for name in sorted(reach.failed):
        SAY(f"Left out, as it fails without a fault: {name}", markup=False)
    return reach


def control(faults: Sequence[Fault], reach: Reach, house: House) -> None:
    """End here if tests that would notice a fault fail without one, run as they will be."""
    first = {name: None for fault in faults for name in reach.tests(fault)[:PROBED]}
    if house.run_through(list(first), reach.times) is not Verdict.SURVIVED:
        sys.exit(f"{house.log}\nNo fault is put in: tests fail without one.")


def put_in(faults: Sequence[Fault], reach: Reach, houses: Sequence[House]) -> dict[Fault, Verdict]:
    """Try every fault, and return what came of each, in the order of drawing."""
    free: SimpleQueue[House] = SimpleQueue()
    for house in houses:
        free.put(house)

    def try_out(fault: Fault) -> Verdict:
        house = free.get()
        try:
            return house.try_out(fault, reach)
        finally:
            free.put(house)

    columns = (TextColumn("Faults"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with ThreadPoolExecutor(len(houses)) as pool, Progress(*columns) as bar:
        task = bar.add_task("faults", total=len(faults))
        futures = {fault: pool.submit(try_out, fault) for fault in faults}
        for _ in as_completed(futures.values()):
            bar.advance(task)
    return {fault: future.result() for fault, future in futures.items()}


def tell(verdicts: Mapping[Fault, Verdict]) -> None:
    """Say which faults went unnoticed, and what share did not."""
    for fault, verdict in verdicts.items():
        if verdict in UNNOTICED:
            SAY(f"{fault}\n  {verdict}", markup=False)
    counted = Counter(verdicts.values())
    SAY(", ".join(f"{counted[verdict]} {verdict}" for verdict in Verdict) + ".")
    noticed = len(verdicts) - sum(counted[verdict] for verdict in UNNOTICED)
    SAY(f"{noticed} of {len(verdicts)} faults noticed ({noticed / len(verdicts):.0%}).")


def main() -> None:
    """Draw, try, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=int, default=60)
    options = parser.parse_args()
    with TemporaryDirectory(prefix="mutants-") as folder, ExitStack() as open_ones:
        houses = [
            open_ones.enter_context(House(Path(folder) / str(number))) for number in range(AT_ONCE)
        ]
        reach = recorded(houses[0])
        total, faults = draw(options.seed, options.faults)
        SAY(f"{total} faults can be put in. Seed {options.seed} draws {len(faults)}.")
        control(faults, reach, houses[0])
        tell(put_in(faults, reach, houses))


if __name__ == "__main__":
    main()

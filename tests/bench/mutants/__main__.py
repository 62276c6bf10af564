"""Puts faults into bot/domain and bot/services, one after another, and says which go unnoticed.

Run as ``python tests/bench/mutants [--seed N] [--faults N]``. The faults are mutmut's; the seed
draws some of them. Each is written into a copy of the house, where those unit and service tests
that reach its line are run, the most special first, until one fails. Which test reaches which
line is noted in a run without faults, and kept in `.mutants/` until a file changes.
"""

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from faults import ROOT, Fault, draw
from reach import Reach
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

KEPT = ROOT / ".mutants"
TESTS = ("tests/unit", "tests/services")
MATTERS = ("bot", "cogs", "config", "tests/conftest.py", "tests/support", *TESTS)
AT_ONCE = 2
FIRST = 40
"""So many tests are tried before the files of all the others are read as well."""
PROBED = 5
"""So many tests of each fault are run without it first."""

_SECONDS, _TIMES = 60.0, 6.0
"""A fault's time is up after so many seconds, and so many times what its tests took without it."""
_RECORDING_SECONDS = 1800.0
_PYTEST = (sys.executable, "-B", "-m", "pytest", "-q", "-p", "reached")
_ALIKE = ("-p", "no:cacheprovider", "--hypothesis-seed=0")
_PASSED, _SOME_FAILED, _TIME_UP = 0, 1, -1
MOST_FAILED = 5
"""If more tests fail without any fault, no figure is given."""

SAY = Console(highlight=False, soft_wrap=True).print


class Verdict(StrEnum):
    """What came of a fault."""

    NOTICED = "noticed"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"
    NOT_REACHED = "not reached"


UNNOTICED = (Verdict.SURVIVED, Verdict.NOT_REACHED)


class House:
    """A copy of the house, into which faults can be put.

    Args:
        folder: Where it stands; made here.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in _files():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place)

    def run(self, *arguments: str, seconds: float, **told: str) -> int:
        """Run pytest here, and return its exit code, or that the time was up."""
        paths = os.pathsep.join([str(self._folder), str(Path(__file__).parent)])
        with (
            (self._folder / "pytest.log").open("w", encoding="utf-8") as log,
            subprocess.Popen(  # noqa: S603 - our own tests
                [*_PYTEST, *_ALIKE, *arguments],
                cwd=self._folder,
                env={**os.environ, "PYTHONPATH": paths, **told},
                stdout=log,
                stderr=log,
                start_new_session=True,
            ) as running,
        ):
            try:
                return running.wait(seconds)
            except subprocess.TimeoutExpired:
                return _TIME_UP
            finally:
                with suppress(ProcessLookupError):  # what tests have started ends with them
                    os.killpg(running.pid, signal.SIGKILL)

    def record(self, into: Path) -> bool:
        """Run all the tests, note what each reaches, and return whether they came to an end."""
        code = self.run(
            *TESTS,
            f"-n{AT_ONCE}",
            "--dist=loadscope",
            seconds=_RECORDING_SECONDS,
            REACHED_INTO=str(into),
        )
        return code in {_PASSED, _SOME_FAILED}

    def run_through(self, tests: Sequence[str], times: Mapping[str, float]) -> Verdict:
        """Run some tests in this order until one fails, and return what that says of a fault."""
        for part in (tests[:FIRST], tests[FIRST:]):
            if part:
                names = self._folder / "tests.json"
                names.write_text(json.dumps(part), encoding="utf-8")
                files = sorted({name.partition("::")[0] for name in part})
                seconds = _SECONDS + _TIMES * sum(times[name] for name in part)
                code = self.run("-x", *files, seconds=seconds, TESTS_FROM=str(names))
                if code != _PASSED:
                    return Verdict.TIMED_OUT if code == _TIME_UP else Verdict.NOTICED
        return Verdict.SURVIVED

    def try_out(self, fault: Fault, reach: Reach) -> Verdict:
        """Put a fault in, see whether it is noticed, and take it out again."""
        tests = reach.tests(fault)
        if not tests:
            return Verdict.NOT_REACHED
        place = self._folder / fault.path
        sound = place.read_bytes()
        place.write_text(fault.text, encoding="utf-8")
        try:
            return self.run_through(tests, reach.times)
        finally:
            place.write_bytes(sound)

    @property
    def log(self) -> str:
        """The end of what pytest wrote last."""
        return (self._folder / "pytest.log").read_text(encoding="utf-8")[-3000:]


def _files(*under: str) -> list[str]:
    """Return the names of the house's files, or of those in some of its rooms."""
    listed = subprocess.run(  # noqa: S603 - names of our own rooms
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *under],  # noqa: S607 - on the path
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return sorted(name for name in listed.stdout.split("\0") if (ROOT / name).is_file())


def recorded(house: House) -> Reach:
    """Return who reaches what, noted now unless nothing has changed since it was."""
    digest = hashlib.sha256()
    for name in _files(*MATTERS):
        digest.update(name.encode() + (ROOT / name).read_bytes())
    folder = KEPT / digest.hexdigest()[:16]
    if not folder.exists():
        shutil.rmtree(KEPT, ignore_errors=True)
        fresh = KEPT / "new"
        fresh.mkdir(parents=True)
        SAY("Running every unit and service test once, to note which reaches what.")
        if not house.record(fresh):
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
    with TemporaryDirectory(prefix="mutants-") as folder:
        houses = [House(Path(folder) / str(number)) for number in range(AT_ONCE)]
        reach = recorded(houses[0])
        total, faults = draw(options.seed, options.faults)
        SAY(f"{total} faults can be put in. Seed {options.seed} draws {len(faults)}.")
        control(faults, reach, houses[0])
        tell(put_in(faults, reach, houses))


if __name__ == "__main__":
    main()

"""A copy of the house, into which faults can be put, and the tests that are run there."""

import compileall
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from py_compile import PycInvalidationMode
from threading import Timer
from typing import Self

from faults import ROOT, Fault
from reach import Reach

TESTS = ("tests/unit", "tests/services")
FIRST = 40
"""So many tests are tried before the files of all the others are read as well."""

_SECONDS, _TIMES = 60.0, 6.0
"""A fault's time is up after so many seconds, and so many times what its tests took without it."""
_RECORDING_SECONDS = 1800.0
_HERE = Path(__file__).parent
_PYTEST = ("-q", "-p", "reached", "-p", "no:cacheprovider", "--hypothesis-seed=0")
# The nursery has loaded plugins before pytest could rewrite what they assert.
_LOADED = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
_PASSED, _SOME_FAILED, _KILLED = 0, 1, -signal.SIGKILL


class Verdict(StrEnum):
    """What came of a fault."""

    NOTICED = "noticed"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"
    NOT_REACHED = "not reached"


class House:
    """A copy of the house. Use it as a context manager.

    Args:
        folder: Where it stands; made here.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in files_of():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place)
        # A faulty file is as old and may be as long as the sound one: only the content tells.
        by_content = PycInvalidationMode.CHECKED_HASH
        for room in ("bot", "cogs", "config"):
            compileall.compile_dir(folder / room, quiet=1, invalidation_mode=by_content)

    def __enter__(self) -> Self:
        paths = os.pathsep.join([str(self._folder), str(_HERE)])
        self._nursery = subprocess.Popen(  # noqa: S603 - our own
            [sys.executable, str(_HERE / "nursery.py")],
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": paths},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_raised: object) -> None:
        self._nursery.kill()
        self._nursery.communicate()

    def run(self, *arguments: str, seconds: float, **told: str) -> int:
        """Run pytest here, and return its exit code; it is killed when its time is up."""
        nursery = self._nursery
        assert nursery.stdin
        assert nursery.stdout
        nursery.stdin.write(json.dumps([[*_PYTEST, *_LOADED, *arguments], told]) + "\n")
        nursery.stdin.flush()
        group = int(nursery.stdout.readline())
        clock = Timer(seconds, _end, [group])
        clock.start()
        try:
            return int(nursery.stdout.readline() or nursery.wait())
        finally:
            clock.cancel()
            _end(group)  # what tests have started ends with them

    def record(self, into: Path, *, at_once: int) -> bool:
        """Run all the tests, note what each reaches, and return whether they came to an end."""
        code = self.run(
            *TESTS,
            f"-n{at_once}",
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
                    return Verdict.TIMED_OUT if code == _KILLED else Verdict.NOTICED
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


def _end(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def files_of(*under: str) -> list[str]:
    """Return the names of the house's files, or of those in some of its rooms."""
    listed = subprocess.run(  # noqa: S603 - names of our own rooms
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *under],  # noqa: S607 - on the path
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return sorted(name for name in listed.stdout.split("\0") if (ROOT / name).is_file())

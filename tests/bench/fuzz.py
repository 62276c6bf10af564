"""Atheris, a fuzzer that follows which lines are run, on everything that reads what strangers send.

Run by ``make fuzz``, or as ``python tests/bench/fuzz.py [seconds for each] [readers]``. It ends with
an error, and prints what was read, if a reader raises what it does not say it raises.
"""

import subprocess
import sys
from pathlib import Path

from machine import say

SECONDS = 60
READERS = ("report", "batch", "json", "ticket", "html", "line", "press", "address")
PROGRAM = Path(__file__).with_name("fuzzed.py")


def fuzz(name: str, seconds: int) -> bool:
    """Let one reader read for so long; false if it failed."""
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, PROGRAM, name, str(seconds)],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    said = done.stderr.splitlines()
    many = next((line.split()[-1] for line in said if "number_of_executed_units" in line), "no")
    failed = done.returncode != 0 or many == "no"
    say(f"{name:<10}{many:>9} texts, {'FAILED' if failed else 'nothing raised that should not be'}")
    if failed:
        say(done.stdout[-4000:], done.stderr[-4000:])
    return not failed


def main() -> int:
    """Run what the command line asks for."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    results = [fuzz(name, seconds) for name in sys.argv[2:] or READERS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())

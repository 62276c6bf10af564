"""Try the few tests that failed once more, alone; those that pass then are named as unsteady.

A test that starts a newsroom, a site or a browser can lose against the others on a full machine. It
still has a fault to find, so it is named; but it does not keep back what everything else is right
with. A real fault fails again. Tests without sockets have no such excuse, nor have many at once.
"""

import json
import subprocess
import sys
from pathlib import Path

AT_MOST = 5
WITH_SOCKETS = ("tests/journey/", "tests/contract/")
LAST_FAILED = Path(".pytest_cache/v/cache/lastfailed")


def main() -> int:
    """Return 0 if everything that had failed passes alone."""
    failed = sorted(json.loads(LAST_FAILED.read_text())) if LAST_FAILED.exists() else []
    excused = [test for test in failed if test.startswith(WITH_SOCKETS)]
    if not failed or len(failed) > AT_MOST or excused != failed:
        return 1
    print(f"{len(failed)} failed beside the others; once more, alone:", flush=True)
    again = subprocess.run([".venv/bin/pytest", *failed], check=False)  # noqa: S603 - our own names
    if again.returncode == 0:
        print("Unsteady, each with a fault to find:", *failed, sep="\n  ", flush=True)
    return again.returncode


if __name__ == "__main__":
    sys.exit(main())

"""Runs the spike judge, when it stands beside the project, on `comment-desk spikes`.

Run as ``python tests/bench/spikes/judge.py [--rate 50] [--seeds 1,2,3] [--budget 1]``. The judge
sees only the command: reports in, alerts out. It prints PASS or FAIL a target and so ends.
"""

import argparse
import subprocess
import sys
from pathlib import Path

JUDGE = Path(__file__).parents[4] / "shared" / "spikes" / "judge.py"


def main() -> int:
    """Run the judge, and return its word."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", default="50")
    parser.add_argument("--seeds", default="1,2,3,4,5,6")
    parser.add_argument("--budget", default="1")
    given = parser.parse_args()
    if not JUDGE.exists():
        print("skipped: the judge is not beside the project")  # noqa: T201 - a bench's result
        return 0
    command = f"{sys.executable} -m bot spikes --budget {given.budget}"
    return subprocess.run(  # noqa: S603 - our own interpreter on a file beside the project
        [sys.executable, JUDGE, "--rate", given.rate, "--seeds", given.seeds, "--cmd", command],
        check=False,
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": "/usr/bin:/bin"},
    ).returncode


if __name__ == "__main__":
    sys.exit(main())

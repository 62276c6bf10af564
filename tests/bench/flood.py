"""Reports as fast as they are taken: ``python tests/bench/flood.py PORT NUMBER``, from a process of its own."""

import base64
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import load  # noqa: E402 - found by the path set above, as are the next ones
import uvloop  # noqa: E402
from machine import LOAD_CORE, pin, say  # noqa: E402

from tests.journey.newsroom import IN_SECRET  # noqa: E402


def main() -> None:
    """Send the reports to a newsroom of the tests."""
    port, number = map(int, sys.argv[1:])
    pin(LOAD_CORE)
    load.KEY = base64.b64decode(IN_SECRET.removeprefix("whsec_"))
    requests = [
        load.request("/v1/reports", f"flood_{index}", {"site": load.SITE, **body})
        for index, body in enumerate(load.bodies(number))
    ]
    say("ready")
    sys.stdin.readline()
    took, _ = uvloop.run(load.load(port, requests))
    say(f"{number / took:.0f}")


if __name__ == "__main__":
    main()

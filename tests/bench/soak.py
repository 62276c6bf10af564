"""The desk is killed 500 times under load; what was confirmed must be there in the end.

Run as ``python tests/bench/soak.py [kills] [seed]``. It ends with an error if anything that was
answered is lost, done twice or left without an answer, and prints its figures otherwise. The log of
each life in which a part of the desk failed is kept in build/soak.
"""

import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from machine import say  # noqa: E402 - found by the path set above, as are the next ones

from bot.demo.scenario import newsroom as people  # noqa: E402
from tests.journey.newsroom import open_newsroom  # noqa: E402
from tests.journey.soak import Soak, check, figures  # noqa: E402
from tests.support.sandbox import Sandbox  # noqa: E402

KILLS = 500
AT_ONCE = 50
"""Deaths after which one desk lives until all is done that waits."""

KEPT = ROOT / "build" / "soak"
"""Where the logs are kept of lives in which a part of the desk failed and was started again."""


def keep(logs: Sequence[str]) -> None:
    """Keep logs, to be read afterwards."""
    for number, log in enumerate(logs, 1):
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / f"part-failed-{number}.log").write_text(log, encoding="utf-8")


async def soak(kills: int, seed: int) -> None:
    """Kill the desk so many times, check what is left, and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_newsroom(Sandbox(people()), Path(folder)) as newsroom:
            day = Soak(newsroom, seed=seed)
            for done in range(0, kills, AT_ONCE):
                try:
                    await day.run(min(AT_ONCE, kills - done))
                finally:
                    keep(day.told.logs)
                say(f"{day.told.deaths} deaths, {len(day.told.taken)} reports answered")
            await check(day)
            for line in day.told.errors[:20]:
                say(line)
            say(await figures(day))


def main() -> int:
    """Run what the command line asks for."""
    logging.basicConfig(level=logging.CRITICAL)
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    began = time.monotonic()
    asyncio.run(soak(kills, seed))
    say(f"Nothing was lost and nothing done twice. It took {time.monotonic() - began:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

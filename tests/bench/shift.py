"""A moderation shift of eight hours, simulated in minutes, and its figures.

Run as ``python tests/bench/shift.py [reports] [seed]``. Three moderators decide 2,000 reports of
real readers' comments through the buttons, reactions, typed lines and commands of the stand-in
for Discord, which holds to Discord's rate limits, quickened as the time is. A brigade, an outage
of Discord and one of the site, restarts, edits and lost answers come in between. It ends with an
error if anything is unanswered, decided twice or shown twice, or if record, site and channel do
not agree.
"""

import asyncio
import logging
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from machine import say  # noqa: E402 - found by the path set above, as are the next ones

from bot.demo.scenario import newsroom as people  # noqa: E402
from bot.standin.buckets import Bucket, RateLimits  # noqa: E402
from bot.standin.interactions import DEADLINE  # noqa: E402
from tests.journey.newsroom import open_newsroom  # noqa: E402
from tests.journey.shift.account import account_of, check, figures  # noqa: E402
from tests.journey.shift.day import Day  # noqa: E402
from tests.journey.shift.readers import day, real_texts  # noqa: E402
from tests.support.sandbox import Sandbox  # noqa: E402

COMMENTS = ROOT.parent / "shared" / "data" / "news-comments.csv"
MINUTES = 480.0
STEP = 2.0
PACE = 2
"""A decision a minute, for each of the three."""

QUICKENED = 60
"""About how much faster than a clock the simulated shift goes; Discord's limits go with it."""


def limits() -> RateLimits:
    """Return Discord's usual limits a channel, in the shift's time."""
    usual = RateLimits().routes.items()
    return RateLimits(
        routes={
            route: Bucket(requests=one.requests, seconds=one.seconds / QUICKENED)
            for route, one in usual
        },
        a_second=None,
    )


async def work(reports: int, seed: int) -> None:
    """Run the shift and print what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(people(), rate_limits=limits())
        async with open_newsroom(sandbox, Path(folder)) as newsroom:
            sandbox.interactions.deadline = DEADLINE
            await newsroom.start()
            complaints = day(real_texts(COMMENTS), reports=reports, minutes=MINUTES, seed=seed)
            shift = Day(newsroom, complaints, minutes=MINUTES, step=STEP, pace=PACE)
            await shift.run()
            account = await account_of(shift)
            say(figures(shift, account))
            await check(shift, account)


def main() -> int:
    """Run what the command line asks for."""
    if not COMMENTS.exists():
        say(f"Skipped: there are no readers' comments at {COMMENTS}.")
        return 0
    logging.basicConfig(level=logging.ERROR)
    reports = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    began = time.monotonic()
    asyncio.run(work(reports, seed))
    took = time.monotonic() - began
    say(f"Everything was answered, once, and all records agree. It took {took:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

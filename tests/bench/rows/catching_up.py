"""The catch-up after Discord was away: how soon the worst cases have their cards.

A channel takes five cards in five seconds, so the last of fifty can come 45 seconds after the first.
"""

import asyncio
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import uvloop

from bot.demo.scenario import newsroom as people
from bot.standin.buckets import RateLimits
from bot.web.listening import spare_collector
from rows import Run, at_most, measures
from tests.journey.newsroom import Newsroom, open_newsroom
from tests.support.sandbox import Sandbox


@measures(
    "catching-up",
    at_most("catching-up", "an hour without Discord, 2,000 reports: the worst 50 shown", 60, "s"),
)
def catching_up(run: Run) -> Mapping[str, float]:
    return {"catching-up": uvloop.run(_caught_up(run.size(2_000, 200), run.size(50, 10)))}


async def _caught_up(reports: int, wanted: int) -> float:
    """Return the seconds from Discord's return until the worst cases stand in the channel."""
    sandbox = Sandbox(people(), rate_limits=RateLimits())
    with tempfile.TemporaryDirectory() as folder:
        async with open_newsroom(sandbox, Path(folder)) as newsroom:
            await newsroom.start()
            spare_collector()
            await asyncio.sleep(2)
            sandbox.gateway.down = 503
            await sandbox.gateway.drop(4000)
            await _report(newsroom, reports)
            # Long enough for the longest wait between two tries.
            await asyncio.sleep(10)
            worst = await newsroom.desk.desk.store.read(
                lambda tx: [case.id for case in tx.cases.queue(limit=wanted)]
            )
            sandbox.gateway.down = None
            return await _stand(newsroom, set(worst))


async def _report(newsroom: Newsroom, reports: int) -> None:
    """Report comments, some of them by several readers and for worse reasons."""
    rules = ("spam", "abuse", "harassment", "hate")
    for number in range(reports):
        comment = {"id": f"c{number * 7 % (reports * 3 // 4)}"}
        await newsroom.report(comment=comment, reason=rules[number * 5 % len(rules)])


async def _stand(newsroom: Newsroom, worst: set[int]) -> float:
    began = time.monotonic()

    def shown() -> set[int]:
        numbers = (word[1:] for card in newsroom.cards() for word in card.text.split())
        return {int(number) for number in numbers if number.isdecimal()}

    while not worst <= shown():  # noqa: ASYNC110 - what stands in a channel rings no bell
        await asyncio.sleep(0.25)
    return time.monotonic() - began

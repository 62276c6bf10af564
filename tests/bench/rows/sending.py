"""What is sent to Discord, against what its headers allow; the stand-in keeps to them.

A channel takes five cards in five seconds, and all of them together fifty requests a second.
"""

import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import uvloop

from bot.demo.scenario import newsroom as people
from bot.standin.buckets import RateLimits
from rows import Run, at_least, at_most, measures
from tests.journey.newsroom import Newsroom, open_newsroom
from tests.support.sandbox import Sandbox

WINDOW, IN_A_WINDOW = 5.0, 5
EPOCH = 1_420_070_400_000
TOO_MANY = 429
_ALL_AT_ONCE = (
    ("calm_backlog = 5", "calm_backlog = 0"),
    ("backlog_digest = 50", "backlog_digest = 0"),
)


@measures(
    "sending",
    at_least("sending-one", "cards in one channel, of what the headers allow", 0.97),
    at_least("sending-twenty", "cards in twenty channels, of what the headers allow", 0.97),
    at_most("sending-refused", "requests that Discord refused for haste", 0),
)
def sending(run: Run) -> Mapping[str, float]:
    windows = run.size(6, 2)
    one, refused = uvloop.run(_send(1, windows))
    twenty, more_refused = uvloop.run(_send(20, windows))
    return {
        "sending-one": one,
        "sending-twenty": twenty,
        "sending-refused": refused + more_refused,
    }


async def _send(channels: int, windows: int) -> tuple[float, int]:
    """Return how much of what so many windows allow each channel came, and how much was refused."""
    sandbox = Sandbox(people(), rate_limits=RateLimits())
    sandbox.gateway.down = 503
    with tempfile.TemporaryDirectory() as folder:
        async with open_newsroom(sandbox, Path(folder)) as newsroom:
            places = [newsroom.add_channel(f"cards-{number}") for number in range(channels)]
            newsroom.write_policy(*_ALL_AT_ONCE)
            with newsroom.policy.open("a", encoding="utf-8") as policy:
                for number, place in enumerate(places):
                    policy.write(f'\n[[routes]]\nsection = "part {number}"\nchannel = {place}\n')
            # All of them wait as Discord comes back.
            await newsroom.start(wait=False)
            await _report(newsroom, channels, IN_A_WINDOW * (windows + 1))
            sandbox.gateway.down = None
            posted = await _posted(newsroom, places, windows * WINDOW)
            refused = sum(status == TOO_MANY for _, _, status in sandbox.rest.log)
    return posted / (channels * windows * IN_A_WINDOW), refused


async def _report(newsroom: Newsroom, channels: int, cards: int) -> None:
    for number in range(channels * cards):
        part = f"part {number % channels}"
        story = {"id": part, "title": part, "url": "https://courier.example/s", "section": part}
        await newsroom.report(comment={"id": f"c{number}"}, story=story)


async def _posted(newsroom: Newsroom, places: Sequence[int], seconds: float) -> int:
    """Return how many cards came within so many seconds of the first."""
    ana = newsroom.sandbox.as_user("ana")

    def times() -> list[float]:
        return [_at(card.raw["id"]) for place in places for card in ana.sees(str(place)) or []]

    while not (there := times()) or time.time() < min(there) + seconds:  # noqa: ASYNC110
        await asyncio.sleep(0.5)
    return sum(at < min(there) + seconds for at in there)


def _at(message_id: str) -> float:
    """Return when a message was posted, in Unix time."""
    return ((int(message_id) >> 22) + EPOCH) / 1_000

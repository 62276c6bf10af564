"""What people feel: how soon a card stands, a press is answered, and the site's doing is said."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import uvloop
from machine import SERVER_CORE, pin, quantile

from bot.demo.scenario import newsroom as people
from bot.web.listening import spare_collector
from rows import Run, at_most, measures
from tests.journey.newsroom import Newsroom, open_newsroom
from tests.support.sandbox import Sandbox

FLOOD = Path(__file__).parents[1] / "flood.py"
_LOOK = 0.001
"""Seconds between two looks at the channel."""
_DECIDED = 36
"""Cases: with more than forty hides in five minutes the desk would ask somebody else."""
_PAUSE = 0.3
"""Seconds that a moderator takes at least; there is never more than one."""


@measures(
    "felt",
    at_most("felt-card", "report accepted to card in the channel, p95, calm", 18, "ms"),
    at_most("felt-press", "press to answer, p95, calm", 30, "ms"),
    at_most("felt-done", "decision to the card saying that the site did it, p95, calm", 500, "ms"),
)
def felt(run: Run) -> Mapping[str, float]:
    return uvloop.run(_felt(run.size(_DECIDED, 10)))


@measures(
    "pressed",
    at_most(
        "pressed-saturated", "press to answer, p99, while reports arrive at saturation", 300, "ms"
    ),
)
def pressed(run: Run) -> Mapping[str, float]:
    pin(SERVER_CORE)
    return uvloop.run(_pressed(run.size(100, 10), run.size(60_000, 6_000)))


async def _pressed(cases: int, reports: int) -> Mapping[str, float]:
    sandbox = Sandbox(people())
    with tempfile.TemporaryDirectory() as folder:
        async with open_newsroom(sandbox, Path(folder)) as newsroom:
            newsroom.write_policy(("backlog_digest = 50", f"backlog_digest = {cases}"))
            await newsroom.start()
            spare_collector()
            open_cases = [
                await newsroom.report(comment={"id": f"pressed-{number}"})
                for number in range(cases)
            ]
            for case in open_cases:
                await _shown(newsroom, case, "")
            port = newsroom.desk.address.rpartition(":")[2]
            flood = await asyncio.create_subprocess_exec(
                *(sys.executable, str(FLOOD), port, str(reports)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            assert flood.stdin is not None
            assert flood.stdout is not None
            await flood.stdout.readline()
            flood.stdin.write(b"go\n")
            took, rest = list[float](), iter(open_cases)
            while flood.returncode is None and (case := next(rest, None)) is not None:
                took.append(await _press(newsroom, case))
                await asyncio.sleep(0.1)
            rate = float((await flood.stdout.readline()) or 0)
            await flood.wait()
    return {
        "pressed-saturated": quantile(sorted(took), 0.99) * 1e3,
        "presses": len(took),
        "reports/s meanwhile": rate,
    }


async def _press(newsroom: Newsroom, case: int) -> float:
    """Press Hide on a case's card; return how long the answer took, in seconds."""
    (card,) = newsroom.cards(case)
    began = time.perf_counter()
    answer = await newsroom.sandbox.as_user("ana").press(card, "Hide")
    if answer.failed:
        raise SystemExit("A press was not answered.")
    return time.perf_counter() - began


async def _felt(cases: int) -> Mapping[str, float]:
    took: dict[str, list[float]] = {"felt-card": [], "felt-press": [], "felt-done": []}
    sandbox = Sandbox(people())
    with tempfile.TemporaryDirectory() as folder:
        async with open_newsroom(sandbox, Path(folder)) as newsroom:
            await newsroom.start()
            spare_collector()  # as a desk does that is run
            await asyncio.sleep(2)  # until it has settled in
            for number in range(cases):
                for name, seconds in (await _one(newsroom, number)).items():
                    took[name].append(seconds)
    return {name: quantile(sorted(times), 0.95) * 1e3 for name, times in took.items()}


async def _one(newsroom: Newsroom, number: int) -> Mapping[str, float]:
    # A calm hour: nobody writes twice, no story has two, so that no spike is drawn meanwhile.
    case = await newsroom.report(
        comment={"id": f"c{number}", "author": {"id": f"a{number}", "name": f"reader {number}"}},
        story={"id": f"s{number}", "title": f"Story {number}", "url": "https://courier.example/s"},
        reporter=f"reporter {number}",
    )
    reported = time.perf_counter()
    await _shown(newsroom, case, "")
    stands = time.perf_counter()
    await asyncio.sleep(_PAUSE)
    decided = time.perf_counter()
    answered = await _press(newsroom, case)
    await _shown(newsroom, case, "taken down on the site")
    done = time.perf_counter()
    await asyncio.sleep(_PAUSE)
    return {
        "felt-card": stands - reported,
        "felt-press": answered,
        "felt-done": done - decided,
    }


async def _shown(newsroom: Newsroom, case: int, words: str) -> None:
    while not any(words in card.text for card in newsroom.cards(case)):  # noqa: ASYNC110
        await asyncio.sleep(_LOOK)

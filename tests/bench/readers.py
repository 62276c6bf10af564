"""Presses while readers' form is flooded: 1,000 posts a second from 5,000 addresses.

Run as ``python tests/bench/readers.py [posts a second] [seconds]``. A desk with its readers' pages,
the stand-in for Discord and a site run in one process, and the flood in another. A moderator presses
Keep on card after card; what is timed is a press until its first answer, calm and in the flood. It
ends with an error if nothing was posted, or a press in the flood took longer than 300 ms in more than
one of a hundred cases.
"""

import asyncio
import json
import logging
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import aiohttp  # noqa: E402 - found by the path set above, as are the next ones
import uvloop  # noqa: E402
from machine import quantile, say  # noqa: E402

from bot.demo.scenario import newsroom as people  # noqa: E402
from bot.domain.readers.ticket import write_ticket  # noqa: E402
from bot.web.listening import spare_collector  # noqa: E402
from config.settings import PublicSettings  # noqa: E402
from tests.journey.newsroom import IN_SECRET, SITE, Newsroom, open_newsroom  # noqa: E402
from tests.support.ports import kept_port  # noqa: E402
from tests.support.sandbox import Sandbox  # noqa: E402

POSTS, SECONDS, ADDRESSES = 1_000, 10, 5_000
COMMENTS = 50
"""Among which the posts are shared out."""

CALM = 20
A_SECOND = 2
"""Presses: how many while it is calm, and how many a second."""

MOST_SECONDS = 0.3
_AT_ONCE = 200
_STORY = {"id": "s1", "title": "Three charged", "url": "https://courier.example/s1"}


def form(number: int) -> dict[str, str]:
    """Return what one reader sends."""
    comment = {"id": f"f{number % COMMENTS}", "text": "Shut it", "author": {"id": "a", "name": "t"}}
    ticket = write_ticket({"site": SITE, "comment": comment, "story": _STORY}, IN_SECRET)
    return {"ticket": ticket, "reason": "abuse", "note": f"note {number}"}


def address(number: int) -> str:
    """Return from where it comes, as the proxy in front says."""
    at = number % ADDRESSES
    return f"198.{18 + at // 65_536}.{at // 256 % 256}.{at % 256}"


async def flood(url: str, posts: int, seconds: int) -> Counter[int]:
    """Post at the rate, as far as this machine can, and return how often each status came."""
    met = Counter[int]()
    forms = [form(number) for number in range(COMMENTS)]
    room = asyncio.Semaphore(_AT_ONCE)

    async def post(number: int) -> None:
        headers = {"X-Forwarded-For": address(number)}
        given = forms[number % COMMENTS]
        try:
            async with http.post(url, data=given, headers=headers, allow_redirects=False) as answer:
                await answer.read()
                met[answer.status] += 1
        except aiohttp.ClientError:
            met[0] += 1
        finally:
            room.release()

    connector = aiohttp.TCPConnector(limit=_AT_ONCE)
    async with aiohttp.ClientSession(connector=connector) as http, asyncio.TaskGroup() as group:
        began = time.monotonic()
        for number in range(posts * seconds):
            await asyncio.sleep(max(0.0, began + number / posts - time.monotonic()))
            if time.monotonic() > began + seconds:
                break
            await room.acquire()
            group.create_task(post(number))
    return met


async def pressed(newsroom: Newsroom, cases: list[int]) -> list[float]:
    """Keep case after case, two a second; return how many seconds each press took, in order."""
    ana, took = newsroom.sandbox.as_user("ana"), list[float]()
    for case in cases:
        await asyncio.sleep(1 / A_SECOND)
        card = await newsroom.card(case)
        began = time.monotonic()
        answer = await ana.press(card, "Keep")
        took.append(time.monotonic() - began)
        if answer.failed:
            raise SystemExit("A press was not answered.")
    return sorted(took)


async def work(posts: int, seconds: int) -> bool:
    """Run it all and print what came of it; true if presses stayed quick."""
    with tempfile.TemporaryDirectory() as folder, kept_port() as port:
        sandbox = Sandbox(people())
        async with open_newsroom(sandbox, Path(folder)) as newsroom:
            url = f"http://127.0.0.1:{port}"
            newsroom.public = PublicSettings(url=url, port=port, behind_proxy=True)
            await newsroom.start()
            spare_collector()  # as a desk does that is run
            cases = [
                await newsroom.report(comment={"id": f"c{number}"})
                for number in range(CALM + A_SECOND * seconds)
            ]
            for case in cases:
                await newsroom.card(case)
            calm = await pressed(newsroom, cases[:CALM])
            flooding = await asyncio.create_subprocess_exec(
                *(sys.executable, __file__, "flood", f"{url}/report/{SITE}/send"),
                *(str(posts), str(seconds)),
                stdout=subprocess.PIPE,
            )
            flooded = await pressed(newsroom, cases[CALM:])
            out, _ = await flooding.communicate()
    met: dict[str, int] = json.loads(out)
    return _told(calm, flooded, met, seconds)


def _told(calm: list[float], flooded: list[float], met: dict[str, int], seconds: int) -> bool:
    took = 1_000 * quantile(flooded, 0.99)
    say(f"posted {sum(met.values()) / seconds:.0f}/s, answered {met}")
    say(f"a press, calm   median {1_000 * statistics.median(calm):5.0f} ms")
    say(f"a press, flood  median {1_000 * statistics.median(flooded):5.0f} ms, p99 {took:.0f} ms")
    say(f"in the flood against calm: {statistics.median(flooded) / statistics.median(calm):.1f}")
    return bool(met) and took <= 1_000 * MOST_SECONDS


def main() -> int:
    """Run what the command line asks for."""
    if sys.argv[1:2] == ["flood"]:
        url, posts, seconds = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
        sys.stdout.write(json.dumps(asyncio.run(flood(url, posts, seconds))))
        return 0
    logging.basicConfig(level=logging.ERROR)
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else POSTS
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else SECONDS
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the desk is run
        return 0 if runner.run(work(posts, seconds)) else 1


if __name__ == "__main__":
    sys.exit(main())

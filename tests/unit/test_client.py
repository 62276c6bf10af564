"""The connection: never to a stranger with the token, never too fast, never given up."""

import asyncio
import itertools
import time

import pytest
from discord.http import Route

from bot.client import Bucket, NotLocal, point_at, waits


@pytest.fixture(autouse=True)
def same_api_afterwards():
    before = Route.BASE
    yield
    Route.BASE = before


@pytest.mark.parametrize(
    ("api", "gateway"),
    [
        ("https://discord.example", "ws://127.0.0.1:1/"),
        ("http://127.0.0.1:1", "wss://gateway.example/"),
        ("http://localhost.example", "ws://localhost/"),
        ("http://10.0.0.1", "ws://localhost/"),
    ],
)
def test_a_token_is_not_sent_to_another_machine_unasked(api: str, gateway: str):
    before = Route.BASE

    with pytest.raises(NotLocal, match="ALLOW_REMOTE_API"):
        point_at(api, gateway)

    assert before == Route.BASE
    point_at(api, gateway, allow_remote=True)
    assert f"{api}/api/v10" == Route.BASE


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.1.2.3"])
def test_this_machine_needs_no_second_setting(host: str):
    point_at(f"http://{host}:9/", f"ws://{host}:9/")

    assert f"http://{host}:9/api/v10" == Route.BASE


def test_the_desk_is_back_within_a_minute_of_discords_return():
    tried = list(itertools.islice(waits(), 50))

    assert max(tried) <= 30.0
    assert tried[0] <= 1.0


async def test_a_second_sees_no_more_requests_than_discord_allows(
    monkeypatch: pytest.MonkeyPatch,
):
    now, made, late = [100.0], list[float](), itertools.cycle([0.0, 0.3, 0.0, 1.7])
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    async def sleep(seconds: float) -> None:
        assert seconds > 0
        now[0] += seconds + next(late)

    bucket = Bucket(45, sleep=sleep)
    for pause in (0.0, 0.3, 0.9, 1.0, 5.0):
        now[0] += pause
        for _ in range(120):
            await bucket.take()
            made.append(now[0])

    # Discord's windows begin where they like.
    assert max(sum(one <= at < one + 1.0 for at in made) for one in made) == 45
    assert made[44] == 100.0, "a pause is made up for at once"


async def test_requests_that_wait_go_in_their_order(monkeypatch: pytest.MonkeyPatch):
    now, went = [100.0], list[int]()
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(0)
        now[0] += seconds

    bucket = Bucket(1, sleep=sleep)

    async def one(number: int) -> None:
        await bucket.take()
        went.append(number)

    await asyncio.gather(*(one(number) for number in range(3)))
    assert went == [0, 1, 2]

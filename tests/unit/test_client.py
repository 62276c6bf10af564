"""The connection: never to a stranger with the token, never too fast, never given up."""

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
    slept: list[float] = []
    now = itertools.repeat(100.0)
    monkeypatch.setattr(time, "monotonic", lambda: next(now))

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    bucket = Bucket(40.0, sleep=sleep)
    for _ in range(120):
        await bucket.take()

    assert 120 - len(slept) <= 41, "only a second's worth may go at once"
    assert slept[-1] == pytest.approx(2.0, abs=0.1)

"""Discord failing on request: too many requests, server errors, broken connections."""

import asyncio
import time

import aiohttp
import discord
import pytest

from bot.standin.buckets import Bucket, RateLimits
from bot.standin.errors import ApiError
from tests.contract.standin.conftest import build, running, settle
from tests.contract.standin.desk import Desk
from tests.support.driver import Actor
from tests.support.sandbox import Sandbox
from tests.support.waiting import until

MESSAGES = "/channels/*/messages"
BROKEN = (aiohttp.ClientError, OSError)


def words(actor: Actor) -> list[str]:
    return [card.text for card in actor.sees("moderation") or []]


async def test_a_429_with_via_is_waited_out(sandbox: Sandbox, desk: Desk, ana: Actor) -> None:
    sandbox.rest.fault("POST", MESSAGES, status=429, retry_after=0.2)
    began = time.monotonic()

    await desk.place().send("x")

    assert time.monotonic() - began > 0.2
    assert words(ana) == ["x"]
    assert sandbox.rest.invalid_requests == 1


async def test_a_429_of_a_route_tells_what_is_left(sandbox: Sandbox) -> None:
    url = f"{sandbox.api_url}/channels/{sandbox.world.place('moderation')}/messages"
    headers = {"Authorization": f"Bot {sandbox.world.token}"}
    for scope, sentence in (("user", "You are"), ("shared", "The resource is")):
        sandbox.rest.fault("GET", MESSAGES, status=429, retry_after=1.5, scope=scope)
        async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as got:
            told, body = got.headers, await got.json()
        assert (told["X-RateLimit-Remaining"], told["X-RateLimit-Scope"]) == ("0", scope)
        assert (told["Retry-After"], told["X-RateLimit-Reset-After"]) == ("2", "1.500")
        assert "X-RateLimit-Global" not in told
        assert body["message"] == f"{sentence} being rate limited."
    assert sandbox.rest.invalid_requests == 1


async def test_a_429_without_via_is_raised(sandbox: Sandbox, desk: Desk, ana: Actor) -> None:
    sandbox.rest.fault("POST", MESSAGES, status=429, via=False)
    with pytest.raises(discord.HTTPException) as caught:
        await desk.place().send("x")
    assert caught.value.status == 429
    assert words(ana) == []


async def test_a_global_429_holds_everything(sandbox: Sandbox, desk: Desk) -> None:
    message = await desk.place().send("x")
    sandbox.rest.fault("POST", MESSAGES, status=429, retry_after=0.3, everywhere=True)
    began = time.monotonic()  # before the refusal, so that a slow look at it costs nothing
    sending = asyncio.create_task(desk.place().send("y"))
    await until(lambda: any(status == 429 for _, _, status in sandbox.rest.log))
    await message.add_reaction("👍")
    assert time.monotonic() - began >= 0.29
    await sending


async def test_a_503_is_raised_at_once(sandbox: Sandbox, desk: Desk) -> None:
    fault = sandbox.rest.fault("POST", MESSAGES, status=503)
    with pytest.raises(discord.DiscordServerError):
        await desk.place().send("x")
    assert fault.times == 0
    await desk.place().send("y")


async def test_a_fault_strikes_as_often_as_it_says(sandbox: Sandbox, desk: Desk) -> None:
    sandbox.rest.fault("*", MESSAGES, status=503, times=None)
    for _ in range(3):
        with pytest.raises(discord.DiscordServerError):
            await desk.place().send("x")
    sandbox.rest.clear_faults()
    await desk.place().send("x")


async def test_a_connection_broken_before_leaves_nothing(
    sandbox: Sandbox, desk: Desk, ana: Actor
) -> None:
    sandbox.rest.fault("POST", MESSAGES, drop="before")
    with pytest.raises(BROKEN):
        await desk.place().send("x")
    assert words(ana) == []


async def test_a_connection_broken_after_leaves_the_message(
    sandbox: Sandbox, desk: Desk, ana: Actor
) -> None:
    for text, nonce in (("without", None), ("with", "case-1:1")):
        sandbox.rest.fault("POST", MESSAGES, drop="after")
        with pytest.raises(BROKEN):
            await desk.place().send(text, nonce=nonce)
        await desk.place().send(text, nonce=nonce)
    assert words(ana) == ["without", "without", "with"]


async def test_a_nonce_belongs_to_its_channel(desk: Desk, ana: Actor) -> None:
    await desk.place().send("here", nonce="one")
    await desk.place("general").send("there", nonce="one")
    assert [card.text for card in ana.sees("general")] == ["there"]


async def test_a_delay_can_cost_the_deadline(sandbox: Sandbox, desk: Desk, ana: Actor) -> None:
    posted = await desk.post()
    sandbox.interactions.deadline = 0.05
    sandbox.rest.fault("POST", "/interactions/*/callback", delay=0.15)
    assert (await ana.press(posted, "Hide")).failed


async def test_a_bucket_is_respected_before_it_is_empty() -> None:
    routes = {("POST", "/channels/{channel_id}/messages"): Bucket(requests=2, seconds=0.4)}
    async with build(rate_limits=RateLimits(routes=routes)) as sandbox:
        async with running(sandbox) as desk:
            began = time.monotonic()
            for number in range(5):
                await desk.place().send(str(number))
            assert time.monotonic() - began > 0.7
        assert [one for one in sandbox.rest.log if one[2] == 429] == []
        settle(sandbox)


async def test_an_impatient_client_gets_429() -> None:
    async with build(rate_limits=RateLimits()) as sandbox, aiohttp.ClientSession() as session:
        place = sandbox.world.place("moderation")
        url = f"{sandbox.api_url}/channels/{place}/messages"
        headers = {"Authorization": f"Bot {sandbox.world.token}"}
        answers = []
        for number in range(6):
            async with session.post(url, json={"content": str(number)}, headers=headers) as got:
                answers.append((got.status, got.headers["X-RateLimit-Remaining"]))
                last, told = await got.json(), got.headers
        assert answers == [(200, "4"), (200, "3"), (200, "2"), (200, "1"), (200, "0"), (429, "0")]
        assert 4 < last["retry_after"] <= 5
        assert last["global"] is False
        assert (told["Retry-After"], told["X-RateLimit-Scope"]) == ("5", "user")
        assert "Via" in told
        settle(sandbox)


async def test_the_global_limit_holds_over_all_routes() -> None:
    limits = RateLimits(routes={}, a_second=3)
    async with build(rate_limits=limits) as sandbox, aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bot {sandbox.world.token}"}
        statuses = []
        for path in ("/users/@me", "/gateway/bot", "/users/@me", "/gateway/bot"):
            async with session.get(sandbox.api_url + path, headers=headers) as got:
                statuses.append(got.status)
                told = await got.json()
        assert statuses == [200, 200, 200, 429]
        assert told["global"] is True


def test_a_refusal_reads_as_a_sentence() -> None:
    assert str(ApiError(403, 50013, "Missing Permissions")) == "Missing Permissions (403/50013)"

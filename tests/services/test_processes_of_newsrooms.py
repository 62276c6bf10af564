"""Several titles in a desk of several processes: each title's work goes to its own database."""

import asyncio
import base64
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web
from standardwebhooks import Webhook

from bot.app import running
from bot.cli.running import read
from bot.domain.decisions import Action
from bot.newsroom import Only
from bot.store.errors import StoreTrouble
from bot.store.opening import open_store
from tests.services.desks import Bench
from tests.support.databases import new_database
from tests.support.waiting import until

pytest.importorskip("psycopg", reason="comment-desk[postgres] is not installed")

DISCORD = {
    "TOKEN": "t",
    "GUILD_ID": "1",
    "CHANNEL_ID": "2",
    "API_URL": "http://127.0.0.1:9/api/v10",
    "GATEWAY_URL": "ws://127.0.0.1:9/gateway",
}
"""Nobody listens there."""
TITLES = ("courier", "herald")


def secret(title: str) -> str:
    return "whsec_" + base64.b64encode(title.encode() * 5).decode()


class Sites:
    """The platform of both titles, which does what it is told."""

    def __init__(self) -> None:
        self.orders: list[tuple[str, str]] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        order = await request.json()
        self.orders.append((request.match_info["title"], order["data"]["comment"]["id"]))
        return web.json_response({"comment": {"visible": False}})


@asynccontextmanager
async def sites() -> AsyncGenerator[Sites]:
    made = Sites()
    app = web.Application()
    app.router.add_post("/{title}", made.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield made
    finally:
        await runner.cleanup()


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch, tmp_path) -> AsyncGenerator[tuple[Sites, dict]]:
    """The settings of a desk of two titles, in the environment; their platform and databases."""
    monkeypatch.chdir(tmp_path)
    async with AsyncExitStack() as stack:
        platform = await stack.enter_async_context(sites())
        servers = {title: await stack.enter_async_context(new_database()) for title in TITLES}
        for title in TITLES:
            for name, value in {
                "SECRETS": f'["{secret(title)}"]',
                "REPORTER_SALT": "sixteen characters and more",
                "URL": f"{platform.url}/{title}",
                "OUTGOING_SECRETS": f'["{secret(title)}"]',
                "ALLOW_PRIVATE": "true",
            }.items():
                monkeypatch.setenv(f"DESK_SITES__{title.upper()}__{name}", value)
        for name, value in {
            "DATABASE_URL": servers["courier"].url,
            "WEB__PORT": "0",
            "NEWSROOMS__HERALD__GUILD_ID": "11",
            "NEWSROOMS__HERALD__CHANNEL_ID": "12",
            "NEWSROOMS__HERALD__SITES": '["herald"]',
            "NEWSROOMS__HERALD__DATABASE_URL": servers["herald"].url,
        }.items():
            monkeypatch.setenv(f"DESK_{name}", value)
        yield platform, servers


async def report(address: str, title: str) -> int:
    body = f"""{{"site": "{title}", "reporter": "r1", "reason": "harassment",
    "comment": {{"id": "of-{title}", "text": "You are all bought.", "author": {{"id": "a1", "name": "Al"}}}},
    "story": {{"id": "s1", "title": "Raids", "url": "https://{title}.example/s1"}}}}"""
    now = datetime.now(UTC)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret(title)).sign("msg_1", now, body),
    }
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{address}/v1/reports", data=body, headers=headers) as answer,
    ):
        assert answer.status == 202, await answer.text()
        return (await answer.json())["case"]


async def test_what_is_reported_and_decided_goes_to_each_titles_own_database(desk):
    platform, servers = desk
    async with running(read("web"), only="web") as taking:
        assert [await report(taking.address, title) for title in TITLES] == [1, 1]
    async with AsyncExitStack() as stack:
        for title in TITLES:
            bench = Bench(await stack.enter_async_context(open_store(servers[title])))
            case = await bench.store.read(lambda tx: tx.cases.get(1))
            assert case is not None
            assert (case.site, case.comment_id) == (title, f"of-{title}")
            bench.clock.now = datetime.now(UTC)
            await bench.decide(case.id, Action.HIDE)
        async with running(read("deliver"), only="deliver"):
            await until(lambda: len({*platform.orders}) == 2, what="both sites to have their order")
    # One that a deliverer stops within is given again, under the same key.
    assert {*platform.orders} == {(title, f"of-{title}") for title in TITLES}


@pytest.mark.parametrize("only", ["web", "deliver", "gateway", None])
async def test_two_titles_never_share_a_database_however_each_names_it(
    desk, monkeypatch, only: Only | None
):
    _, servers = desk
    same = f"{servers['courier'].url}&connect_timeout=9"
    monkeypatch.setenv("DESK_NEWSROOMS__HERALD__DATABASE_URL", same)
    for name, value in DISCORD.items():
        monkeypatch.setenv(f"DESK_DISCORD__{name}", value)
    with pytest.raises(StoreTrouble, match="first and herald have the database in common"):
        async with running(read(only), only=only, stands_by=True):
            pass


async def test_a_gateway_that_stands_by_takes_over_every_title(desk, monkeypatch, caplog):
    _, servers = desk
    caplog.set_level("INFO")
    for name, value in DISCORD.items():
        monkeypatch.setenv(f"DESK_DISCORD__{name}", value)

    async def numbers() -> list[int]:
        found: list[int] = []
        for server in servers.values():
            async with open_store(server) as store:
                found += await store.read(
                    lambda tx: tx.run("SELECT desks FROM comment_desk").fetchone()
                )
        return found

    async with AsyncExitStack() as second:
        async with running(read("gateway"), only="gateway", stands_by=True):
            waits = running(read("gateway"), only="gateway", stands_by=True)
            standing_by = asyncio.create_task(second.enter_async_context(waits))
            await until(lambda: "this one stands by" in caplog.text, what="the second to stand by")
            assert await numbers() == [1, 1]
        await standing_by
        assert await numbers() == [2, 2]

"""How the desk is stands at an address of its own, which no reader can reach by mistake."""

import logging
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.doors import backups_of, doors
from bot.services.upkeep import ClockWatch
from bot.store.sqlite import open_store
from bot.web.gauges import DiscordState, Watched
from bot.web.listening import CannotListen
from config.operations import HealthSettings, WebSettings
from config.settings import DiscordSettings, Settings
from tests.services.desks import Bench
from tests.support.fresh import new_desk

PAGES = ("/healthz", "/readyz", "/metrics")


def settings(web: WebSettings, health: HealthSettings, path: Path) -> Settings:
    return Settings.model_construct(
        discord=DiscordSettings(token="a", guild_id=1, channel_id=2),
        sites={},
        web=web,
        health=health,
        database=path,
    )


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with open_store(new_desk(tmp_path / "desk.db")) as store:
        yield Bench(store)


@asynccontextmanager
async def opened(
    bench: Bench, web: WebSettings, health: HealthSettings
) -> AsyncGenerator[tuple[str, str]]:
    asked = settings(web, health, bench.store.path)
    watched = Watched(
        desk=bench.desk,
        clock=ClockWatch(bench.clock),
        watches=[],
        discord=DiscordState,
        backups=backups_of(asked),
    )
    async with doors(asked, watched, {}) as addresses:
        yield addresses


async def statuses(address: str, *paths: str) -> list[int]:
    async with aiohttp.ClientSession() as http:
        found = list[int]()
        for path in paths:
            async with http.get(address + path) as answer:
                found.append(answer.status)
        return found


async def test_reports_and_health_are_apart(bench: Bench):
    async with opened(bench, WebSettings(port=0), HealthSettings(port=0)) as (reports, health):
        assert reports != health
        assert await statuses(reports, *PAGES, "/openapi.json") == [200, 200, 404, 200]
        assert await statuses(health, *PAGES, "/openapi.json", "/v1/reports") == [
            *(200, 200, 200),
            *(404, 404),
        ]


async def test_where_reports_are_taken_it_is_said_only_whether_they_are(bench: Bench):
    async with opened(bench, WebSettings(port=0), HealthSettings(port=0)) as (reports, health):
        told = dict[str, Any]()
        async with aiohttp.ClientSession() as http:
            for address in (reports, health):
                async with http.get(f"{address}/readyz") as answer:
                    told[address] = await answer.json()
    assert told[reports] == {"ready": True, "parts": {}}
    assert told[health]["parts"]["store"]["ok"]


async def test_the_description_names_what_there_is_at_its_address(bench: Bench):
    for health in (HealthSettings(port=0), HealthSettings()):
        async with opened(bench, WebSettings(port=0), health) as (reports, _):
            async with aiohttp.ClientSession() as http, http.get(f"{reports}/openapi.json") as page:
                paths = (await page.json())["paths"]
            there = await statuses(reports, *PAGES)
        assert [path in paths for path in PAGES] == [status == 200 for status in there]


async def test_what_is_asked_at_one_address_is_counted_at_the_other(bench: Bench):
    async with opened(bench, WebSettings(port=0), HealthSettings(port=0)) as (reports, health):
        await statuses(reports, "/openapi.json", "/openapi.json")
        async with aiohttp.ClientSession() as http, http.get(f"{health}/metrics") as answer:
            text = await answer.text()
    assert 'comment_desk_http_responses_total{route="/openapi.json",status="200"} 2.0' in text


async def test_a_trial_has_both_at_one_address(bench: Bench):
    async with opened(bench, WebSettings(port=0), HealthSettings()) as (reports, health):
        assert reports == health
        assert await statuses(reports, *PAGES, "/openapi.json") == [200, 200, 200, 200]


@pytest.mark.parametrize(
    ("web", "health", "place"),
    [
        (WebSettings(), HealthSettings(), ("127.0.0.1", 8082)),
        (WebSettings(port=9000), HealthSettings(), ("127.0.0.1", 8082)),
        (WebSettings(), HealthSettings(host="10.0.0.1"), ("10.0.0.1", 8082)),
        (WebSettings(), HealthSettings(port=9464), ("127.0.0.1", 9464)),
        (WebSettings(), HealthSettings(port=8080), None),
        (WebSettings(port=0), HealthSettings(), None),
        (WebSettings(port=0), HealthSettings(port=0), ("127.0.0.1", 0)),
    ],
)
def test_where_it_is_said(web: WebSettings, health: HealthSettings, place: tuple[str, int] | None):
    assert health.place(web) == place


async def test_an_address_that_was_asked_for_and_is_taken_is_an_error(bench: Bench):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=r"How the desk is .* DESK_HEALTH__PORT"):
            async with opened(bench, WebSettings(port=0), HealthSettings(port=port)):
                pass


async def test_reports_are_taken_though_the_usual_address_is_taken(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        usual = ("127.0.0.1", taken.getsockname()[1])
        monkeypatch.setattr(HealthSettings, "place", lambda *_: usual)
        with caplog.at_level(logging.WARNING):
            async with opened(bench, WebSettings(port=0), HealthSettings()) as (reports, health):
                assert (health, await statuses(reports, "/openapi.json")) == ("", [200])
    assert "DESK_HEALTH__PORT" in caplog.text

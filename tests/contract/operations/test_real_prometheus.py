"""A real Prometheus, as the papers set it up, reads a desk and evaluates the rules."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.services.upkeep import ClockWatch
from bot.store.sqlite import open_store
from bot.web.app import make_health_app
from bot.web.gauges import DeskGauges, DiscordState, Watched
from bot.web.health import Metrics, readiness
from bot.web.listening import listening
from tests.contract.operations.test_prometheus import ALERTS, OPERATIONS, RULES, queries
from tests.services.desks import Bench
from tests.support.fresh import new_desk
from tests.support.waiting import PATIENCE, eventually

PROMETHEUS = shutil.which("prometheus")
LISTENS = re.compile(r"address=127\.0\.0\.1:(\d+)")

pytestmark = [
    pytest.mark.skipif(PROMETHEUS is None, reason="needs Debian's prometheus package"),
    pytest.mark.skipif(os.environ.get("CI_FULL") != "1", reason="takes a while: CI_FULL=1"),
]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[str]:
    """The address at which a desk with one open case says how it is."""
    async with open_store(new_desk(tmp_path / "desk.db")) as store:
        bench = Bench(store)
        await bench.take()
        watched = Watched(
            desk=bench.desk,
            clock=ClockWatch(bench.clock),
            watches=[],
            discord=lambda: DiscordState(is_here=True),
        )
        app: web.Application = make_health_app(Metrics(DeskGauges(watched)), readiness(watched))
        async with listening(app, "127.0.0.1", 0) as address:
            yield address


@pytest.fixture
async def prometheus(desk: str, tmp_path: Path) -> AsyncGenerator[str]:
    config = (OPERATIONS / "prometheus.yml").read_text("utf-8")
    assert "127.0.0.1:8082" in config
    shutil.copy(RULES, tmp_path)
    (tmp_path / "prometheus.yml").write_text(
        config.replace("127.0.0.1:8082", desk.removeprefix("http://")).replace("15s", "1s")
    )
    assert PROMETHEUS is not None
    process = await asyncio.create_subprocess_exec(
        PROMETHEUS,
        f"--config.file={tmp_path / 'prometheus.yml'}",
        f"--storage.tsdb.path={tmp_path / 'tsdb'}",
        "--web.listen-address=127.0.0.1:0",
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            yield f"http://127.0.0.1:{await port_of(process)}/api/v1"
    finally:
        process.terminate()
        await process.communicate()


async def port_of(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    port = ""
    async for line in process.stderr:
        found = LISTENS.search(line.decode())
        port = found[1] if found is not None else port
        if b"Server is ready" in line:
            return port
    raise AssertionError("Prometheus did not start")


async def asked(api: str, path: str, **query: str) -> Any:
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{api}/{path}", params=query) as answer,
    ):
        return (await answer.json())["data"]


async def test_it_reads_the_desk_and_evaluates_every_rule(prometheus: str):
    async def read() -> bool:
        found = await asked(prometheus, "query", query='comment_desk_cases_open{state="open"}')
        return [one["value"][1] for one in found["result"]] == ["1"]

    await eventually(read, "Prometheus to read the desk")

    async def evaluated() -> bool:
        groups = (await asked(prometheus, "rules"))["groups"]
        rules = [rule for group in groups for rule in group["rules"]]
        assert [rule["name"] for rule in rules] == ALERTS.findall(RULES.read_text("utf-8"))
        return {rule["health"] for rule in rules} == {"ok"}

    await eventually(evaluated, "Prometheus to evaluate the rules")


async def test_it_answers_every_query_of_the_dashboard(prometheus: str):
    async def read() -> bool:
        return bool((await asked(prometheus, "query", query="comment_desk_cases_open"))["result"])

    await eventually(read, "Prometheus to read the desk")
    answered = 0
    for query in queries():
        expr = query.replace("$instance", ".+").replace("$__rate_interval", "1m")
        assert "$" not in expr, query
        answered += bool((await asked(prometheus, "query", query=expr))["result"])
    assert answered > 10, "of a desk that has done little, most have an answer all the same"

"""A sandbox with the newsroom in it, and the unmodified discord.py connected to it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
import yarl

from bot.demo.scenario import newsroom
from tests.contract.standin.desk import Desk
from tests.support.driver import Actor
from tests.support.sandbox import Sandbox
from tests.support.waiting import until

OPENAPI = Path(__file__).parents[4] / "shared" / "discord" / "openapi.json"


def build(**options: Any) -> Sandbox:
    """Return a sandbox that checks against Discord's OpenAPI file where it is at hand."""
    options.setdefault("openapi", OPENAPI if OPENAPI.exists() else None)
    options.setdefault("world", newsroom())
    return Sandbox(**options)


def settle(sandbox: Sandbox) -> None:
    """Fail if the bot broke Discord's rules or the sandbox its own."""
    assert not sandbox.crashes, sandbox.crashes[0]
    assert sandbox.violations == [], "\n".join(sandbox.violations)
    assert sandbox.unknown_routes == []


@contextlib.contextmanager
def pointed_at(sandbox: Sandbox) -> Iterator[None]:
    """Point discord.py at a sandbox: three class attributes, and nothing else."""
    patch = pytest.MonkeyPatch()
    patch.setattr(discord.http.Route, "BASE", sandbox.api_url)
    address = yarl.URL(sandbox.gateway_url)
    patch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", address)
    patch.setattr(discord.asset.Asset, "BASE", sandbox.url)
    try:
        yield
    finally:
        patch.undo()


@contextlib.asynccontextmanager
async def running(sandbox: Sandbox, desk: Desk | None = None) -> AsyncIterator[Desk]:
    """Run a bot against a sandbox until the block is left."""
    desk = desk or Desk(sandbox.world)
    with pointed_at(sandbox):
        task = asyncio.create_task(desk.start(sandbox.world.token))
        try:
            await until(lambda: desk.is_ready() or task.done(), what="the bot to be ready")
            desk.task = task
            yield desk
        finally:
            await desk.close()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with build() as made:
        yield made
    settle(made)


@pytest.fixture
async def desk(sandbox: Sandbox) -> AsyncIterator[Desk]:
    async with running(sandbox) as made:
        yield made


@pytest.fixture
def who(sandbox: Sandbox) -> Callable[[str], Actor]:
    return sandbox.as_user


@pytest.fixture
def ana(sandbox: Sandbox) -> Actor:
    return sandbox.as_user("ana")


@pytest.fixture
def olly(sandbox: Sandbox) -> Actor:
    return sandbox.as_user("olly")

"""A sandbox with its page, the showcase bot in it, and people with browsers."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import discord
import pytest
import pytest_asyncio
import yarl

from bot.sandbox.driver import Actor, until
from bot.sandbox.page import Page
from bot.sandbox.scenario import newsroom
from bot.sandbox.server import Sandbox
from tests.contract.page.showcase import Card, Decided, Showcase

pytest.importorskip("playwright.async_api", reason="playwright is not installed")

from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.contract.page.visitor import DESKTOP, PHONE, Visitor

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SINCE = 1_700_000_000
PATIENCE = 10_000
"""Milliseconds; the machine may be busy with others."""

Visit = Callable[..., Awaitable[Visitor]]


@dataclass(slots=True)
class Newsroom:
    """A sandbox with the bot connected."""

    sandbox: Sandbox
    bot: Showcase

    def person(self, name: str) -> Actor:
        return self.sandbox.as_user(name)

    def channel(self, name: str = "moderation") -> discord.TextChannel:
        found = self.bot.get_channel(int(self.sandbox.world.place(name)))
        assert isinstance(found, discord.TextChannel)
        return found

    async def card(self, case: int = 1042) -> discord.Message:
        return await self.channel().send(view=Card(case, SINCE))

    async def decided(self) -> discord.Message:
        return await self.channel().send(view=Decided(7, "Sam"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield found
        await found.close()


@contextlib.asynccontextmanager
async def opened() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(newsroom())
    Page(sandbox.world, sandbox.actions, sandbox.violations).add_to(sandbox.app)
    async with sandbox:
        yield sandbox
    assert sandbox.crashes == []


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    async with opened() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def room(sandbox: Sandbox) -> AsyncIterator[Newsroom]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(discord.http.Route, "BASE", sandbox.api_url)
        gateway = yarl.URL(sandbox.gateway_url)
        patch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
        bot = Showcase(int(sandbox.world.guild_id))
        task = asyncio.create_task(bot.start(sandbox.world.token))
        await until(lambda: bot.is_ready() or task.done(), 5, "the bot to be ready")
        yield Newsroom(sandbox, bot)
        await bot.close()
        await task


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def desktop(browser: Browser) -> BrowserContext:
    context = await browser.new_context(viewport=DESKTOP)
    context.set_default_timeout(PATIENCE)
    return context


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def telephone(browser: Browser) -> BrowserContext:
    context = await browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    context.set_default_timeout(PATIENCE)
    return context


@pytest_asyncio.fixture(loop_scope="session")
async def visit(
    desktop: BrowserContext, telephone: BrowserContext, sandbox: Sandbox
) -> AsyncIterator[Visit]:
    """Give a function that opens the page; nothing may go wrong or leave the sandbox.

    Every test's sandbox has a port of its own, so what one leaves in the browser's storage is
    nothing to the next.
    """
    visitors: list[Visitor] = []

    async def open_page(
        user: str = "ana", channel: str = "moderation", *, phone: bool = False
    ) -> Visitor:
        tab = await (telephone if phone else desktop).new_page()
        visitor = Visitor(tab, sandbox.url)
        visitor.listen()
        visitors.append(visitor)
        await visitor.go(user, channel)
        return visitor

    yield open_page
    for visitor in visitors:
        await visitor.tab.close()
    for visitor in visitors:
        assert visitor.errors == []
        assert visitor.strays == []

"""A sandbox with its page, the showcase bot in it, and people with browsers."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import discord
import pytest
import pytest_asyncio
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.demo.scenario import newsroom
from bot.standin.page import Page
from tests.contract.page.showcase import Card, Decided, Showcase
from tests.contract.standin.conftest import OPENAPI
from tests.support.driver import Actor
from tests.support.sandbox import Sandbox
from tests.support.waiting import PATIENCE, until

pytest.importorskip("playwright.async_api", reason="playwright is not installed")

from playwright.async_api import Browser, BrowserContext

from tests.contract.page.visitor import DESKTOP, Visitor
from tests.support.browsers import PHONE, window

SINCE = 1_700_000_000

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


@contextlib.asynccontextmanager
async def opened() -> AsyncGenerator[Sandbox]:
    sandbox = Sandbox(newsroom(), openapi=OPENAPI if OPENAPI.exists() else None)
    Page(sandbox.world, sandbox.actions, sandbox.violations).add_to(sandbox.app)
    # What the page shows is tried here, not how quick the bot is beside it.
    sandbox.interactions.deadline = PATIENCE
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
        patch.setattr(Route, "BASE", sandbox.api_url)
        patch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(sandbox.gateway_url))
        bot = Showcase(int(sandbox.world.guild_id))
        task = asyncio.create_task(bot.start(sandbox.world.token))
        await until(lambda: bot.is_ready() or task.done(), what="the bot to be ready")
        yield Newsroom(sandbox, bot)
        await bot.close()
        await task


class Windows:
    """Browser windows, made once and used by test after test.

    A person has a window of their own: in a shared one the tab behind is hardly drawn.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._made: dict[tuple[int, bool], BrowserContext] = {}

    async def window(self, index: int, *, phone: bool = False) -> BrowserContext:
        if (index, phone) not in self._made:
            size = PHONE if phone else DESKTOP
            self._made[index, phone] = await window(self._browser, size, touch=phone)
        return self._made[index, phone]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def windows(browser: Browser) -> Windows:
    return Windows(browser)


@pytest_asyncio.fixture(loop_scope="session")
async def visit(windows: Windows, sandbox: Sandbox) -> AsyncIterator[Visit]:
    """Give a function that opens the page; nothing may go wrong or leave the sandbox.

    Every test's sandbox has a port of its own, so what one leaves in the browser's storage is
    nothing to the next.
    """
    visitors: list[Visitor] = []

    async def open_page(
        user: str = "ana", channel: str = "moderation", *, phone: bool = False
    ) -> Visitor:
        window = await windows.window(len(visitors), phone=phone)
        visitor = Visitor(await window.new_page(), sandbox.url)
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

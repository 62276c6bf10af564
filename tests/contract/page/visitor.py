"""One person in front of the page: a browser tab, and what went wrong in it."""

import asyncio
from dataclasses import dataclass, field

from playwright.async_api import ConsoleMessage, Locator, Page, Request, ViewportSize

DESKTOP: ViewportSize = {"width": 1280, "height": 800}


@dataclass  # without slots: playwright keeps its wrappers on the owner of a listener
class Visitor:
    """A tab, with everything it asked for and complained about.

    Attributes:
        tab: The browser's tab.
        home: The address all requests must begin with.
        errors: What the console said in anger.
        strays: Requests that left the sandbox.
    """

    tab: Page
    home: str
    errors: list[str] = field(default_factory=list[str])
    strays: list[str] = field(default_factory=list[str])

    def listen(self) -> None:
        self.tab.on("console", self._heard)
        self.tab.on("pageerror", lambda error: self.errors.append(str(error)))
        self.tab.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:")):
            self.strays.append(request.url)

    async def go(self, user: str = "ana", channel: str = "moderation", more: str = "") -> None:
        await self.tab.goto(f"{self.home}/discord?user={user}&channel={channel}{more}")
        await self.tab.wait_for_selector("body[data-ready]")

    async def news(self) -> asyncio.Event:
        """Return what is set once the server's stream has told the tab something, drawn or not."""
        told = asyncio.Event()
        inspector = await self.tab.context.new_cdp_session(self.tab)

        def heard(_: object) -> None:
            told.set()

        inspector.on("Network.eventSourceMessageReceived", heard)
        await inspector.send("Network.enable")  # pyright: ignore[reportUnknownMemberType] - playwright's own
        return told

    def message(self, text: str) -> Locator:
        return self.tab.locator(".message", has_text=text)

    def button(self, name: str) -> Locator:
        return self.tab.get_by_role("button", name=name, exact=True)

    @property
    def box(self) -> Locator:
        return self.tab.locator("#box")

    @property
    def dialog(self) -> Locator:
        return self.tab.locator("dialog")

    async def write(self, text: str) -> None:
        """Type into the message box, key by key, and press Enter."""
        await self.box.click()
        await self.tab.keyboard.type(text)
        await self.tab.keyboard.press("Enter")

    async def focused(self) -> str:
        """Return what has the focus: its text or its label."""
        return await self.tab.evaluate(
            "document.activeElement.getAttribute('aria-label')"
            " ?? document.activeElement.textContent"
        )

    async def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        return await self.tab.evaluate(
            "Math.max(document.documentElement.scrollWidth - innerWidth,"
            " ...[...document.querySelectorAll('#messages, #scroller, #composer, dialog, .popup')]"
            ".map(e => e.scrollWidth - e.clientWidth))"
        )

"""The whole trip by clicking, in a real browser, against the demo as anybody starts it."""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

pytest.importorskip("playwright.async_api", reason="playwright is not installed")

from playwright.async_api import Browser, Page, async_playwright, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 15_000
TEXT = "You are all bought"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


class Demo:
    """`comment-desk demo` as a process of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.facts: dict[str, str] = {}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "demo", "--json", "--no-open"),
            *("--port", "0", "--data", str(self.data)),
            stdout=asyncio.subprocess.PIPE,
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(60):
            self.facts = json.loads(await self._process.stdout.readline())

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            assert await self._process.wait() == 0

    async def export(self) -> list[dict[str, object]]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "export", "--database", self.facts["database"]),
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate()
        assert process.returncode == 0
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncGenerator[Demo]:
    demo = Demo(tmp_path / "demo")
    await demo.start()
    yield demo
    await demo.stop()


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


async def open_page(browser: Browser, width: int, url: str) -> tuple[Page, list[str]]:
    page = await browser.new_page(viewport={"width": width, "height": 844})
    page.set_default_timeout(PATIENCE)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if "127.0.0.1" in request.url or request.url.startswith("data:")
            else troubles.append(request.url)
        ),
    )
    await page.goto(url)
    return page, troubles


@pytest.mark.parametrize("width", [1280, 390])
async def test_a_report_under_the_story_becomes_a_card_and_hide_makes_the_comment_vanish(
    demo: Demo, browser: Browser, width: int
):
    story, story_troubles = await open_page(browser, width, demo.facts["story"])
    comment = story.locator("#comment-3")
    await expect(comment).to_contain_text(TEXT)
    await comment.get_by_text("Report this comment").click()
    await story.get_by_label("Harassment").check()
    await story.get_by_role("button", name="Report this comment").click()
    await expect(story.locator("#comment-3")).to_contain_text("Thank you")

    channel, channel_troubles = await open_page(browser, width, demo.facts["channel"])
    hide = channel.get_by_role("button", name="Hide: harassment")
    await expect(hide).to_be_visible(timeout=PATIENCE)
    await hide.click()
    await expect(channel.get_by_text("Only you can see this").first).to_be_visible()
    await expect(channel.get_by_text("Hidden", exact=False).first).to_be_visible()

    await expect(story.locator("#comments")).not_to_contain_text(TEXT, timeout=PATIENCE)
    for page in (story, channel):
        overflow = await page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert not overflow, f"{page.url} scrolls sideways at {width} px"
    assert story_troubles == []
    assert channel_troubles == []
    [decision] = await demo.export()
    assert decision["action"] == "hide"
    assert decision["by_name"] == "Ana"


async def test_what_happened_survives_a_restart(demo: Demo, browser: Browser):
    channel, _ = await open_page(browser, 1280, demo.facts["channel"])
    await channel.get_by_role("button", name="Keep").first.click()
    await expect(channel.get_by_text("Only you can see this").first).to_be_visible()

    await demo.stop()
    await demo.start()

    again, _ = await open_page(browser, 1280, demo.facts["channel"])
    await expect(again.get_by_text("Kept").first).to_be_visible(timeout=PATIENCE)
    await expect(again.get_by_role("button", name="Keep")).to_have_count(1)
    assert [decision["action"] for decision in await demo.export()] == ["keep"]

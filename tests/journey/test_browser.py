"""The whole trip by clicking, in a real browser, against the demo as anybody starts it."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio

pytest.importorskip("playwright.async_api", reason="playwright is not installed")

from playwright.async_api import Browser, Page, expect

from tests.support.browsers import window
from tests.support.waiting import PATIENCE

TEXT = "You are all bought"

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
        async with asyncio.timeout(PATIENCE):
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
        lines = [json.loads(line) for line in out.splitlines()]
        return [line for line in lines if "contest_step" not in line]


@pytest_asyncio.fixture(loop_scope="session")
async def demo(tmp_path: Path) -> AsyncGenerator[Demo]:
    demo = Demo(tmp_path / "demo")
    await demo.start()
    yield demo
    await demo.stop()


Open = Callable[[int, str], Awaitable[tuple[Page, list[str]]]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser) -> AsyncGenerator[Open]:
    """Give a function that opens an address, and tells the page's troubles."""
    async with AsyncExitStack() as stack:

        async def opened(width: int, url: str) -> tuple[Page, list[str]]:
            context = await window(browser, {"width": width, "height": 844})
            stack.push_async_callback(context.close)
            return await watched(await context.new_page(), url)

        yield opened


async def fits(page: Page) -> bool:
    return await page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


async def watched(page: Page, url: str) -> tuple[Page, list[str]]:
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
    demo: Demo, open_page: Open, width: int
):
    story, story_troubles = await open_page(width, demo.facts["story"])
    comment = story.locator("#comment-3")
    await expect(comment).to_contain_text(TEXT)
    await comment.get_by_role("button", name="Report this comment").click()
    form = story.get_by_role("dialog", name="Report this comment")
    await form.get_by_label("Harassment").check()
    await form.get_by_role("button", name="Send report").click()
    await expect(form).to_contain_text("Thank you")
    receipt = str(await form.get_by_role("link", name="See what becomes").get_attribute("href"))
    await form.get_by_role("button", name="Close").click()
    await expect(comment).to_contain_text("You have reported this comment")

    channel, channel_troubles = await open_page(width, demo.facts["channel"])
    hide = channel.get_by_role("button", name="Hide: harassment")
    await expect(hide).to_be_visible()
    await hide.click()
    await expect(channel.get_by_text("Only you can see this").first).to_be_visible()
    await expect(channel.get_by_text("Hidden", exact=False).first).to_be_visible()

    await expect(story.locator("#comments")).not_to_contain_text(TEXT)
    await story.goto(receipt)
    await expect(story.locator("main")).to_contain_text("We looked at the comment and removed it")
    assert await fits(story)

    await story.goto(demo.facts["story"])
    await story.get_by_label("Reading as").select_option("salty_dog")
    await story.get_by_role("button", name="Switch").click()
    why = await story.get_by_role("link", name="Why, and how to contest").get_attribute("href")
    await story.goto(str(why))
    await expect(story.locator("main")).to_contain_text("It broke this rule: Harassment")
    await expect(story.locator("main")).to_contain_text(TEXT)
    await story.get_by_text("Contest this decision").click()
    await story.get_by_label("Why is it wrong?").fill("I meant the council.")
    await story.get_by_role("button", name="Send").click()
    await expect(story.locator("main")).to_contain_text("We have what you wrote.")
    assert await fits(story)
    await story.goto(demo.facts["story"])
    for page in (story, channel):
        assert await fits(page), f"{page.url} scrolls sideways at {width} px"
    assert story_troubles == []
    assert channel_troubles == []
    [decision] = await demo.export()
    assert decision["action"] == "hide"
    assert decision["by_name"] == "Ana"


async def test_what_happened_survives_a_restart(demo: Demo, open_page: Open):
    channel, _ = await open_page(1280, demo.facts["channel"])
    await channel.get_by_role("button", name="Keep").first.click()
    await expect(channel.get_by_text("Only you can see this").first).to_be_visible()

    await demo.stop()
    await demo.start()

    again, _ = await open_page(1280, demo.facts["channel"])
    await expect(again.get_by_text("Kept").first).to_be_visible()
    await expect(again.get_by_role("button", name="Keep")).to_have_count(1)
    assert [decision["action"] for decision in await demo.export()] == ["keep"]

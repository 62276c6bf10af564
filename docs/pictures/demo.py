# ruff: noqa: INP001 - a script beside its pictures, and no package
"""Goes through the demo in a browser as a reader, a moderator and an editor, and takes pictures."""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from montage import side_by_side, write
from playwright.async_api import Browser, Locator, Page, async_playwright

HERE = Path(__file__).parent
PHONE = {"width": 390, "height": 730}
"""So high that the form ends between two rules."""

DESKTOP = {"width": 1280, "height": 900}
STILL = "#guide, #to-present { display: none !important }"
"""What is for a visitor of the demo alone, or covers a card, is not on its pictures."""


async def demo_pictures() -> None:
    """Take the walk, the moderators' channel and an alert."""
    with TemporaryDirectory(prefix="pictures-") as folder:
        async with demo(Path(folder)) as facts, chromium() as browser:
            await walk(browser, facts)
            await channel(browser, facts)
            await alert(browser, facts)


@asynccontextmanager
async def demo(folder: Path) -> AsyncGenerator[dict[str, str]]:
    """Run the demo, and give what it says of itself."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--json", "--no-open"),
        *("--port", "0", "--data", str(folder)),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        if process.stdout is None:
            raise RuntimeError("The demo says nothing.")
        yield json.loads(await process.stdout.readline())
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def chromium() -> AsyncGenerator[Browser]:
    """Start a browser."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()


async def opened(browser: Browser, url: str, size: dict[str, int]) -> Page:
    """Open a page in a window of its own, on a telephone if it is that narrow."""
    touch = size["width"] == PHONE["width"]
    context = await browser.new_context(
        viewport=size,
        has_touch=touch,
        is_mobile=touch,
        reduced_motion="reduce",
        locale="en-GB",
        bypass_csp=True,  # which would refuse the style of a picture
    )
    page = await context.new_page()
    await page.goto(url)
    return page


async def taken(page: Page) -> bytes:
    """Take a picture of what is on the screen."""
    await page.evaluate("document.fonts.ready")
    return await page.screenshot(style=STILL, animations="disabled", caret="hide")


async def chosen(story: Page, comment: int, rule: str) -> Locator:
    """Open the form under a comment, and choose a rule."""
    place = story.locator(f"#comment-{comment}")
    await place.get_by_role("button", name="Report this comment").click()
    form = story.get_by_role("dialog", name="Report this comment")
    await form.get_by_label(rule).check()
    return form


async def walk(browser: Browser, facts: dict[str, str]) -> None:
    """Follow one report to what became of it."""
    story = await opened(browser, facts["story"], PHONE)
    form = await chosen(story, 3, "Harassment")
    frames = [("A reader reports a comment", await taken(story))]
    await form.get_by_role("button", name="Send report").click()
    receipt = form.get_by_role("link", name="See what becomes")
    await receipt.wait_for()
    frames.append(("and is thanked", await taken(story)))

    moderation = await opened(browser, facts["channel"], PHONE)
    await moderation.get_by_role("button", name="Hide: harassment").click()
    await moderation.get_by_text("taken down on the site").first.wait_for()
    frames.append(("A moderator presses Hide", await taken(moderation)))

    await story.goto(str(await receipt.get_attribute("href")))
    await story.get_by_text("We looked at the comment and removed it").wait_for()
    frames.append(("and the reader is told why", await taken(story)))
    await side_by_side(browser, frames, HERE / "walk.png")


async def channel(browser: Browser, facts: dict[str, str]) -> None:
    """Show the moderators' channel after a decision, with another report waiting."""
    story = await opened(browser, facts["story"], DESKTOP)
    form = await chosen(story, 8, "Spam")
    await form.get_by_role("button", name="Send report").click()
    desktop = await opened(browser, facts["channel"], DESKTOP)
    await desktop.get_by_role("button", name="Hide: spam").wait_for()
    phone = await opened(browser, facts["channel"], PHONE | {"height": DESKTOP["height"]})
    await phone.get_by_role("button", name="Next").wait_for()
    await phone.locator(".message").first.evaluate("overview => overview.scrollIntoView()")
    frames = [("", await taken(page)) for page in (desktop, phone)]
    await side_by_side(browser, frames, HERE / "channel.png")


async def alert(browser: Browser, facts: dict[str, str]) -> None:
    """Let reports pile up, and show what editors get."""
    story = await opened(browser, facts["story"], DESKTOP)
    await story.get_by_role("button", name="readers report this story").click()
    page = await opened(browser, facts["channel"].replace("user=ana", "user=ed"), DESKTOP)
    await (
        page.get_by_role("link", name="editors")
        .or_(page.get_by_role("button", name="editors"))
        .first.click()
    )
    await page.get_by_text("Reports are piling up").first.wait_for()
    await page.wait_for_function("[...document.images].every((one) => one.complete)")
    write(await taken(page), HERE / "alert.png")

"""A newcomer's first steps in the demo: ticked by what the visitor does, and gone when done."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.demo.demo import GUIDE, Options, open_demo
from tests.contract.page.visitor import DESKTOP
from tests.support.browsers import window

DONE = "#guide .done"


@pytest.mark.asyncio(loop_scope="session")
async def test_the_steps_go_once_the_visitor_has_done_them(browser: Browser, tmp_path: Path):
    async with open_demo(Options(data=tmp_path, port=0, open_pages=False)) as demo:
        context = await window(browser, DESKTOP)
        page = await context.new_page()
        await page.goto(demo.channel_url)
        guide = page.locator("#guide")
        await expect(guide.locator("li")).to_have_text([step["words"] for step in GUIDE])
        await expect(guide).to_contain_text("Press your name to be somebody else")
        await demo.paper.all_sent()
        await expect(page.locator(DONE)).to_have_count(0)  # the demo's own reports are no step

        await page.get_by_role("button", name="Keep").first.click()
        await expect(page.locator(DONE)).to_have_count(1)
        await page.locator("#box").fill("hello")
        await page.locator("#box").press("Enter")
        await expect(page.locator(DONE)).to_have_count(2)
        await page.reload()
        await expect(page.locator(DONE)).to_have_count(2)
        await page.locator("#person").click()
        await page.get_by_text("Ed", exact=True).last.click()
        await expect(guide).to_be_hidden()
        await page.reload()
        await expect(page.locator("#messages")).to_be_visible()
        await expect(guide).to_be_hidden()
        await context.close()

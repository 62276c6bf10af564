"""The paper in Chromium, by keyboard, without scripts and at the width of a phone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.domain.decisions import Action

from .newsstand import make_order, newsstand

pytest.importorskip("playwright.async_api", reason="playwright is not installed")

from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.support.browsers import DESKTOP, PHONE, window

PRIVILEGE = "commenting is a privilege, not a right, and may be withdrawn"


pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def tab(
    browser: Browser, viewport: ViewportSize, *, scripts: bool = True
) -> AsyncIterator[Page]:
    context = await window(browser, viewport, scripts=scripts)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda asked: None if "127.0.0.1" in asked.url else wrong.append(asked.url),
    )
    yield page
    await context.close()
    assert wrong == []


async def no_wider_than_the_window(page: Page) -> bool:
    return await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
async def test_a_reader_reports_by_clicking(browser, tmp_path, viewport, scripts):
    async with (
        newsstand(tmp_path, with_form=True) as stand,
        tab(browser, viewport, scripts=scripts) as page,
    ):
        await page.goto(stand.url)
        third = page.locator("article.comment").nth(2)
        await third.get_by_role("button", name="Report this comment").click()
        form = page.get_by_role("dialog") if scripts else page.locator("main")
        await expect(form).to_contain_text(PRIVILEGE)
        await form.get_by_role("radio", name="Harassment").check()
        await form.get_by_label("Anything the moderators should know").fill("Every week.")
        if scripts:
            assert await no_wider_than_the_window(page)
        await form.get_by_role("button", name="Send report").click()
        await expect(form).to_contain_text("Thank you. Your report has reached our moderators.")
        assert await stand.filed() == [("3", 3, "Every week.")]
        if scripts:
            await form.get_by_role("button", name="Close").click()
            await expect(third).to_contain_text("You have reported this comment")
        else:
            assert page.url.startswith(f"{stand.paper.readers_url}/your-report/")


async def test_a_reader_reports_by_keyboard(browser, tmp_path):
    async with newsstand(tmp_path, with_form=True) as stand, tab(browser, DESKTOP) as page:
        await page.goto(stand.url)
        await page.locator("#comment-3 .doing button").focus()
        await page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("radio").first.focus()
        await page.keyboard.press("Space")
        await page.keyboard.press("ArrowDown")
        await expect(page.get_by_role("radio", name="Private details")).to_be_checked()
        for _ in ("note", "send"):
            await page.keyboard.press("Tab")
        await expect(dialog.get_by_role("button", name="Send report")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(dialog).to_contain_text("Thank you.")
        assert [rule for _, rule, _ in await stand.filed()] == [2]
        await page.keyboard.press("Enter")
        await expect(page.locator("#comment-3 [data-reported]")).to_be_focused()


async def test_cancel_reports_nothing(browser, tmp_path):
    async with newsstand(tmp_path, with_form=True) as stand, tab(browser, PHONE) as page:
        await page.goto(stand.url)
        await page.locator("#comment-3").get_by_role("button", name="Report this comment").click()
        await page.get_by_role("button", name="Cancel").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        assert await stand.filed() == []


@pytest.mark.parametrize("action", [Action.HOLD, Action.HIDE])
async def test_who_reported_is_thanked_also_when_the_comment_is_gone_at_once(
    browser, tmp_path, action
):
    async with newsstand(tmp_path, with_form=True) as stand, tab(browser, PHONE) as page:
        await page.goto(stand.url)
        await page.locator("#comment-3").get_by_role("button", name="Report this comment").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("radio", name="Contempt").check()
        await dialog.get_by_role("button", name="Send report").click()
        await expect(dialog).to_contain_text("Thank you.")
        await stand.desk.carry_out(make_order(action, "3", "d-1"))
        # A second tab shows when a tab that is free to change has changed.
        async with tab(browser, DESKTOP) as other:
            await other.goto(stand.url)
            await stand.desk.carry_out(make_order(action, "4", "d-2"))
            await expect(other.locator("#comment-4 .gone")).to_be_visible()
        await expect(dialog).to_contain_text("Thank you.")
        await dialog.get_by_role("button", name="Close").click()
        await expect(page.locator("#comment-3 .gone")).to_be_visible()


async def test_a_hidden_comment_vanishes_before_the_readers_eyes(browser, tmp_path):
    async with newsstand(tmp_path, with_form=True) as stand, tab(browser, PHONE) as page:
        await page.goto(stand.url)
        await expect(page.locator("#comment-3")).to_contain_text("You are all bought")
        await stand.desk.carry_out(make_order(Action.HIDE, "3", "d-1"))
        await expect(page.locator("#comment-3")).to_contain_text("removed by the moderators")
        await expect(page.locator("#comments-title")).to_have_text("Comments 9")


async def test_what_is_being_written_is_not_lost_when_something_changes(browser, tmp_path):
    async with newsstand(tmp_path, with_form=True) as stand, tab(browser, DESKTOP) as page:
        await page.goto(stand.url)
        await page.locator("#write").fill("Half a tho")
        await stand.desk.carry_out(make_order(Action.HIDE, "3", "d-1"))
        # A second tab shows when a tab that is free to change has changed.
        async with tab(browser, DESKTOP) as other:
            await other.goto(stand.url)
            await stand.desk.carry_out(make_order(Action.UNHIDE, "3", "d-2"))
            await expect(other.locator("#comment-3")).to_contain_text("You are all bought")
        await expect(page.locator("#write")).to_have_value("Half a tho")


@pytest.mark.parametrize("reader", ["robin", "salty_dog"])
async def test_no_page_is_wider_than_a_phone(browser, tmp_path, reader):
    async with newsstand(tmp_path, with_form=True) as stand, tab(browser, PHONE) as page:
        await stand.post("/story/comments", text="w" * 400)
        await stand.desk.carry_out(make_order(Action.BAN, "3", "d-1"))
        await page.goto(stand.url)
        await page.get_by_label("Reading as").select_option(reader)
        await page.get_by_role("button", name="Switch").click()
        await expect(page.locator(f"#reader option[value={reader}]")).to_have_attribute(
            "selected", ""
        )
        assert await no_wider_than_the_window(page)

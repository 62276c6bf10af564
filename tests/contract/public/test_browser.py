"""The report form as readers meet it: in real Chromium, on a desktop and on a phone."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from bot.domain.ids import CaseId
from bot.domain.readers.ticket import write_ticket
from bot.store.sqlite import open_store
from tests.contract.public.readers import SECRET, Readers, content, open_readers, ticket
from tests.services.desks import Bench
from tests.support.browsers import DESKTOP, PHONE, Browser, ViewportSize, expect
from tests.support.fresh import new_desk

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def readers(tmp_path: Path) -> AsyncGenerator[Readers]:
    async with (
        open_store(new_desk(tmp_path / "desk.db")) as store,
        open_readers(Bench(store)) as readers,
    ):
        yield readers


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_reader_reports_and_follows_it_without_leaving_the_story(
    readers: Readers, browser: Browser, size: ViewportSize
):
    context = await browser.new_context(viewport=size)
    page = await context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    await page.goto(readers.story)

    await page.get_by_role("button", name="Report this comment").click()
    dialog = page.get_by_role("dialog", name="Report this comment")
    await dialog.get_by_role("button", name="Send report").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Choose what is wrong with the comment.")
    await dialog.get_by_role("radio", name="Something else").check()
    await dialog.get_by_role("button", name="Send report").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Say in a few words what is wrong.")
    await dialog.get_by_role("textbox").fill("It names the victim's school")
    await dialog.get_by_role("button", name="Send report").click()
    await expect(dialog.get_by_role("status")).to_contain_text("has reached our moderators")
    async with context.expect_page() as opened:
        await dialog.get_by_role("link", name="See what becomes of it").click()
    receipt = await opened.value
    await expect(receipt.get_by_text("A moderator will look at the comment.")).to_be_visible()
    width = await receipt.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, "nothing is wider than the screen"
    assert page.url == readers.story
    assert not troubles
    notes = await readers.bench.store.read(lambda tx: tx.reports.notes(CaseId(1)))
    assert [note.text for note in notes] == ["It names the victim's school"]
    await dialog.get_by_role("button", name="Close").click()
    instead = page.get_by_text("You have reported this comment")
    await expect(instead).to_be_focused()
    await expect(page.get_by_role("button", name="Report this comment")).to_have_count(0)
    readers.comments["c2"] = ticket("c2")
    await page.reload()
    await expect(page.locator("#comment-c1")).to_contain_text("You have reported this comment")
    await expect(page.locator("#comment-c2")).not_to_contain_text("You have reported")
    assert not troubles
    await context.close()


async def test_what_was_reported_is_said_of_that_text_and_to_that_reader_alone(
    readers: Readers, browser: Browser
):
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    await page.goto(readers.story)
    await page.get_by_role("button", name="Report this comment").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("radio", name="Hate").check()
    await dialog.get_by_role("button", name="Send report").click()
    await expect(dialog.get_by_role("status")).to_be_visible()
    other = content("c1")
    other["comment"]["revision"] = "2"
    tickets = [ticket("c1", reader="account-7"), write_ticket(other, SECRET), "none at all"]
    readers.comments |= dict(zip(("c2", "c3", "c4"), tickets, strict=True))
    await page.goto(readers.story)
    await expect(page.locator("#comment-c1")).to_contain_text("You have reported this comment")
    await expect(page.get_by_role("button", name="Report this comment")).to_have_count(3)
    # What a site draws anew is marked anew.
    await page.evaluate(
        "(value) => document.querySelector('#comment-c1 form').innerHTML = "
        "`<button name=ticket value='${value}' data-report>Report this comment</button>`",
        readers.comments["c1"],
    )
    await expect(page.locator("#comment-c1")).to_contain_text("You have reported this comment")
    await context.close()


async def test_cancel_and_escape_report_nothing_and_give_the_focus_back(
    readers: Readers, browser: Browser
):
    page = await browser.new_page()
    await page.goto(readers.story)
    button = page.get_by_role("button", name="Report this comment")
    for leave in ("Escape", "Cancel"):
        await button.click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_be_visible()
        if leave == "Escape":
            await page.keyboard.press("Escape")
        else:
            await dialog.get_by_role("button", name="Cancel").click()
        await expect(dialog).to_have_count(0)
        await expect(button).to_be_focused()
    assert await readers.bench.store.read(lambda tx: tx.cases.get(CaseId(1))) is None


async def test_everything_is_large_enough_for_a_thumb(readers: Readers, browser: Browser):
    page = await browser.new_page(viewport=PHONE)
    await page.goto(readers.story)
    await page.get_by_role("button", name="Report this comment").click()
    dialog = page.get_by_role("dialog")
    for target in [
        *await dialog.locator("label.rule").all(),
        *await dialog.get_by_role("button").all(),
    ]:
        box = await target.bounding_box()
        assert box is not None
        assert box["height"] >= 44


async def test_without_javascript_the_same_is_done_on_a_page(readers: Readers, browser: Browser):
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(readers.story)
    await page.get_by_role("button", name="Report this comment").click()
    await page.get_by_role("radio", name="Hate").check()
    await page.get_by_role("button", name="Send report").click()
    await expect(page.get_by_role("status")).to_contain_text("has reached our moderators")
    await page.get_by_text("Take my report back").click()
    await page.get_by_role("button", name="Yes, take it back").click()
    await expect(page.get_by_text("You took this report back.")).to_be_visible()
    await context.close()


@pytest.mark.parametrize("language", ["en", "cy"])
async def test_axe_finds_nothing_wrong_with_any_page(
    readers: Readers, browser: Browser, language: str
):
    context = await browser.new_context(viewport=PHONE, locale=f"{language}-GB")
    page = await context.new_page()
    await page.goto(f"{readers.story}?lang={language}")
    await page.get_by_role("button", name="Report this comment").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("radio").first).to_be_visible()
    assert await dialog.get_attribute("lang") == language
    await check(page, "the form")
    await dialog.locator("button.first").click()
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await check(page, "the form with an error")
    await dialog.get_by_role("radio").nth(3).check()
    await dialog.locator("button.first").click()
    await expect(dialog.get_by_role("status")).to_be_visible()
    await check(page, "thanks")
    await page.goto(str(await dialog.get_by_role("link").get_attribute("href")))
    for more in await page.locator("summary").all():
        await more.click()
    await check(page, "the receipt")
    await page.goto(f"{readers.url}/your-report/none?lang={language}")
    await check(page, "nothing here")
    await context.close()


async def test_axe_finds_nothing_wrong_without_javascript(readers: Readers, browser: Browser):
    page = await browser.new_page(viewport=PHONE)
    html = f'<form method="post" action="{readers.url}/report/courier"><input name="ticket"></form>'
    await page.set_content(html)
    await page.locator("input").fill(readers.comments["c1"])
    await page.locator("input").press("Enter")
    await expect(page.get_by_role("radio").first).to_be_visible()
    await check(page, "the form as a page")
    await page.close()


async def check(page: Page, what: str) -> None:
    """Refuse whatever axe finds against WCAG 2.2 AA."""
    # The pages let no script in, so axe gets past that where the browser itself runs it.
    axe: Any = Axe()
    found = await axe.run(page, options=_WCAG)
    assert not found.response["violations"], f"{what}: {found.generate_report()}"


_WCAG = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}

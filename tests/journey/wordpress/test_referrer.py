"""From the address a reader's browser came from to the host that the desk keeps."""

from typing import Any

import pytest

pytest.importorskip("playwright.async_api", reason="playwright is not installed")

from playwright.async_api import Browser, expect

from .conftest import WordPressNewsroom

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    ("referrer", "scripts", "kept"),
    [
        ("https://forum.example/thread/9?p=2", True, "forum.example"),
        (None, True, None),
        ("https://forum.example/thread/9?p=2", False, None),
    ],
    ids=["from-elsewhere", "from-nowhere", "no-scripts"],
)
async def test_the_browser_tells_from_which_host_the_reader_came_to_the_story(
    newsroom: WordPressNewsroom,
    browser: Browser,
    referrer: str | None,
    scripts: bool,
    kept: str | None,
):
    comment = newsroom.wordpress.add_comment(newsroom.story)
    address = f"{newsroom.wordpress.url}/?p={newsroom.story}"
    context = await browser.new_context(java_script_enabled=scripts)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))

    options: dict[str, Any] = {"referer": referrer} if referrer else {}
    await page.goto(address, **options)
    await page.get_by_role("link", name="Report this comment").click()
    form = page.locator("form.comment-desk-form")
    await form.get_by_role("radio", name="Harassment").check()
    await form.get_by_role("button", name="Report this comment").click()
    await expect(page.get_by_text("Our moderators have your report.")).to_be_visible()
    await context.close()

    await newsroom.case_of(comment)
    [seen] = await newsroom.desk.desk.store.read(lambda tx: tx.report_events.after(0, limit=9))
    assert seen.referrer == kept
    assert wrong == []

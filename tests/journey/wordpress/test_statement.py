"""A reader's report, the author's mail and page, and the contest that brings the comment back."""

import asyncio
import re

import pytest

pytest.importorskip("playwright.async_api", reason="playwright is not installed")

from playwright.async_api import Browser, Page, expect

from config.settings import PublicSettings
from tests.support.browsers import DESKTOP, PHONE
from tests.support.ports import kept_port
from tests.support.waiting import eventually, until

from .conftest import WordPressNewsroom
from .test_reader import TEXT, tab

pytestmark = pytest.mark.asyncio(loop_scope="session")

AUTHOR = "salty_dog"
WHY = "Your comment is hidden: why, and how to contest"


async def with_pages(newsroom: WordPressNewsroom, port: int) -> None:
    """Start the desk anew with readers' pages, and wait until WordPress knows of them."""
    url = f"http://127.0.0.1:{port}"
    await newsroom.stop()
    newsroom.public = PublicSettings(url=url, port=port, behind_proxy=False)
    await newsroom.start()

    async def known() -> bool:
        # In a thread, as the desk that runs in this one is what is waited for.
        told = "return CommentDesk\\readers_url();"
        return await asyncio.to_thread(newsroom.wordpress.php, told) == url

    await eventually(known, "WordPress to be told")


async def log_in(page: Page, url: str) -> None:
    await page.goto(f"{url}/wp-login.php")
    await page.locator("#user_login").fill(AUTHOR)
    await page.locator("#user_pass").fill(f"{AUTHOR}-password")
    await page.locator("#wp-submit").click()
    await page.wait_for_url("**/wp-admin/**")


async def report(page: Page, address: str) -> str:
    """Report the story's comment with the component; returns the way back to the report."""
    await page.goto(address)
    await page.get_by_role("button", name="Report this comment").click()
    form = page.get_by_role("dialog", name="Report this comment")
    await form.get_by_role("radio", name="Something else").check()
    await form.get_by_label("What is wrong with it?").fill("He says so every week.")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await form.get_by_role("button", name="Send report").click()
    await expect(form).to_contain_text("Your report has reached our moderators.")
    receipt = await form.get_by_role("link", name="See what becomes").get_attribute("href")
    await form.get_by_role("button", name="Close").click()
    await expect(page.get_by_text("You have reported this comment")).to_be_visible()
    await page.goto(address)
    await expect(page.get_by_text("You have reported this comment")).to_be_visible()
    assert receipt is not None
    return receipt


async def contest(page: Page) -> None:
    await expect(page.locator("main")).to_contain_text("It broke this rule: Abusive language")
    await expect(page.locator("main")).to_contain_text("You are welcome to say it differently.")
    await expect(page.locator("main")).to_contain_text(TEXT)
    await page.get_by_text("Contest this decision").click()
    await page.get_by_label("Why is it wrong?").fill("I meant the council.")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator("main")).to_contain_text("We have what you wrote.")


async def test_a_report_by_the_component_is_decided_told_contested_and_overturned(
    newsroom: WordPressNewsroom, browser: Browser
):
    site = newsroom.wordpress
    comment = site.add_comment(newsroom.story, user=AUTHOR)
    address = f"{site.url}/?p={newsroom.story}"
    mails = len(site.mails(f"{AUTHOR}@courier.example"))
    ana, ben = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ben")
    with kept_port() as port:
        await with_pages(newsroom, port)
        async with tab(browser, PHONE) as reader, tab(browser, DESKTOP) as author:
            receipt = await report(reader, address)
            case = await newsroom.case_of(comment)
            hidden = await ana.press(await newsroom.card(case, "Abusive language"), "Hide")
            assert "Hidden" in hidden.text
            await newsroom.until_stands(comment, "unapproved")

            def mailed() -> list[dict[str, str]]:
                return site.mails(f"{AUTHOR}@courier.example")[mails:]

            [told] = await until(mailed, what="the mail to the author")
            assert told["subject"] == "[The Colne Courier] Your comment is hidden"
            found = re.search(rf"http://127\.0\.0\.1:{port}/decision/\S+", told["message"])
            assert found
            for name in ("Ana", "ana", "robin", "He says so"):
                assert name not in told["message"]
            await reader.goto(receipt)
            await expect(reader.locator("main")).to_contain_text("and removed it")

            await log_in(author, site.url)
            await author.goto(address)
            await expect(author.get_by_text(TEXT)).to_be_visible()
            link = author.get_by_role("link", name=WHY)
            assert await link.get_attribute("href") == found[0]
            await link.click()
            await contest(author)

            answer = {"number": 1, "decision": "is changed", "reasons": "The council, indeed."}
            assert "took part" in (await ana.slash("moderation", "contest", **answer)).text
            done = await ben.slash("moderation", "contest", **answer)
            assert "The decision is changed" in done.text
            await newsroom.until_stands(comment, "approved")
            await until(lambda: len(mailed()) == 2, what="the mail that it is back")
            assert mailed()[1]["subject"] == "[The Colne Courier] Your comment is back"
            await author.goto(found[0])
            await expect(author.locator("main")).to_contain_text("The council, indeed.")
            await reader.goto(address)
            await expect(reader.get_by_text(TEXT)).to_be_visible()
    # The next desk says anew what it has.
    site.php("return delete_option( 'comment_desk_rules' );")

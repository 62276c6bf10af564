"""From a reader's browser to the moderators' card and back, with a real WordPress between."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

pytest.importorskip("playwright.async_api", reason="playwright is not installed")

from playwright.async_api import Browser, Error, Locator, Page, ViewportSize, expect

from bot.domain.decisions import Action
from tests.journey.newsroom import send_ban
from tests.support.browsers import DESKTOP, PHONE, window

from .conftest import WordPressNewsroom

pytestmark = pytest.mark.asyncio(loop_scope="session")

TEXT = "You are all bought, every one of you."


@asynccontextmanager
async def tab(
    browser: Browser, viewport: ViewportSize, *, scripts: bool = True
) -> AsyncGenerator[Page]:
    context = await window(browser, viewport, scripts=scripts)
    page = await context.new_page()
    wrong: list[str] = []

    def note(error: Error) -> None:
        # WordPress' own pages for admins, of which the plugin's has no script, may be left half read.
        if "/wp-admin/" not in page.url:
            wrong.append(str(error))

    page.on("pageerror", note)
    page.on("request", lambda asked: None if "127.0.0.1" in asked.url else wrong.append(asked.url))
    yield page
    await context.close()
    assert wrong == []


async def seen_below_a_header(page: Page, thanks: Locator) -> None:
    """See that what the address leads to is not under a header that stays, as many themes have."""
    await page.evaluate(
        """() => {
            const header = document.createElement("header");
            header.style.cssText = "position:fixed;inset:0 0 auto;height:96px;z-index:9999";
            document.body.append(header);
            document.body.style.padding = "2000px 0";
        }"""
    )
    assert await thanks.evaluate(
        """found => {
            // As the browser goes to what an address names.
            found.scrollIntoView({block: "start", behavior: "instant"});
            const at = found.getBoundingClientRect();
            return at.top < innerHeight && found.contains(document.elementFromPoint(at.left + 20, at.top + 2));
        }"""
    )


@pytest.mark.parametrize(
    ("viewport", "scripts"), [(PHONE, False), (DESKTOP, True)], ids=["phone-no-scripts", "desktop"]
)
async def test_a_report_in_the_browser_becomes_a_card_and_hide_and_undo_reach_the_page(
    newsroom: WordPressNewsroom, browser: Browser, viewport: ViewportSize, scripts: bool
):
    site = newsroom.wordpress
    comment = site.add_comment(newsroom.story)
    address = f"{site.url}/?p={newsroom.story}"
    ana = newsroom.sandbox.as_user("ana")
    async with tab(browser, viewport, scripts=scripts) as page:
        await page.goto(address)
        await expect(page.get_by_text(TEXT)).to_be_visible()
        await page.get_by_role("link", name="Report this comment").click()
        await page.get_by_role("link", name="Cancel").click()
        await expect(page.get_by_role("link", name="Report this comment")).to_be_visible()

        await page.get_by_role("link", name="Report this comment").click()
        form = page.locator("form.comment-desk-form")
        # The rules are the desk's own, sent when it started.
        await expect(form).to_contain_text("Argue with what people say; do not go after")
        await form.get_by_role("radio", name="Harassment").check()
        await form.get_by_label("Anything the moderators should know").fill("Every week.")
        if scripts:
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await form.get_by_role("button", name="Report this comment").click()
        thanks = page.get_by_text("Our moderators have your report.")
        await expect(thanks).to_be_visible()
        if scripts:
            await seen_below_a_header(page, thanks)

        case = await newsroom.case_of(comment)
        card = await newsroom.card(case)
        assert TEXT in card.text
        assert r"harbour\_rat" in card.text

        answer = await ana.press(card, "Hide")
        assert "Hidden" in answer.text
        await newsroom.until_stands(comment, "unapproved")
        await page.goto(address)
        await expect(page.get_by_text(TEXT)).to_have_count(0)
        kept = site.kept(comment)
        assert kept is not None
        assert (kept["ip"], kept["agent"]) == ("203.0.113.7", "Reader's Browser/7.0")

        assert answer.message is not None
        await ana.press(answer.message, "Undo")
        await newsroom.until_stands(comment, "approved")
        await page.goto(address)
        await expect(page.get_by_text(TEXT)).to_be_visible()
        kept = site.kept(comment)
        assert kept is not None
        assert (kept["ip"], kept["agent"]) == ("203.0.113.7", "Reader's Browser/7.0")


async def test_a_banned_reader_s_next_comment_is_refused_until_the_ban_is_undone(
    newsroom: WordPressNewsroom, browser: Browser
):
    site = newsroom.wordpress
    comment = site.add_comment(newsroom.story, user="salty_dog")
    ana = newsroom.sandbox.as_user("ana")
    card = await newsroom.reported(comment)
    async with tab(browser, DESKTOP) as page:
        await page.goto(f"{site.url}/wp-login.php")
        await page.locator("#user_login").fill("salty_dog")
        await page.locator("#user_pass").fill("salty_dog-password")
        await page.locator("#wp-submit").click()
        await page.wait_for_url("**/wp-admin/**")

        form = await ana.press(card, "Ban")
        answer = await send_ban(ana, form, rule=["3"], days=["7"])
        await newsroom.until_stands(comment, "unapproved")
        await newsroom.settled()
        await page.goto(f"{site.url}/?p={newsroom.story}")
        await page.locator("#comment").fill("You cannot silence me.")
        await page.locator("#submit").click()
        await expect(page.get_by_text("You cannot comment here until")).to_be_visible()

        assert answer.message is not None
        await ana.press(answer.message, "Undo")
        await newsroom.until_stands(comment, "approved")
        await newsroom.settled()
        await page.goto(f"{site.url}/?p={newsroom.story}")
        await page.locator("#comment").fill("Thank you.")
        await page.locator("#submit").click()
        await expect(page.get_by_text("Thank you.")).to_be_visible()


async def test_a_report_made_while_the_desk_was_away_is_found_when_it_is_back(
    newsroom: WordPressNewsroom,
):
    site = newsroom.wordpress
    comment = site.add_comment(newsroom.story)
    await newsroom.stop()
    site.php(
        "return CommentDesk\\enqueue( get_comment( $given['id'] ), 'hate', 'reader-1' );",
        id=int(comment),
    )

    await newsroom.start()

    await newsroom.card(await newsroom.case_of(comment), TEXT)
    [receipt] = [await newsroom.case_of(comment)]
    site.php("return CommentDesk\\send_soon();")
    assert await newsroom.case_of(comment) == receipt
    assert await newsroom.decisions() == []


async def test_the_settings_page_is_filled_in_and_tries_the_connection(
    newsroom: WordPressNewsroom, browser: Browser
):
    site = newsroom.wordpress
    site.set_up(url="", site="", secrets="")
    async with tab(browser, DESKTOP) as page:
        await page.goto(f"{site.url}/wp-login.php")
        await page.locator("#user_login").fill("boss")
        await page.locator("#user_pass").fill("boss-password")
        await page.locator("#wp-submit").click()
        await page.wait_for_url("**/wp-admin/**")
        await page.goto(f"{site.url}/wp-admin/options-general.php?page=comment-desk")
        await page.get_by_label("Address of the desk").fill(newsroom.desk.address)
        await page.get_by_label("Name of this site").fill("courier")
        await page.get_by_label("Secret").fill("whsec_c2hvcnQ=")
        await page.get_by_role("button", name="Save Changes").click()
        await expect(page.get_by_text("The secrets were left as they were")).to_be_visible()

        await page.get_by_label("Secret").fill("whsec_" + "QUFB" * 10)
        await page.get_by_role("button", name="Save Changes").click()
        await page.get_by_role("button", name="Test the connection").click()
        await expect(page.get_by_text("does not accept the signature")).to_be_visible()

        secret = newsroom.settings().sites["courier"].secrets[0].get_secret_value()
        await page.get_by_label("Secret").fill(secret)
        await page.get_by_role("button", name="Save Changes").click()
        await page.get_by_role("button", name="Test the connection").click()
        await expect(page.get_by_text("accepts this site's signature")).to_be_visible()

        site.php(
            "return update_option( 'comment_desk_ban_user-5', array( 'until' => 0, 'since' => 1 ), false );"
        )
        await page.reload()
        await page.get_by_role("button", name="Lift").click()
        await expect(page.get_by_text("The ban was lifted.")).to_be_visible()
        assert not site.banned("user-5")
    assert [one.action for one in await newsroom.decisions() if one.action is Action.BAN] == []

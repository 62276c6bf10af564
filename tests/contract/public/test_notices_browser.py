"""The page for notices and the pages about mails, in real Chromium, JavaScript on and off."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.effects import Outcome, Verb
from bot.domain.readers.mail import Letter
from bot.services.desk import Desk
from bot.services.outbox_worker import turn
from bot.services.readers.mail import ask_for_mail, mail_lane
from bot.store.sqlite import open_store
from tests.contract.public.readers import Readers, open_readers
from tests.contract.public.test_browser import check
from tests.services.desks import Bench
from tests.support.browsers import DESKTOP, PHONE, Browser, ViewportSize, expect
from tests.support.fresh import new_desk

pytestmark = pytest.mark.asyncio(loop_scope="session")


class MailingBench(Bench):
    """A bench whose desk writes to readers."""

    @property
    def desk(self) -> Desk:
        return replace(super().desk, writes_mail=True)


@pytest_asyncio.fixture(loop_scope="session")
async def readers(tmp_path: Path) -> AsyncGenerator[Readers]:
    async with (
        open_store(new_desk(tmp_path / "desk.db")) as store,
        open_readers(MailingBench(store)) as readers,
    ):
        yield readers


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_from_the_form_under_a_comment_to_a_notice_without_javascript(
    readers: Readers, browser: Browser, size: ViewportSize
):
    context = await browser.new_context(viewport=size, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(readers.story)
    await page.get_by_role("button", name="Report this comment").click()
    await page.get_by_role("button", name="Something against the law").click()
    await page.get_by_text("Illegal content", exact=True).click()
    form = page.locator("details[open] form")
    await form.get_by_label("Why is it illegal?").fill("It calls for arson.")
    await form.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("alert")).to_contain_text("This is needed: Your name")
    form = page.locator("details[open] form")
    await expect(form.get_by_label("Why is it illegal?")).to_have_value("It calls for arson.")
    await form.get_by_role("textbox", name="Your name").fill("Jane Doe")
    await form.get_by_role("textbox", name="Your e-mail address").fill("jane@example.org")
    await form.get_by_label("I believe in good faith").check()
    await form.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("status").first).to_contain_text("We have received this.")
    await expect(page.get_by_text("We have sent a mail to jane@example.org")).to_be_visible()
    made = await readers.bench.store.read(lambda tx: tx.notices.get(1))
    assert made is not None
    assert made.case_id == 1, "the comment that the site vouched for is a case now"
    await context.close()


async def test_the_component_leads_to_the_same_page(readers: Readers, browser: Browser):
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(readers.story)
    await page.get_by_role("button", name="Report this comment").click()
    async with context.expect_page() as opened:
        await page.get_by_role("button", name="Something against the law").click()
    notices = await opened.value
    await expect(notices.get_by_text("You are all bought.")).to_be_visible()
    await context.close()


@pytest.mark.parametrize("language", ["en", "cy"])
async def test_axe_finds_nothing_wrong_with_notices_and_mails(
    readers: Readers, browser: Browser, language: str
):
    context = await browser.new_context(viewport=PHONE, locale=f"{language}-GB")
    page = await context.new_page()
    await page.goto(f"{readers.url}/notices?lang={language}")
    for more in await page.locator("summary").all():
        await more.click()
    await check(page, "the notices")
    width = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, "nothing is wider than the screen"
    await page.locator("form[action$='/legal'] button.first").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await check(page, "the notices with an error")
    await page.locator("summary").nth(2).click()
    await page.locator("#data-text").fill("You keep my address.")
    await page.locator("form[action$='/data'] button.first").click()
    await expect(page.get_by_role("status")).to_be_visible()
    secret = page.url.partition("?")[0].rpartition("/")[2]
    for more in await page.locator("summary").all():
        await more.click()
    await check(page, "one's own notice")
    link = await mailed(readers, secret)
    await page.goto(f"{readers.url}/mail/{link}")
    await check(page, "the page behind a mailed link")
    await page.locator("button.first").click()
    await expect(page.get_by_role("status")).to_be_visible()
    await check(page, "the page of whoever agreed")
    await context.close()


async def mailed(readers: Readers, secret: str) -> str:
    """Ask for mails about a notice; return the secret of the link that is mailed."""
    sent: list[Letter] = []

    async def send(letter: Letter) -> Outcome:
        sent.append(letter)
        return Outcome(verb=Verb.DONE)

    desk = readers.bench.desk
    assert await ask_for_mail(desk, secret, "jane@example.org", "en")
    while await turn(mail_lane(desk, send)):
        pass
    return sent[-1].secret

"""Forms: opened by a press, checked before they go, kept when they fail."""

import pytest
from playwright.async_api import expect

from tests.contract.page.conftest import Newsroom, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_form_is_filled_and_sent(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana = await visit()
    await ana.button("Ban…").click()
    form = ana.dialog
    await expect(form).to_contain_text("The ladder says 7 days")
    await form.get_by_role("combobox", name="How long").click()
    await ana.tab.get_by_role("option", name="1 days").click()
    await form.get_by_role("radio", name="Hate").check()
    await form.get_by_role("textbox", name="Note").fill("third time")
    await form.get_by_role("button", name="Submit").click()
    await expect(ana.dialog).to_have_count(0)
    answer = ana.tab.locator(".message.ephemeral")
    await expect(answer).to_contain_text("Banned for 1 days, rule 5: third time")


async def test_a_form_lacking_something_is_not_sent(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana = await visit()
    await ana.button("Ban…").click()
    await ana.dialog.get_by_role("button", name="Submit").click()
    await expect(ana.dialog.get_by_text("This field is required.")).to_have_count(2)
    await expect(ana.dialog.get_by_role("radio", name="Harassment")).to_be_focused()


async def test_a_form_that_fails_stays_with_what_was_typed(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana = await visit()
    await ana.button("Ban…").click()
    await ana.dialog.get_by_role("radio", name="Hate").check()
    await ana.dialog.get_by_role("textbox", name="Note").fill("precious words")
    room.sandbox.interactions.deadline = 0.0
    await ana.dialog.get_by_role("button", name="Submit").click()
    await expect(ana.dialog).to_contain_text("Something went wrong. Try again.")
    await expect(ana.dialog.get_by_role("textbox", name="Note")).to_have_value("precious words")


async def test_escape_closes_a_form_and_returns_to_its_button(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana = await visit()
    await ana.button("Ban…").focus()
    await ana.tab.keyboard.press("Enter")
    await expect(ana.dialog).to_be_visible()
    await ana.tab.keyboard.press("Escape")
    await expect(ana.dialog).to_have_count(0)
    await expect(ana.button("Ban…")).to_be_focused()

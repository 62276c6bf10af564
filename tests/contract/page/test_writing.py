"""Messages written by people: sent, answered, edited, deleted, reacted to."""

import pytest
from playwright.async_api import expect

from tests.contract.page.conftest import Newsroom, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.usefixtures("room")
async def test_a_message_reaches_everybody_in_the_channel(visit: Visit) -> None:
    ana, ben = await visit("ana"), await visit("ben")
    await ana.write("Good *morning* :thumbsup:")
    sent = ben.message("Good morning 👍")
    await expect(sent.locator("em")).to_have_text("morning")
    await expect(sent.locator(".author")).to_have_text("Ana")


@pytest.mark.usefixtures("room")
async def test_a_typed_name_becomes_a_mention_and_the_bot_answers(visit: Visit) -> None:
    ana = await visit()
    await ana.write("@Comment Desk h3 k - b7d5")
    await expect(ana.tab.locator("button.mention", has_text="@Comment Desk")).to_be_visible()
    await expect(ana.message("Half understood")).to_be_visible()
    await expect(ana.message("Half understood")).to_have_class("message starts calls-me")


async def test_a_name_is_completed(room: Newsroom, visit: Visit) -> None:
    ana = await visit()
    await ana.box.click()
    await ana.tab.keyboard.type("over to @be")
    await expect(ana.tab.get_by_role("option", name="Ben")).to_be_visible()
    await ana.tab.keyboard.press("Tab")
    await expect(ana.box).to_have_value("over to @Ben ")
    await ana.tab.keyboard.press("Enter")
    sent = room.person("ben").sees("moderation")
    assert sent is not None
    await expect(ana.message("over to @Ben")).to_be_visible()


async def test_a_reply_shows_what_it_answers_and_leads_there(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana = await visit()
    await ana.message("Harassment").hover()
    await ana.button("Reply").click()
    await expect(ana.tab.locator("#reply-bar")).to_contain_text("Replying to Comment Desk")
    await ana.write("ban 7d 5 third time")
    reply = ana.message("ban 7d 5").first
    await expect(reply.locator(".excerpt")).to_contain_text("Harassment · 7 readers")
    await expect(ana.tab.locator("#reply-bar")).to_be_hidden()
    await reply.locator(".excerpt").click()
    await expect(ana.tab.locator(".message").first).to_be_focused()


@pytest.mark.usefixtures("room")
async def test_ones_own_message_is_edited_in_place(visit: Visit) -> None:
    ana = await visit()
    await ana.write("hide 2")
    await expect(ana.message("hide 2")).to_be_visible()
    await ana.tab.keyboard.press("ArrowUp")
    editor = ana.tab.get_by_role("textbox", name="Edit message")
    await editor.fill("hide 3")
    await editor.press("Enter")
    await expect(ana.message("hide 3")).to_contain_text("(edited)")


@pytest.mark.usefixtures("room")
async def test_a_message_is_deleted_after_asking(visit: Visit) -> None:
    ana = await visit()
    await ana.write("never mind")
    await ana.message("never mind").focus()
    await ana.tab.keyboard.press("Delete")
    await ana.dialog.get_by_role("button", name="Delete").click()
    await expect(ana.message("never mind")).to_have_count(0)


async def test_reactions_are_counted_given_and_taken_back(room: Newsroom, visit: Visit) -> None:
    card = await room.card()
    await card.add_reaction("🙈")
    ana, ben = await visit("ana"), await visit("ben")
    hers = ana.tab.locator(".reaction")
    await expect(hers).to_have_text("🙈1")
    await hers.click()
    await expect(hers).to_have_text("🙈2")
    await expect(hers).to_have_attribute("aria-pressed", "true")
    await expect(ben.tab.locator(".reaction")).to_have_text("🙈2")
    await expect(ben.tab.locator(".reaction")).to_have_attribute("aria-pressed", "false")
    await hers.click()
    await expect(hers).to_have_text("🙈1")


async def test_an_emoji_is_found_by_name_and_added(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana = await visit()
    await ana.message("Harassment").hover()
    await ana.button("Add reaction").click()
    await ana.tab.keyboard.type("hammer")
    await ana.tab.keyboard.press("Enter")
    await expect(ana.tab.locator(".reaction")).to_have_text("🔨1")


@pytest.mark.usefixtures("room")
async def test_too_long_a_message_is_kept_and_explained(visit: Visit) -> None:
    ana = await visit()
    await ana.box.fill("x" * 2001)
    await ana.tab.keyboard.press("Enter")
    await expect(ana.tab.locator("#toast")).to_contain_text("2001 of 2000")
    await expect(ana.box).to_have_value("x" * 2001)


@pytest.mark.usefixtures("room")
async def test_a_persons_menu_runs_an_app(visit: Visit) -> None:
    ana = await visit()
    members = ana.tab.locator("#members")
    await expect(members).not_to_contain_text("Olly")  # who does not see the channel
    await members.get_by_role("button", name="Ben").click(button="right")
    await ana.tab.get_by_role("menuitem", name="Decisions").click()
    await expect(ana.tab.locator(".message.ephemeral")).to_contain_text("Ben: none yet.")


async def test_a_command_nobody_answers_says_so(room: Newsroom, visit: Visit) -> None:
    room.sandbox.interactions.deadline = 0.05
    ana = await visit()
    await ana.write("/slow")
    await ana.tab.keyboard.press("Enter")
    await expect(ana.message("The application did not respond")).to_contain_text("Ana used /slow")

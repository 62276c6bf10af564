"""Everything without a mouse."""

import pytest
from playwright.async_api import expect

from tests.contract.page.conftest import Newsroom, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_button_is_reached_and_pressed(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana = await visit()
    await expect(ana.box).to_be_focused()
    for _ in range(20):
        await ana.tab.keyboard.press("Shift+Tab")
        if await ana.focused() == "Hide: harassment":
            break
    await ana.tab.keyboard.press("Enter")
    await expect(ana.message("by Ana").first).to_be_visible()


async def test_arrows_go_from_message_to_message(room: Newsroom, visit: Visit) -> None:
    for text in ("first", "second", "third"):
        await room.channel().send(text)
    ana = await visit()
    await ana.message("third").focus()
    await ana.tab.keyboard.press("ArrowUp")
    await ana.tab.keyboard.press("ArrowUp")
    await expect(ana.message("first")).to_be_focused()
    await ana.tab.keyboard.press("r")
    await expect(ana.tab.locator("#reply-bar")).to_contain_text("Replying to Comment Desk")
    await expect(ana.box).to_be_focused()


async def test_a_command_is_picked_filled_and_sent(room: Newsroom, visit: Visit) -> None:
    ana = await visit()
    keys = ana.tab.keyboard
    await keys.type("/")
    await expect(ana.tab.get_by_role("option", name="/queue pause")).to_be_visible()
    await keys.type("hi")
    await keys.press("Tab")
    await keys.type("17")
    await keys.press("Tab")
    await keys.type("ha")
    await expect(ana.tab.get_by_role("option")).to_have_text(["Harassment", "Hate"])
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(ana.tab.get_by_role("option", name="note")).to_be_visible()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await keys.type("a third time")
    await keys.press("Enter")
    answer = ana.tab.locator(".message.ephemeral")
    await expect(answer).to_contain_text("Hid 17, hate, note: a third time")
    await expect(answer).to_contain_text("Ana used /hide")
    await expect(ana.box).to_be_focused()
    assert room.sandbox.violations == []


@pytest.mark.usefixtures("room")
async def test_a_wrong_option_is_said_before_sending(visit: Visit) -> None:
    ana = await visit()
    keys = ana.tab.keyboard
    await keys.type("/queue pause ")
    await keys.type("soon")
    await keys.press("Enter")
    await expect(ana.tab.locator("#toast")).to_contain_text("Enter a whole number")
    await expect(ana.tab.locator(".pill.wrong")).to_be_visible()
    await keys.press("Control+A")
    await keys.type("5")
    await keys.press("Enter")
    await expect(ana.message("Paused for 5 minutes.")).to_be_visible()


@pytest.mark.usefixtures("room")
async def test_escape_gives_a_command_up(visit: Visit) -> None:
    ana = await visit()
    await ana.tab.keyboard.type("/record ")
    await expect(ana.tab.get_by_role("option", name="Ben")).to_be_visible()
    await ana.tab.keyboard.press("Escape")
    await ana.tab.keyboard.press("Escape")
    await expect(ana.tab.locator("#command")).to_be_hidden()
    await expect(ana.box).to_be_focused()
    await expect(ana.box).to_have_value("")


@pytest.mark.usefixtures("room")
async def test_a_person_is_an_option(visit: Visit) -> None:
    ana = await visit()
    await ana.tab.keyboard.type("/record be")
    await expect(ana.tab.get_by_role("option", name="Ben")).to_be_visible()
    await ana.tab.keyboard.press("Enter")
    await ana.tab.keyboard.press("Enter")
    await expect(ana.message("@Ben has a clean record.")).to_be_visible()


@pytest.mark.usefixtures("room")
async def test_a_hurried_key_picks_what_was_typed_and_not_what_was_shown_before(
    visit: Visit,
) -> None:
    ana = await visit()
    await ana.tab.keyboard.type("/record ")
    await expect(ana.tab.get_by_role("option", name="Ana")).to_be_visible()
    # Faster than any hand: both keys come before the list could follow the first.
    await ana.tab.evaluate(
        """() => {
          const field = document.activeElement;
          field.value = 'be';
          field.dispatchEvent(new InputEvent('input', { bubbles: true }));
          const enter = { key: 'Enter', bubbles: true, cancelable: true };
          field.dispatchEvent(new KeyboardEvent('keydown', enter));
          field.dispatchEvent(new KeyboardEvent('keydown', enter));
        }"""
    )
    await expect(ana.message("@Ben has a clean record.")).to_be_visible()


async def test_a_select_is_worked_by_keys(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana = await visit()
    await ana.button("More").click()
    select = ana.tab.get_by_role("combobox", name="Ask a role")
    await select.focus()
    await ana.tab.keyboard.press("ArrowDown")
    await ana.tab.keyboard.type("edi")
    await expect(ana.tab.get_by_role("option")).to_have_count(1)
    await ana.tab.keyboard.press("Enter")
    await expect(select).to_have_text("Editor")
    await expect(select).to_be_focused()


async def test_a_message_menu_opens_and_runs_an_app(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana = await visit()
    await ana.message("Harassment").focus()
    await ana.tab.keyboard.press("Shift+F10")
    item = ana.tab.get_by_role("menuitem", name="Who reported this?")
    await expect(item).to_be_visible()
    for _ in range(12):
        await ana.tab.keyboard.press("ArrowDown")
        if "Who reported" in await ana.focused():
            break
    await ana.tab.keyboard.press("Enter")
    await expect(ana.tab.locator(".message.ephemeral")).to_contain_text("Seven readers")


async def test_channels_are_switched_by_alt_and_arrow(room: Newsroom, visit: Visit) -> None:
    await room.channel("general").send("over here")
    ana = await visit()
    await ana.tab.keyboard.press("Alt+ArrowDown")
    await expect(ana.message("over here")).to_be_visible()
    assert "channel=general" in ana.tab.url


async def test_a_new_message_is_read_out(room: Newsroom, visit: Visit) -> None:
    ana = await visit()
    await room.channel().send("**Listen** to this")
    await expect(ana.tab.locator("#announcer")).to_have_text("Comment Desk: Listen to this")


async def test_the_focus_stays_on_a_control_that_is_redrawn(room: Newsroom, visit: Visit) -> None:
    card = await room.card()
    ana = await visit()
    await ana.button("Keep").focus()
    await card.add_reaction("✅")
    await expect(ana.tab.locator(".reaction")).to_have_count(1)
    await expect(ana.button("Keep")).to_be_focused()

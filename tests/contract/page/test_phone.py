"""The page on a phone 390 pixels wide."""

import pytest
from playwright.async_api import expect

from tests.contract.page.conftest import Newsroom, Visit
from tests.contract.page.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

AWKWARD = (
    "x" * 900,
    "https://example.org/" + "a" * 300,
    "```\n" + "code " * 60 + "\n```",
    "# " + "W" * 120,
    "> " + "quoted" * 60,
    "e" + "\u0301" * 900,
)


async def hold(visitor: Visitor, text: str) -> None:
    """Hold a finger on a message, as still as fingers are, until its sheet opens."""
    finger = {"pointerType": "touch", "pointerId": 7, "clientX": 100, "clientY": 200}
    message = visitor.message(text)
    await message.dispatch_event("pointerdown", finger)
    await message.dispatch_event("pointermove", finger | {"clientX": 104, "clientY": 197})
    await message.dispatch_event("pointermove", {"pointerType": "mouse", "pointerId": 1})
    await expect(visitor.tab.locator(".popup.sheet")).to_be_visible()


async def test_nothing_is_wider_than_the_screen(room: Newsroom, visit: Visit) -> None:
    await room.card()
    for text in AWKWARD:
        await room.channel().send(text)
    ana = await visit(phone=True)
    assert await ana.overflow() == 0
    await ana.button("More").click()
    await expect(ana.tab.locator(".message.ephemeral")).to_be_attached()
    assert await ana.overflow() == 0
    await ana.button("Ban…").click()
    await expect(ana.dialog).to_be_visible()
    assert await ana.overflow() == 0


async def test_buttons_wrap_and_are_large_enough_for_a_thumb(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana = await visit(phone=True)
    boxes = [await button.bounding_box() for button in await ana.tab.locator(".button").all()]
    assert len(boxes) == 4
    assert all(box and box["height"] >= 40 and box["x"] + box["width"] <= 390 for box in boxes)
    assert len({box["y"] for box in boxes if box}) == 2


async def test_channels_are_in_a_drawer(room: Newsroom, visit: Visit) -> None:
    await room.channel("general").send("over here")
    ana = await visit(phone=True)
    await expect(ana.tab.locator("#sidebar")).to_be_hidden()
    await ana.button("Show channels").click()
    await ana.tab.locator(".channel", has_text="general").click()
    await expect(ana.message("over here")).to_be_visible()
    await expect(ana.tab.locator("#sidebar")).to_be_hidden()


async def test_a_long_press_opens_a_sheet_of_actions(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana = await visit(phone=True)
    await hold(ana, "Harassment")
    assert await ana.overflow() == 0
    await ana.button("React with 🙈").click()
    await expect(ana.tab.locator(".reaction")).to_have_text("🙈1")
    await hold(ana, "Harassment")
    await ana.tab.get_by_role("menuitem", name="Who reported this?").click()
    await expect(ana.tab.locator(".message.ephemeral")).to_contain_text("Seven readers")


@pytest.mark.usefixtures("room")
async def test_a_message_is_sent_by_its_button(visit: Visit) -> None:
    ana = await visit(phone=True)
    await ana.box.fill("on my way")
    await ana.button("Send").click()
    await expect(ana.message("on my way")).to_be_visible()


@pytest.mark.usefixtures("room")
async def test_the_person_is_switched_from_the_head(visit: Visit) -> None:
    ana = await visit(phone=True)
    await ana.tab.locator("#person-short").click()
    await ana.tab.get_by_role("menuitemradio", name="Ed").click()
    await expect(ana.tab.locator("#person-short")).to_have_attribute(
        "aria-label", "You are Ed, Editor. Switch person"
    )


async def test_a_form_fits(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana = await visit(phone=True)
    await ana.button("Ban…").click()
    box = await ana.dialog.bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, 390)
    await ana.dialog.get_by_role("button", name="Submit").scroll_into_view_if_needed()
    await expect(ana.dialog.get_by_role("button", name="Submit")).to_be_in_viewport()

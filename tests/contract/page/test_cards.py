"""Cards on the page: drawn, pressed, edited in place, answered in private."""

import pytest
from playwright.async_api import expect

from tests.contract.page.conftest import Newsroom, Visit
from tests.contract.page.showcase import Decided, Old
from tests.support.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_card_shows_its_text_facts_and_buttons(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana = await visit()
    card = ana.message("Harassment")
    await expect(card.locator(".container.accented")).to_have_css(
        "background-color", "rgb(36, 36, 41)"
    )
    await expect(card).to_contain_text("I know where the editor lives.")
    await expect(card.locator("time[data-live]").first).to_contain_text("ago")
    await expect(card.get_by_role("button", name="Hide: harassment")).to_be_visible()


async def test_a_press_edits_the_card_where_it_stands(room: Newsroom, visit: Visit) -> None:
    await room.card(1)
    await room.card(2)
    ana = await visit()
    await ana.tab.evaluate("document.querySelectorAll('.message')[1].untouched = true")
    await ana.message("Harassment").first.get_by_role("button", name="Hide: harassment").click()
    await expect(ana.tab.locator(".message").first).to_contain_text("by Ana")
    assert await ana.tab.evaluate("document.querySelectorAll('.message')[1].untouched")


async def test_a_press_counts_though_the_card_changes_under_it(
    room: Newsroom, visit: Visit
) -> None:
    card = await room.card()
    ana = await visit()
    told = await ana.news()
    await ana.button("Hide: harassment").hover()
    await ana.tab.mouse.down()
    await card.add_reaction("🙈")
    await told.wait()
    await expect(ana.tab.locator(".reaction")).to_have_count(0)
    await ana.tab.mouse.up()
    await expect(ana.message("by Ana").first).to_be_visible()
    await expect(ana.tab.locator(".reaction")).to_have_text("🙈1")


async def test_everybody_sees_the_card_change(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana, ben = await visit("ana"), await visit("ben")
    await ana.button("Hide: harassment").click()
    await expect(ben.message("by Ana")).to_be_visible()


async def test_an_ephemeral_answer_is_for_the_presser_alone(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana, ben = await visit("ana"), await visit("ben")
    await ana.button("Hide: harassment").click()
    answer = ana.tab.locator(".message.ephemeral")
    await expect(answer).to_contain_text("Only you can see this")
    await expect(ben.message("by Ana")).to_be_visible()
    await expect(ben.tab.locator(".message.ephemeral")).to_have_count(0)
    await answer.get_by_role("button", name="Dismiss message").click()
    await expect(answer).to_have_count(0)


async def test_a_deferred_answer_is_awaited_and_filled(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana = await visit()
    await ana.button("Keep").click()
    await expect(ana.tab.locator(".message.ephemeral")).to_contain_text("The author hears nothing.")
    await expect(ana.tab.locator(".thinking")).to_have_count(0)


async def test_an_unanswered_press_says_so_under_the_message(room: Newsroom, visit: Visit) -> None:
    room.sandbox.interactions.deadline = 0.05
    await room.channel().send("Old", view=Old())
    ana = await visit()
    await ana.button("Deaf").click()
    await expect(ana.message("Old").get_by_role("alert")).to_have_text("This interaction failed")
    await expect(ana.button("Off")).to_be_disabled()


async def test_each_kind_of_select_sends_what_was_picked(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana = await visit()
    await ana.button("More").click()
    menu = ana.tab.locator(".message.ephemeral")
    for name, options in {
        "Rules": ["Spam", "Hate"],
        "Give it to somebody": ["Ben"],
        "Ask a role": ["Editor"],
        "Move it": ["general"],
    }.items():
        await menu.get_by_role("combobox", name=name).click()
        for option in options:
            await ana.tab.get_by_role("option", name=option).first.click()
        if name == "Rules":
            await ana.tab.keyboard.press("Escape")
        await expect(ana.tab.locator(".popup")).to_have_count(0)
    world = room.sandbox.world
    editor = next(key for key, role in world.roles.items() if role["name"] == "Editor")
    wanted = [["spam", "hate"], [world.person("ben")], [editor], [world.place("general")]]
    await until(lambda: room.bot.picked == wanted, what="all that was picked")


async def test_what_the_bot_deletes_goes(room: Newsroom, visit: Visit) -> None:
    card = await room.card()
    ana = await visit()
    await expect(ana.message("Harassment")).to_have_count(1)
    await card.delete()
    await expect(ana.tab.locator(".message")).to_have_count(0)


async def test_the_reader_keeps_their_place_above(room: Newsroom, visit: Visit) -> None:
    cards = [await room.card(n) for n in range(12)]
    ana = await visit()
    scroller = ana.tab.locator("#scroller")
    await scroller.evaluate("e => e.scrollTop = 900")
    await expect(ana.button("Jump To Present")).to_be_visible()
    before = await ana.tab.locator(".message").nth(6).bounding_box()
    await cards[0].edit(view=Decided(1, "Ben"))
    await expect(ana.message("by Ben")).to_have_count(1)
    await room.card(99)
    await expect(ana.tab.locator("#to-present")).to_have_text("1 new message ↓")
    # The browser moves what it shows along with what changed above, a moment later.
    await ana.tab.wait_for_function(
        "before => document.querySelectorAll('.message')[6].getBoundingClientRect().y === before.y",
        arg=before,
    )


async def test_the_bottom_is_followed(room: Newsroom, visit: Visit) -> None:
    for n in range(8):
        await room.card(n)
    ana = await visit()
    await room.decided()
    last = ana.message("by Sam")
    await expect(last).to_be_in_viewport()

"""Who looks, and what they see: switching person, unread marks, links, threads."""

import asyncio

import pytest
from playwright.async_api import Route, expect

from tests.contract.page.conftest import Newsroom, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_page_is_seen_as_somebody_else(room: Newsroom, visit: Visit) -> None:
    await room.card()
    ana = await visit()
    await ana.tab.locator("#person").click()
    people = ana.tab.get_by_role("menuitemradio")
    await expect(people).to_have_text(
        ["AAnaModerator", "BBenModerator", "SSamSenior moderator", "EEdEditor", "OOllyMember"]
    )
    await people.filter(has_text="Olly").click()
    await expect(ana.tab.locator(".channel")).to_have_text(["general"])
    await expect(ana.message("Harassment")).to_have_count(0)
    assert "user=olly" in ana.tab.url
    await ana.tab.reload()
    await expect(ana.tab.locator("#person")).to_contain_text("Olly")


async def test_another_channel_shows_what_is_unread(room: Newsroom, visit: Visit) -> None:
    ana = await visit()
    olly = room.person("olly")
    channel = ana.tab.locator(".channel", has_text="general")
    await olly.send("general", "hello")
    await expect(channel).to_have_class("channel unread")
    await olly.send("general", f"<@{room.person('ana').id}> hello")
    await expect(channel.locator(".badge")).to_have_text("1")
    await expect(ana.tab).to_have_title("(1) #moderation | Colne Courier")
    await channel.click()
    await expect(ana.message("hello").last).to_have_class("message calls-me")
    await expect(channel).to_have_class("channel here")


async def test_what_came_meanwhile_is_under_a_line(room: Newsroom, visit: Visit) -> None:
    await room.channel("general").send("old")
    ana = await visit("ana", "general")
    await expect(ana.message("old")).to_be_visible()
    await ana.tab.locator(".channel", has_text="moderation").click()
    await room.channel("general").send("fresh")
    await ana.tab.locator(".channel.unread", has_text="general").click()
    line = ana.tab.locator(".divider.new")
    await expect(line.locator("strong")).to_have_text("New")
    await expect(line.locator("xpath=following-sibling::*[1]")).to_contain_text("fresh")


async def test_a_link_to_a_message_stays_in_the_page(room: Newsroom, visit: Visit) -> None:
    card = await room.card()
    await room.channel("general").send(f"see {card.jump_url}")
    ana = await visit("ana", "general")
    await ana.tab.get_by_role("link", name="#moderation").click()
    await expect(ana.message("Harassment")).to_be_focused()
    assert f"message={card.id}" in ana.tab.url
    await ana.tab.go_back()
    await expect(ana.message("see")).to_be_visible()


async def test_an_old_message_is_found_by_its_link(room: Newsroom, visit: Visit) -> None:
    first = await room.channel().send("the very first")
    for n in range(70):
        await room.person("ben").send("moderation", f"line {n}")
    ana = await visit()
    await expect(ana.message("the very first")).to_have_count(0)
    await ana.go("ana", "moderation", f"&message={first.id}")
    await expect(ana.message("the very first")).to_be_in_viewport()


async def test_a_link_to_a_hidden_channel_says_so(room: Newsroom, visit: Visit) -> None:
    card = await room.card()
    await room.channel("general").send(f"see {card.jump_url}")
    olly = await visit("olly", "general")
    await olly.message("see").get_by_role("link").click()
    await expect(olly.tab.locator("#toast")).to_contain_text("do not have access")


async def test_a_thread_is_opened_from_its_message(room: Newsroom, visit: Visit) -> None:
    ana = await visit()
    message = await room.channel().send("Case #7 needs talk")
    thread = await message.create_thread(name="Case 7")
    await thread.send("What do we do?")
    await ana.message("needs talk").get_by_role("button", name="Case 7").click()
    await expect(ana.message("What do we do?")).to_be_visible()
    starter = ana.message("started a thread from this message")
    await expect(starter.get_by_role("button", name="needs talk")).to_be_visible()
    await expect(ana.tab.locator("#channel-name")).to_have_text("moderation \u203a Case 7")
    await ana.write("nothing")
    await expect(ana.message("nothing")).to_be_visible()


async def test_a_thread_is_opened_that_the_page_has_not_read_of_yet(
    room: Newsroom, visit: Visit
) -> None:
    ana = await visit()
    clicked = asyncio.Event()

    async def answered_late(route: Route) -> None:
        await clicked.wait()
        await route.continue_()

    await ana.tab.route("**/discord/api/state**", answered_late)
    message = await room.channel().send("Case #7 needs talk")
    await message.create_thread(name="Case 7")
    await ana.message("needs talk").get_by_role("button", name="Case 7").click()
    clicked.set()
    await expect(ana.tab.locator("#channel-name")).to_have_text("moderation \u203a Case 7")


@pytest.mark.usefixtures("room")
async def test_nobody_of_that_name_is_said(visit: Visit) -> None:
    ana = await visit()
    await ana.tab.goto(f"{ana.home}/discord?user=zoe")
    await expect(ana.tab.locator("#fatal")).to_contain_text("nobody called 'zoe'")
    ana.errors.clear()  # Chromium logs the 404 that was asked for

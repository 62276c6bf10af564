"""The page when something is wrong: refusals, a broken stream, a restart."""

import pytest
from aiohttp import web
from playwright.async_api import expect

from tests.contract.page.conftest import Visit
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="session")


def cut_streams(sandbox: Sandbox) -> None:
    """Break every connection, as a network does."""
    runner = vars(sandbox)["_runner"]
    assert isinstance(runner, web.AppRunner)
    assert runner.server is not None
    for connection in runner.server.connections:
        transport = connection.transport
        assert transport is not None
        transport.abort()


async def test_what_discord_would_refuse_is_a_red_line(sandbox: Sandbox, visit: Visit) -> None:
    ana = await visit()
    sandbox.violations.append("<b>content</b>: must be 2000 or fewer in length")
    line = ana.tab.locator("#violations").get_by_role("alert")
    await expect(line).to_contain_text("Discord would refuse this: <b>content</b>: must be 2000")
    await expect(line).to_have_css("background-color", "rgb(161, 34, 44)")
    await line.get_by_role("button", name="Hide this").click()
    await expect(line).to_have_count(0)
    sandbox.violations.clear()


async def test_a_broken_stream_is_said_and_mended(sandbox: Sandbox, visit: Visit) -> None:
    ana = await visit()
    await expect(ana.tab.locator("#connection")).to_be_hidden()
    said = await ana.tab.evaluate_handle(
        """() => {
          const line = document.getElementById('connection');
          const seen = { visible: false };
          new MutationObserver(() => (seen.visible ||= line.checkVisibility())).observe(line, {
            attributes: true,
          });
          return seen;
        }"""
    )
    cut_streams(sandbox)
    await ana.tab.wait_for_function("said => said.visible", arg=said)
    await sandbox.as_user("ben").send("moderation", "while you were away")
    await expect(ana.message("while you were away")).to_be_visible()
    await expect(ana.tab.locator("#connection")).to_be_hidden()
    ana.errors.clear()  # Chromium logs the broken connection


async def test_a_refused_message_is_not_lost(sandbox: Sandbox, visit: Visit) -> None:
    olly = await visit("olly", "general")
    everyone = sandbox.world.roles[sandbox.world.guild_id]
    everyone["permissions"] = str(int(everyone["permissions"]) & ~(1 << 11))
    await olly.write("let me speak")
    await expect(olly.tab.locator("#toast")).to_contain_text("Missing Permissions")
    await expect(olly.box).to_have_value("let me speak")
    olly.errors.clear()  # Chromium logs the refusal's status


async def test_a_right_taken_away_closes_the_box(sandbox: Sandbox, visit: Visit) -> None:
    olly = await visit("olly", "general")
    everyone = sandbox.world.roles[sandbox.world.guild_id]
    everyone["permissions"] = str(int(everyone["permissions"]) & ~(1 << 11))
    sandbox.world.emit("GUILD_ROLE_UPDATE", {"guild_id": sandbox.world.guild_id, "role": everyone})
    await expect(olly.box).to_be_disabled()
    await expect(olly.box).to_have_attribute(
        "placeholder", "You do not have permission to send messages in this channel."
    )


async def test_a_flood_of_messages_does_not_fill_the_page(sandbox: Sandbox, visit: Visit) -> None:
    ana = await visit()
    ben = sandbox.as_user("ben")
    for n in range(700):
        await ben.send("moderation", f"line {n}")
    await expect(ana.message("line 699")).to_be_in_viewport()
    assert await ana.tab.locator(".message").count() <= 300
    await ana.tab.locator("#scroller").evaluate("e => e.scrollTop = 0")
    await expect(ana.message("line 420")).to_have_count(1)

"""A precaution from a moderator's pick to a reader's page and back, by clicking, in the demo."""

import pytest

pytest.importorskip("playwright.async_api", reason="playwright is not installed")

from playwright.async_api import Locator, Page, expect

from tests.journey.test_browser import Demo, Open, demo, fits, open_page

__all__ = ["demo", "open_page"]

ON_HOLD = "On hold until a moderator has looked at it."
HARMLESS = "How many more raids before the evening buses"
GUILTY = "Guilty, the lot of them."

pytestmark = pytest.mark.asyncio(loop_scope="session")


def answer(channel: Page, saying: str) -> Locator:
    """Return the newest answer for one's own eyes that says so."""
    return channel.locator("article.ephemeral").filter(has_text=saying).last


def card(channel: Page, rule: str) -> Locator:
    return channel.locator("article:not(.ephemeral)").filter(has_text=f"⚠ {rule}").first


async def pick(channel: Page, state: str) -> Locator:
    """Pick a state for the story, and return the question that it is answered with."""
    await card(channel, "Contempt of court").get_by_role("button", name="More").click()
    details = answer(channel, "Contempt of court")
    await details.get_by_role("button", name="Story…").click()
    story = answer(channel, "Status:")
    await story.get_by_role("combobox").click()
    await channel.get_by_role("option", name=state).click()
    asked = answer(channel, "from now on?")
    await expect(asked).to_contain_text(state)
    return asked


async def report(story: Page, comment: str, rule: str) -> None:
    await story.locator(comment).get_by_role("button", name="Report this comment").click()
    form = story.get_by_role("dialog", name="Report this comment")
    await form.get_by_role("radio", name=rule).check()
    await form.get_by_role("button", name="Send report").click()
    await expect(form).to_contain_text("Thank you")
    await form.get_by_role("button", name="Close").click()


@pytest.mark.parametrize("width", [1280, 390])
async def test_a_state_is_asked_about_holds_what_it_names_and_is_taken_back(
    demo: Demo, open_page: Open, width: int
):
    channel, channel_troubles = await open_page(width, demo.facts["channel"])
    story, story_troubles = await open_page(width, demo.facts["story"])
    await expect(card(channel, "Private details")).to_be_visible()
    await expect(card(channel, "Contempt of court")).to_be_visible()
    await expect(story.locator("#comment-5")).to_contain_text(GUILTY)

    asked = await pick(channel, "Active proceedings")
    await expect(asked).to_contain_text("2 comments go on hold until a moderator has looked")
    await expect(asked).to_contain_text("You can take it back for 10 minutes")
    assert [line["action"] for line in await demo.export()] == [], "only asked so far"
    await asked.get_by_role("button", name="Set it").click()
    await expect(answer(channel, "Status:")).to_contain_text("2 comments are on hold")

    # One report for spam holds nothing; one for the court does.
    await report(story, "#comment-9", "Spam")
    await report(story, "#comment-4", "Contempt of court")
    await expect(story.locator("#comment-4")).to_contain_text(ON_HOLD)
    await expect(story.locator("#comment-9")).to_contain_text(HARMLESS)
    await expect(card(channel, "Spam")).not_to_contain_text("hold")
    await expect(card(channel, "Contempt of court")).to_contain_text("On hold")
    comments = story.locator("#comments")
    await expect(comments).not_to_contain_text(GUILTY)
    await expect(comments).not_to_contain_text("removed by the moderators")
    await expect(comments).not_to_contain_text("Contempt of court")

    asked = await pick(channel, "Normal")
    await expect(asked).to_contain_text("3 comments stay on hold")
    await asked.get_by_role("button", name="Set it").click()
    stands = answer(channel, "Status: Normal")
    await expect(stands).to_contain_text("3 comments are on hold")
    await expect(card(channel, "Contempt of court")).to_contain_text("On hold")
    await expect(story.locator("#comment-5")).to_contain_text(ON_HOLD)
    await stands.get_by_role("button", name="Release 3 comments").click()
    await expect(answer(channel, "released")).to_contain_text("Their cases stay open")

    await expect(story.locator("#comment-5")).to_contain_text(GUILTY)
    await expect(comments).not_to_contain_text(ON_HOLD)
    await expect(card(channel, "Contempt of court")).not_to_contain_text("On hold")
    made = await demo.export()
    assert [line["action"] for line in made] == ["hold"] * 3 + ["unhide"] * 3
    assert {line["rule"] for line in made} == {None}
    assert await fits(channel)
    assert await fits(story)
    assert (channel_troubles, story_troubles) == ([], [])

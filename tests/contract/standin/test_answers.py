"""Presses, selects, forms and deadlines, through the real discord.py over sockets."""

import aiohttp
import discord
import pytest

from bot.standin.errors import ApiError
from bot.standin.wire import Asked, MessageFlag
from tests.contract.standin.conftest import running
from tests.contract.standin.desk import Desk, Pick, card
from tests.support.driver import Actor
from tests.support.sandbox import Sandbox
from tests.support.waiting import until


async def test_a_press_edits_its_card(desk: Desk, ana: Actor) -> None:
    posted = await desk.post()

    result = await ana.press(posted, "Hide")

    assert result.message == posted
    assert not result.ephemeral
    assert "Hidden by Ana" in posted.text
    assert posted.raw["edited_timestamp"]


async def test_a_card_posted_before_a_restart_still_works(sandbox: Sandbox, ana: Actor) -> None:
    async with running(sandbox) as desk:
        posted = await desk.post(number=3)
    async with running(sandbox):
        await ana.press(posted, "hide:3")
    assert "Hidden by Ana" in posted.text


async def test_a_deferred_answer_is_filled_by_the_first_follow_up(desk: Desk, ana: Actor) -> None:
    result = await ana.press(await desk.post(), "Keep")

    await until(lambda: result.text == "Kept, thank you.")
    assert result.ephemeral
    second = await ana.wait_for("moderation", "And another.")
    assert second.raw["flags"] & MessageFlag.EPHEMERAL
    assert not result.message.raw["flags"] & MessageFlag.LOADING
    assert result.message.raw["edited_timestamp"] is None


@pytest.mark.parametrize(
    ("flags", "status"),
    [
        (0, 200),
        (MessageFlag.EPHEMERAL, 200),
        (MessageFlag.COMPONENTS_V2, 400),
        (MessageFlag.COMPONENTS_V2 | MessageFlag.EPHEMERAL, 400),
        (MessageFlag.SUPPRESS_EMBEDS, 400),
    ],
)
async def test_a_deferral_can_only_be_ephemeral(
    sandbox: Sandbox, ana: Actor, flags: int, status: int
) -> None:
    place = sandbox.world.place("general")
    asked = sandbox.interactions.start(Asked.COMMAND, ana.id, place, {"name": "x", "type": 1})
    url = f"{sandbox.api_url}/interactions/{asked.id}/{asked.token}/callback?with_response=true"
    body = {"type": 5, "data": {"flags": int(flags)}}
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
        assert answer.status == status
    sandbox.violations.clear()  # the file knows fewer flags than a person may try


async def test_a_silent_acknowledgement_can_edit_the_card_later(desk: Desk, ana: Actor) -> None:
    posted = await desk.post()

    result = await ana.press(posted, "Quiet")

    assert not result.failed
    await until(lambda: "Edited later" in posted.text)


async def test_an_ephemeral_answer_is_seen_by_one_person(
    sandbox: Sandbox, desk: Desk, ana: Actor
) -> None:
    result = await ana.press(await desk.post(), "Keep")
    await until(lambda: result.text == "Kept, thank you.")

    ben = sandbox.as_user("ben")
    assert result.message in ana.sees("moderation")
    assert result.message not in ben.sees("moderation")
    with pytest.raises(ApiError, match="Unknown Message"):
        await ben.react(result.message, "👍")
    history = [message async for message in desk.place().history()]
    assert [str(message.id) for message in history] == [ana.sees("moderation")[0].id]
    assert all(message.author == desk.user for message in desk.heard)
    assert len(desk.heard) == 1


async def test_a_form_is_opened_filled_in_and_answered(desk: Desk, ana: Actor) -> None:
    opened = await ana.press(await desk.post(number=7), "Ban")

    assert opened.modal["title"] == "Ban for how long?"
    assert opened.labels[0] == "Rule"
    answered = await ana.submit(opened, Rule=["spam"], Note="third time")
    assert answered.text == "7: spam / third time"


async def test_a_form_keeps_its_defaults_where_nothing_is_entered(desk: Desk, ana: Actor) -> None:
    opened = await ana.press(await desk.post(), "Ban")
    answered = await ana.submit(opened)
    assert answered.text == "1: insult / "


async def test_a_form_takes_only_what_fits(desk: Desk, ana: Actor) -> None:
    opened = await ana.press(await desk.post(), "Ban")

    with pytest.raises(LookupError, match="no field 'Why'"):
        await ana.submit(opened, Why="because")
    with pytest.raises(LookupError, match="does not offer 'arson'"):
        await ana.submit(opened, Rule=["arson"])
    with pytest.raises(LookupError, match="0 to 300"):
        await ana.submit(opened, Note="x" * 301)
    await ana.submit(opened, Note="x")
    with pytest.raises(LookupError, match="not open any more"):
        await ana.submit(opened, Note="x")


async def test_another_persons_form_cannot_be_sent(
    sandbox: Sandbox, desk: Desk, ana: Actor
) -> None:
    opened = await ana.press(await desk.post(), "Ban")
    with pytest.raises(LookupError, match="not open any more"):
        await sandbox.as_user("ben").submit(opened)


async def test_selects_give_their_values(sandbox: Sandbox, desk: Desk, ana: Actor) -> None:
    posted = desk.seen(await desk.place().send("?", view=Pick()))

    assert (await ana.select(posted, "Choose a rule", ["Spam", "Hate"])).text == "picked Spam,Hate"
    ed = sandbox.as_user("ed")
    assert (await ana.select(posted, "whom", [ed.id])).text == "chose Ed"
    with pytest.raises(LookupError, match="takes 1 to 2 values"):
        await ana.select(posted, "pick", [])
    with pytest.raises(LookupError, match="does not offer"):
        await ana.select(posted, "pick", ["Arson"])


async def test_a_disabled_or_missing_button_cannot_be_pressed(desk: Desk, ana: Actor) -> None:
    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="Off", custom_id="off", disabled=True))
    posted = desk.seen(await desk.place().send("x", view=view))

    assert posted.enabled == []
    with pytest.raises(LookupError, match="disabled"):
        await ana.press(posted, "Off")
    with pytest.raises(LookupError, match="Nothing is called 'On'"):
        await ana.press(posted, "On")


async def test_an_outsider_can_neither_see_nor_press(desk: Desk, olly: Actor) -> None:
    posted = await desk.post()

    assert olly.sees("moderation") is None
    with pytest.raises(ApiError, match="Missing Access"):
        await olly.press(posted, "Hide")


async def test_an_answer_after_the_deadline_fails(sandbox: Sandbox, desk: Desk, ana: Actor) -> None:
    sandbox.interactions.deadline = 0.05

    result = await ana.slash("moderation", "slow")

    assert result.failed
    desk.held.set()
    await until(lambda: desk.failures)
    assert desk.failures[0].__cause__.code == 10062
    assert ana.sees("moderation") == []


async def test_a_dead_bot_fails_after_the_deadline(sandbox: Sandbox, ana: Actor) -> None:
    async with running(sandbox) as desk:
        posted = await desk.post()
    sandbox.interactions.deadline = 0.05
    assert (await ana.press(posted, "Hide")).failed


async def test_a_second_answer_is_refused(desk: Desk, ana: Actor) -> None:
    refused: list[discord.HTTPException] = []

    @desk.listen()
    async def on_interaction(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        again = discord.InteractionResponse(interaction)
        try:
            await again.send_message("twice")
        except discord.HTTPException as error:
            refused.append(error)

    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="Go", custom_id="go"))
    await ana.press(desk.seen(await desk.place().send("x", view=view)), "Go")
    await until(lambda: refused)
    assert (refused[0].status, refused[0].code) == (400, 40060)


async def test_a_response_can_be_changed_fetched_and_deleted(desk: Desk, ana: Actor) -> None:
    seen: list[discord.Interaction] = []

    @desk.listen()
    async def on_interaction(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("first", ephemeral=True)
        await interaction.edit_original_response(content="second")
        seen.append(interaction)

    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="Go", custom_id="go"))
    result = await ana.press(desk.seen(await desk.place().send("x", view=view)), "Go")
    await until(lambda: seen)
    assert result.text == "second"
    assert (await seen[0].original_response()).content == "second"
    extra = await seen[0].followup.send("third", wait=True)
    await extra.edit(content="3")
    assert await ana.wait_for("moderation", "3")
    await seen[0].delete_original_response()
    assert not result.message.exists


async def test_the_interaction_carries_the_whole_card(desk: Desk, ana: Actor) -> None:
    seen: list[discord.Interaction] = []

    @desk.listen()
    async def on_interaction(interaction: discord.Interaction) -> None:
        seen.append(interaction)

    posted = await desk.post("words on it")
    await ana.press(posted, "Hide")
    await until(lambda: seen)
    assert str(seen[0].message.id) == posted.id
    assert seen[0].user.guild_permissions.view_channel
    assert [role.name for role in seen[0].user.roles][1:] == ["Moderator"]
    assert seen[0].channel == desk.place()


async def test_a_view_can_be_taken_off(desk: Desk, ana: Actor) -> None:
    message = await desk.place().send("x", view=Pick())
    await message.edit(view=None)
    with pytest.raises(LookupError):
        await ana.select(desk.seen(message), "pick", ["Spam"])


async def test_components_are_numbered_depth_first(desk: Desk) -> None:
    message = await desk.place().send(view=card("x"))
    container = desk.seen(message).raw["components"][0]
    inside = container["components"]
    numbers = [container["id"], *(one["id"] for one in inside)]
    numbers += [one["id"] for one in inside[-1]["components"]]
    assert numbers == list(range(1, 10))

"""Messages, reactions, threads and pins: what the bot may do, and what it is told."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import aiohttp
import discord
import pytest

from bot.demo.scenario import newsroom
from bot.standin.buckets import OldEdits
from bot.standin.errors import ApiError
from bot.standin.permissions import Permission
from bot.standin.wire import Intent
from tests.contract.standin.conftest import build, running, settle
from tests.contract.standin.desk import INTENTS, Desk, card
from tests.support.driver import Actor
from tests.support.sandbox import Sandbox
from tests.support.waiting import until

PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x20\0\0\0\x10\x08\x06\0\0\0" + b"\0" * 4
)  # 32 x 16 by its header


async def code_of(doing: object) -> tuple[int, int]:
    with pytest.raises(discord.HTTPException) as caught:
        await doing
    return caught.value.status, caught.value.code


# What the bot reads of others


async def test_a_message_of_others_arrives_empty(desk: Desk, ana: Actor) -> None:
    await ana.send("moderation", "hide 3")
    await until(lambda: desk.heard)
    assert desk.heard[0].content == ""
    assert desk.heard[0].author.display_name == "Ana"


async def test_a_mention_or_a_reply_to_the_bot_carries_its_text(desk: Desk, ana: Actor) -> None:
    posted = await desk.post()
    await ana.send("moderation", f"<@{desk.user.id}> queue")
    await ana.reply(posted, "hide 3")

    await until(lambda: len(desk.heard) == 3)
    assert [message.content for message in desk.heard[1:]] == [f"<@{desk.user.id}> queue", "hide 3"]
    reply = desk.heard[2]
    assert str(reply.reference.message_id) == posted.id
    assert str(reply.reference.resolved.id) == posted.id
    assert desk.user in reply.mentions


async def test_a_reply_that_pings_nobody_arrives_empty(desk: Desk, ana: Actor) -> None:
    await ana.reply(await desk.post(), "hide 3", ping=False)
    await until(lambda: len(desk.heard) == 2)
    assert desk.heard[1].content == ""


async def test_rest_hides_the_same_text_as_the_gateway(desk: Desk, ana: Actor) -> None:
    posted = await desk.post()
    await ana.send("moderation", "secret")
    await ana.reply(posted, "to you")

    history = [message async for message in desk.place().history()]
    assert [message.content for message in history[:2]] == ["to you", ""]
    assert (await desk.place().fetch_message(history[1].id)).content == ""


async def test_the_intent_shows_everything() -> None:
    async with build(world=newsroom(privileged=Intent.MESSAGE_CONTENT)) as sandbox:
        with_content = discord.Intents(**{**dict(INTENTS), "message_content": True})
        async with running(sandbox, Desk(sandbox.world, intents=with_content)) as desk:
            await sandbox.as_user("ana").send("moderation", "secret")
            await until(lambda: desk.heard)
            assert desk.heard[0].content == "secret"
            assert [one.content async for one in desk.place().history()] == ["secret"]
        settle(sandbox)


async def test_a_hidden_channel_is_silent(sandbox: Sandbox, desk: Desk, ana: Actor) -> None:
    editors = sandbox.world.channels[sandbox.world.place("editors")]
    editors["permission_overwrites"] = [
        one for one in editors["permission_overwrites"] if one["id"] != sandbox.world.bot_role
    ]
    await sandbox.as_user("ed").send("editors", f"<@{desk.user.id}> psst")
    await ana.send("general", f"<@{desk.user.id}> hello")
    await until(lambda: desk.heard)
    assert [message.channel.name for message in desk.heard] == ["general"]
    assert await code_of(desk.place("editors").send("x")) == (403, 50001)


async def test_edits_and_deletions_are_told(desk: Desk, ana: Actor) -> None:
    told: list[object] = []

    @desk.listen()
    async def on_raw_message_edit(event: discord.RawMessageUpdateEvent) -> None:
        told.append(event.message.content)

    @desk.listen()
    async def on_raw_message_delete(event: discord.RawMessageDeleteEvent) -> None:
        told.append(event.message_id)

    said = await ana.send("moderation", f"<@{desk.user.id}> hied 3")
    await ana.edit(said, f"<@{desk.user.id}> hide 3")
    await ana.delete(said)
    await until(lambda: len(told) == 2)
    assert told == [f"<@{desk.user.id}> hide 3", int(said.id)]


async def test_history_pages_before_after_and_around(desk: Desk, ana: Actor) -> None:
    said = [await ana.send("general", str(number)) for number in range(7)]
    ids = [discord.Object(int(one.id)) for one in said]
    place = desk.place("general")

    async def read(**options: object) -> list[int]:
        return [ids.index(discord.Object(one.id)) async for one in place.history(**options)]

    assert await read() == [6, 5, 4, 3, 2, 1, 0]
    assert await read(before=ids[3], limit=2) == [2, 1]
    assert await read(after=ids[3], limit=2) == [4, 5]
    assert await read(around=ids[3], limit=3) == [4, 3, 2]


# Who is pinged


async def test_a_mention_pings_unless_mentions_are_off(desk: Desk, ana: Actor) -> None:
    text = f"<@{ana.id}> and @everyone"
    loud = desk.seen(await desk.place().send(text))
    quiet = desk.seen(
        await desk.place().send(text, allowed_mentions=discord.AllowedMentions.none())
    )

    assert loud.pinged == {"ana"}  # the bot has no right to ping everyone
    assert [user["username"] for user in loud.raw["mentions"]] == ["ana"]
    assert quiet.pinged == set()
    assert quiet.raw["mentions"] == []


async def test_a_role_is_pinged_if_it_may_be(sandbox: Sandbox, desk: Desk) -> None:
    roles = {role["name"]: role["id"] for role in sandbox.world.roles.values()}
    text = f"<@&{roles['Editor']}> <@&{roles['Comment Desk']}>"
    assert desk.seen(await desk.place().send(text)).pinged == {"ed"}
    only = discord.AllowedMentions(everyone=False, users=False, roles=[])
    assert desk.seen(await desk.place().send(text, allowed_mentions=only)).pinged == set()


async def test_listed_people_are_pinged_and_no_others(sandbox: Sandbox, desk: Desk) -> None:
    ana, ben = sandbox.as_user("ana"), sandbox.as_user("ben")
    allowed = discord.AllowedMentions(users=[discord.Object(int(ben.id))])
    sent = await desk.place().send(f"<@{ana.id}> <@{ben.id}>", allowed_mentions=allowed)
    assert desk.seen(sent).pinged == {"ben"}


async def test_text_displays_ping_too(desk: Desk, ana: Actor) -> None:
    assert (await desk.post(f"see <@{ana.id}>")).pinged == {"ana"}


async def test_nobody_is_pinged_where_they_cannot_look(desk: Desk, olly: Actor) -> None:
    assert (await desk.post(f"<@{olly.id}>")).pinged == set()


async def test_a_reply_pings_unless_told_not_to(desk: Desk, ana: Actor) -> None:
    said = await ana.send("moderation", f"<@{desk.user.id}> hi")
    await until(lambda: desk.heard)
    assert desk.seen(await desk.heard[0].reply("yes")).pinged == {"ana"}
    assert desk.seen(await desk.heard[0].reply("yes", mention_author=False)).pinged == set()
    assert said.pinged == {"Comment Desk"}


# What the bot may do


async def test_the_bot_has_the_documented_rights_only(desk: Desk) -> None:
    me = desk.place().guild.me
    wanted = discord.Permissions(
        view_channel=True,
        send_messages=True,
        embed_links=True,
        attach_files=True,
        read_message_history=True,
        add_reactions=True,
        manage_messages=True,
        create_public_threads=True,
        send_messages_in_threads=True,
        use_application_commands=True,
        pin_messages=True,
    )
    assert me.guild_permissions == wanted
    assert desk.place().permissions_for(me) == wanted


@pytest.mark.parametrize("lacking", ["SEND_MESSAGES", "ADD_REACTIONS", "MANAGE_MESSAGES"])
async def test_a_right_that_is_lacking_is_missed(lacking: str) -> None:
    async with build() as sandbox:
        async with running(sandbox) as desk:
            message = await desk.place().send("x")
            for role in (sandbox.world.guild_id, sandbox.world.bot_role):
                held = sandbox.world.roles[role]["permissions"]
                bit = {"SEND_MESSAGES": 11, "ADD_REACTIONS": 6, "MANAGE_MESSAGES": 13}[lacking]
                sandbox.world.roles[role]["permissions"] = str(int(held) & ~(1 << bit))
            doing = {
                "SEND_MESSAGES": lambda: desk.place().send("x"),
                "ADD_REACTIONS": lambda: message.add_reaction("👍"),
                "MANAGE_MESSAGES": message.clear_reactions,
            }
            assert await code_of(doing[lacking]()) == (403, 50013)
        settle(sandbox)


async def test_others_messages_can_be_deleted_but_not_edited(desk: Desk, ana: Actor) -> None:
    said = await ana.send("moderation", "x")
    message = desk.place().get_partial_message(int(said.id))
    assert await code_of(message.edit(content="y")) == (403, 50005)
    await message.delete()
    assert not said.exists
    assert await code_of(message.delete()) == (404, 10008)


async def test_what_is_not_there_is_unknown(desk: Desk) -> None:
    assert await code_of(desk.fetch_channel(1)) == (404, 10003)
    assert await code_of(desk.fetch_guild(1)) == (404, 10004)
    assert await code_of(desk.place().guild.fetch_member(1)) == (404, 10007)
    assert await code_of(desk.place().fetch_message(1)) == (404, 10008)
    assert await code_of(desk.fetch_user(1)) == (404, 10013)


async def test_people_can_be_fetched(desk: Desk, ana: Actor) -> None:
    member = await desk.place().guild.fetch_member(int(ana.id))
    assert member.display_name == "Ana"
    assert [role.name for role in member.roles] == ["@everyone", "Moderator"]
    found = await desk.place().guild.query_members(user_ids=[int(ana.id)])
    assert [one.name for one in found] == ["ana"]
    assert desk.place().guild.get_member(int(ana.id)) == member or found


async def test_many_messages_can_be_deleted_at_once(desk: Desk, ana: Actor) -> None:
    said = [await ana.send("moderation", str(number)) for number in range(3)]
    await desk.place().delete_messages([discord.Object(int(one.id)) for one in said[:2]])
    assert [one.exists for one in said] == [False, False, True]


# Files


async def test_a_picture_is_shown_where_it_is_referred_to(desk: Desk) -> None:
    embed = discord.Embed(title="Chart").set_image(url="attachment://chart.png")
    file = discord.File(io.BytesIO(PNG), "chart.png", description="reports a day")
    sent = await desk.place().send(embed=embed, file=file)

    assert (sent.attachments[0].width, sent.attachments[0].height) == (32, 16)
    assert sent.embeds[0].image.url == sent.attachments[0].url
    assert await sent.attachments[0].read() == PNG

    view = discord.ui.LayoutView()
    gallery = discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://chart.png"))
    view.add_item(gallery)
    new = await desk.place().send(view=view, file=discord.File(io.BytesIO(PNG), "chart.png"))
    item = desk.seen(new).raw["components"][0]["items"][0]
    assert item["media"]["url"] == new.attachments[0].url

    await sent.edit(attachments=[], embed=None, content="gone")
    assert desk.seen(sent).raw["attachments"] == []


async def test_a_picture_that_was_not_sent_cannot_be_shown(desk: Desk) -> None:
    embed = discord.Embed().set_image(url="attachment://chart.png")
    assert await code_of(desk.place().send(embed=embed)) == (400, 50035)


# Reactions


async def test_reactions_are_told_with_the_member(desk: Desk, ana: Actor) -> None:
    posted = await desk.post()
    await ana.react(posted, "🙈")
    await ana.react(posted, "🙈")

    await until(lambda: desk.reacted)
    event = desk.reacted[0]
    assert (event.emoji.name, event.member.display_name) == ("🙈", "Ana")
    assert str(event.message_author_id) == str(desk.user.id)
    assert posted.reactions == {"🙈": 1}


async def test_reactions_are_added_counted_and_removed(desk: Desk, ana: Actor) -> None:
    message = await desk.place().send("x")
    posted = desk.seen(message)
    for emoji in ("✅", "🙈", "🔨"):
        await message.add_reaction(emoji)
    await ana.react(posted, "✅")
    assert posted.reactions == {"✅": 2, "🙈": 1, "🔨": 1}

    fetched = await desk.place().fetch_message(message.id)
    found = {user.name async for user in fetched.reactions[0].users()}
    assert found == {"ana", "Comment Desk"}
    await message.remove_reaction("✅", discord.Object(int(ana.id)))
    await message.remove_reaction("🙈", desk.user)
    await message.clear_reaction("🔨")
    assert posted.reactions == {"✅": 1}
    await message.clear_reactions()
    assert posted.reactions == {}
    assert await code_of(message.add_reaction("hide")) == (400, 10014)


async def test_the_twenty_first_emoji_is_refused(desk: Desk, ana: Actor) -> None:
    posted = await desk.post()
    for number in range(20):
        await ana.react(posted, chr(0x1F600 + number))
    with pytest.raises(ApiError, match=r"reached \(20\)"):
        await ana.react(posted, "🔨")


# Pins and threads


async def test_a_pin_is_announced_by_a_message(desk: Desk) -> None:
    message = await desk.place().send("x")
    await message.pin()

    assert [one.id async for one in desk.place().pins()] == [message.id]
    await until(lambda: len(desk.heard) == 2)
    assert desk.heard[1].type is discord.MessageType.pins_add
    await message.unpin()
    assert [one async for one in desk.place().pins()] == []


async def test_pins_come_by_the_time_of_pinning(sandbox: Sandbox, desk: Desk) -> None:
    place = desk.place()
    sent = [await place.send(str(number)) for number in range(3)]
    for index in (2, 0, 1):
        await sent[index].pin()
    assert [one.content async for one in place.pins()] == ["1", "0", "2"]
    assert [one.content async for one in place.pins(limit=2)] == ["1", "0"]
    items = (await pins(sandbox, "?limit=2"))["items"]
    times = [datetime.fromisoformat(one["pinned_at"]) for one in items]
    assert times[0] > times[1] > sent[2].created_at
    rest = await pins(sandbox, f"?before={quote(items[1]['pinned_at'])}")
    assert [one["message"]["content"] for one in rest["items"]] == ["2"]
    assert [(await pins(sandbox, f"?limit={n}"))["has_more"] for n in (2, 3)] == [True, False]
    await sent[0].unpin()
    await sent[0].pin()
    assert [one.content async for one in place.pins()] == ["0", "1", "2"]
    assert desk.heard  # the notices
    await sent[1].delete()
    assert [one.content async for one in place.pins()] == ["0", "2"]


async def pins(sandbox: Sandbox, query: str) -> Any:
    """Read the pins as a bare client does, for what discord.py does not tell."""
    url = f"{sandbox.api_url}/channels/{sandbox.world.place('moderation')}/messages/pins{query}"
    headers = {"Authorization": f"Bot {sandbox.world.token}"}
    async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as answer:
        return await answer.json()


async def test_a_page_of_pins_is_of_one_to_fifty(sandbox: Sandbox) -> None:
    for query in ("?limit=0", "?limit=51", "?before=yesterday"):
        assert (await pins(sandbox, query))["code"] == 50035
    assert any("limit" in one for one in sandbox.violations) or not sandbox.violations
    sandbox.violations.clear()


async def test_pins_are_not_shown_to_whom_the_history_is_hidden(
    sandbox: Sandbox, desk: Desk
) -> None:
    await (await desk.place().send("x")).pin()
    sandbox.owner.take("moderation", Permission.READ_MESSAGE_HISTORY)
    assert [one async for one in desk.place().pins()] == []
    assert [one async for one in desk.place().history()] == []
    sandbox.owner.take("moderation", Permission.VIEW_CHANNEL)
    with pytest.raises(discord.Forbidden):
        [one async for one in desk.place().pins()]


async def test_a_thread_starts_with_a_message_that_points_at_its_own(
    desk: Desk, ana: Actor
) -> None:
    message = await desk.place().send("x")
    thread = await message.create_thread(name="talk")
    await until(lambda: any(one.channel == thread for one in desk.heard))
    starter = next(one for one in desk.heard if one.channel == thread)
    assert starter.type is discord.MessageType.thread_starter_message
    assert starter.reference.message_id == message.id
    assert starter.content == ""
    assert thread.message_count == 0
    assert ana.sees("talk")[0].raw["referenced_message"]["content"] == "x"


@pytest.mark.parametrize("minutes", [59, 61, 1441, 10081])
async def test_a_thread_is_kept_for_a_documented_time(
    sandbox: Sandbox, desk: Desk, minutes: int
) -> None:
    message = await desk.place().send("x")
    assert await code_of(message.create_thread(name="t", auto_archive_duration=minutes)) == (
        400,
        50035,
    )
    thread = await message.create_thread(name="t", auto_archive_duration=10080)
    assert await code_of(thread.edit(auto_archive_duration=minutes)) == (400, 50035)
    sandbox.violations.clear()  # Discord's file says so too


async def test_nothing_changes_in_an_archived_thread(desk: Desk) -> None:
    thread = await (await desk.place().send("x")).create_thread(name="talk")
    said = await thread.send("hello")
    await thread.edit(archived=True)
    assert await code_of(said.add_reaction("👍")) == (400, 50083)
    assert await code_of(said.edit(content="other")) == (400, 50083)
    await said.delete()


async def test_an_answer_needs_the_right_to_read(sandbox: Sandbox, desk: Desk) -> None:
    message = await desk.place().send("x")
    sandbox.owner.take("moderation", Permission.READ_MESSAGE_HISTORY)
    assert await code_of(message.reply("y")) == (400, 160002)
    assert await code_of(message.add_reaction("👍")) == (403, 50013)
    await desk.place().send("z")
    await message.edit(content="edited")


@pytest.mark.parametrize(
    ("right", "sending"),
    [
        (Permission.ATTACH_FILES, {"file": "a.txt"}),
        (Permission.EMBED_LINKS, {"embed": discord.Embed(title="x")}),
        (Permission.SEND_MESSAGES, {"content": "x"}),
    ],
)
async def test_each_right_is_needed_for_its_own(
    sandbox: Sandbox, desk: Desk, right: Permission, sending: dict[str, Any]
) -> None:
    def made() -> dict[str, Any]:
        given = {"file": discord.File(io.BytesIO(b"x"), "a.txt")} if "file" in sending else sending
        return {**given}

    sandbox.owner.take("moderation", right)
    assert await code_of(desk.place().send(**made())) == (403, 50013)
    sandbox.owner.give("moderation", right)
    await desk.place().send(**made())


async def test_in_a_thread_another_right_lets_one_speak(sandbox: Sandbox, desk: Desk) -> None:
    thread = await (await desk.place().send("x")).create_thread(name="talk")
    sandbox.owner.take("moderation", Permission.SEND_MESSAGES)
    await thread.send("still", embed=discord.Embed(title="x"))
    sandbox.owner.take("moderation", Permission.SEND_MESSAGES_IN_THREADS)
    assert await code_of(thread.send("no")) == (403, 50013)


async def test_who_joins_a_thread_is_told_as_far_as_the_bot_may_know(
    sandbox: Sandbox, desk: Desk, ana: Actor
) -> None:
    told: list[str] = []

    @desk.listen()
    async def on_socket_event_type(event: str) -> None:
        told.append(event)

    thread = await (await desk.place().send("x")).create_thread(name="talk")
    await thread.add_user(discord.Object(int(ana.id)))
    await thread.leave()
    await thread.join()
    await until(lambda: thread.me is not None and told.count("THREAD_MEMBERS_UPDATE") == 2)
    assert sandbox.world.thread_members[str(thread.id)] == [ana.id, sandbox.world.bot_id]


async def test_threads_are_told_again_with_their_channel(sandbox: Sandbox, desk: Desk) -> None:
    thread = await (await desk.place().send("x")).create_thread(name="talk")
    sandbox.owner.take("moderation", Permission.VIEW_CHANNEL)
    assert await desk.place().guild.active_threads() == []
    sandbox.owner.give("moderation", Permission.VIEW_CHANNEL)
    assert [one.id for one in await desk.place().guild.active_threads()] == [thread.id]


async def test_edits_of_old_messages_are_few(sandbox: Sandbox, desk: Desk) -> None:
    old, fresh = await desk.place().send("old"), await desk.place().send("fresh")
    sandbox.owner.age(desk.seen(old), timedelta(hours=1, minutes=1))
    for number in range(3):
        await old.edit(content=str(number))
    url = f"{sandbox.api_url}/channels/{old.channel.id}/messages/{old.id}"
    headers = {"Authorization": f"Bot {sandbox.world.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.patch(url, json={"content": "4"}) as answer,
    ):
        told = await answer.json()
    assert (answer.status, told["code"]) == (429, 30046)
    assert 0 < told["retry_after"] <= 6
    assert not told["global"]
    for number in range(5):
        await fresh.edit(content=str(number))


def test_a_few_seconds_later_an_old_message_can_be_edited_again() -> None:
    now, long_ago = [0.0], datetime(2020, 1, 1, tzinfo=UTC)
    edits = OldEdits(lambda: now[0])
    for _ in range(3):
        edits.take("1", long_ago)
    edits.take("2", long_ago)
    with pytest.raises(ApiError, match="older than 1 hour"):
        edits.take("1", long_ago)
    now[0] = 6.0
    edits.take("1", long_ago)


async def test_a_request_is_at_most_25_mib(desk: Desk) -> None:
    def files(size: int) -> list[discord.File]:
        return [discord.File(io.BytesIO(b"x" * size), f"{n}.bin") for n in range(3)]

    assert await code_of(desk.place().send(files=files(9 * 1024 * 1024))) == (413, 40005)
    await desk.place().send(files=files(8 * 1024 * 1024))


async def test_a_thread_hangs_on_its_message(desk: Desk, ana: Actor) -> None:
    message = await desk.place().send("x")
    thread = await message.create_thread(name="talk")
    await thread.send("hello")

    assert thread.id == message.id
    assert desk.seen(message).thread == str(message.id)
    first, second = ana.sees("talk")
    assert first.raw["type"] == 21
    assert first.raw["referenced_message"]["id"] == str(message.id)
    assert second.text == "hello"
    assert await code_of(message.create_thread(name="again")) == (400, 160004)
    await thread.edit(archived=True)
    await ana.send("talk", "one more")
    assert not (await desk.fetch_channel(thread.id)).archived
    assert [one.name for one in await desk.place().guild.active_threads()] == ["talk"]


async def test_a_thread_is_as_private_as_its_channel(desk: Desk, olly: Actor) -> None:
    await (await desk.place().send("x")).create_thread(name="talk")
    assert olly.sees("talk") is None
    with pytest.raises(ApiError, match="Missing Access"):
        await olly.send("talk", "hi")


async def test_a_locked_thread_takes_no_more(sandbox: Sandbox, desk: Desk, ana: Actor) -> None:
    thread = await (await desk.place().send("x")).create_thread(name="talk")
    assert await code_of(thread.edit(locked=True)) == (403, 50013)
    sandbox.world.channels[str(thread.id)]["thread_metadata"]["locked"] = True
    with pytest.raises(ApiError, match="archived"):
        await ana.send("talk", "hi")


async def test_people_edit_their_own_messages_only(
    sandbox: Sandbox, desk: Desk, ana: Actor
) -> None:
    posted = await desk.post()
    sandbox.owner.change_role("Moderator", take=Permission.MANAGE_MESSAGES)
    with pytest.raises(LookupError, match="own messages"):
        await ana.edit(posted, "mine now")
    with pytest.raises(ApiError, match="Missing Permissions"):
        await ana.delete(posted)


async def test_a_card_cannot_lose_its_layout(desk: Desk) -> None:
    message = await desk.place().send(view=card("x"))
    assert await code_of(message.edit(content="plain")) == (400, 50035)

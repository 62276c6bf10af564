"""Rights, roles and channels that change while the bot is running, and Discord saying no."""

import asyncio
import time

import aiohttp
import discord
import pytest

from bot.standin.permissions import Permission
from tests.contract.standin.conftest import pointed_at
from tests.contract.standin.desk import Desk
from tests.support.driver import Actor
from tests.support.sandbox import Sandbox
from tests.support.waiting import PATIENCE, until


def rights(desk: Desk) -> discord.Permissions:
    place = desk.place()
    return place.permissions_for(place.guild.me)


async def test_a_right_is_taken_and_given_back(sandbox: Sandbox, desk: Desk) -> None:
    sandbox.owner.take("moderation", Permission.SEND_MESSAGES)
    await until(lambda: not rights(desk).send_messages, what="the bot to be told")
    with pytest.raises(discord.Forbidden) as caught:
        await desk.place().send("x")
    assert caught.value.code == 50013

    sandbox.owner.give("moderation", Permission.SEND_MESSAGES)
    await until(lambda: rights(desk).send_messages, what="the bot to be told")
    await desk.place().send("x")


async def test_a_channel_is_hidden_and_shown_again(
    sandbox: Sandbox, desk: Desk, ana: Actor
) -> None:
    place = desk.place()
    sandbox.owner.take("moderation", Permission.VIEW_CHANNEL)
    await until(lambda: not rights(desk).view_channel, what="the bot to be told")
    with pytest.raises(discord.Forbidden) as caught:
        await place.send("x")
    assert caught.value.code == 50001
    await ana.send("moderation", "unheard")

    sandbox.owner.give("moderation", Permission.VIEW_CHANNEL)
    await until(lambda: rights(desk).view_channel, what="the bot to be told")
    await ana.send("moderation", "heard")
    await place.send("x")
    await until(lambda: desk.heard and desk.heard[-1].author.id == desk.user.id)
    assert [one.author.name for one in desk.heard] == ["ana", desk.user.name]


async def test_a_right_is_taken_from_a_role(sandbox: Sandbox, ana: Actor) -> None:
    sandbox.owner.take("moderation", Permission.VIEW_CHANNEL, whom="Moderator")
    assert ana.sees("moderation") is None
    sandbox.owner.give("moderation", Permission.VIEW_CHANNEL, whom="Moderator")
    assert ana.sees("moderation") == []
    sandbox.owner.take("moderation", Permission.VIEW_CHANNEL, whom="ana")
    assert ana.sees("moderation") is None


async def test_a_role_changes_in_the_whole_guild(sandbox: Sandbox, desk: Desk) -> None:
    sandbox.owner.change_role("Comment Desk", take=Permission.PIN_MESSAGES)
    await until(lambda: not rights(desk).pin_messages, what="the bot to be told")
    message = await desk.place().send("x")
    with pytest.raises(discord.Forbidden):
        await message.pin()


async def test_managing_messages_is_not_pinning_them(sandbox: Sandbox, desk: Desk) -> None:
    sandbox.owner.take("moderation", Permission.PIN_MESSAGES)
    message = await desk.place().send("x")
    with pytest.raises(discord.Forbidden) as caught:
        await message.pin()
    assert caught.value.code == 50013
    sandbox.owner.take("moderation", Permission.MANAGE_MESSAGES)
    sandbox.owner.give("moderation", Permission.PIN_MESSAGES)
    await message.pin()


async def test_a_role_is_deleted(sandbox: Sandbox, desk: Desk, ana: Actor) -> None:
    role = int(sandbox.owner.role("Moderator"))
    sandbox.owner.delete_role("Moderator")
    await until(lambda: desk.place().guild.get_role(role) is None, what="the bot to be told")
    assert ana.sees("moderation") is None
    with pytest.raises(LookupError, match="no role called 'Moderator'"):
        sandbox.owner.role("Moderator")


async def test_a_channel_is_deleted_with_its_threads(sandbox: Sandbox, desk: Desk) -> None:
    place = desk.place()
    thread = await (await place.send("x")).create_thread(name="talk")
    sandbox.owner.delete_channel("moderation")
    await until(lambda: desk.get_channel(place.id) is None, what="the bot to be told")
    for gone in (place, thread):
        with pytest.raises(discord.NotFound) as caught:
            await gone.send("x")
        assert caught.value.code == 10003


async def test_a_thread_is_deleted(sandbox: Sandbox, desk: Desk) -> None:
    thread = await (await desk.place().send("x")).create_thread(name="talk")
    sandbox.owner.delete_channel("talk")
    await until(lambda: desk.place().get_thread(thread.id) is None, what="the bot to be told")


async def test_a_message_is_deleted(sandbox: Sandbox, desk: Desk) -> None:
    posted = await desk.post()
    sandbox.owner.delete_message(posted)
    with pytest.raises(discord.NotFound) as caught:
        await desk.place().fetch_message(int(posted.id))
    assert caught.value.code == 10008


async def test_people_change(sandbox: Sandbox, desk: Desk) -> None:
    guild, olly = desk.place().guild, sandbox.world.person("olly")
    sandbox.owner.put_into("olly", "Moderator")
    sandbox.owner.rename("olly", "Oliver")
    member = await guild.fetch_member(int(olly))
    assert (member.display_name, [one.name for one in member.roles]) == (
        "Oliver",
        ["@everyone", "Moderator"],
    )
    sandbox.owner.take_from("olly", "Moderator")
    assert sandbox.as_user("olly").sees("moderation") is None
    sandbox.owner.remove("olly")
    with pytest.raises(discord.NotFound) as caught:
        await guild.fetch_member(int(olly))
    assert caught.value.code == 10007


async def test_a_thread_has_no_rights_of_its_own(sandbox: Sandbox, desk: Desk) -> None:
    await (await desk.place().send("x")).create_thread(name="talk")
    with pytest.raises(LookupError, match="of its own"):
        sandbox.owner.take("talk", Permission.SEND_MESSAGES)


async def test_a_global_limit_lasts_its_seconds_for_everything_but_interactions(
    sandbox: Sandbox, desk: Desk, ana: Actor
) -> None:
    posted = await desk.post()
    sandbox.interactions.deadline = PATIENCE
    began = time.monotonic()
    sandbox.rest.limit_globally(3)
    headers = {"Authorization": f"Bot {sandbox.world.token}"}
    url = sandbox.api_url + "/users/@me"
    async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as got:
        told, body = got.headers, await got.json()
    assert got.status == 429
    assert (told["X-RateLimit-Global"], told["X-RateLimit-Scope"]) == ("true", "global")
    assert told["Retry-After"] in ("1", "2", "3")
    assert body["global"] is True
    assert 0 < body["retry_after"] <= 3
    assert not (await ana.press(posted, "Hide")).failed

    sending = [asyncio.create_task(desk.place().send(one)) for one in "ab"]
    await asyncio.gather(*sending)
    assert time.monotonic() - began > 2.9


async def test_a_shared_limit_does_not_count_as_invalid(sandbox: Sandbox, desk: Desk) -> None:
    sandbox.rest.fault("POST", "/channels/*/messages", status=429, retry_after=0.1, scope="shared")
    await desk.place().send("x")
    assert sandbox.rest.invalid_requests == 0


async def test_too_many_invalid_requests_are_a_ban(sandbox: Sandbox, desk: Desk) -> None:
    sandbox.rest._invalid.extend([time.monotonic()] * 10_000)
    with pytest.raises(discord.HTTPException) as caught:
        await desk.place().send("x")
    assert (caught.value.status, caught.value.text) == (429, "error code: 1015")


async def test_the_token_is_refused_until_it_is_not(sandbox: Sandbox, desk: Desk) -> None:
    sandbox.rest.token_refused = True
    with pytest.raises(discord.HTTPException) as caught:
        await desk.place().send("x")
    assert caught.value.status == 401
    sandbox.rest.clear_faults()
    await desk.place().send("x")


@pytest.mark.parametrize(("status", "code"), [(403, 50001), (400, 30034)])
async def test_commands_are_refused(sandbox: Sandbox, desk: Desk, status: int, code: int) -> None:
    sandbox.rest.refuse_commands(status, times=1)
    guild = desk.place().guild
    with pytest.raises(discord.HTTPException) as caught:
        await desk.tree.sync(guild=guild)
    assert (caught.value.status, caught.value.code) == (status, code)
    await desk.tree.sync(guild=guild)


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [(403, None, 50013), (403, 50001, 50001), (404, 10003, 10003), (401, None, 0)],
)
async def test_a_fault_can_be_a_refusal_of_discords(
    sandbox: Sandbox, desk: Desk, status: int, code: int | None, told: int
) -> None:
    sandbox.rest.fault("POST", "/channels/*/messages", status=status, code=code)
    with pytest.raises(discord.HTTPException) as caught:
        await desk.place().send("x")
    assert (caught.value.status, caught.value.code) == (status, told)


async def test_a_socket_is_cut_before_hello(sandbox: Sandbox, desk: Desk) -> None:
    sandbox.gateway.hang_ups = 1
    await sandbox.gateway.drop(4000)
    await until(lambda: sandbox.gateway.connected, what="the client to come back")
    assert desk.is_ready()
    assert sandbox.gateway.hang_ups == 0


async def test_a_first_socket_cut_before_hello_kills_the_client(sandbox: Sandbox) -> None:
    sandbox.gateway.hang_ups = 1
    other = Desk(sandbox.world)
    with pointed_at(sandbox), pytest.raises(Exception, match=r".") as caught:
        await asyncio.wait_for(other.start(sandbox.world.token), PATIENCE)
    assert not isinstance(caught.value, TimeoutError)
    await other.close()

"""`comment-desk check` names each right that is missing, and survives whatever Discord does."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import WSMsgType, web

from bot.cli import check_connection as looking
from bot.cli.check_discord import check_discord
from bot.domain.site import Finding
from bot.standin.permissions import Permission
from tests.journey.newsroom import Newsroom

pytestmark = pytest.mark.usefixtures("in_haste")


async def findings(newsroom: Newsroom, **discord: object) -> dict[str, Finding]:
    settings = newsroom.settings(**discord).discord
    return {finding.name: finding async for finding in check_discord(settings, alone=False)}


@pytest.mark.parametrize(
    ("right", "name"),
    [
        (Permission.SEND_MESSAGES, "Send Messages"),
        (Permission.READ_MESSAGE_HISTORY, "Read Message History"),
        (Permission.PIN_MESSAGES, "Pin Messages"),
        (Permission.MANAGE_MESSAGES, "Manage Messages"),
        (Permission.ADD_REACTIONS, "Add Reactions"),
    ],
)
async def test_a_missing_right_is_named(quiet_newsroom: Newsroom, right: Permission, name: str):
    assert (await findings(quiet_newsroom))["Permissions"].good
    quiet_newsroom.sandbox.owner.take("moderation", right)

    found = (await findings(quiet_newsroom))["Permissions"]

    assert not found.good
    assert name in found.words


async def test_a_right_missing_in_the_log_channel_is_named(quiet_newsroom: Newsroom):
    log_channel = quiet_newsroom.add_channel("log")
    quiet_newsroom.sandbox.owner.take("log", Permission.SEND_MESSAGES)

    found = (await findings(quiet_newsroom, log_channel_id=log_channel))["Log channel"]

    assert "Send Messages" in found.words


async def test_what_becomes_of_threads_at_an_erasure_is_said_and_is_no_cross(
    quiet_newsroom: Newsroom,
):
    found = (await findings(quiet_newsroom))["Forgetting"]
    assert found.good
    assert "with Manage Threads in #moderation the bot does it" in found.words

    quiet_newsroom.sandbox.owner.give("moderation", Permission.MANAGE_THREADS)
    found = (await findings(quiet_newsroom))["Forgetting"]
    assert found.good
    assert "are deleted" in found.words


@pytest.mark.parametrize(
    ("role", "channel", "what"),
    [("Editor", "editors", "Urgent alerts"), ("Moderator", "moderation", "Overdue cases")],
)
async def test_a_role_that_the_bot_may_not_ping_is_named(
    quiet_newsroom: Newsroom, role: str, channel: str, what: str
):
    owner, world = quiet_newsroom.sandbox.owner, quiet_newsroom.sandbox.world
    assert (await findings(quiet_newsroom))[what].good
    world.roles[owner.role(role)]["mentionable"] = False
    found = (await findings(quiet_newsroom))[what]
    assert not found.good
    assert f"@{role} in #{channel}" in found.words
    assert "allow anyone to @mention this role" in found.mend[0]

    owner.give(channel, Permission.MENTION_EVERYONE)
    assert (await findings(quiet_newsroom))[what].good


async def test_a_socket_that_is_cut_before_hello_is_said(quiet_newsroom: Newsroom):
    quiet_newsroom.sandbox.gateway.hang_ups = 9

    found = await findings(quiet_newsroom)

    assert not found["Discord"].good
    assert "hung up" in found["Discord"].words


async def test_a_refused_token_is_said(quiet_newsroom: Newsroom):
    quiet_newsroom.sandbox.rest.token_refused = True

    assert not (await findings(quiet_newsroom))["Token"].good


async def close_with(socket: web.WebSocketResponse, code: int) -> None:
    await socket.close(code=code)


async def say(socket: web.WebSocketResponse, text: str) -> None:
    await socket.send_str(text)
    async for frame in socket:
        if frame.type is WSMsgType.CLOSE:
            return


async def nothing(socket: web.WebSocketResponse) -> None:
    await asyncio.wait({asyncio.ensure_future(socket.receive())})


@asynccontextmanager
async def gateway(does: Callable[[web.WebSocketResponse], Awaitable[None]]) -> AsyncGenerator[str]:
    async def serve(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await does(socket)
        return socket

    app = web.Application()
    app.router.add_get("/", serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"ws://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("does", "name"),
    [
        (lambda socket: close_with(socket, 4004), "Token"),
        (lambda socket: close_with(socket, 4014), "Intents"),
        (lambda socket: close_with(socket, 4013), "Intents"),
        (lambda socket: close_with(socket, 1000), "Discord"),
        (lambda socket: close_with(socket, 1011), "Discord"),
        (lambda socket: close_with(socket, 4000), "Discord"),
        (lambda socket: say(socket, "<html>"), "Discord"),
        (lambda socket: say(socket, "[]"), "Discord"),
        (lambda socket: say(socket, '{"op": 10}'), "Discord"),
        (lambda socket: say(socket, '{"op": 10, "d": null}'), "Discord"),
        (nothing, "Discord"),
    ],
    ids=["4004", "4014", "4013", "1000", "1011", "4000", "html", "list", "no d", "null", "silence"],
)
async def test_whatever_the_gateway_says_first_is_survived(
    quiet_newsroom: Newsroom,
    does: Callable[[web.WebSocketResponse], Awaitable[None]],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(looking, "_PATIENCE", 3.0)
    async with gateway(does) as url:
        found = await findings(quiet_newsroom, gateway_url=url)

    assert list(found) == [name]
    assert not found[name].good
    assert found[name].words


async def test_nobody_else_to_answer_who_contests_is_said(quiet_newsroom: Newsroom):
    assert (await findings(quiet_newsroom))["Contests"].good
    world = quiet_newsroom.sandbox.world
    mine = quiet_newsroom.settings().discord
    ours = {str(role) for role in (*mine.moderator_roles, *mine.senior_roles, *mine.editor_roles)}
    staff = [one for one in world.members.values() if ours & {*one["roles"]}]
    for member in staff[1:]:
        member["roles"] = []
    staff[0]["roles"] = [str(mine.moderator_roles[0])]

    found = (await findings(quiet_newsroom))["Contests"]

    assert not found.good
    assert "contests_alone = true" in found.mend[-1]
    told = [one async for one in check_discord(mine, alone=True) if one.name == "Contests"]
    assert [one.good for one in told] == [True]
    unheard = [one async for one in check_discord(mine) if one.name == "Contests"]
    assert unheard == [], "without pages for readers nobody can contest"

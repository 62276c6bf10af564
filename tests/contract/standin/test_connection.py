"""The gateway going away and coming back, and what discord.py makes of it."""

import asyncio
import contextlib
import json

import aiohttp
import discord
import pytest

from tests.contract.standin.conftest import build, pointed_at, running, settle
from tests.contract.standin.desk import INTENTS, Desk
from tests.support.driver import Actor
from tests.support.sandbox import Sandbox
from tests.support.waiting import PATIENCE, until


@pytest.mark.parametrize("code", [1000, 4000, 4009, 1012])
async def test_what_was_missed_is_sent_again(
    sandbox: Sandbox, desk: Desk, ana: Actor, code: int
) -> None:
    await sandbox.gateway.drop(code)
    await ana.send("moderation", f"<@{desk.user.id}> while you were away")

    await until(lambda: desk.heard)
    assert "away" in desk.heard[0].content
    assert len(sandbox.gateway.resumes) == 1
    assert len(sandbox.gateway.identifies) == 1


async def test_a_request_to_reconnect_is_followed(sandbox: Sandbox, desk: Desk, ana: Actor) -> None:
    sandbox.gateway.op(7)
    await until(lambda: sandbox.gateway.resumes and sandbox.gateway.connected)
    await ana.send("moderation", f"<@{desk.user.id}> again")
    await until(lambda: desk.heard)


async def test_an_invalid_session_is_begun_anew(sandbox: Sandbox, desk: Desk, ana: Actor) -> None:
    sandbox.gateway.op(9, data=False)
    await until(lambda: len(sandbox.gateway.identifies) == 2 and desk.is_ready())
    await ana.send("moderation", f"<@{desk.user.id}> again")
    await until(lambda: desk.heard)


async def test_a_forgotten_session_is_begun_anew(sandbox: Sandbox, desk: Desk) -> None:
    await sandbox.gateway.drop(forget=True)
    await until(lambda: len(sandbox.gateway.identifies) == 2)
    assert len(sandbox.gateway.resumes) == 1
    await until(lambda: desk.is_ready() and desk.get_guild(int(sandbox.world.guild_id)))
    await desk.post()


async def test_missing_acknowledgements_make_the_client_come_back() -> None:
    async with build(heartbeat_seconds=0.2) as sandbox:
        async with running(sandbox, Desk(sandbox.world, heartbeat_timeout=0.6)):
            sandbox.gateway.mute_heartbeats = True
            await until(lambda: sandbox.gateway.resumes)
        settle(sandbox)


async def test_an_outage_is_ridden_out(sandbox: Sandbox, desk: Desk, ana: Actor) -> None:
    sandbox.gateway.down = 503
    await sandbox.gateway.drop()
    said = await ana.send("moderation", f"<@{desk.user.id}> hello?")
    sandbox.gateway.down = None
    await until(lambda: desk.heard)
    assert str(desk.heard[0].id) == said.id


async def test_a_first_connect_refused_kills_the_client(sandbox: Sandbox) -> None:
    """Discord.py 2.7 falls over its own missing socket, so its owner must start it again."""
    sandbox.gateway.down = 503
    desk = Desk(sandbox.world)
    with pointed_at(sandbox), pytest.raises(AttributeError, match="sequence"):
        await asyncio.wait_for(desk.start(sandbox.world.token), PATIENCE)
    await desk.close()


async def test_a_wrong_token_is_refused(sandbox: Sandbox) -> None:
    desk = Desk(sandbox.world)
    with pointed_at(sandbox), pytest.raises(discord.LoginFailure):
        await desk.start("wrong")
    await desk.close()
    assert sandbox.rest.invalid_requests == 1


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (4004, discord.ConnectionClosed),
        (4013, discord.ConnectionClosed),
        (4014, discord.PrivilegedIntentsRequired),
    ],
)
async def test_some_closes_are_final(
    sandbox: Sandbox, desk: Desk, code: int, error: type[Exception]
) -> None:
    await sandbox.gateway.drop(code)
    with pytest.raises(error):
        await asyncio.wait_for(desk.task, PATIENCE)


async def test_a_privileged_intent_must_be_switched_on(sandbox: Sandbox) -> None:
    intents = discord.Intents(**{**dict(INTENTS), "message_content": True})
    desk = Desk(sandbox.world, intents=intents)
    with pointed_at(sandbox), pytest.raises(discord.PrivilegedIntentsRequired):
        await asyncio.wait_for(desk.start(sandbox.world.token), PATIENCE)
    await desk.close()


@contextlib.asynccontextmanager
async def raw_socket(sandbox: Sandbox):
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(sandbox.gateway_url + "/?v=10&encoding=json") as socket,
    ):
        assert (await socket.receive_json())["op"] == 10
        yield socket


def identify(sandbox: Sandbox, **more: object) -> dict[str, object]:
    return {"op": 2, "d": {"token": sandbox.world.token, "intents": 513, **more}}


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("no json", 4002),
        (json.dumps([]), 4002),
        (json.dumps({"op": 99}), 4001),
        (json.dumps({"op": 8, "d": {}}), 4003),
        (json.dumps({"op": 2, "d": {"token": "wrong", "intents": 0}}), 4004),
        (json.dumps({"op": 2, "d": {"token": "sandbox-token", "intents": 1 << 40}}), 4013),
        (json.dumps({"op": 1, "d": None, "pad": "x" * 4069}), 4002),
        (json.dumps({"op": 1, "d": None, "pad": "é" * 2040}, ensure_ascii=False), 4002),
    ],
)
async def test_a_client_that_breaks_the_rules_is_cut_off(
    sandbox: Sandbox, frame: str, code: int
) -> None:
    async with raw_socket(sandbox) as socket:
        await socket.send_str(frame)
        await socket.receive()
        assert socket.close_code == code


async def test_a_frame_of_4096_bytes_is_taken(sandbox: Sandbox) -> None:
    frame = json.dumps({"op": 1, "d": None, "pad": "x" * 4000})
    frame = json.dumps({"op": 1, "d": None, "pad": "x" * (4000 + 4096 - len(frame))})
    assert len(frame) == 4096
    async with raw_socket(sandbox) as socket:
        await socket.send_str(frame)
        assert (await socket.receive_json())["op"] == 11


async def test_ready_tells_the_flags_in_both_forms(sandbox: Sandbox) -> None:
    async with raw_socket(sandbox) as socket:
        await socket.send_json(identify(sandbox))
        application = (await socket.receive_json())["d"]["application"]
    assert application["flags_new"] == str(application["flags"])


async def test_a_second_identify_is_cut_off(sandbox: Sandbox) -> None:
    async with raw_socket(sandbox) as socket:
        await socket.send_json(identify(sandbox))
        assert (await socket.receive_json())["t"] == "READY"
        assert (await socket.receive_json())["t"] == "GUILD_CREATE"
        await socket.send_json(identify(sandbox))
        await socket.receive()
        assert socket.close_code == 4005


async def leave(sandbox: Sandbox, code: int) -> str:
    """Identify, close with a code, and return the session's id."""
    async with raw_socket(sandbox) as socket:
        await socket.send_json(identify(sandbox))
        session_id = (await socket.receive_json())["d"]["session_id"]
        await socket.close(code=code)
    await until(lambda: not sandbox.gateway.connected)
    return session_id


def resume(sandbox: Sandbox, session_id: str, seq: int) -> dict[str, object]:
    data = {"token": sandbox.world.token, "session_id": session_id, "seq": seq}
    return {"op": 6, "d": data}


async def test_a_session_that_says_goodbye_is_forgotten(sandbox: Sandbox) -> None:
    session_id = await leave(sandbox, 1000)
    async with raw_socket(sandbox) as socket:
        await socket.send_json(resume(sandbox, session_id, 2))
        assert (await socket.receive_json()) == {"op": 9, "d": False, "t": None, "s": None}


async def test_a_resume_from_the_future_is_cut_off(sandbox: Sandbox) -> None:
    session_id = await leave(sandbox, 4000)
    async with raw_socket(sandbox) as socket:
        await socket.send_json(resume(sandbox, session_id, 99))
        await socket.receive()
        assert socket.close_code == 4007


async def test_a_resume_gets_what_came_after_a_number(sandbox: Sandbox, ana: Actor) -> None:
    session_id = await leave(sandbox, 4000)
    await ana.send("general", "one")
    await ana.send("general", "two")
    async with raw_socket(sandbox) as socket:
        await socket.send_json(resume(sandbox, session_id, 3))
        missed, done = await socket.receive_json(), await socket.receive_json()
    assert (missed["t"], missed["s"]) == ("MESSAGE_CREATE", 4)
    assert done["t"] == "RESUMED"


async def test_too_many_frames_are_cut_off(sandbox: Sandbox) -> None:
    async with raw_socket(sandbox) as socket:
        for _ in range(121):
            await socket.send_json({"op": 1, "d": None})
        while not socket.closed:
            await socket.receive()
        assert socket.close_code == 4008


async def test_only_what_was_asked_for_is_heard(sandbox: Sandbox, ana: Actor) -> None:
    async with raw_socket(sandbox) as socket:
        await socket.send_json(identify(sandbox))
        await socket.receive_json()
        await socket.receive_json()
        said = await ana.send("general", "x")
        await ana.react(said, "👍")
        await ana.send("general", "y")
        heard = [(await socket.receive_json())["t"] for _ in range(2)]
        assert heard == ["MESSAGE_CREATE", "MESSAGE_CREATE"]

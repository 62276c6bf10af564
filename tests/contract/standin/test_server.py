"""The server: loopback only, unknown routes, validation, and what outlives a restart."""

import json
from pathlib import Path

import aiohttp
import pytest
import yarl
from aiohttp import web

from bot.demo.scenario import newsroom
from bot.standin import messages
from bot.standin.openapi import load
from bot.standin.routing import decoded
from bot.standin.snapshots import restore, snapshot
from tests.contract.standin.conftest import OPENAPI, build, running, settle
from tests.contract.standin.desk import Desk, card
from tests.support.sandbox import Sandbox

needs_openapi = pytest.mark.skipif(not OPENAPI.exists(), reason="Discord's OpenAPI file is absent")


async def request(
    sandbox: Sandbox, method: str, path: str, body: object = None, **headers: str
) -> tuple[int, object]:
    told = {"Authorization": f"Bot {sandbox.world.token}", **headers}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, sandbox.api_url + path, json=body, headers=told) as answer,
    ):
        return answer.status, await answer.json()


async def test_another_host_name_is_refused(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        for name, status in (("evil.example", 403), ("localhost:1", 200), ("127.0.0.1", 200)):
            url = sandbox.api_url + "/gateway"
            async with session.get(url, headers={"Host": name}) as answer:
                assert answer.status == status


async def test_the_server_listens_on_loopback_only(sandbox: Sandbox) -> None:
    assert sandbox.url.startswith("http://127.0.0.1:")


async def test_an_unknown_route_is_recorded(sandbox: Sandbox) -> None:
    assert await request(sandbox, "GET", "/stickers/1") == (
        404,
        {"message": "404: Not Found", "code": 0},
    )
    assert sandbox.unknown_routes == ["GET /stickers/1"]
    sandbox.unknown_routes.clear()


async def test_a_path_is_decoded_before_it_is_routed(sandbox: Sandbox, desk: Desk) -> None:
    message = await desk.place().send("x")
    here = f"/channels/{message.channel.id}/messages/{message.id}"
    for who in ("@me", "%40me"):
        url = f"{sandbox.api_url}{here}/reactions/%F0%9F%91%8D/{who}"
        headers = {"Authorization": f"Bot {sandbox.world.token}"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.put(yarl.URL(url, encoded=True)) as answer,
        ):
            assert answer.status == 204
    assert desk.seen(message).reactions == {"👍": 1}
    assert sandbox.rest.log[-1][1] == f"{here}/reactions/👍/@me"


async def test_a_slash_within_a_step_stays_in_it() -> None:
    assert decoded("/a%2Fb/%40me") == "/a%2Fb/@me"


@needs_openapi
@pytest.mark.parametrize("kind", ["0", "1"])
async def test_reactions_can_be_asked_for_by_kind(sandbox: Sandbox, desk: Desk, kind: str) -> None:
    message = await desk.place().send("x")
    await message.add_reaction("👍")
    path = f"/channels/{message.channel.id}/messages/{message.id}/reactions/👍?type={kind}"
    status, who = await request(sandbox, "GET", path)
    assert status == 200
    assert len(who) == (kind == "0")


@needs_openapi
@pytest.mark.parametrize(
    ("event", "data", "complaint"),
    [
        ("MESSAGE_DELETE", {"id": 1, "channel_id": "2", "guild_id": "3"}, "id: 1 is not of type"),
        ("MESSAGE_DELETE", {"id": "1", "channel_id": "2"}, '"guild_id" is a required'),
        ("MESSAGE_DELETE", {"id": "1", "channel_id": "2", "guild_id": "3", "x": 1}, "'x'"),
        ("MESSAGE_CREATE", {"id": "1", "channel_id": "2", "guild_id": "3"}, "is a required"),
        ("POLL_ENDED", {}, "not known here"),
    ],
)
def test_an_event_that_discord_would_not_send_is_named(
    event: str, data: dict[str, object], complaint: str
) -> None:
    faults = load(OPENAPI).event(event, data)
    assert any(one.startswith(event) and complaint in one for one in faults), faults


@needs_openapi
async def test_a_wrong_event_is_recorded(sandbox: Sandbox, desk: Desk) -> None:
    sandbox.world.emit("MESSAGE_DELETE", {"id": "1", "channel_id": "2"})
    assert "MESSAGE_DELETE" in sandbox.crashes[0]
    sandbox.crashes.clear()
    assert desk.is_ready()


@needs_openapi
async def test_answers_send_ids_as_text(sandbox: Sandbox) -> None:
    faults = load(OPENAPI).answer("GET", "/channels/{channel_id}", 200, {"id": 1, "type": 0})
    assert any("not of type" in one or "required" in one for one in faults)
    place = int(sandbox.world.place("moderation"))
    body = {
        "components": [
            {
                "type": 1,
                "components": [
                    {
                        "type": 5,
                        "custom_id": "whom",
                        "default_values": [
                            {"id": int(sandbox.world.person("ana")), "type": "user"}
                        ],
                    }
                ],
            }
        ]
    }
    _, made = await request(sandbox, "POST", f"/channels/{place}/messages", body)
    (select,) = made["components"][0]["components"]
    assert select["default_values"][0]["id"] == sandbox.world.person("ana")
    assert (select["min_values"], select["max_values"]) == (1, 1)


@needs_openapi
@pytest.mark.parametrize("path", ["/channels/1/messages", "/guilds/1", "/users/1"])
async def test_refusals_are_checked_too(sandbox: Sandbox, path: str) -> None:
    status, _ = await request(sandbox, "GET", path)
    assert status == 404
    assert sandbox.crashes == []


async def test_a_bug_of_ours_is_recorded_and_answered_with_503(sandbox: Sandbox) -> None:
    place = sandbox.world.place("moderation")
    sandbox.world.messages[place]["1"] = {"id": "1"}
    status, _ = await request(sandbox, "GET", f"/channels/{place}/messages/1")
    assert status == 503
    assert "KeyError" in sandbox.crashes[0]
    sandbox.crashes.clear()


async def test_a_body_that_is_no_json_is_refused(sandbox: Sandbox) -> None:
    place = sandbox.world.place("moderation")
    url = f"{sandbox.api_url}/channels/{place}/messages"
    headers = {"Authorization": f"Bot {sandbox.world.token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=b"{", headers=headers) as answer,
    ):
        assert (answer.status, (await answer.json())["code"]) == (400, 50109)


async def test_further_routes_can_be_added() -> None:
    async def hello(_request: web.Request) -> web.Response:
        return web.Response(text="hello")

    sandbox = build()
    sandbox.app.router.add_get("/story", hello)
    async with sandbox, aiohttp.ClientSession() as session:
        async with session.get(sandbox.url + "/story") as answer:
            assert await answer.text() == "hello"
        async with session.get(sandbox.url + "/embed/avatars/0.png") as answer:
            assert answer.content_type == "image/png"
        async with session.get(sandbox.url + "/attachments/1/2/x.png") as answer:
            assert answer.status == 404


@needs_openapi
@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"content": "x", "colour": 1}, "'colour' was unexpected"),
        ({"content": ["x"] * 9}, "content: "),
        (
            {"components": [{"type": 1, "components": [{"type": 2, "style": 9, "label": "x"}]}]},
            "components.0.components.0",
        ),
    ],
)
async def test_a_violation_says_where_and_what(
    sandbox: Sandbox, body: dict[str, object], complaint: str
) -> None:
    place = sandbox.world.place("moderation")
    await request(sandbox, "POST", f"/channels/{place}/messages", body)
    assert any(complaint in text for text in sandbox.violations), sandbox.violations
    assert all(text.startswith("POST /channels/{channel_id}/m") for text in sandbox.violations)
    sandbox.violations.clear()
    sandbox.crashes.clear()


@needs_openapi
async def test_an_unknown_query_parameter_is_a_violation(sandbox: Sandbox) -> None:
    place = sandbox.world.place("moderation")
    await request(sandbox, "GET", f"/channels/{place}/messages?limits=5")
    assert "unknown query parameter 'limits'" in sandbox.violations[0]
    sandbox.violations.clear()


async def test_a_restart_loses_nothing_that_was_said(tmp_path: Path) -> None:
    state = tmp_path / "deep" / "discord.json"
    async with build(state_file=state) as sandbox, running(sandbox) as desk:
        message = await desk.place().send(view=card("a comment"))
        await sandbox.as_user("ana").react(desk.seen(message), "🙈")
        thread = await message.create_thread(name="talk")
        await thread.send("in the thread")
        await sandbox.as_user("ana").slash("moderation", "lookup", name="ephemeral")
    assert [one.name for one in state.parent.iterdir()] == ["discord.json"]

    async with build(state_file=state) as sandbox:
        ana = sandbox.as_user("ana")
        assert sandbox.world.commands
        assert ana.sees("talk")[-1].text == "in the thread"
        async with running(sandbox, Desk(sandbox.world)) as desk:
            (posted,) = ana.sees("moderation")
            assert posted.reactions == {"🙈": 1}
            await ana.press(posted, "Hide")
            assert "Hidden by Ana" in posted.text
            new = await desk.place().send("later")
            assert new.id > int(posted.id)
        settle(sandbox)


async def test_what_is_said_is_saved_before_the_end(tmp_path: Path) -> None:
    state = tmp_path / "discord.json"
    async with build(state_file=state) as sandbox:
        await sandbox.as_user("ana").send("general", "hello")
        assert not state.exists()
    assert "hello" in state.read_text()


def test_a_snapshot_is_plain_json_and_comes_back() -> None:
    world = newsroom()
    world.base_url = "http://127.0.0.1:1"
    place = world.place("general")
    uploads = {"0": ("a.txt", "text/plain", b"hello")}
    sent = messages.post(world, place, world.person("ana"), {"content": "x"}, uploads)
    saved = json.loads(json.dumps(snapshot(world)))

    again = newsroom()
    again.base_url = "http://127.0.0.1:2"
    restore(again, saved)

    (message,) = again.messages[place].values()
    assert message["content"] == "x"
    url = sent["attachments"][0]["url"].replace(":1/", ":2/")
    assert message["attachments"][0]["url"] == url
    assert again.files == world.files
    assert int(again.ids.new()) > int(sent["id"])


async def test_a_damaged_state_file_is_named(tmp_path: Path) -> None:
    state = tmp_path / "discord.json"
    state.write_text("{")
    sandbox = build(state_file=state)
    with pytest.raises(ValueError, match=r"discord\.json is no saved state"):
        await sandbox.start()
    with pytest.raises(OSError, match="Cannot connect"):
        await request(sandbox, "GET", "/gateway")
    assert state.read_text() == "{"


def test_a_snapshot_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 99"):
        restore(newsroom(), {"version": 99})


def test_the_newsroom_has_the_same_ids_every_time() -> None:
    assert newsroom().channels.keys() == newsroom().channels.keys()
    assert newsroom().roles == newsroom().roles
    assert list(newsroom().users) == list(newsroom().users)

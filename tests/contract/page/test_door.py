"""The page's server side: who may ask, what is told, and what is told again."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.standin.page import SHOWN
from tests.support.sandbox import Sandbox
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="session")

Json = dict[str, Any]


@pytest_asyncio.fixture(loop_scope="session")
async def session(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(sandbox.url) as found:
        yield found


async def state(session: aiohttp.ClientSession, user: str = "ana") -> Json:
    async with session.get("/discord/api/state", params={"user": user}) as answer:
        assert answer.status == 200
        return await answer.json()


async def heard(
    session: aiohttp.ClientSession, count: int, *, user: str = "ana", **query: str
) -> list[Json]:
    """Return the first events of a stream, each with its id."""
    events: list[Json] = []
    head: dict[str, str] = {}
    if "last" in query:
        head["Last-Event-ID"] = query.pop("last")
    params = {"user": user, **query}
    async with session.get("/discord/api/events", params=params, headers=head) as answer:
        number = ""
        async with asyncio.timeout(PATIENCE):
            async for line in answer.content:
                text = line.decode().strip()
                if text.startswith("id: "):
                    number = text[4:]
                if text.startswith("data: "):
                    events.append({"id": number, **json.loads(text[6:])})
                    if len(events) == count:
                        break
    return events


@pytest.mark.parametrize("path", ["/discord", "/discord/api/state", "/discord/static/js/main.js"])
async def test_another_hosts_name_is_refused(session: aiohttp.ClientSession, path: str) -> None:
    async with session.get(path, headers={"Host": "evil.example:80"}) as answer:
        assert answer.status == 403
        assert "127.0.0.1" in await answer.text()


async def test_another_sites_page_is_refused(session: aiohttp.ClientSession) -> None:
    body = {"kind": "send", "user": "ana", "channel": "1", "content": "x"}
    head = {"Origin": "https://evil.example"}
    async with session.post("/discord/api/act", json=body, headers=head) as answer:
        assert answer.status == 403
        assert "only to itself" in await answer.text()


async def test_only_json_is_taken(session: aiohttp.ClientSession) -> None:
    async with session.post("/discord/api/act", data="kind=send") as answer:
        assert answer.status == 415


@pytest.mark.parametrize(
    "body",
    ['{"kind": "send"}', "[]", '{"kind": "nothing", "user": "ana"}', "{", '{"kind": 1}'],
)
async def test_an_unclear_act_is_refused_with_a_sentence(
    session: aiohttp.ClientSession, body: str
) -> None:
    head = {"Content-Type": "application/json"}
    async with session.post("/discord/api/act", data=body, headers=head) as answer:
        assert answer.status == 400
        assert (await answer.text()).endswith(".")


async def test_the_page_may_load_only_its_own_things(session: aiohttp.ClientSession) -> None:
    async with session.get("/discord") as answer:
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert "http" not in (await answer.text()).replace("http-equiv", "")


@pytest.mark.parametrize("name", ["../page.py", "js/../../page.py", "%2e%2e/page.py", "js", "none"])
async def test_only_the_pages_own_files_are_given(
    session: aiohttp.ClientSession, name: str
) -> None:
    async with session.get(f"/discord/static/{name}") as answer:
        assert answer.status in (403, 404)


async def test_a_refused_act_says_why(session: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    hidden = sandbox.world.place("moderation")
    body = {"kind": "send", "user": "olly", "channel": hidden, "content": "let me in"}
    async with session.post("/discord/api/act", json=body) as answer:
        assert answer.status == 409
        assert "Missing Access" in (await answer.json())["error"]


async def test_an_outsider_is_told_nothing_of_hidden_channels(
    session: aiohttp.ClientSession, sandbox: Sandbox
) -> None:
    seen = await state(session, "olly")
    assert [channel["name"] for channel in seen["channels"]] == ["general"]
    ana = sandbox.as_user("ana")
    await ana.send("moderation", "secret")
    await ana.send("general", "public")
    (event,) = await heard(session, 1, user="olly", after=seen["cursor"])
    assert event["d"]["content"] == "public"


async def test_nothing_is_missed_between_state_and_stream(
    session: aiohttp.ClientSession, sandbox: Sandbox
) -> None:
    seen = await state(session)
    await sandbox.as_user("ben").send("moderation", "in the gap")
    (event,) = await heard(session, 1, after=seen["cursor"])
    assert (event["t"], event["d"]["content"]) == ("MESSAGE_CREATE", "in the gap")


async def test_a_broken_stream_goes_on_where_it_stopped(
    session: aiohttp.ClientSession, sandbox: Sandbox
) -> None:
    seen = await state(session)
    ben = sandbox.as_user("ben")
    await ben.send("moderation", "one")
    (first,) = await heard(session, 1, after=seen["cursor"])
    await ben.send("moderation", "two")
    (second,) = await heard(session, 1, after=seen["cursor"], last=first["id"])
    assert second["d"]["content"] == "two"


@pytest.mark.parametrize("after", ["", "stranger-3", "nonsense"])
async def test_a_page_of_another_run_is_told_to_reload(
    session: aiohttp.ClientSession, after: str
) -> None:
    (event,) = await heard(session, 1, after=after)
    assert event["t"] == "RELOAD"


async def test_what_discord_would_refuse_is_told(
    session: aiohttp.ClientSession, sandbox: Sandbox
) -> None:
    seen = await state(session)
    sandbox.violations.append("content: 2001 characters")
    (event,) = await heard(session, 1, after=seen["cursor"], violations=str(seen["violations"]))
    assert event["d"] == {"text": "content: 2001 characters", "count": 1}
    sandbox.violations.clear()


async def test_history_is_given_by_the_page(
    session: aiohttp.ClientSession, sandbox: Sandbox
) -> None:
    for n in range(SHOWN + 3):
        await sandbox.as_user("ben").send("general", str(n))
    place = sandbox.world.place("general")
    latest = (await state(session))["messages"][place]
    assert [m["content"] for m in latest] == [str(n) for n in range(3, SHOWN + 3)]
    params = {"user": "ana", "channel": place, "before": latest[0]["id"]}
    async with session.get("/discord/api/history", params=params) as answer:
        assert [m["content"] for m in (await answer.json())["messages"]] == ["0", "1", "2"]

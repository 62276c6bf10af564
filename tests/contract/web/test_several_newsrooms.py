"""The one address of several newsrooms: each site meets its own, and hears nothing of another."""

import asyncio
import io
import json
import logging
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import logs
from bot.domain.ids import SiteId
from bot.doors import doors
from bot.services.upkeep import ClockWatch
from bot.store.errors import StoreTrouble
from bot.store.sqlite import Store, open_store
from bot.store.tx import Tx
from bot.web import health
from bot.web.gauges import DiscordState, Watched
from config.operations import HealthSettings, WebSettings
from config.settings import NewsroomSettings, Settings
from tests.services.desks import Bench, Clock
from tests.support.databases import sqlite_only
from tests.support.fresh import new_desk

from .caller import POLICY, make_body, make_rule, make_secret, sign

pytestmark = sqlite_only  # the store is only one of the things that stand behind the door

SECRETS = {"courier": make_secret("c"), "herald": make_secret("h")}
OUT = make_secret("o")
HERALD_RULES = replace(POLICY, rules=(make_rule(1, "manners"), make_rule(4, "dialect")))


SHARED = replace(
    POLICY,
    rules=(make_rule(1, "abuse"), replace(make_rule(2, "gossip"), sites=(SiteId("herald"),))),
)
"""The rules of two sites in one queue, one of which counts at the Herald alone."""


class Doors:
    """Two newsrooms behind one address, each over a store of its own."""

    def __init__(self, benches: dict[str, Bench]) -> None:
        self.benches = benches
        self.address = ""
        self.http = aiohttp.ClientSession()

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.http.get(self.address + path) as answer:
            return answer.status, await answer.json(content_type=None)

    async def post(
        self, title: str, *, secret: str | None = None, delivery: str = "msg_1", **changes: Any
    ) -> tuple[int, Any]:
        content = json.dumps(make_body(site=title, **changes)).encode()
        now = datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": delivery,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": sign(secret or SECRETS[title], delivery, now, content),
        }
        path = f"{self.address}/v1/reports"
        async with self.http.post(path, data=content, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)

    async def texts(self, newsroom: str) -> list[str]:
        store = self.benches[newsroom].store

        def read(tx: Tx) -> list[str]:
            since = datetime.now(UTC)
            found = [tx.cases.view(one.id, strikes_since=since) for one in tx.cases.queue(limit=9)]
            return [one.comment.text for one in found if one is not None]

        return await store.read(read)


def group(folder: Path, **more: Any) -> Settings:
    sites = {
        name: {
            "secrets": [secret],
            "reporter_salt": "sixteen characters and more",
            "url": "https://courier.example/desk",
            "outgoing_secrets": [OUT],
        }
        for name, secret in SECRETS.items()
    }
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        discord={"token": "t", "guild_id": 10, "channel_id": 11},
        sites=sites,
        newsrooms={"herald": NewsroomSettings(guild_id=20, channel_id=21, sites=["herald"])},
        web=WebSettings(port=0),
        health=HealthSettings(),
        database=folder / "desk.db",
        **more,
    )


@asynccontextmanager
async def opened(folder: Path) -> AsyncGenerator[Doors]:
    async with (
        open_store(new_desk(folder / "desk.db")) as ours,
        open_store(new_desk(folder / "desk-herald.db")) as theirs,
    ):
        clock = Clock(datetime.now(UTC))
        benches = {
            "first": Bench(ours, clock, POLICY),
            "herald": Bench(theirs, clock, HERALD_RULES),
        }
        watched = {
            name: Watched(
                desk=bench.desk, clock=ClockWatch(clock), watches=[], discord=DiscordState
            )
            for name, bench in benches.items()
        }
        async with doors(group(folder), watched, {}) as (address, _):
            made = Doors(benches)
            made.address = address
            async with made.http:
                yield made


@pytest.fixture
async def both(tmp_path: Path) -> AsyncGenerator[Doors]:
    async with opened(tmp_path) as made:
        yield made


def rules_in(document: Any) -> list[Any] | None:
    return document["components"]["schemas"]["SignedReport"]["properties"]["reason"].get("enum")


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("?site=courier", ["abuse", "spam", "off-topic", 1, 2, 7]),
        ("?site=herald", ["manners", "dialect", 1, 4]),
        ("", None),
        ("?sites=herald", None),
    ],
)
async def test_a_sites_developer_reads_the_rules_of_its_own_newsroom(
    both: Doors, asked: str, listed: list[Any] | None
):
    status, document = await both.get(f"/openapi.json{asked}")
    assert (status, rules_in(document)) == (200, listed)
    if listed is None:
        for word in ("abuse", "spam", "off-topic", "manners", "dialect"):
            assert not re.search(rf"\b{word}\b", json.dumps(document), re.IGNORECASE)


@pytest.mark.parametrize("name", ["gazette", "first", "Herald", "herald%00", "", "herald&site=x"])
async def test_a_site_that_is_not_there_has_no_rules_to_list(both: Doors, name: str):
    status, document = await both.get(f"/openapi.json?site={name}")
    if name == "herald&site=x":  # the first is meant
        assert (status, rules_in(document)) == (200, ["manners", "dialect", 1, 4])
        return
    assert (status, document["type"]) == (404, "urn:comment-desk:problem:no-such-site")
    assert "herald" not in document["detail"]
    assert "courier" not in document["detail"]


async def test_a_report_is_read_by_the_rules_of_its_own_newsroom(both: Doors):
    for title, own, other in (("courier", "spam", "dialect"), ("herald", "dialect", "spam")):
        status, refused = await both.post(title, reason=other)
        assert status == 422
        assert own in refused["errors"][0]["problem"]
        assert other not in refused["errors"][0]["problem"]
        assert (await both.post(title, reason=own))[0] == 202


async def test_the_same_comment_reader_and_request_of_two_titles_are_not_the_same(both: Doors):
    # All ids are alike: the request's, the comment's, the author's, the story's and the reader's.
    for title, words in (("courier", "Sold, all of you."), ("herald", "Our ferry is late.")):
        answer = await both.post(title, comment__text=words, reason=1)
        assert answer == (202, {"case": 1, "counted": True})
    assert await both.texts("first") == ["Sold, all of you."]
    assert await both.texts("herald") == ["Our ferry is late."]


@pytest.mark.parametrize("title", ["courier", "herald"])
async def test_a_report_in_another_titles_name_is_refused_and_kept_nowhere(both: Doors, title: str):
    other = next(one for one in SECRETS if one != title)
    status, refused = await both.post(title, secret=SECRETS[other], reason=1)
    assert (status, refused["type"]) == (401, "urn:comment-desk:problem:not-signed")
    assert await both.texts("first") == await both.texts("herald") == []


async def at_once() -> None:
    """Answer that all is well, which is never late, however busy the machine is."""


async def never() -> None:
    await asyncio.Event().wait()


async def full() -> None:
    raise StoreTrouble("The disk is full.")


def stores_answer(
    monkeypatch: pytest.MonkeyPatch, both: Doors, **answers: Callable[[], Awaitable[None]]
) -> None:
    """Let each newsroom's store answer as said, where it is asked how it is."""
    by_path = {both.benches[name].store.path: answer for name, answer in answers.items()}

    async def require_well(store: Store) -> None:
        await by_path[store.path]()

    monkeypatch.setattr(Store, "require_well", require_well)


@pytest.mark.parametrize("hangs", ["first", "herald"])
async def test_a_newsroom_that_hangs_hides_nothing_of_the_others(
    both: Doors, monkeypatch: pytest.MonkeyPatch, hangs: str
):
    monkeypatch.setattr(health, "_PART_SECONDS", 0.01)
    other = next(one for one in both.benches if one != hangs)
    stores_answer(monkeypatch, both, **{hangs: never, other: at_once})
    status, found = await both.get("/readyz")
    assert status == 503
    assert not found["ready"]
    assert found["parts"][f"{hangs}: store"] == {
        "ok": False,
        "needed": True,
        "detail": "did not answer within 0.01 seconds",
    }
    assert found["parts"][f"{other}: store"]["ok"]
    assert {f"{one}: {part}" for one in both.benches for part in ("store", "clock", "discord")} == (
        found["parts"].keys()
    )


async def test_what_is_wrong_with_one_newsroom_is_said_of_it(
    both: Doors, monkeypatch: pytest.MonkeyPatch
):
    stores_answer(monkeypatch, both, first=at_once, herald=full)
    status, found = await both.get("/readyz")
    assert (status, found["parts"]["herald: store"]["detail"]) == (503, "The disk is full.")
    assert found["parts"]["first: store"]["ok"]


async def test_the_figures_of_each_are_its_own(both: Doors):
    for number in range(3):
        await both.post("courier", delivery=f"m{number}", comment__id=f"c{number}", reason=1)
    await both.post("herald", reason=1)
    async with both.http.get(f"{both.address}/metrics") as answer:
        text = await answer.text()
    families = list(text_string_to_metric_families(text))
    names = [one.name for one in families]
    assert len(names) == len(set(names))
    waiting = {
        sample.labels["newsroom"]: sample.value
        for family in families
        for sample in family.samples
        if sample.name == "comment_desk_cases_open" and sample.labels["state"] == "open"
    }
    assert waiting == {"first": 3, "herald": 1}


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.set_up("INFO", stream=stream, as_json=True)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


async def test_what_the_door_logs_of_a_report_names_the_newsroom(
    both: Doors, log_lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
):
    async def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("bot.doors.receive", broken)
    for title in SECRETS:
        assert (await both.post(title, reason=1))[0] == 503
    lines = [json.loads(line) for line in log_lines.getvalue().splitlines()]
    named = [cast("str", one["newsroom"]) for one in lines if "not stored" in one["message"]]
    assert named == ["first", "herald"]


async def test_a_rule_of_one_site_in_a_shared_queue_is_known_at_that_site_alone(tmp_path: Path):
    async with open_store(new_desk(tmp_path / "desk.db")) as store:
        clock = Clock(datetime.now(UTC))
        bench = Bench(store, clock, SHARED)
        watched = Watched(
            desk=bench.desk, clock=ClockWatch(clock), watches=[], discord=DiscordState
        )
        one = group(tmp_path).model_copy(update={"newsrooms": {}})
        async with doors(one, watched, {}) as (address, _):
            made = Doors({"first": bench})
            made.address = address
            async with made.http:
                for path, listed in (
                    ("", None),
                    ("?site=courier", ["abuse", 1]),
                    ("?site=herald", ["abuse", "gossip", 1, 2]),
                ):
                    _, document = await made.get(f"/openapi.json{path}")
                    assert rules_in(document) == listed
                for reason in ("gossip", 2):
                    status, refused = await made.post("courier", reason=reason)
                    assert status == 422
                    assert "gossip" not in str(refused["errors"])
                assert (await made.post("herald", reason="gossip"))[0] == 202
                assert (await made.post("courier", reason="abuse"))[0] == 202

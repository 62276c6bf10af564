"""Platforms that only tell that something happened, each signing in its own way."""

import hmac
import io
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.ids import SiteId
from bot.domain.site import PingKeys
from bot.web.app import make_app
from bot.web.health import Part
from bot.web.webhook_pings import LIMIT, Ping

from .caller import NOW, POLICY, SITE, SITES, Shelf

CORAL = "X-Coral-Signature"
OLD, NEW = "whsec_" + "a1" * 32, "whsec_" + "b2" * 32
EVENT = json.dumps(
    {
        "id": "6b9a2c9e-5f3c-4d0f-9a57-3c1f5d5f3a52",
        "type": "COMMENT_ENTERED_MODERATION_QUEUE",
        "data": {"queue": "REPORTED", "commentID": "com-1", "status": "NONE", "storyID": "st-1"},
        "createdAt": "2026-03-02T14:03:00.000Z",
        "tenantID": "t",
        "tenantDomain": "courier.example",
    },
    indent=2,
).encode()


def signed(secret: str, body: bytes = EVENT) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()


async def no_parts() -> tuple[Part, ...]:
    return ()


@asynccontextmanager
async def door(
    header: str = CORAL, secrets: tuple[str, ...] = (OLD, NEW)
) -> AsyncGenerator[tuple[TestClient[Any, Any], list[str]]]:
    heard: list[str] = []
    app = make_app(
        desk_ready=no_parts,
        receive=Shelf().receive,
        sites=SITES,
        policy=lambda: POLICY,
        clock=lambda: NOW,
        pings={
            SiteId("coral"): Ping(
                keys=PingKeys(header=header, secrets=secrets), heard=lambda: heard.append("ping")
            )
        },
    )
    async with TestClient(TestServer(app)) as client:
        yield client, heard


async def ping(
    client: TestClient[Any, Any], signature: str | None, body: bytes = EVENT, site: str = "coral"
) -> int:
    headers = {"Content-Type": "application/json", "X-Coral-Event": "X"}
    if signature is not None:
        headers[CORAL] = signature
    path = f"/v1/sites/{site}/events"
    async with client.post(path, data=io.BytesIO(body), headers=headers) as answer:
        return answer.status


@pytest.mark.parametrize(
    "signature",
    [
        signed(OLD),
        signed(NEW),
        f"{signed('another')},{signed(NEW)}",
        f"{signed('another')}, {signed(OLD)}",
    ],
)
async def test_one_right_signature_of_several_is_enough(signature: str):
    async with door() as (client, heard):
        assert await ping(client, signature) == 202
    assert heard == ["ping"]


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256=",
        "sha256=é",
        signed("another"),
        signed(NEW).upper().replace("SHA", "sha"),
        signed(NEW).removeprefix("sha256="),
        signed(NEW, EVENT + b" "),
        ",".join(["sha256=0"] * 50 + [signed(NEW)]),
    ],
)
async def test_a_wrong_signature_is_refused_and_nothing_is_asked(signature: str | None):
    async with door() as (client, heard):
        assert await ping(client, signature) == 401
    assert not heard


async def test_the_secret_is_the_key_as_it_is_written_not_what_its_base64_stands_for():
    secret = "whsec_" + "QUJD" * 16
    async with door(secrets=(secret,)) as (client, heard):
        assert await ping(client, signed("ABC" * 16)) == 401
        assert await ping(client, signed(secret)) == 202
    assert heard == ["ping"]


async def test_a_ping_without_any_body_that_can_be_read_is_still_only_a_ping():
    async with door() as (client, heard):
        assert await ping(client, signed(NEW, b"<xml"), b"<xml") == 202
    assert heard == ["ping"]


async def test_an_unknown_site_is_told_what_a_wrong_secret_is_told():
    async with door() as (client, heard):
        assert await ping(client, signed(NEW), site="herald") == 401
        assert await ping(client, signed(NEW), site=SITE) == 401
    assert not heard


async def test_a_body_beyond_the_limit_is_refused():
    body = b" " * (LIMIT + 1)
    async with door() as (client, heard):
        assert await ping(client, signed(NEW, body), body) == 413
    assert not heard


async def test_discourse_signs_in_its_own_header():
    name = "X-Discourse-Event-Signature"
    async with door(header=name) as (client, heard):
        assert await ping(client, signed(NEW)) == 401
        path = "/v1/sites/coral/events"
        async with client.post(path, data=EVENT, headers={name: signed(NEW)}) as answer:
            assert answer.status == 202
    assert heard == ["ping"]

"""A site that speaks to the desk over a socket, and a store small enough to read in a test."""

import asyncio
import base64
import hmac
import io
import itertools
import json
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.comments import Receipt, Report
from bot.domain.errors import DeskError
from bot.domain.ids import CaseId, RuleNumber, SiteId
from bot.domain.policy import Policy, Rule, Severity
from bot.domain.site import SiteKeys
from bot.web.app import make_app
from bot.web.health import Part
from bot.web.intake import Receive

NOW = datetime(2026, 3, 2, 14, 3, tzinfo=UTC)
SITE, OTHER_SITE = SiteId("courier"), SiteId("herald")


def make_secret(letter: str) -> str:
    return "whsec_" + base64.b64encode(letter.encode() * 32).decode()


OLD_SECRET, NEW_SECRET, OTHER_SECRET = map(make_secret, "onh")
SITES = {
    SITE: SiteKeys(secrets=(OLD_SECRET, NEW_SECRET), salt=b"the courier's salt"),
    OTHER_SITE: SiteKeys(secrets=(OTHER_SECRET,), salt=b"the herald's salt"),
}


def make_rule(number: int, code: str) -> Rule:
    return Rule(
        number=RuleNumber(number),
        code=code,
        name=code.title(),
        text=f"No {code}.",
        severity=Severity.MEDIUM,
        notice="It broke a rule.",
    )


POLICY = Policy(rules=(make_rule(1, "abuse"), make_rule(2, "spam"), make_rule(7, "off-topic")))


def make_body(**changes: Any) -> dict[str, Any]:
    """Return a report that is right, with fields named by dotted paths changed; `...` removes."""
    body: dict[str, Any] = {
        "site": "courier",
        "comment": {
            "id": "c-3",
            "text": "You are all fools.",
            "author": {"id": "u-9", "name": "salty_dog", "since": "2019-05-01T00:00:00Z"},
            "created": "2026-03-02T13:00:00Z",
            "permalink": "https://courier.example/story#c-3",
            "parent": {"author": "ann", "text": "Is it?"},
        },
        "story": {
            "id": "s-1",
            "title": "Bridge closed",
            "url": "https://courier.example/story",
            "section": "news",
            "published": "2026-03-02T08:00:00+01:00",
        },
        "reporter": "reader-77",
        "reason": "abuse",
        "note": "Not nice.",
        "at": "2026-03-02T14:02:00Z",
    }
    for path, value in changes.items():
        *parents, last = path.split("__")
        place = body
        for parent in parents:
            place = place[parent]
        if value is ...:
            del place[last]
        else:
            place[last] = value
    return body


@dataclass
class Shelf:
    """Keeps reports as the store would, in a list."""

    kept: list[Report] = field(default_factory=list)
    answers: dict[tuple[str, str], Receipt] = field(default_factory=dict)
    trouble: Exception | None = None
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    other: Receive | None = None

    def __post_init__(self) -> None:
        self.gate.set()

    def receive_with(self, other: Receive) -> None:
        """Hand all reports to somebody else from now on."""
        self.other = other

    async def receive(self, reports: Sequence[Report]) -> Sequence[Receipt]:
        self.asked.set()
        await self.gate.wait()
        if self.trouble is not None:
            raise self.trouble
        if self.other is not None:
            return await self.other(reports)
        return [self._take(report) for report in reports]

    def _take(self, report: Report) -> Receipt:
        key = (report.site, report.delivery)
        if key not in self.answers:
            self.kept.append(report)
            self.answers[key] = Receipt(case_id=CaseId(1041 + len(self.kept)), counted=True)
        return self.answers[key]


@dataclass
class Caller:
    """Signs and posts. `now` is what the desk's clock says."""

    client: TestClient[Any, Any]
    shelf: Shelf
    now: datetime = NOW
    parts: tuple[Part, ...] = (Part(name="store", ok=True),)
    trouble: DeskError | None = None
    ids: Iterator[int] = field(default_factory=itertools.count)

    def headers(
        self,
        content: bytes,
        *,
        secret: str = NEW_SECRET,
        webhook_id: str | None = None,
        at: datetime | None = None,
    ) -> dict[str, str]:
        webhook_id = webhook_id or f"msg_{next(self.ids)}"
        at = at or self.now
        return {
            "Content-Type": "application/json",
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": sign(secret, webhook_id, at, content),
        }

    async def post(
        self,
        body: Any,
        *,
        path: str = "/v1/reports",
        secret: str = NEW_SECRET,
        webhook_id: str | None = None,
        at: datetime | None = None,
        headers: dict[str, str] | None = None,
    ) -> ClientResponse:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        signed = self.headers(content, secret=secret, webhook_id=webhook_id, at=at)
        return await self.client.post(
            path, data=io.BytesIO(content), headers={**signed, **(headers or {})}
        )

    async def batch(self, *reports: Any, **options: Any) -> ClientResponse:
        entries = [{k: v for k, v in r.items() if k != "site"} for r in reports]
        body = {"site": SITE, "reports": entries}
        return await self.post(body, path="/v1/reports/batch", **options)


def sign(secret: str, webhook_id: str, at: datetime, content: bytes) -> str:
    """Sign by hand, because the library takes text only; a unit test compares the two."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b"%b.%d.%b" % (webhook_id.encode(), int(at.timestamp()), content)
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


@asynccontextmanager
async def calling(
    sites: dict[SiteId, SiteKeys] | None = None, policy: Policy = POLICY
) -> AsyncGenerator[Caller]:
    shelf = Shelf()

    async def parts() -> Sequence[Part]:
        if caller.trouble is not None:
            raise caller.trouble
        return caller.parts

    app = make_app(
        desk_ready=parts,
        receive=shelf.receive,
        sites=SITES if sites is None else sites,
        policy=lambda: policy,
        clock=lambda: caller.now,
    )
    async with TestClient(TestServer(app)) as client:
        caller = Caller(client, shelf)
        yield caller


async def problem_of(response: ClientResponse, status: int) -> dict[str, Any]:
    """Return the problem a refusal holds."""
    assert response.status == status, await response.text()
    assert response.content_type == "application/problem+json"
    problem = await response.json(content_type=None)
    assert problem["status"] == status
    assert problem["type"].startswith("urn:comment-desk:problem:")
    assert problem["title"]
    assert problem["detail"].endswith(".")
    return problem


async def wrong_field(response: ClientResponse) -> tuple[str, str]:
    """Return the one field that is said to be wrong, and why."""
    (error,) = (await problem_of(response, 422))["errors"]
    return error["field"], error["problem"]

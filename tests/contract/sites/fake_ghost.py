"""A Ghost with one post, which checks tokens as the real one does."""

import base64
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from aiohttp import web

from bot.ports import Site
from bot.sites.base.client import SiteClient
from bot.sites.base.context import SiteContext, revision_of
from bot.sites.ghost.site import GhostSite

from .stage import NOW, Fake, Route, iso

KEY_ID, SECRET = "6489f0", "ab" * 32
API = "/ghost/api/admin"
World = dict[str, Any]


def opened(part: str) -> World:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@dataclass
class FakeGhost(Fake):
    comment_id: ClassVar[str] = "64a1"
    author_id: ClassVar[str] = "77b2"
    revision: ClassVar[str] = revision_of("You are all bought & sold.")

    old: bool = False
    bans: bool = True
    key: str = f"{KEY_ID}:{SECRET}"
    comments: dict[str, World] = field(default_factory=dict)
    members: dict[str, World] = field(default_factory=dict)
    reports: list[World] = field(default_factory=list)
    asked_reports: int = 0
    most: int = 100
    between_pages: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        self.members["77b2"] = {
            "id": "77b2",
            "name": "salty_dog",
            "email": "secret@example.com",
            "can_comment": True,
            "commenting": {"disabled": False, "disabled_reason": None, "disabled_until": None},
        }
        if not self.bans:
            del self.members["77b2"]["can_comment"], self.members["77b2"]["commenting"]
        self.add("64a1")

    def add(self, key: str) -> None:
        self.comments[key] = {
            "id": key,
            "post_id": "p1",
            "member_id": "77b2",
            "status": "published",
            "html": "<p>You are <strong>all</strong> bought &amp; sold.</p>",
            "created_at": iso(NOW),
            "member": self.members["77b2"],
            "post": {"id": "p1", "title": "Raids & <arrests>", "url": "https://courier.example/p/"},
        }

    def make(self, context: SiteContext, client: SiteClient) -> Site:
        return GhostSite(context, client, self.key)

    def visible(self) -> bool:
        return self.comments["64a1"]["status"] == "published"

    def banned(self) -> datetime | bool | None:
        commenting = self.members["77b2"]["commenting"]
        until = commenting["disabled_until"]
        if not commenting["disabled"]:
            return False
        return datetime.fromisoformat(until) if until else None

    def remove(self) -> None:
        del self.comments["64a1"]

    def report(self, note: str = "", comment: str = "64a1") -> None:
        del note
        number = len(self.reports) + 1
        report = {"id": f"r{number}", "created_at": iso(self.clock()), "comment": comment}
        self.reports.append(report | {"member": {"id": f"m{number}"}})

    def shut_out(self, request: web.Request) -> web.Response | None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        head, claims, signature = ([*token.split("."), "", "", ""])[:3]
        good = hmac.digest(bytes.fromhex(SECRET), f"{head}.{claims}".encode(), "sha256")
        right = base64.urlsafe_b64encode(good).rstrip(b"=").decode() == signature
        if self.locked_out or kind != "Ghost" or not right or opened(head)["kid"] != KEY_ID:
            return self.error(401, "UnauthorizedError")
        said, now = opened(claims), self.clock().timestamp()
        if said["aud"] != "/admin/" or not said["iat"] <= now < said["exp"] <= said["iat"] + 300:
            return self.error(401, "UnauthorizedError")
        if self.old and "/comments" in request.path:
            return self.error(501, "NotImplementedError")
        return None

    def nothing(self) -> web.Response:
        return self.error(404, "NotFoundError")

    @staticmethod
    def error(status: int, kind: str) -> web.Response:
        return web.json_response({"errors": [{"message": kind, "type": kind}]}, status=status)

    def routes(self) -> list[Route]:
        return [
            ("GET", f"{API}/comments/", self._list),
            ("GET", f"{API}/comments/(\\w+)/", self._comment),
            ("PUT", f"{API}/comments/(\\w+)/", self._change),
            ("GET", f"{API}/comments/(\\w+)/reports/", self._reports),
            ("GET", f"{API}/members/", self._members),
            ("GET", f"{API}/members/(\\w+)/", self._member),
            ("POST", f"{API}/members/(\\w+)/commenting/(enable|disable)/", self._commenting),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        page, limit = int(request.query.get("page", "1")), int(request.query.get("limit", "15"))
        counted = [self._counted(key) for key in self.comments]
        chosen = re.fullmatch(r"id:\[([0-9a-z,]*)\]", request.query.get("filter", ""))
        if chosen:
            counted = [one for one in counted if one["id"] in chosen[1].split(",")]
        elif "filter" in request.query:
            assert request.query["filter"] == "count.reports:>0"
            counted = [one for one in counted if one["count"]["reports"]]
        more = page * limit < len(counted)
        meta = {"pagination": {"page": page, "next": page + 1 if more else None}}
        part = counted[(page - 1) * limit : page * limit]
        return web.json_response({"comments": part, "meta": meta})

    def _counted(self, key: str) -> World:
        number = sum(report["comment"] == key for report in self.reports)
        return self.comments[key] | {"count": {"reports": number}}

    async def _comment(self, _request: web.Request, key: str) -> web.Response:
        if key not in self.comments:
            return self.nothing()
        return web.json_response({"comments": [self._counted(key)]})

    async def _change(self, request: web.Request, key: str) -> web.Response:
        [change] = (await request.json())["comments"]
        assert change["status"] in ("published", "hidden")
        self.writes.append(change["status"])
        if not self.lies:
            self.comments[key]["status"] = change["status"]
        return await self._comment(request, key)

    async def _reports(self, request: web.Request, key: str) -> web.Response:
        self.asked_reports += 1
        page = int(request.query.get("page", "1"))
        limit = min(int(request.query.get("limit", "15")), self.most)
        found = [report for report in self.reports if report["comment"] == key][::-1]
        more = page * limit < len(found)
        meta = {"pagination": {"page": page, "next": page + 1 if more else None}}
        part = found[(page - 1) * limit : page * limit]
        if self.between_pages is not None:
            self.between_pages()
        return web.json_response({"comment_reports": part, "meta": meta})

    async def _members(self, _request: web.Request) -> web.Response:
        return web.json_response({"members": list(self.members.values())})

    async def _member(self, _request: web.Request, key: str) -> web.Response:
        if key not in self.members:
            return self.nothing()
        return web.json_response({"members": [self.members[key]]})

    async def _commenting(self, request: web.Request, key: str, doing: str) -> web.Response:
        if not self.bans:
            return self.nothing()
        body = await request.json()
        if doing == "disable" and not body.get("reason"):
            return self.error(422, "ValidationError")
        self.writes.append(doing)
        if not self.lies:
            disabled = doing == "disable"
            self.members[key]["commenting"] = {
                "disabled": disabled,
                "disabled_until": body.get("expires_at") if disabled else None,
            }
        return await self._member(request, key)

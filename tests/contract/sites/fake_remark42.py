"""A Remark42, whose blocks are a trap: one without a readable end erases what somebody wrote.

What it answers is from the source; docs/platforms/remark42.md names the files.
"""

import base64
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from aiohttp import web

from bot.ports import Site
from bot.sites.base.client import SiteClient
from bot.sites.base.context import SiteContext
from bot.sites.remark42.site import Remark42Site

from .stage import Fake, Route, iso

API = "/api/v1"
AUTH = "Basic " + base64.b64encode(b"admin:secret").decode()


@dataclass
class FakeRemark42(Fake):
    comment_id: ClassVar[str] = "5c5a1f0e-77aa"
    author_id: ClassVar[str] = "github_ef0f706a7"

    comments: dict[str, dict[str, Any]] = field(default_factory=dict)
    blocked: dict[str, datetime] = field(default_factory=dict)
    erased: bool = False
    readonly: bool = False
    too_old: bool = False

    def __post_init__(self) -> None:
        self.comments[self.comment_id] = {
            "id": self.comment_id,
            "text": "<p>You.</p>",
            "user": {"id": self.author_id, "name": "salty_dog"},
            "time": iso(self.clock()),
            "title": "Raids",
        }

    def make(self, context: SiteContext, client: SiteClient) -> Site:
        return Remark42Site(context, client, "courier", "secret")

    def visible(self) -> bool:
        return self.comment_id in self.comments and not self.erased

    def banned(self) -> datetime | bool | None:
        return self.blocked.get(self.author_id, False)

    def remove(self) -> None:
        del self.comments[self.comment_id]

    def shut_out(self, request: web.Request) -> web.Response | None:
        admin = request.path.startswith(f"{API}/admin/")
        if admin and (self.locked_out or request.headers.get("Authorization") != AUTH):
            return web.Response(status=401, text="Unauthorized")
        assert request.query["site"] == "courier"
        return None

    def nothing(self) -> web.Response:
        return web.Response(text="404 page not found", status=404)

    @staticmethod
    def error(status: int, code: int, error: str, details: str) -> web.Response:
        said = {"code": code, "details": details, "error": error}
        return web.json_response(said, status=status)

    def routes(self) -> list[Route]:
        return [
            ("GET", f"{API}/id/([-\\w]+)", self._comment),
            ("GET", f"{API}/info", self._info),
            ("GET", f"{API}/admin/blocked", self._blocked),
            ("PUT", f"{API}/admin/user/([-\\w]+)", self._block),
            ("PUT", f"{API}/admin/readonly", self._close),
            ("DELETE", f"{API}/admin/comment/([-\\w]+)", self._erase),
        ]

    async def _comment(self, request: web.Request, key: str) -> web.Response:
        assert request.query["url"] == "https://courier.example/story"
        if key not in self.comments:
            return self.error(400, 1, "not found", "can't get comment by id")
        return web.json_response(self.comments[key])

    async def _info(self, _request: web.Request) -> web.Response:
        return web.json_response({"url": "u", "read_only": self.readonly})

    async def _blocked(self, _request: web.Request) -> web.Response:
        found = [
            {"id": user, "name": "salty_dog", "time": iso(until)}
            for user, until in self.blocked.items()
        ]
        return web.json_response(found or None)

    async def _block(self, request: web.Request, user: str) -> web.Response:
        block, ttl = request.query["block"], request.query.get("ttl", "")
        self.writes.append(f"block={block}")
        if block == "0":
            if not self.lies:
                self.blocked.pop(user, None)
            return web.json_response({"user_id": user, "site_id": "courier", "block": False})
        hours = re.fullmatch(r"(\d+)h", ttl)
        if hours is None:
            self.erased = True  # for good, and with everything its author ever wrote
        elif not self.lies:
            self.blocked[user] = self.clock() + timedelta(hours=int(hours[1]))
        return web.json_response({"user_id": user, "site_id": "courier", "block": True})

    async def _close(self, request: web.Request) -> web.Response:
        if self.too_old:
            return self.error(403, 17, "rejected", "read-only due the age")
        if not self.lies:
            self.readonly = request.query["ro"] == "1"
        locator = {"site": "courier", "url": request.query["url"]}
        return web.json_response({"locator": locator, "read-only": self.readonly})

    async def _erase(self, _request: web.Request, _key: str) -> web.Response:
        self.erased = True
        return web.json_response({})

"""A Ghost with one post, which answers as the real one does.

What it says was compared with Ghost 6.65.0 running, field by field; which version has which path is
from the route files of 5.130.6, 6.10.0, 6.16.1 and 6.19.4.
"""

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
_ID = re.compile(r"[0-9a-f]{24}")
_LET_IN: World = {"disabled": False, "disabled_reason": None, "disabled_until": None}


def ghost_id(short: str) -> str:
    """Return an id as Ghost has them, of 24 hexadecimal digits."""
    return short.rjust(24, "0")


def report_id(number: int) -> str:
    return ghost_id(f"e{number:x}")


def opened(part: str) -> World:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@dataclass
class FakeGhost(Fake):
    comment_id: ClassVar[str] = ghost_id("64a1")
    author_id: ClassVar[str] = ghost_id("77b2")
    revision: ClassVar[str] = revision_of("You are all bought & sold.")

    version: str = "6.65"
    key: str = f"{KEY_ID}:{SECRET}"
    comments: dict[str, World] = field(default_factory=dict)
    members: dict[str, World] = field(default_factory=dict)
    reports: list[World] = field(default_factory=list)
    asked_reports: int = 0
    most: int = 100
    between_pages: Callable[[], None] | None = None
    accepted: str = ""

    def __post_init__(self) -> None:
        self.join("77b2", "salty_dog")
        self.add("64a1")

    def has(self, version: str) -> bool:
        """Whether this is that version or a newer one."""
        return _numbers(self.version) >= _numbers(version)

    def join(self, short: str, name: str) -> None:
        member = {"id": ghost_id(short), "name": name, "email": f"secret-{name}@example.com"}
        if self.has("6.16"):
            member |= {"can_comment": True, "commenting": dict(_LET_IN)}
        self.members[ghost_id(short)] = member

    def add(self, short: str) -> None:
        key = ghost_id(short)
        self.comments[key] = {
            "id": key,
            "parent_id": None,
            "status": "published",
            "html": "<p>You are all bought &amp; sold.</p>",
            "created_at": iso(NOW),
            "edited_at": None,
            "member": self.author_id,
            "post": {
                "id": ghost_id("f1"),
                "title": "Raids & <arrests>",
                "url": "https://courier.example/p/",
            },
        }

    def unwrite(self) -> None:
        """Let the comment's author delete it."""
        self.comments[self.comment_id]["status"] = "deleted"

    def dismiss(self) -> None:
        """Delete the comment's author."""
        del self.members[self.author_id]

    def make(self, context: SiteContext, client: SiteClient) -> Site:
        return GhostSite(context, client, self.key)

    def visible(self) -> bool:
        return self.comments[self.comment_id]["status"] == "published"

    def banned(self) -> datetime | bool | None:
        commenting = self.members[self.author_id]["commenting"]
        until = commenting["disabled_until"]
        if not commenting["disabled"]:
            return False
        return datetime.fromisoformat(until) if until else None

    def remove(self) -> None:
        del self.comments[self.comment_id]

    def report(self, note: str = "", comment: str = "64a1") -> None:
        del note
        number = len(self.reports) + 1
        by = ghost_id(f"d{number:x}")
        self.reports.append(
            {
                "id": report_id(number),
                "comment_id": ghost_id(comment),
                "member_id": by,
                "created_at": iso(self.clock()),
                "member": {"id": by, "name": "rita", "email": f"secret-{number}@example.com"},
            }
        )

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
        self.accepted = request.headers.get("Accept-Version", "")
        return None

    def nothing(self) -> web.Response:
        """Answer to a path that this version does not have."""
        asked, here = _numbers(self.accepted), _numbers(self.version)
        if asked == here:
            return self.error(404, "NotFoundError", "Resource not found")
        side = "ahead of" if asked > here else "behind"
        return self.error(
            406,
            "RequestNotAcceptableError",
            "Request could not be served, the endpoint was not found.",
            f"Provided client accept-version {self.accepted} is {side} current Ghost version "
            f"v{self.version}.",
        )

    def missing(self, what: str) -> web.Response:
        """Answer to an id that is none of this site's."""
        words = f"Resource not found error, cannot read {what}."
        return self.error(404, "NotFoundError", words, f"{what.capitalize()} could not be found")

    def no_id(self, what: str) -> web.Response:
        words = f"Validation error, cannot read {what}."
        context = "Validation (matches) failed for id undefined.id"
        return self.error(422, "ValidationError", words, context)

    def error(
        self, status: int, kind: str, message: str = "", context: str | None = None
    ) -> web.Response:
        said = {"message": message or kind, "context": context, "type": kind}
        return self.says({"errors": [said]}, status)

    def says(self, body: World, status: int = 200) -> web.Response:
        headers = {"Content-Version": f"v{self.version}"}
        return web.json_response(body, status=status, headers=headers)

    def routes(self) -> list[Route]:
        routes: list[Route] = [
            ("GET", f"{API}/members/", self._members),
            ("GET", f"{API}/members/([^/]+)/", self._member),
        ]
        if self.has("6.0"):
            routes.append(("GET", f"{API}/comments/([^/]+)/", self._comment))
            routes.append(("PUT", f"{API}/comments/([^/]+)/", self._change))
        if self.has("6.16"):
            routes.append(("GET", f"{API}/comments/", self._list))
            path = f"{API}/members/([^/]+)/commenting/(enable|disable)/"
            routes.append(("POST", path, self._commenting))
        if self.has("6.19"):
            routes.append(("GET", f"{API}/comments/([^/]+)/reports/", self._reports))
        return routes

    async def _list(self, request: web.Request) -> web.Response:
        page, limit = int(request.query.get("page", "1")), int(request.query.get("limit", "15"))
        told = [key for key, one in self.comments.items() if one["status"] != "deleted"]
        counted = [self._told(key) | {"post": self.comments[key]["post"]} for key in told]
        chosen = re.fullmatch(r"id:\[([0-9a-z,]*)\]", request.query.get("filter", ""))
        if chosen:
            counted = [one for one in counted if one["id"] in chosen[1].split(",")]
        elif "filter" in request.query:
            assert request.query["filter"] == "count.reports:>0"
            counted = [one for one in counted if one["count"]["reports"]]
        more = page * limit < len(counted)
        meta = {"pagination": {"page": page, "next": page + 1 if more else None}}
        part = counted[(page - 1) * limit : page * limit]
        return self.says({"comments": part, "meta": meta})

    def _told(self, key: str) -> World:
        """Return a comment as it is told alone; a list tells its story too."""
        comment = dict(self.comments[key])
        del comment["post"]
        if comment["status"] == "deleted":
            comment["html"] = None
        comment["member"] = self.members.get(comment["member"])
        number = sum(report["comment_id"] == key for report in self.reports)
        return comment | {"count": {"replies": 0, "likes": 0, "reports": number}}

    async def _comment(self, _request: web.Request, key: str) -> web.Response:
        if not _ID.fullmatch(key):
            return self.no_id("comment")
        if key not in self.comments:
            return self.missing("comment")
        return self.says({"comments": [self._told(key) | {"replies": []}]})

    async def _change(self, request: web.Request, key: str) -> web.Response:
        [change] = (await request.json())["comments"]
        if change["status"] not in {"published", "hidden", "deleted"}:
            return self.error(422, "ValidationError")
        if key in self.comments:
            self.writes.append(change["status"])
            if not self.lies:
                self.comments[key]["status"] = change["status"]
        return await self._comment(request, key)

    async def _reports(self, request: web.Request, key: str) -> web.Response:
        if key not in self.comments:
            return self.missing("comment")
        self.asked_reports += 1
        page = int(request.query.get("page", "1"))
        limit = min(int(request.query.get("limit", "15")), self.most)
        found = [report for report in self.reports if report["comment_id"] == key][::-1]
        more = page * limit < len(found)
        meta = {"pagination": {"page": page, "next": page + 1 if more else None}}
        part = found[(page - 1) * limit : page * limit]
        if self.between_pages is not None:
            self.between_pages()
        return self.says({"comment_reports": part, "meta": meta})

    async def _members(self, _request: web.Request) -> web.Response:
        return self.says({"members": list(self.members.values())})

    async def _member(self, _request: web.Request, key: str) -> web.Response:
        if not _ID.fullmatch(key):
            return self.no_id("member")
        member = self.members.get(key)
        if member is None:
            return self.missing("member")
        if "commenting" in member:
            until = member["commenting"]["disabled_until"]
            is_over = until is not None and datetime.fromisoformat(until) <= self.clock()
            member["can_comment"] = is_over or not member["commenting"]["disabled"]
        return self.says({"members": [member]})

    async def _commenting(self, request: web.Request, key: str, doing: str) -> web.Response:
        body = await request.json()
        if doing == "disable" and not body.get("reason"):
            return self.error(422, "ValidationError", "A reason is required")
        if key not in self.members:
            return self.error(404, "NotFoundError", "Member not found.")
        self.writes.append(doing)
        if not self.lies:
            disabled = {
                "disabled": True,
                "disabled_reason": body.get("reason"),
                "disabled_until": body.get("expires_at"),
            }
            self.members[key]["commenting"] = disabled if doing == "disable" else dict(_LET_IN)
        return await self._member(request, key)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))[:2]

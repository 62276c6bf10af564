"""A Comentario that knows sessions and the trick against forged requests."""

from dataclasses import dataclass, field
from datetime import datetime
from http.cookies import SimpleCookie
from typing import Any, ClassVar

from aiohttp import web

from bot.ports import Site
from bot.sites.base.client import SiteClient
from bot.sites.base.context import SiteContext
from bot.sites.comentario.site import ComentarioSite

from .stage import Fake, Route

UUID = "0f8fad5b-d9cb-469f-a165-7086772895{:02d}"
World = dict[str, Any]


@dataclass
class FakeComentario(Fake):
    comment_id: ClassVar[str] = UUID.format(1)
    author_id: ClassVar[str] = UUID.format(2)
    staff: ClassVar[tuple[str, str] | None] = (UUID.format(3), UUID.format(4))
    page: ClassVar[str] = UUID.format(5)

    superuser: bool = True
    comments: dict[str, World] = field(default_factory=dict)
    users: dict[str, World] = field(default_factory=dict)
    sessions: set[str] = field(default_factory=set)
    logins: int = 0
    readonly: bool = False

    def __post_init__(self) -> None:
        for comment, user, moderates in ((1, 2, False), (3, 4, True)):
            self.users[UUID.format(user)] = {
                "id": UUID.format(user),
                "name": "salty_dog",
                "banned": False,
                "isSuperuser": moderates,
            }
            self.comments[UUID.format(comment)] = {
                "comment": {
                    "id": UUID.format(comment),
                    "isPending": False,
                    "isApproved": True,
                    "isDeleted": False,
                    "html": "<p>You are <b>all</b> bought.</p>",
                    "markdown": "You are **all** bought.",
                },
                "commenter": {"name": "salty_dog", "isModerator": moderates},
            }

    def make(self, context: SiteContext, client: SiteClient) -> Site:
        return ComentarioSite(context, client, "desk@courier.example", "secret")

    def visible(self) -> bool:
        comment = self.comments[UUID.format(1)]["comment"]
        return comment["isApproved"] and not comment["isPending"]

    def banned(self) -> datetime | bool | None:
        return None if self.users[UUID.format(2)]["banned"] else False

    def remove(self) -> None:
        del self.comments[UUID.format(1)]

    def shut_out(self, request: web.Request) -> web.Response | None:
        if request.path == "/api/auth/login":
            return None
        cookies = SimpleCookie(request.headers.get("Cookie", ""))
        session, xsrf = cookies.get("comentario_user_session"), cookies.get("XSRF-TOKEN")
        if session is None or session.value not in self.sessions:
            return web.json_response({"id": "unauthorized"}, status=401)
        if request.method != "GET" and (
            xsrf is None or request.headers.get("X-Xsrf-Token") != xsrf.value
        ):
            return web.json_response({"id": "bad-xsrf"}, status=403)
        return None

    def nothing(self) -> web.Response:
        return web.json_response({"id": "not-found", "message": "Not found"}, status=404)

    def routes(self) -> list[Route]:
        return [
            ("POST", "/api/auth/login", self._log_in),
            ("GET", "/api/user", self._me),
            ("GET", "/api/comments/([-0-9a-f]+)", self._comment),
            ("POST", "/api/comments/([-0-9a-f]+)", self._moderate),
            ("GET", "/api/users/([-0-9a-f]+)", self._user),
            ("POST", "/api/users/([-0-9a-f]+)/ban", self._ban),
            ("GET", "/api/domain-pages/([-0-9a-f]+)", self._page),
            ("PUT", "/api/domain-pages/([-0-9a-f]+)", self._close),
        ]

    async def _log_in(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.locked_out or body != {"email": "desk@courier.example", "password": "secret"}:
            return web.json_response({"id": "invalid-credentials"}, status=401)
        self.logins += 1
        session = f"s{self.logins}"
        self.sessions.add(session)
        answer = web.json_response({"id": "me"})
        answer.set_cookie("comentario_user_session", session, httponly=True, path="/")
        answer.set_cookie("XSRF-TOKEN", f"x{self.logins}", path="/")
        return answer

    async def _me(self, _request: web.Request) -> web.Response:
        return web.json_response({"id": "me", "isSuperuser": self.superuser})

    async def _comment(self, _request: web.Request, key: str) -> web.Response:
        found = self.comments.get(key)
        return web.json_response(found) if found else self.nothing()

    async def _moderate(self, request: web.Request, key: str) -> web.Response:
        body = await request.json()
        self.writes.append("approve" if body["approve"] else "reject")
        if not self.lies:
            change = {"isPending": body["pending"], "isApproved": body["approve"]}
            self.comments[key]["comment"].update(change)
        return web.Response(status=204)

    async def _user(self, _request: web.Request, key: str) -> web.Response:
        found = self.users.get(key)
        return web.json_response({"user": found}) if found else self.nothing()

    async def _ban(self, request: web.Request, key: str) -> web.Response:
        if not self.superuser:
            return web.json_response({"id": "forbidden"}, status=403)
        body = await request.json()
        assert not body["deleteComments"]
        assert not body["purgeComments"]
        self.writes.append("ban")
        if not self.lies:
            self.users[key]["banned"] = body["ban"]
        return web.Response(status=204)

    async def _page(self, _request: web.Request, key: str) -> web.Response:
        page = {"id": key, "path": "/raids", "isReadonly": self.readonly}
        return web.json_response({"page": page}) if key == self.page else self.nothing()

    async def _close(self, request: web.Request, _key: str) -> web.Response:
        body = await request.json()
        assert body["path"] == "/raids"
        if not self.lies:
            self.readonly = body["isReadonly"]
        return web.Response(status=204)

"""A Comentario that knows sessions and the trick against forged requests.

What it answers is from the source of 3.13; docs/platforms/comentario.md names the files.
"""

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
    tokens: int = 0
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
        cookies = SimpleCookie(request.headers.get("Cookie", ""))
        session = cookies.get("comentario_user_session")
        if request.method != "GET" and not self._is_from_here(request, cookies):
            return self.error(403, "xsrf-token-invalid", "XSRF token is missing or invalid")
        is_known = session is not None and session.value in self.sessions
        if is_known or request.path == "/api/auth/login":
            return None
        if request.path == "/api/user":
            return self._with_token(web.Response(status=204))
        return self.error(401, "unauthenticated", "User isn't authenticated")

    @staticmethod
    def _is_from_here(request: web.Request, cookies: SimpleCookie) -> bool:
        seal, token = cookies.get("_xsrf_session"), cookies.get("XSRF-TOKEN")
        given = request.headers.get("X-Xsrf-Token")
        return seal is not None and token is not None and token.value == given

    def _with_token(self, answer: web.Response) -> web.Response:
        """Give what each change has to bring along, a log-in as well."""
        self.tokens += 1
        answer.set_cookie("_xsrf_session", "sealed", httponly=True, path="/")
        answer.set_cookie("XSRF-TOKEN", f"x{self.tokens}", path="/")
        return answer

    @staticmethod
    def error(status: int, key: str, message: str) -> web.Response:
        return web.json_response({"id": key, "message": message}, status=status)

    def nothing(self) -> web.Response:
        return web.Response(status=404, content_type="application/json")

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
            return self.error(401, "invalid-credentials", "Wrong password or user doesn't exist")
        self.logins += 1
        session = f"s{self.logins}"
        self.sessions.add(session)
        answer = web.json_response({"id": "me"})
        answer.set_cookie("comentario_user_session", session, httponly=True, path="/")
        return answer

    async def _me(self, _request: web.Request) -> web.Response:
        return self._with_token(web.json_response({"id": "me", "isSuperuser": self.superuser}))

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
        if not self.superuser:
            return self.error(403, "no-superuser", "User is not a superuser")
        found = self.users.get(key)
        answer = {"attributes": {}, "domainUsers": [], "domains": [], "user": found}
        return web.json_response(answer) if found else self.nothing()

    async def _ban(self, request: web.Request, key: str) -> web.Response:
        if not self.superuser:
            return self.error(403, "no-superuser", "User is not a superuser")
        body = await request.json()
        assert not body["deleteComments"]
        assert not body["purgeComments"]
        self.writes.append("ban")
        if not self.lies:
            self.users[key]["banned"] = body["ban"]
        return web.json_response({"countDeletedComments": 0})

    async def _page(self, _request: web.Request, key: str) -> web.Response:
        page = {"id": key, "path": "/raids", "isReadonly": self.readonly}
        return web.json_response({"page": page}) if key == self.page else self.nothing()

    async def _close(self, request: web.Request, _key: str) -> web.Response:
        body = await request.json()
        assert body["path"] == "/raids"
        if not self.lies:
            self.readonly = body["isReadonly"]
        return web.Response(status=204)

"""A forum at Disqus, with its codes beside the statuses."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from aiohttp import web

from bot.ports import Site
from bot.sites.base.client import SiteClient
from bot.sites.base.context import SiteContext, revision_of
from bot.sites.disqus.site import DisqusKeys, DisqusSite

from .stage import Fake, Route

API = "/api/3.0"
World = dict[str, Any]


@dataclass
class FakeDisqus(Fake):
    comment_id: ClassVar[str] = "8801"
    author_id: ClassVar[str] = "4411"
    revision: ClassVar[str] = revision_of("You are all bought & sold.")

    posts: dict[str, World] = field(default_factory=dict)
    banned_users: dict[str, str | None] = field(default_factory=dict)
    closed: bool = False
    spent: bool = False
    forgotten: str = ""
    """A place in the list that is not known any more."""
    cursor: World | None = field(default_factory=lambda: {"": ""})
    """Said instead of where the next page begins, if it is set."""
    in_addresses: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.add("8801")

    def add(self, key: str) -> None:
        self.posts[key] = {
            "id": key,
            "forum": "courier",
            "author": {
                "id": "4411",
                "name": "salty_dog",
                "username": "salty",
                "isAnonymous": False,
            },
            "message": "<p>You are <b>all</b> bought &amp; sold.</p>",
            "thread": {
                "id": "71",
                "title": "Raids &amp; &lt;arrests&gt;",
                "link": "https://courier.example/r",
            },
            "createdAt": "2026-03-02T13:00:00",
            "isApproved": True,
            "isDeleted": False,
            "isSpam": False,
            "isFlagged": False,
            "numReports": 0,
        }

    def make(self, context: SiteContext, client: SiteClient) -> Site:
        keys = DisqusKeys(forum="courier", api_key="k", api_secret="s", access_token="t")
        return DisqusSite(context, client, keys)

    def visible(self) -> bool:
        return not self.posts["8801"]["isDeleted"]

    def banned(self) -> datetime | bool | None:
        until = self.banned_users.get("4411", "")
        return datetime.fromisoformat(f"{until}+00:00") if until else until is None and None

    def remove(self) -> None:
        del self.posts["8801"]

    def report(self, note: str = "") -> None:
        del note
        post = self.posts["8801"]
        post["isFlagged"], post["numReports"] = True, post["numReports"] + 1

    @staticmethod
    def error(status: int, code: int, words: str) -> web.Response:
        return web.json_response({"code": code, "response": words}, status=status)

    @staticmethod
    def good(response: Any, **more: Any) -> web.Response:
        return web.json_response({"code": 0, "response": response} | more)

    def shut_out(self, request: web.Request) -> web.Response | None:
        assert request.query.get("api_secret", "s") == "s"
        if self.spent:
            return self.error(429, 14, "You have exceeded the rate limit for your account")
        return self.error(400, 5, "Invalid API key") if self.locked_out else None

    def nothing(self) -> web.Response:
        return self.error(404, 1, "Endpoint not valid")

    def routes(self) -> list[Route]:
        return [
            ("GET", f"{API}/posts/details.json", self._details),
            ("GET", f"{API}/posts/list.json", self._list),
            ("POST", f"{API}/posts/(remove|restore|approve).json", self._moderate),
            ("GET", f"{API}/blacklists/list.json", self._banned),
            ("POST", f"{API}/blacklists/(add|remove).json", self._ban),
            ("POST", f"{API}/threads/(close|open).json", self._close),
            ("GET", f"{API}/threads/details.json", self._thread),
        ]

    async def _details(self, request: web.Request) -> web.Response:
        post = self.posts.get(request.query["post"])
        return self.good(post) if post else self.error(400, 2, "Unable to find post")

    async def _list(self, request: web.Request) -> web.Response:
        assert request.query["include"] == "flagged"
        flagged = [post for post in self.posts.values() if post["isFlagged"]]
        if request.query.get("cursor") == self.forgotten != "":
            return self.error(400, 2, "Invalid argument, 'cursor': not known")
        start, limit = int(request.query.get("cursor", "0")), int(request.query["limit"])
        more = start + limit < len(flagged)
        cursor = (
            self.cursor
            if self.cursor != {"": ""}
            else {"next": str(start + limit), "hasNext": more}
        )
        return self.good(flagged[start : start + limit], cursor=cursor)

    async def _form(self, request: web.Request, *names: str) -> list[str]:
        form = await request.post()
        assert (form["api_key"], form["api_secret"], form["access_token"]) == ("k", "s", "t")
        assert not request.query
        return [str(form.get(name, "")) for name in names]

    async def _moderate(self, request: web.Request, doing: str) -> web.Response:
        [key] = await self._form(request, "post")
        if key not in self.posts:
            return self.error(400, 2, "Unable to find post")
        self.writes.append(doing)
        change = {
            "remove": {"isDeleted": True},
            "restore": {"isDeleted": False, "isSpam": False},
            "approve": {"isApproved": True, "isFlagged": False},
        }[doing]
        if not self.lies:
            self.posts[key].update(change)
        return self.good([{"id": key}])

    async def _banned(self, request: web.Request) -> web.Response:
        assert request.query["forum"] == "courier"
        return self.good(
            [
                {"id": n, "type": "user", "value": {"id": user}, "dateExpires": until}
                for n, (user, until) in enumerate(self.banned_users.items())
            ]
        )

    async def _ban(self, request: web.Request, doing: str) -> web.Response:
        user, until = await self._form(request, "user", "dateExpires")
        self.writes.append(doing)
        if not self.lies:
            if doing == "add":
                self.banned_users[user] = until or None
            else:
                self.banned_users.pop(user, None)
        return self.good({})

    async def _close(self, request: web.Request, doing: str) -> web.Response:
        await self._form(request, "thread")
        if not self.lies:
            self.closed = doing == "close"
        return self.good({})

    async def _thread(self, _request: web.Request) -> web.Response:
        return self.good({"id": "71", "isClosed": self.closed})

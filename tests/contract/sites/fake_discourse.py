"""A Discourse with one topic, its review queue and its traps.

What it answers is from the source; docs/platforms/discourse.md names the files.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from aiohttp import web

from bot.ports import Site
from bot.sites.base.client import SiteClient
from bot.sites.base.context import SiteContext, revision_of
from bot.sites.discourse.site import DiscourseSite

from .stage import NOW, Fake, Route, iso

COOKED = "<p>You are <strong>all</strong> bought &amp; sold.</p>"
ACTIONS = ["agree_and_keep", "agree_and_hide", "disagree", "ignore_and_do_nothing"]
World = dict[str, Any]


@dataclass
class FakeDiscourse(Fake):
    comment_id: ClassVar[str] = "31-7"
    author_id: ClassVar[str] = "501"
    revision: ClassVar[str] = revision_of("You are all bought & sold.")
    staff: ClassVar[tuple[str, str] | None] = ("32-8", "502")

    silence: bool = False
    actions: list[str] = field(default_factory=lambda: list(ACTIONS))
    prefix: str = ""
    """What newer ones put before an action's name in its id."""
    posts: dict[str, World] = field(default_factory=dict)
    users: dict[str, World] = field(default_factory=dict)
    reviewables: dict[str, World] = field(default_factory=dict)
    scores: list[World] = field(default_factory=list)
    closed: bool = False
    sent: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.add("31", "7", "501", "salty_dog", staff=False)
        self.add("32", "8", "502", "editor", staff=True)

    def add(self, post: str, item: str, user: str, name: str, *, staff: bool) -> None:
        self.users[user] = {"id": int(user), "username": name, "admin": False, "moderator": staff}
        self.posts[post] = {
            "id": int(post),
            "cooked": COOKED,
            "username": name,
            "hidden": False,
            "deleted_at": None,
            "staff": staff,
        }
        self.reviewables[item] = {
            "id": int(item),
            "type": "ReviewableFlaggedPost",
            "status": 0,
            "version": 3,
            "post_id": int(post),
            "topic_id": 9,
            "topic_url": "https://forum.courier.example/t/raids/9",
            "target_url": f"https://forum.courier.example/t/raids/9/{post}",
            "cooked": COOKED,
            "created_at": iso(NOW),
            "target_created_by_id": int(user),
        }

    def make(self, context: SiteContext, client: SiteClient) -> Site:
        return DiscourseSite(context, client, "key", "desk", silence=self.silence)

    def visible(self) -> bool:
        return not self.posts["31"]["hidden"]

    def banned(self) -> datetime | bool | None:
        until = self.users["501"].get("silenced_till" if self.silence else "suspended_till")
        return datetime.fromisoformat(until) if until else False

    def remove(self) -> None:
        del self.posts["31"]

    def report(self, note: str = "") -> None:
        number = len(self.scores) + 1
        self.scores.append(
            {
                "id": number,
                "user_id": 600 + number,
                "created_at": iso(self.clock()),
                "reason": note,
                "score_type_id": 8,
                "item": 7,
            }
        )

    def shut_out(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Api-Key") != "key" or self.locked_out:
            return self.error(403, "You are not permitted to view the requested resource.")
        return None

    def nothing(self) -> web.Response:
        return self.error(404, "The requested URL or resource could not be found.")

    def routes(self) -> list[Route]:
        return [
            ("GET", "/review.json", self._queue),
            ("GET", r"/review/(\d+).json", self._item),
            ("PUT", r"/review/(\d+)/perform/(\w+).json", self._perform),
            ("GET", r"/posts/(\d+).json", self._post),
            ("PUT", r"/posts/(\d+)/unhide.json", self._unhide),
            ("GET", r"/admin/users/(\d+).json", self._user),
            ("PUT", r"/admin/users/(\d+)/(\w+).json", self._bar),
            ("GET", r"/t/9.json", self._topic),
            ("PUT", r"/t/9/status.json", self._close),
        ]

    @staticmethod
    def error(status: int, words: str) -> web.Response:
        return web.json_response({"errors": [words], "error_type": "x"}, status=status)

    def answered(self, item: str, by: int, *, hide: bool) -> None:
        """Let somebody answer the flags in Discourse's own queue."""
        self.reviewables[item]["status"] = 1 if hide else 2
        self.posts[str(self.reviewables[item]["post_id"])]["hidden"] = hide
        for score in self.scores:
            if str(score["item"]) == item:
                score |= {"reviewed_by_id": by, "reviewed_at": iso(self.clock())}

    def _change(self, what: str, thing: World, **state: Any) -> None:
        self.writes.append(what)
        if not self.lies:
            thing.update(state)

    async def _item(self, _request: web.Request, item: str) -> web.Response:
        if item not in self.reviewables:
            return self.nothing()
        actions = [{"id": f"{self.prefix}{action}"} for action in self.actions]
        scores = [score for score in self.scores if str(score["item"]) == item]
        return web.json_response(
            {
                "reviewable": self.reviewables[item],
                "actions": actions,
                "reviewable_scores": scores,
                "users": [*self.users.values(), {"id": 900, "username": "Jane"}],
            }
        )

    async def _perform(self, request: web.Request, key: str, action: str) -> web.Response:
        item, version = self.reviewables[key], request.query.get("version")
        if version is None:
            return self.error(422, "version is required")
        if version != str(item["version"]):
            return self.error(409, "Somebody else has changed it meanwhile.")
        if item["status"] != 0 or action not in self.actions:
            return self.error(403, "You are not permitted.")
        post = self.posts[str(item["post_id"])]
        self._change(action, item, status=1, version=item["version"] + 1)
        if action == "agree_and_hide" and not self.lies:
            post["hidden"] = True
        if action in ("disagree", "disagree_and_restore") and not self.lies:
            post["hidden"] = False
        return web.json_response({"reviewable_perform_result": {"success": True}})

    async def _post(self, _request: web.Request, post: str) -> web.Response:
        return web.json_response(self.posts[post]) if post in self.posts else self.nothing()

    async def _unhide(self, _request: web.Request, post: str) -> web.Response:
        self._change("unhide", self.posts[post], hidden=False)
        return web.json_response({"success": "OK"})

    async def _user(self, _request: web.Request, user: str) -> web.Response:
        return web.json_response(self.users[user]) if user in self.users else self.nothing()

    async def _bar(self, request: web.Request, key: str, doing: str) -> web.Response:
        user, form = self.users[key], dict(await request.post())
        self.sent.append(form)
        name = "suspended_till" if doing.endswith("suspend") else "silenced_till"
        if doing.startswith("un"):
            self._change(doing, user, **{name: None})
        elif user["moderator"]:
            return self.error(403, "You are not permitted.")
        elif user.get(name):
            said = {"failed": "FAILED", "message": "This user is barred already."}
            return web.json_response(said, status=409)
        else:
            until = form["suspend_until" if doing == "suspend" else "silenced_till"]
            self._change(doing, user, **{name: until})
        return web.json_response({"suspension": {}})

    async def _topic(self, _request: web.Request) -> web.Response:
        return web.json_response({"id": 9, "closed": self.closed})

    async def _close(self, request: web.Request) -> web.Response:
        form = await request.post()
        if not self.lies:
            self.closed = form["enabled"] == "true"
        return web.json_response({"success": "OK"})

    async def _queue(self, request: web.Request) -> web.Response:
        offset = int(request.query.get("offset", "0"))
        waiting = [
            item
            | {"reviewable_score_ids": [s["id"] for s in self.scores if s["item"] == item["id"]]}
            for item in self.reviewables.values()
            if item["status"] == 0 and any(s["item"] == item["id"] for s in self.scores)
        ]
        return web.json_response(
            {
                "reviewables": waiting[offset : offset + 10],
                "reviewable_scores": self.scores,
                "score_types": [{"id": 8, "type": "spam", "title": "Spam"}],
                "users": list(self.users.values()),
                "topics": [{"id": 9, "title": "Raids & <arrests>"}],
                "meta": {"total_rows_reviewables": len(waiting)},
            }
        )

"""A stand-in that answers as WordPress 6.1.9 was seen to, with the plugin or without."""

import base64
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.contract.wordpress.fake_answers import (
    KINDS,
    STAFF,
    USERS,
    author_of,
    error,
    index,
    is_asked_for,
    me,
    refusal,
    revision_of,
    status,
    types,
)

BY_NUMBER = {"1": "approved", "approve": "approved", "approved": "approved", "0": "hold"}
Fault = Callable[[web.Request], Awaitable[web.StreamResponse | None]]


class FakeWordPress:
    """The parts of WordPress that the desk speaks to, and hands on its inside for tests."""

    def __init__(self) -> None:
        self.url = ""
        self.login = "desk"
        self.password = "abcd efgh ijkl mnop qrst uvwx"
        self.asked: list[tuple[str, str]] = []
        self.fault: Fault | None = None
        self._passwords = {self.password.replace(" ", ""): "desk"}
        self._plugin = True
        self._settings: dict[str, Any] = {}
        self._comments: dict[int, dict[str, Any]] = {}
        self._stories: dict[int, dict[str, Any]] = {}
        self._bans: dict[str, str | None] = {}
        self._numbers = 0
        self.new = True  # the plugin knows of statements
        self.old = False  # the plugin is one before 1.5
        self.beside: dict[str, bool] = {}  # what the plugin says is there that it does not serve
        self.trash_days = 30
        self.readers: str | None = None
        self.rules: list[str] = []
        self.mark = ""

    # ---- a test's hand on the inside

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    def add_story(self, title: str = "Three charged after Colchester raids", **more: Any) -> str:
        number = self._number()
        self._stories[number] = {"title": title, "type": "post", "comment_status": "open"} | {
            {"post_type": "type"}.get(key, key): value for key, value in more.items()
        }
        return str(number)

    def add_comment(self, story: str | None = None, **more: Any) -> str:
        number, user = self._number(), more.pop("user", None)
        self._comments[number] = {
            "comment_post_ID": story or self.add_story(),
            "comment_content": "You are all bought, every one of you.",
            "comment_author": user or "harbour_rat",
            "comment_author_email": f"{user}@courier.example" if user else "rat@harbour.example",
            "comment_author_IP": "203.0.113.7",
            "comment_agent": "Reader's Browser/7.0",
            "user_id": USERS.get(user, 0),
            "status": "approved",
            "verdict": None,
            "number": number,
        } | more
        return str(number)

    def kept(self, comment_id: str) -> dict[str, Any] | None:
        comment = self._comments.get(int(comment_id))
        if comment is None:
            return None
        status = {"hold": "unapproved"}.get(comment["status"], comment["status"])
        return {
            "status": status,
            "ip": comment["comment_author_IP"],
            "agent": comment["comment_agent"],
            "text": comment["comment_content"],
        }

    def set_status(self, comment_id: str, status: str) -> None:
        comment = self._comments[int(comment_id)]
        self._set(comment, BY_NUMBER.get(status, status))
        self._note(comment, "boss")

    def _note(self, comment: dict[str, Any], login: str) -> None:
        if self._plugin:
            at = datetime.now(UTC).isoformat()
            comment["verdict"] = {"status": comment["status"], "by": login, "at": at}

    def set_trash(self, *, kept: bool) -> None:
        self.trash_days = 30 if kept else 0

    def trash_story(self, story: str) -> None:
        for comment in self._comments.values():
            if comment["comment_post_ID"] == story:
                comment["trashed_with"], comment["status"] = comment["status"], "post-trashed"

    def restore_story(self, story: str) -> None:
        for comment in self._comments.values():
            if comment["comment_post_ID"] == story and "trashed_with" in comment:
                comment["status"] = comment.pop("trashed_with")

    def edit(self, comment_id: str, text: str) -> None:
        self._comments[int(comment_id)]["comment_content"] = text

    def remove(self, comment_id: str) -> None:
        del self._comments[int(comment_id)]

    def facts(self, comment_id: str) -> dict[str, str]:
        comment = self._comments[int(comment_id)]
        return {"author": author_of(comment), "revision": revision_of(comment)}

    def statement(self, comment_id: str) -> str | None:
        return self._comments[int(comment_id)].get("statement")

    def banned(self, author: str) -> bool:
        return author in self._bans

    def set_plugin(self, *, active: bool) -> None:
        self._plugin = active

    def set_up(self, **settings: Any) -> None:
        self._settings = settings

    def set_rules(self, text: str) -> None:
        self.rules, self.mark = [line.split(" | ")[1] for line in text.splitlines()], ""

    def rule_codes(self) -> list[str]:
        return self.rules

    def new_password(self, login: str = "desk") -> str:
        password = f"password{self._number():016}"
        self._passwords[password] = login
        return password

    def revoke_all(self, login: str) -> None:
        self._passwords = {k: v for k, v in self._passwords.items() if v != login}

    def story_status(self, story: str) -> str:
        return self._stories[int(story)]["comment_status"]

    # ---- HTTP

    async def handle(self, request: web.Request) -> web.StreamResponse:
        route = request.query.get("rest_route", "")
        self.asked.append((request.method, route))
        if self.fault is not None:
            answer = await self.fault(request)
            if answer is not None:
                return answer
        if request.method not in {"GET", "POST"}:
            return web.Response(status=405)  # as nginx does
        return await self.answer(request)

    async def answer(self, request: web.Request) -> web.Response:
        who = self._who(request)
        match request.query.get("rest_route", "").strip("/").split("/"):
            case ["wp", "v2", *rest]:
                return await self._core(request, who, rest)
            case ["comment-desk", "v1", *rest] if self._plugin:
                return await self._ours(request, who, rest)
            case [""]:
                return index(plugin=self._plugin)
            case _:
                return error(404, "rest_no_route")

    async def _core(self, request: web.Request, who: str | None, rest: list[str]) -> web.Response:
        match [request.method, *rest]:
            case ["GET", "users", "me"]:
                return me(who)
            case ["GET", "comments"]:
                return self._list(request, who)
            case ["GET" | "POST", "comments", number] if number.isdigit():
                return await self._one(request, who, int(number))
            case ["GET", "types"]:
                return web.json_response(types(edit=request.query.get("context") == "edit"))
            case ["POST", kind, number] if number.isdigit():
                return await self._story(request, who, kind, int(number))
            case _:
                return error(404, "rest_no_route")

    def _who(self, request: web.Request) -> str | None:
        kind, _, pair = request.headers.get("Authorization", "").partition(" ")
        if kind != "Basic":
            return None
        login, _, password = base64.b64decode(pair).decode().partition(":")
        # A wrong password is not reported: the request runs as nobody's.
        return login if self._passwords.get(password.replace(" ", "")) == login else None

    def _list(self, request: web.Request, who: str | None) -> web.Response:
        refused = refusal(who, "rest_forbidden_param")
        if refused is not None:
            return refused
        query = request.query
        found = [
            self._shown(number, comment)
            for number, comment in sorted(self._comments.items(), reverse=True)
            if is_asked_for(query, number, comment)
        ]
        most = int(query.get("per_page", "10"))
        return web.json_response(found[:most], headers={"X-WP-Total": str(len(found))})

    async def _one(self, request: web.Request, who: str | None, number: int) -> web.Response:
        comment = self._comments.get(number)
        if comment is None:
            return error(404, "rest_comment_invalid_id", "Invalid comment ID.")
        reads = request.method == "GET"
        refused = refusal(who, "rest_forbidden_context" if reads else "rest_cannot_edit")
        if refused is not None or reads:
            return refused or web.json_response(self._told(request, number, comment))
        if request.query.get("_method") == "DELETE":
            return self._discard(number, comment)
        body = await request.json()
        refused = self._unfit(comment, body)
        if refused is not None:
            return refused
        self._overwrite(comment, body, request)
        return self._changed(number, body, who or "")

    def _changed(self, number: int, body: dict[str, Any], who: str) -> web.Response:
        comment, status = self._comments[number], body.get("status", "")
        comment["verdict"] = None
        if status == comment["status"] and len(body) == 1 and not self._plugin:
            return error(500, "rest_comment_failed_edit")
        if status == "trash" and not self.trash_days:
            del self._comments[number]  # for good, whatever was meant
            return error(500, "internal_server_error")
        if status == "untrash":
            comment["status"] = comment.get("before", "hold")
        elif status in {"spam", "trash", "hold"} | BY_NUMBER.keys():
            self._set(comment, BY_NUMBER.get(status, status))
        if status and not body.get("comment_desk_order"):
            self._note(comment, who)
        if comment["status"] != "hold":
            comment["on_hold"] = False
        if self._plugin and "comment_desk_on_hold" in body:
            comment["on_hold"] = body["comment_desk_on_hold"]
        return web.json_response(self._shown(number, comment))

    def _set(self, comment: dict[str, Any], status: str) -> None:
        comment["before"], comment["status"] = comment["status"], status
        if "trashed_with" in comment and self._plugin and not self.old:
            comment["trashed_with"] = status

    def _discard(self, number: int, comment: dict[str, Any]) -> web.Response:
        if not self.trash_days:
            return error(501, "rest_trash_not_supported")
        if comment["status"] == "trash":
            return error(410, "rest_already_trashed")
        comment["before"], comment["status"] = comment["status"], "trash"
        return web.json_response(self._shown(number, comment))

    def _unfit(self, comment: dict[str, Any], body: dict[str, Any]) -> web.Response | None:
        if body.get("author_ip") == "":
            return error(400, "rest_invalid_param", "Invalid parameter(s): author_ip")
        read = body.get("comment_desk_revision")
        if self._plugin and read is not None and read != revision_of(comment):
            return error(409, "comment_desk_edited")
        return None

    def _overwrite(
        self, comment: dict[str, Any], body: dict[str, Any], request: web.Request
    ) -> None:
        """Do what loses evidence: write the client's address and browser, unless told others."""
        if self._plugin:
            return
        comment["comment_author_IP"] = body.get("author_ip", request.remote)
        agent = body.get("author_user_agent") or request.headers.get("User-Agent")
        if agent:
            comment["comment_agent"] = agent

    def _shown(self, number: int, comment: dict[str, Any]) -> dict[str, Any]:
        ours = {
            "author": author_of(comment),
            "staff": comment["user_id"] in STAFF.values(),
            "revision": revision_of(comment),
            "verdict": comment["verdict"],
            "told": comment.get("statement") is not None,
        }
        if not self.old:
            ours |= {"trash": self.trash_days > 0, "restored_as": comment.get("trashed_with")}
        text, held = comment["comment_content"], comment.get("on_hold", False)
        return {
            "id": number,
            "post": int(comment["comment_post_ID"]),
            "author": comment["user_id"],
            "author_name": comment["comment_author"],
            "author_email": comment["comment_author_email"],
            "author_ip": comment["comment_author_IP"],
            "author_user_agent": comment["comment_agent"],
            "date_gmt": "2026-11-01T10:00:00",
            "content": {"rendered": f"<p>{text}</p>\n", "raw": text},
            "link": f"{self.url}/three-charged/#comment-{number}",
            "status": comment["status"],
            "type": "comment",
        } | ({"comment_desk": ours, "comment_desk_on_hold": held} if self._plugin else {})

    def _told(self, request: web.Request, number: int, comment: dict[str, Any]) -> dict[str, Any]:
        """Return a comment, with its article where that is asked for."""
        if request.query.get("_embed") != "up":
            return self._shown(number, comment)
        story = int(comment["comment_post_ID"])
        title = {"rendered": self._stories[story]["title"]}
        up = {"id": story, "link": f"{self.url}/three-charged/", "title": title}
        return {**self._shown(number, comment), "_embedded": {"up": [up]}}

    async def _story(
        self, request: web.Request, who: str | None, kind: str, number: int
    ) -> web.Response:
        story = self._stories.get(number)
        if story is None or KINDS.get(story["type"]) != kind:
            return error(404, "rest_post_invalid_id")
        refused = refusal(who, "rest_cannot_edit")
        if refused is not None:
            return refused
        wanted = (await request.json())["comment_status"]
        if wanted not in {"open", "closed"}:
            return error(400, "rest_invalid_param")
        story["comment_status"] = wanted
        return web.json_response({"id": number, "comment_status": wanted})

    async def _ours(self, request: web.Request, who: str | None, rest: list[str]) -> web.Response:
        refused = refusal(who, "rest_forbidden")
        if refused is not None:
            return refused
        match [request.method, *rest]:
            case ["GET", "status"]:
                facts = {"trash": self.trash_days > 0, "rules": self.rules, **self.beside}
                return status(self._settings, **facts)
            case ["POST", "rules"]:
                sent = await request.json()
                self.rules, self.mark = [rule["code"] for rule in sent["rules"]], sent["mark"]
                self.readers = sent["readers"]
                return web.json_response({"rules": self.rules})
            case ["GET", "reports"]:
                mark = request.query.get("after", "0")
                return web.json_response(
                    {"reports": [], "mark": mark, "more": False, "rules": self.mark}
                )
            case ["POST", "bans" | "statements" as what, key] if what == "bans" or self.new:
                take = self._ban if what == "bans" else self._statement
                return take(key, await request.json())
            case _:
                return error(404, "rest_no_route")

    def _statement(self, number: str, body: dict[str, Any]) -> web.Response:
        self._comments[int(number)]["statement"] = body["url"]
        return web.json_response({"told": body["url"] is not None})

    def _ban(self, author: str, body: dict[str, Any]) -> web.Response:
        number = author.removeprefix("user-")
        if body["banned"] and number.isdigit() and int(number) in STAFF.values():
            return error(409, "comment_desk_staff")
        if body["banned"] and number.isdigit() and int(number) not in USERS.values():
            return error(404, "comment_desk_no_author")
        self._bans.pop(author, None)
        if body["banned"]:
            self._bans[author] = body["until"]
        return web.json_response({"banned": body["banned"], "until": self._bans.get(author)})


@asynccontextmanager
async def fake_wordpress() -> AsyncGenerator[FakeWordPress]:
    fake = FakeWordPress()
    app = web.Application()
    app.router.add_route("*", "/", fake.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        await runner.cleanup()

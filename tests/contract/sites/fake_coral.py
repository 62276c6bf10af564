"""A Coral that holds every operation to its schema, and has the traps of the real one."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from aiohttp import web
from graphql import GraphQLError, build_schema, graphql_sync, parse, validate

from bot.ports import Site
from bot.sites.base.client import SiteClient
from bot.sites.base.context import SiteContext
from bot.sites.coral.site import CoralSite

from .stage import NOW, Fake, iso

SCHEMA = build_schema((Path(__file__).parent / "coral_schema.graphql").read_text())
TOKEN = "eyJ.good.token"
REVOKED = "eyJ.revoked.token"
World = dict[str, Any]


def early(status: int, code: str) -> web.Response:
    error = {"id": "1", "code": code, "type": "X", "message": code, "traceID": "t"}
    return web.json_response({"error": error, "report": None}, status=status)


def trouble(code: str, message: str = "no") -> GraphQLError:
    return GraphQLError(message, extensions={"code": code, "id": "1"})


@dataclass
class FakeCoral(Fake):
    comment_id: ClassVar[str] = "com-1"
    author_id: ClassVar[str] = "usr-1"
    staff: ClassVar[tuple[str, str] | None] = ("com-9", "usr-9")

    token: str = TOKEN
    role: str = "ADMIN"
    dsa: bool = False
    premoderate: bool = False
    users: dict[str, World] = field(default_factory=dict)
    comments: dict[str, World] = field(default_factory=dict)
    stories: dict[str, World] = field(default_factory=dict)
    flags: list[World] = field(default_factory=list)
    mailed: list[str] = field(default_factory=list)
    reasons: list[World | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.add_user("bot", "comment-desk", "ADMIN")
        self.add_user("jane", "Jane", "MODERATOR")
        self.add_user("usr-1", "salty_dog")
        self.add_user("usr-9", "Editor", "STAFF")
        for reader in range(1, 5):
            self.add_user(f"rdr-{reader}", f"reader {reader}")
        self.stories["st-1"] = {
            "id": "st-1",
            "url": "https://courier.example/raids",
            "metadata": {"title": "Raids & <arrests>", "publishedAt": iso(NOW), "section": None},
            "isClosed": False,
        }
        self.add_comment("com-1", "usr-1", "<p>You are <b>all</b> bought &amp; sold.</p>")
        self.add_comment("com-9", "usr-9", "Please stay polite.")

    def add_user(self, key: str, name: str, role: str = "COMMENTER") -> None:
        user: World = {"id": key, "username": name, "createdAt": iso(NOW), "role": role}
        user |= {"banned": False, "until": None, "premod": False}
        user["status"] = lambda _info: self._status(user)
        self.users[key] = user

    def _status(self, user: World) -> World:
        until: datetime | None = user["until"]
        suspended = until is not None and until > self.clock()
        current = ["BANNED"] * user["banned"] + ["SUSPENDED"] * suspended
        return {
            "current": current or ["ACTIVE"],
            "ban": {"active": user["banned"]},
            "suspension": {"active": suspended, "until": iso(until) if until else None},
            "premod": {"active": user["premod"]},
        }

    def add_comment(self, key: str, author: str, body: str) -> None:
        comment: World = {
            "id": key,
            "status": "NONE",
            "deleted": False,
            "body": body,
            "createdAt": iso(NOW),
            "permalink": f"https://courier.example/raids?commentID={key}",
            "author": self.users[author],
            "parent": None,
            "story": self.stories["st-1"],
            "revisions": ["r1"],
            "history": [],
        }
        comment["revision"] = lambda _info: {"id": comment["revisions"][-1]}
        comment["statusHistory"] = lambda _info, first=10: {
            "nodes": comment["history"][::-1][:first]
        }
        comment["flags"] = lambda _info, first=10: self._flags_of(comment, first)
        self.comments[key] = comment

    def _flags_of(self, comment: World, first: int) -> World:
        found = [flag for flag in self.flags if flag["comment"] is comment]
        return {"nodes": found[:first], "pageInfo": {"hasNextPage": len(found) > first}}

    def edit(self, key: str, body: str) -> None:
        comment = self.comments[key]
        comment["revisions"].append(f"r{len(comment['revisions']) + 1}")
        comment["body"] = body

    def decide(self, key: str, status: str, by: str = "jane") -> None:
        entry = {"status": status, "createdAt": iso(self.clock()), "moderator": self.users[by]}
        self.comments[key]["status"] = status
        self.comments[key]["history"].append(entry)

    # -- what the suite asks of every platform

    def make(self, context: SiteContext, client: SiteClient) -> Site:
        return CoralSite(context, client, self.token, premoderate=self.premoderate)

    def visible(self) -> bool:
        return self.comments["com-1"]["status"] in ("NONE", "APPROVED")

    def banned(self) -> datetime | bool | None:
        user = self.users["usr-1"]
        if user["banned"]:
            return None
        return user["until"] or False

    def remove(self) -> None:
        del self.comments["com-1"]

    def report(self, note: str = "", **more: Any) -> None:
        number = len(self.flags) + 1
        flag = {
            "id": f"fl-{number}",
            "createdAt": iso(self.clock()),
            "reason": "COMMENT_REPORTED_SPAM",
            "additionalDetails": note or None,
            "reviewed": False,
            "flagger": self.users[f"rdr-{(number - 1) % 4 + 1}"],
            "comment": self.comments["com-1"],
        }
        self.flags.append(flag | more)

    # -- the API

    async def respond(self, request: web.Request) -> web.StreamResponse:
        if request.method != "POST" or request.path != "/api/graphql":
            return web.Response(status=404, text="<h1>Not found</h1>", content_type="text/html")
        sent = request.headers.get("Authorization", "")
        if sent == f"Bearer {REVOKED}":
            return early(400, "RAW_QUERY_NOT_AUTHORIZED")
        if sent != f"Bearer {TOKEN}" or self.locked_out:
            return early(401, "TOKEN_INVALID")
        if self.role != "ADMIN":
            return early(400, "RAW_QUERY_NOT_AUTHORIZED")
        body = json.loads(await request.read())
        wrong = validate(SCHEMA, parse(body["query"]))
        if wrong:
            return web.json_response(
                {"errors": [{"message": one.message} for one in wrong]}, status=400
            )
        done = graphql_sync(SCHEMA, body["query"], self._root(), variable_values=body["variables"])
        answer: World = {"data": done.data}
        if done.errors:
            answer["errors"] = [
                {"message": one.message, "extensions": one.extensions} for one in done.errors
            ]
        return web.json_response(answer)

    def _root(self) -> World:
        queries: World = {
            "viewer": {**self.users["bot"], "role": self.role},
            "settings": {"id": "t", "dsa": {"enabled": self.dsa}},
            "user": lambda _info, id: self.users.get(id),  # noqa: A006 - as Coral names it
            "comment": lambda _info, id: self.comments.get(id),  # noqa: A006 - as Coral names it
            "moderationQueues": {"reported": {"id": "q", "comments": self._queue}},
            "flags": self._flags,
        }
        changes: dict[str, Callable[[World], World]] = {
            "rejectComment": lambda put: self._moderate(put, "REJECTED"),
            "approveComment": lambda put: self._moderate(put, "APPROVED"),
            "banUser": lambda put: self._user(put, banned=True, until=None, premod=False),
            "removeUserBan": lambda put: self._user(put, banned=False),
            "suspendUser": self._suspend,
            "removeUserSuspension": lambda put: self._user(put, until=None),
            "premodUser": lambda put: self._user(put, premod=True),
            "removeUserPremod": lambda put: self._user(put, premod=False),
            "closeStory": lambda put: self._story(put, closed=True),
            "openStory": lambda put: self._story(put, closed=False),
        }
        return queries | {name: self._mutation(name, do) for name, do in changes.items()}

    def _mutation(self, name: str, do: Callable[[World], World]) -> Callable[..., World]:
        def resolve(_info: object, input: World) -> World:  # noqa: A002 - as Coral names it
            self.writes.append(name)
            return do(input) | {"clientMutationId": input["clientMutationId"]}

        return resolve

    def _moderate(self, put: World, status: str) -> World:
        comment = self.comments.get(put["commentID"])
        if comment is None or put["commentRevisionID"] not in comment["revisions"]:
            raise trouble("COMMENT_NOT_FOUND")
        if status == "REJECTED":
            if self.dsa and not put.get("reason"):
                raise trouble("VALIDATION", "reason is required")
            self.reasons.append(put.get("reason"))
        # An older revision is answered like success, and nothing changes.
        if put["commentRevisionID"] == comment["revisions"][-1] and not self.lies:
            self.decide(put["commentID"], status, "bot")
        return {"comment": comment}

    def _user(self, put: World, **state: Any) -> World:
        user = self.users.get(put["userID"])
        if user is None:
            raise trouble("USER_NOT_FOUND")
        if state.get("premod") and user["premod"]:
            raise trouble("USER_ALREADY_PREMOD")
        if state.get("banned") and user["role"] == "MODERATOR":
            raise trouble("MODERATOR_CANNOT_BE_BANNED_ON_SITE")
        if "message" in put:
            self.mailed.append(put["message"])
        if not self.lies:
            user.update(state)
        return {"user": user}

    def _suspend(self, put: World) -> World:
        until = self.users[put["userID"]]["until"]
        if until is not None and until > self.clock():
            raise trouble("USER_ALREADY_SUSPENDED")
        return self._user(put, until=self.clock() + timedelta(seconds=put["timeout"]))

    def _story(self, put: World, *, closed: bool) -> World:
        story = self.stories.get(put["id"])
        if story is None:
            raise trouble("STORY_NOT_FOUND")
        if not self.lies:
            story["isClosed"] = closed
        return {"story": story}

    def _flags(self, _info: object, first: int = 10, after: str = "", **_: Any) -> World:
        later = sorted(
            (flag for flag in self.flags if flag["createdAt"] > (after or "")),
            key=lambda flag: flag["createdAt"],
        )
        page = later[:first]
        return {
            "nodes": page,
            "pageInfo": {
                "hasNextPage": len(later) > first,
                "endCursor": page[-1]["createdAt"] if page else None,
            },
        }

    def _queue(self, _info: object, first: int = 10, after: str | None = None, **_: Any) -> World:
        flagged = {flag["comment"]["id"] for flag in self.flags}
        keys = sorted(
            key for key, one in self.comments.items() if key in flagged and one["status"] == "NONE"
        )
        keys = [key for key in keys if not after or key > after]
        return {
            "nodes": [self.comments[key] for key in keys[:first]],
            "pageInfo": {
                "hasNextPage": len(keys) > first,
                "endCursor": keys[:first][-1] if keys else None,
            },
        }

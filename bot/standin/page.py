"""The browser page: what one person sees, a stream of what changes in it, and what they do."""

import asyncio
import contextlib
import dataclasses
import json
import secrets
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from itertools import islice
from pathlib import Path

from aiohttp import web

from bot.standin.actions import Actions
from bot.standin.errors import ApiError
from bot.standin.page_acts import ACTS, Fields
from bot.standin.permissions import Permission
from bot.standin.wire import Json
from bot.standin.world import World

STATIC = Path(__file__).with_name("static")
SHOWN = 50
"""Messages of a channel sent at once; older ones are asked for while scrolling."""
REMEMBERED = 2000
"""Events kept for a page that was away for a moment."""
LOOK_SECONDS = 1.0
"""How often a waiting stream looks for refusals, which may come without an event."""
LOOKS_PER_KEEP_ALIVE = 15
RETRY_MILLISECONDS = 1000
"""How soon a page whose stream broke asks again."""
IGNORED = frozenset({"CHANNEL_PINS_UPDATE", "INTERACTION_CREATE"})
TOLD_AS_THEY_ARE = frozenset({"MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "TYPING_START"})
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Happening:
    number: int
    event: str
    data: Json
    visible_to: str | None


class Page:
    """The page under `/discord` and the small API behind it.

    Args:
        world: what there is to see; the page listens to it.
        actions: what a person can do in it.
        violations: texts of what Discord would refuse; a list that grows while the page looks on.
        guide: a newcomer's first steps: what is done (`act`) and how that is said (`words`).
    """

    def __init__(
        self,
        world: World,
        actions: Actions,
        violations: Sequence[str] = (),
        guide: Sequence[Json] = (),
    ) -> None:
        self._guide = guide
        self._world = world
        self._actions = actions
        self._violations = violations
        self._boot = secrets.token_hex(4)
        self._happened: deque[_Happening] = deque(maxlen=REMEMBERED)
        self._count = 0
        self._news = asyncio.Event()
        self._closing = False
        world.listeners.append(self._on_event)

    def add_to(self, app: web.Application) -> None:
        """Add the page's routes to the sandbox's server."""
        app.router.add_get("/discord", _local(self._index))
        app.router.add_get("/discord/static/{name:[a-z0-9_./-]+}", _local(self._static))
        app.router.add_get("/discord/api/state", _local(self._state))
        app.router.add_get("/discord/api/history", _local(self._history))
        app.router.add_get("/discord/api/events", _local(self._events))
        app.router.add_post("/discord/api/act", _local(self._act))
        app.on_shutdown.append(self._close)

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html", headers=HEADERS)

    async def _static(self, request: web.Request) -> web.StreamResponse:
        path = (STATIC / request.match_info["name"]).resolve()
        if not path.is_relative_to(STATIC.resolve()) or not path.is_file():
            raise web.HTTPNotFound(text="The page has no such file.")
        return web.FileResponse(path, headers=HEADERS)

    async def _close(self, _app: web.Application) -> None:
        """End the streams, for which the server would wait in vain."""
        self._closing = True
        self._news.set()

    # What a person sees

    async def _state(self, request: web.Request) -> web.StreamResponse:
        """Answer with all that the person sees; `?messages=no` leaves the messages out."""
        world = self._world
        me = self._person(request.query.get("user", ""))
        channels = self._channels_of(me)
        in_full = () if request.query.get("messages") == "no" else channels
        return _json(
            {
                "cursor": f"{self._boot}-{self._count}",
                "me": me,
                "guild": {"id": world.guild_id, "name": world.guild_name},
                "users": list(world.users.values()),
                "roles": list(world.roles.values()),
                "members": {k: {"roles": m["roles"]} for k, m in world.members.items()},
                "people": list(self._people()),
                "channels": [self._channel(c, me) for c in channels],
                "commands": list(world.commands.values()),
                "violations": len(self._violations),
                "guide": list(self._guide),
                "messages": {c["id"]: self._latest(c["id"], me) for c in in_full},
            }
        )

    def _channels_of(self, me: str) -> list[Json]:
        return [one for one in self._world.channels.values() if self._sees(me, one["id"])]

    def _people(self) -> dict[str, Json]:
        return {key: user for key, user in self._world.users.items() if not user.get("bot")}

    def _channel(self, channel: Json, me: str) -> Json:
        """Return a channel with the person's rights in it and who sees it."""
        rights = int(self._world.permissions(me, channel["id"]))
        viewers = [one for one in self._world.members if self._sees(one, channel["id"])]
        return {**channel, "permissions": str(rights), "viewers": viewers}

    async def _history(self, request: web.Request) -> web.StreamResponse:
        """Answer with a channel's messages before one of them, oldest first."""
        me = self._person(request.query.get("user", ""))
        channel = request.query.get("channel", "")
        if not self._sees(me, channel):
            raise web.HTTPNotFound(text="There is no such channel for this person.")
        found = self._latest(channel, me, before=request.query.get("before"))
        return _json({"cursor": f"{self._boot}-{self._count}", "messages": found})

    def _latest(self, channel_id: str, me: str, *, before: str | None = None) -> list[Json]:
        """Return a page of messages; ephemeral ones are gone on a reload, as in Discord."""
        newest_first = (
            message
            for key, message in reversed(self._world.messages.get(channel_id, {}).items())
            if key not in self._world.private and (not before or int(key) < int(before))
        )
        return [self._world.view(m, me) for m in islice(newest_first, SHOWN)][::-1]

    def _person(self, name: str) -> str:
        """Return the id of a person given by id or user name; no name means the first person."""
        for key, user in self._people().items():
            if not name or name in (key, user["username"]):
                return key
        raise web.HTTPNotFound(text=f"There is nobody called {name[:40]!r} here.")

    def _sees(self, user_id: str, channel_id: str) -> bool:
        return channel_id in self._world.channels and bool(
            self._world.permissions(user_id, channel_id) & Permission.VIEW_CHANNEL
        )

    # What changes

    def _on_event(self, event: str, data: Json, visible_to: str | None) -> None:
        self._count += 1
        self._happened.append(
            _Happening(number=self._count, event=event, data=data, visible_to=visible_to)
        )
        self._news.set()
        self._news = asyncio.Event()

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Stream events after the one named; the page reloads when that is too long ago."""
        me = self._person(request.query.get("user", ""))
        after = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        told = request.query.get("violations", "")
        refused = int(told) if told.isdecimal() else len(self._violations)
        with contextlib.suppress(ConnectionResetError):  # the tab was closed
            await response.prepare(request)
            async for text in self._told(me, after, refused):
                await response.write(text.encode())
        return response

    async def _told(self, me: str, after: str, refused: int) -> AsyncIterator[str]:
        seen = self._seen(after)
        if seen is None:
            yield _event(None, {"t": "RELOAD", "d": {}})
            return
        yield f"retry: {RETRY_MILLISECONDS}\n\n"
        quiet = 0
        while not self._closing:
            news = self._news
            fresh = self._since(seen)
            for happening in fresh:
                seen = happening.number
                if shown := self._shown(happening, me):
                    yield _event(f"{self._boot}-{seen}", shown)
            for text in self._violations[refused:]:
                refused += 1
                yield _event(None, {"t": "VIOLATION", "d": {"text": text, "count": refused}})
            quiet = 0 if fresh else quiet + 1
            if quiet and quiet % LOOKS_PER_KEEP_ALIVE == 0:
                yield ": still here\n\n"
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), LOOK_SECONDS)

    def _seen(self, after: str) -> int | None:
        """Return up to where a page has seen what happened, None if it has to begin anew."""
        boot, _, number = after.partition("-")
        seen = int(number) if number.isdigit() else -1
        oldest = self._happened[0].number if self._happened else self._count + 1
        return seen if boot == self._boot and oldest - 1 <= seen <= self._count else None

    def _since(self, seen: int) -> list[_Happening]:
        return [one for one in self._happened if one.number > seen]

    def _shown(self, happening: _Happening, me: str) -> Json | None:
        """Return an event as one person sees it, or None if it is not for them."""
        event, data = happening.event, happening.data
        channel = str(data.get("channel_id") or "")
        hidden = channel in self._world.channels and not self._sees(me, channel)
        if hidden or happening.visible_to not in (None, me) or event in IGNORED:
            return None
        if event in TOLD_AS_THEY_ARE:
            return {"t": event, "d": data}
        if event in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
            return self._message(event, channel, str(data["id"]), me)
        if event.startswith("MESSAGE_REACTION"):
            return self._message("MESSAGE_UPDATE", channel, str(data["message_id"]), me)
        return {"t": "STATE", "d": {}}

    def _message(self, event: str, channel_id: str, message_id: str, me: str) -> Json | None:
        message = self._world.messages.get(channel_id, {}).get(message_id)
        return message and {"t": event, "d": self._world.view(message, me)}

    # What a person does

    async def _act(self, request: web.Request) -> web.StreamResponse:
        """Do one thing as one person; a refusal is a sentence for them to read."""
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="An act is JSON.")
        try:
            fields = Fields(await request.json())
        except ValueError as error:
            raise web.HTTPBadRequest(text="The act is not valid JSON.") from error
        act = ACTS.get(fields.text("kind"))
        if act is None:
            raise web.HTTPBadRequest(text="There is no such act.")
        me = self._person(fields.text("user"))
        try:
            return _json(await act(self._actions, me, fields))
        except (LookupError, ApiError) as error:
            return _json({"error": str(error)}, status=409)


def _json(body: Json, *, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, headers=HEADERS)


def _event(number: str | None, body: Json) -> str:
    head = f"id: {number}\n" if number else ""
    return f"{head}data: {json.dumps(body)}\n\n"


def _local(handler: Handler) -> Handler:
    """Answer only pages of this very server.

    A stranger's web page can make its own name point at 127.0.0.1 and then read and act here;
    the name in Host gives it away, and Origin does for a page that only posts.
    """

    async def guarded(request: web.Request) -> web.StreamResponse:
        name = request.host.rsplit(":", 1)[0] if request.host[-1:] != "]" else request.host
        if name not in LOCAL_NAMES:
            raise web.HTTPForbidden(text="This page answers on 127.0.0.1 and localhost only.")
        if request.headers.get("Origin", f"http://{request.host}") != f"http://{request.host}":
            raise web.HTTPForbidden(text="This page answers only to itself, not to other sites.")
        return await handler(request)

    return guarded

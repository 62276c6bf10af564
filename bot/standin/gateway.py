"""The gateway, version 10: hello, identify, heartbeat, resume with replay, intents, close codes."""

import asyncio
import contextlib
import json
import time
from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Any

from aiohttp import WSMsgType, web

from bot.standin import payloads
from bot.standin.audience import heard, shaped
from bot.standin.openapi import OpenApi
from bot.standin.reading import strings
from bot.standin.sessions import Connection, Session
from bot.standin.wire import PRIVILEGED, Close, Intent, Json, Op
from bot.standin.world import World

HEARTBEAT_SECONDS = 41.25
SENDS = 120
SENDS_SECONDS = 60.0
SESSIONS = 4
"""Sessions without a socket that are remembered; more than Discord would."""

_KNOWN_INTENTS = (1 << 26) - 1
_MOST_MEMBERS = 100
FRAME_BYTES = 4096
"""The longest frame that a client may send."""
_READ_BYTES = 1024 * 1024
_OPS = frozenset(Op)
_BEFORE_IDENTIFY = frozenset({Op.HEARTBEAT, Op.IDENTIFY, Op.RESUME})


class GatewayError(Exception):
    """The client broke a rule; its socket is closed with a code."""

    def __init__(self, code: Close) -> None:
        super().__init__(code.name)
        self.code = code


class _Client:
    """One socket and the session it belongs to, once it has one."""

    def __init__(self, connection: Connection, resume_url: str) -> None:
        self.connection = connection
        self.resume_url = resume_url
        self.session: Session | None = None
        self._sent: deque[float] = deque(maxlen=SENDS)

    def count(self) -> None:
        """Refuse more frames a minute than Discord takes."""
        now = time.monotonic()
        if len(self._sent) == SENDS and now - self._sent[0] < SENDS_SECONDS:
            raise GatewayError(Close.RATE_LIMITED)
        self._sent.append(now)


class Gateway:
    """Sends the world's events to the bot, and can be told to misbehave.

    Args:
        world: What to listen to.
        heartbeat_seconds: How often the client is asked for a sign of life.
        openapi: What to check events against, or None.
        neighbours: Further guilds of the same bot.

    Attributes:
        crashes: Events that Discord would not send so: bugs of this stand-in.
        down: An HTTP status to refuse new sockets with, or None.
        hang_ups: How many of the next sockets are cut before HELLO.
        mute_heartbeats: Whether to leave heartbeats without an answer.
        identifies: The data of each IDENTIFY, in order.
        resumes: The data of each RESUME, in order.
        sessions: Sessions by id.
    """

    def __init__(
        self,
        world: World,
        *,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        openapi: OpenApi | None = None,
        neighbours: Sequence[World] = (),
    ) -> None:
        self.crashes: list[str] = []
        self._openapi = openapi
        self.down: int | None = None
        self.hang_ups = 0
        self.mute_heartbeats = False
        self.identifies: list[Json] = []
        self.resumes: list[Json] = []
        self.sessions: dict[str, Session] = {}
        self._world = world
        self._heartbeat_ms = int(heartbeat_seconds * 1000)
        self._connections: set[Connection] = set()
        self._worlds = (world, *neighbours)
        for one in self._worlds:
            one.listeners.append(partial(self._on_event, one))

    # Out

    def _on_event(self, world: World, event: str, data: Json, visible_to: str | None) -> None:
        if visible_to is None:  # ephemeral messages never reach the gateway as guild messages
            self.dispatch_of(world, event, data)

    def dispatch(self, event: str, data: Json) -> None:
        """Send an event of the first guild to every session that may hear it."""
        self.dispatch_of(self._world, event, data)

    def dispatch_of(self, world: World, event: str, data: Json) -> None:
        """Send an event of a guild to every session that may hear it."""
        for session in self.sessions.values():
            if heard(world, session.intents, event, data):
                self._send(session, event, shaped(world, session.intents, event, data))

    def _send(self, session: Session, event: str, data: Json) -> None:
        if self._openapi is not None:
            self.crashes += self._openapi.event(event, json.loads(json.dumps(data)))
        session.send(event, data)

    @property
    def connected(self) -> bool:
        """Whether a client is there, identified and listening."""
        return any(session.connection for session in self.sessions.values())

    # Faults

    async def drop(self, code: int = Close.UNKNOWN_ERROR, *, forget: bool = False) -> None:
        """Close every socket.

        Args:
            code: The close code.
            forget: Whether the sessions die too, so that they cannot be resumed.
        """
        for session in list(self.sessions.values()):
            connection, session.connection = session.connection, None
            if forget:
                del self.sessions[session.id]
            if connection is not None:
                await connection.close(code)

    def op(self, op: int, data: object = None) -> None:
        """Send a frame to every client, such as 7 (reconnect) or 9 (session invalid)."""
        for session in list(self.sessions.values()):
            if session.connection is not None:
                session.connection.put(Op(op), data)
            if op == Op.INVALID_SESSION and not data:
                session.connection = None
                del self.sessions[session.id]

    async def close(self) -> None:
        """Close every socket because the server stops."""
        for connection in list(self._connections):
            await connection.close(Close.GOING_AWAY)

    # In

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one WebSocket until it closes."""
        if self.down is not None:
            return web.Response(status=self.down, text="upstream connect error")
        socket = web.WebSocketResponse(max_msg_size=_READ_BYTES)
        await socket.prepare(request)
        if self.hang_ups:
            self.hang_ups -= 1
            if request.transport is not None:
                request.transport.abort()
            return socket
        connection = Connection(socket, compressed=request.query.get("compress") == "zlib-stream")
        client = _Client(connection, f"ws://{request.host}{request.path}")
        self._connections.add(connection)
        pump = asyncio.create_task(connection.pump())
        connection.put(Op.HELLO, {"heartbeat_interval": self._heartbeat_ms, "_trace": []})
        try:
            await self._listen(socket, client)
        finally:
            self._connections.discard(connection)
            pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pump
            self._part(client, socket.close_code)
        return socket

    async def _listen(self, socket: web.WebSocketResponse, client: _Client) -> None:
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            try:
                client.count()
                self._take(client, *_decoded(frame.data))
            except GatewayError as error:
                await client.connection.close(error.code)
                return

    def _part(self, client: _Client, code: int | None) -> None:
        session = client.session
        if session is None or session.connection not in (client.connection, None):
            return
        session.connection = None
        left = code in (Close.NORMAL, Close.GOING_AWAY) and not client.connection.closed_by_us
        if left:  # a client that says goodbye gives its session up
            self.sessions.pop(session.id, None)
        self._forget_idle()

    def _forget_idle(self) -> None:
        idle = [one for one in self.sessions.values() if one.connection is None]
        for one in idle[:-SESSIONS]:
            del self.sessions[one.id]

    def _take(self, client: _Client, op: int, data: Any) -> None:
        _require_known(op, client)
        if op == Op.HEARTBEAT:
            self._acknowledge(client)
        elif op == Op.IDENTIFY:
            self._identify(client, data)
        elif op == Op.RESUME:
            self._resume(client, data)
        elif op == Op.REQUEST_MEMBERS and client.session is not None:
            self._send(client.session, "GUILD_MEMBERS_CHUNK", self._members(data))

    def _acknowledge(self, client: _Client) -> None:
        if not self.mute_heartbeats:
            client.connection.put(Op.HEARTBEAT_ACK)

    def _intents(self, data: Json) -> Intent:
        """Return what a client asks to hear.

        Raises:
            GatewayError: It is not the bot, or may not hear that.
        """
        if data["token"] != self._world.token:
            raise GatewayError(Close.AUTHENTICATION_FAILED)
        if data["intents"] & ~_KNOWN_INTENTS:
            raise GatewayError(Close.INVALID_INTENTS)
        intents = Intent(data["intents"])
        if intents & PRIVILEGED & ~self._world.privileged:
            raise GatewayError(Close.DISALLOWED_INTENTS)
        return intents

    def _identify(self, client: _Client, data: Json) -> None:
        if client.session is not None:
            raise GatewayError(Close.ALREADY_AUTHENTICATED)
        self.identifies.append(data)
        intents = self._intents(data)
        session = client.session = Session(intents)
        session.connection = client.connection
        self.sessions[session.id] = session
        self._send(session, "READY", self._ready(session, client.resume_url))
        for world in self._joined() if intents & Intent.GUILDS else ():
            self._send(session, "GUILD_CREATE", world.guild_create())

    def _joined(self) -> list[World]:
        return [world for world in self._worlds if world.bot_id in world.members]

    def _ready(self, session: Session, resume_url: str) -> Json:
        world = self._world
        bot = {**world.users[world.bot_id], "verified": True, "email": None, "mfa_enabled": True}
        flags = payloads.application_flags(world.privileged)
        return {
            "v": 10,
            "user": bot,
            "user_settings": {},
            "guilds": [{"id": one.guild_id, "unavailable": True} for one in self._joined()],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": resume_url,
            "application": {"id": world.app_id, "flags": flags, "flags_new": str(flags)},
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "guild_join_requests": [],
            "_trace": [],
        }

    def _resume(self, client: _Client, data: Json) -> None:
        if client.session is not None:
            raise GatewayError(Close.ALREADY_AUTHENTICATED)
        self.resumes.append(data)
        session, seq = self.sessions.get(data["session_id"]), data["seq"] or 0
        if (
            session is None
            or data["token"] != self._world.token
            or not session.reaches_back_to(seq)
        ):
            client.connection.put(Op.INVALID_SESSION, data=False)
            return
        if seq > session.seq:
            raise GatewayError(Close.INVALID_SEQUENCE)
        client.session = session
        session.resume(client.connection, seq)

    def _named(self, guild_id: object) -> World:
        return next((one for one in self._worlds if one.guild_id == str(guild_id)), self._world)

    def _members(self, data: Json) -> Json:
        world, wanted = self._named(data.get("guild_id")), _users_in(data)
        start = data.get("query")
        found = [
            membership
            for user_id, membership in world.members.items()
            if user_id in wanted
            or (start is not None and membership["user"]["username"].startswith(start))
        ]
        return {
            "guild_id": world.guild_id,
            "members": found[: data.get("limit") or _MOST_MEMBERS],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": sorted(wanted - world.members.keys() - {""}),
            "nonce": data.get("nonce"),
        }


def _require_known(op: int, client: _Client) -> None:
    if op not in _OPS:
        raise GatewayError(Close.UNKNOWN_OPCODE)
    if op not in _BEFORE_IDENTIFY and client.session is None:
        raise GatewayError(Close.NOT_AUTHENTICATED)


def _users_in(data: Json) -> set[str]:
    """Return the ids of the users that are asked for, of which there may be one alone."""
    asked = data.get("user_ids")
    return set(strings(data, "user_ids")) if isinstance(asked, list) else {str(asked or "")}


def _decoded(text: str) -> tuple[int, Any]:
    if len(text.encode()) > FRAME_BYTES:
        raise GatewayError(Close.DECODE_ERROR)
    try:
        frame = json.loads(text)
        return frame["op"], frame.get("d")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GatewayError(Close.DECODE_ERROR) from error

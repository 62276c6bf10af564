"""Gateway sessions: a numbered stream of events that outlives the socket it is sent through."""

import asyncio
import json
import secrets
import zlib
from collections import deque

from aiohttp import web

from bot.standin.wire import Intent, Json, Op

REPLAYED = 5000
"""Events kept for a client that comes back."""


class Connection:
    """One socket; frames are queued and sent in order.

    Args:
        socket: The WebSocket.
        compressed: Whether to send one zlib stream in binary frames instead of text.
    """

    def __init__(self, socket: web.WebSocketResponse, *, compressed: bool) -> None:
        self._socket = socket
        self._deflate = zlib.compressobj() if compressed else None
        self._queue: asyncio.Queue[Json] = asyncio.Queue()
        self.closed_by_us = False

    def put(self, op: Op, data: object = None, *, event: str | None = None, seq: int = 0) -> None:
        """Queue a frame."""
        self._queue.put_nowait({"op": int(op), "d": data, "t": event, "s": seq or None})

    async def pump(self) -> None:
        """Send queued frames until cancelled or the socket is gone."""
        while True:
            frame = json.dumps(await self._queue.get(), separators=(",", ":"))
            try:
                await self._send(frame)
            except ConnectionError:  # the session keeps the events; the client will resume
                return

    async def _send(self, frame: str) -> None:
        if self._deflate is None:
            await self._socket.send_str(frame)
            return
        packed = self._deflate.compress(frame.encode())
        await self._socket.send_bytes(packed + self._deflate.flush(zlib.Z_SYNC_FLUSH))

    async def close(self, code: int) -> None:
        """Close the socket with a code, and wait until it is closed."""
        self.closed_by_us = True
        await self._socket.close(code=code)


class Session:
    """What one IDENTIFY began.

    Args:
        intents: What the client asked to hear.

    Attributes:
        id: What the client resumes by.
        seq: The number of the last event.
        connection: The socket, while there is one.
    """

    def __init__(self, intents: Intent) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.seq = 0
        self.connection: Connection | None = None
        self._kept: deque[tuple[int, str, Json]] = deque(maxlen=REPLAYED)

    def send(self, event: str, data: Json) -> None:
        """Number an event, keep it for a replay, and queue it if there is a socket."""
        self.seq += 1
        self._kept.append((self.seq, event, data))
        if self.connection is not None:
            self.connection.put(Op.DISPATCH, data, event=event, seq=self.seq)

    def reaches_back_to(self, seq: int) -> bool:
        """Return whether all events after a number are still kept."""
        return seq >= self.seq or bool(self._kept and self._kept[0][0] <= seq + 1)

    def resume(self, connection: Connection, seq: int) -> None:
        """Move to a new socket and send again what the client missed."""
        for number, event, data in self._kept:
            if number > seq:
                connection.put(Op.DISPATCH, data, event=event, seq=number)
        self.connection = connection
        self.send("RESUMED", {"_trace": []})

"""Readers' reports on their way to the desk: kept in the file until the desk has taken them."""

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
from standardwebhooks import Webhook

from bot.demo.paper.memory import Comment, Letter, Memory
from bot.demo.paper.newsprint import READERS, STORY

_FIRST_WAIT = 0.25
_LONGEST_WAIT = 5.0
_PATIENCE = ClientTimeout(total=15)
_ASK_AGAIN = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}

_log = logging.getLogger(__name__)


def described(memory: Memory, comment: Comment, site_url: str) -> dict[str, Any]:
    """Return a comment and its story the way the desk wants them."""
    author = READERS[comment.by]
    answered = memory.comment(comment.answers) if comment.answers else None
    story_url = f"{site_url}/story"
    return {
        "comment": {
            "id": comment.id,
            "revision": str(comment.revision),
            "text": comment.text,
            "author": {"id": author.id, "name": author.name, "since": iso(author.since)},
            "created": iso(comment.created),
            "permalink": f"{story_url}#comment-{comment.id}",
            "parent": answered and {"author": READERS[answered.by].name, "text": answered.text},
        },
        "story": {
            "id": STORY.id,
            "title": STORY.title,
            "url": story_url,
            "section": STORY.section,
            "published": iso(memory.published),
        },
    }


def iso(time: datetime) -> str:
    """Write a moment as the desk wants it."""
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class PostRoom:
    """Sends letters one after the other, the oldest first, until each is taken or refused.

    Args:
        memory: Where they wait.
        keep: Writes the memory to its file.
        intake: Where they go; asked before each attempt, since the port may come late.
        secret: What they are signed with.
    """

    def __init__(
        self,
        memory: Memory,
        *,
        keep: Callable[[], None],
        intake: Callable[[], str],
        secret: str,
    ) -> None:
        self._memory = memory
        self._keep = keep
        self._intake = intake
        self._signer = Webhook(secret)
        self._called = asyncio.Event()
        self._empty = asyncio.Event()
        self.refused: list[str] = []
        """What the desk said to letters that it will never take."""

    def call(self) -> None:
        """Say that there is a letter."""
        self._empty.clear()
        self._called.set()

    async def emptied(self) -> None:
        """Return once every letter so far is taken or refused."""
        if self._memory.letters:
            await self._empty.wait()

    async def work(self) -> None:
        """Send letters for ever."""
        wait = _FIRST_WAIT
        async with ClientSession(timeout=_PATIENCE) as session:
            while True:
                self._called.clear()
                if not self._memory.letters:
                    self._empty.set()
                    await self._called.wait()
                    continue
                if await self._send(session, self._memory.letters[0]):
                    del self._memory.letters[0]
                    self._keep()
                    wait = _FIRST_WAIT
                else:
                    await asyncio.sleep(wait)
                    wait = min(wait * 2, _LONGEST_WAIT)

    async def _send(self, session: ClientSession, letter: Letter) -> bool:
        """Make one attempt; true if there is no need for another."""
        now = datetime.now(UTC)
        text = json.dumps(letter.body)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": letter.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(msg_id=letter.id, timestamp=now, data=text),
        }
        try:
            async with session.post(self._intake(), data=text.encode(), headers=headers) as answer:
                status, said = answer.status, await answer.text()
        except (TimeoutError, ClientError, OSError):
            return False
        if status in _ASK_AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return False
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            self.refused.append(said)
            _log.warning("the desk refused report %s (%d): %s", letter.id, status, said[:500])
        return True

"""The paper as a whole: its pages, its post room, and the desk's way in."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from aiohttp import web
from pydantic import ValidationError
from standardwebhooks import Webhook, WebhookVerificationError

from bot.demo.paper.memory import Comment, Letter, keep, recall
from bot.demo.paper.newsprint import SEEDED
from bot.demo.paper.orders import Order, as_it_stands, is_of_another_text, obey, state
from bot.demo.paper.pages import BURST, HERE, Pages
from bot.demo.paper.reporting import PostRoom, described, iso
from bot.domain.policy import Policy
from bot.domain.readers.ticket import write_ticket
from bot.ports import Clock

FILE = "paper.json"

_MOSTLY = ("3", "3", "3", "3", "5", "5", "5", "9", "10", "4")
"""Which comments a burst of reports falls on, in turn."""
_REASONS = {"3": ("harassment", "harassment", "threats"), "5": ("court", "hate")}


class Paper:
    """The Colne Courier. Add it to an application before that starts.

    `site_url`, `intake_url` and `readers_url`, the address of the desk's pages for readers, may be
    set after that, once the ports are known. `down` makes the
    paper fail on purpose when the desk calls: `True` hangs up, and a status is answered without
    obeying, so that 200 makes it a site that says yes and does nothing.

    Args:
        folder: Where ``paper.json`` is kept.
        policy: The house rules, which are the reasons of reports.
        clock: The time now.
        site: The name under which the desk knows the paper.
        site_url: Where readers find the paper, without a slash at the end.
        intake_url: Where the desk takes reports (``.../v1/reports``).
        intake_secret: What reports are signed with.
        desk_secret: What the desk signs its orders with.

    Raises:
        MemoryDamaged: ``paper.json`` cannot be read.
    """

    def __init__(  # noqa: PLR0913 - each is something only the demo knows
        self,
        *,
        folder: Path,
        policy: Policy,
        clock: Clock,
        site: str,
        site_url: str,
        intake_url: str,
        intake_secret: str,
        desk_secret: str,
    ) -> None:
        self.policy = policy
        self.clock = clock
        self.site_url = site_url
        self.intake_url = intake_url
        self.readers_url = ""
        self.down: bool | int = False
        self.site = site
        self._secret = intake_secret
        self._path = folder / FILE
        self._desk = Webhook(desk_secret)
        self.memory = recall(self._path, clock())
        self.keep()
        self._post_room = PostRoom(
            self.memory, keep=self.keep, intake=lambda: self.intake_url, secret=intake_secret
        )

    @property
    def refused(self) -> list[str]:
        """What the desk answered to reports that it will never take; empty if all is well."""
        return self._post_room.refused

    def add_to(self, app: web.Application) -> None:
        """Add the paper's pages, the desk's way in, and the post room that works meanwhile."""
        app.router.add_routes(Pages(self).routes())
        app.router.add_post("/paper/desk", self._ordered)
        app.router.add_static("/paper/static", HERE / "static")
        app.cleanup_ctx.append(self._working)

    def keep(self) -> None:
        """Write what is remembered to the file."""
        keep(self.memory, self._path)

    def report(self, comment_id: str, reporter: str, reason: str, note: str | None = None) -> None:
        """Let a reader report a comment; it is sent at once, or when the desk is back.

        Args:
            comment_id: As the story numbers them, from ``"1"``.
            reporter: Any name that stands for one reader.
            reason: A house rule's code.
            note: The reader's own words.

        Raises:
            ValueError: There is no such comment or rule.
        """
        self._write(comment_id, reporter, reason, note)
        self.keep()
        self._post_room.call()

    def seed(self) -> None:
        """Let the first few reports come in, once in the paper's life."""
        if self.memory.seeded:
            return
        for comment_id, reporter, reason, note in SEEDED:
            self._write(comment_id, reporter, self._known(reason), note)
        self.memory.seeded = True
        self.keep()
        self._post_room.call()

    def burst(self, readers: int = BURST) -> None:
        """Let many readers report the story at once, most of them two of its comments."""
        crowd = uuid.uuid4().hex[:8]
        for turn in range(readers):
            comment_id = _MOSTLY[turn % len(_MOSTLY)]
            reasons = _REASONS.get(comment_id, ("spam", "abuse"))
            reason = self._known(reasons[turn % len(reasons)])
            self._write(comment_id, f"reader-{crowd}-{turn + 1}", reason, None)
        self.keep()
        self._post_room.call()

    def ticket(self, comment: Comment, reader: str) -> str:
        """Return a comment as the paper vouches for it, on a page that this reader sees."""
        content = {
            "site": self.site,
            **described(self.memory, comment, self.site_url),
            "reader": reader,
            "as_of": iso(self.clock()),
        }
        return write_ticket(content, self._secret)

    async def all_sent(self) -> None:
        """Return once the desk has taken or refused every report so far."""
        await self._post_room.emptied()

    def _write(self, comment_id: str, reporter: str, reason: str, note: str | None) -> None:
        comment = self.memory.comment(comment_id)
        if comment is None or reason not in self.policy.by_code:
            raise ValueError(f"there is no comment {comment_id} or no rule {reason}")
        body = {
            "site": self.site,
            **described(self.memory, comment, self.site_url),
            "reporter": reporter,
            "reason": reason,
            "note": note,
            "at": iso(self.clock()),
        }
        self.memory.letters.append(Letter(id=f"report-{uuid.uuid4().hex}", body=body))

    def _known(self, reason: str) -> str:
        """Return the reason, or the first rule where a newsroom's own policy has no such code."""
        return reason if reason in self.policy.by_code else self.policy.rules[0].code

    async def _working(self, _app: web.Application) -> AsyncIterator[None]:
        work = asyncio.create_task(self._post_room.work(), name="the paper's post room")
        yield
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work

    def _read(self, raw: bytes, headers: Mapping[str, str]) -> Order | web.Response:
        """Return the desk's order, or what to answer to what is none."""
        try:
            self._desk.verify(raw, dict(headers), json_parse=False)
        except (WebhookVerificationError, ValueError):
            return web.json_response({"error": "The signature is not the desk's."}, status=401)
        try:
            return Order.model_validate_json(raw)
        except ValidationError:
            return web.json_response({"error": "This is not an order."}, status=400)

    async def _ordered(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        if self.down is True:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=503)
        order = self._read(raw, request.headers)
        if isinstance(order, web.Response):
            return order
        comment = self.memory.comment(order.data.comment.id)
        if comment is None:
            return web.json_response({"comment": None}, status=404)
        now, key = self.clock(), request.headers["webhook-id"]
        if not self.down and key not in self.memory.orders:
            if is_of_another_text(order, comment):
                return web.json_response(as_it_stands(comment), status=409)
            obey(self.memory, order, comment, now)
            self.memory.obeyed(key)
            self.keep()
        return web.json_response(state(self.memory, comment, now), status=self.down or 200)

"""A desk with readers' pages over real sockets, and a page of a site that uses the form."""

import hashlib
import json
import socket
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any

from aiohttp import web

from bot.domain.ids import SiteId
from bot.domain.readers.site import PublicSite
from bot.domain.readers.ticket import write_ticket
from bot.domain.site import SiteKeys
from bot.web.public.app import make_public_app
from bot.web.public.front import Budget, Front
from tests.services.desks import Bench

SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
SALT = b"a salt of the courier's own"


def content(comment: str = "c1", text: str = "You are all bought.", **more: Any) -> dict[str, Any]:
    """Return what a ticket of the courier says."""
    return {
        "site": "courier",
        "comment": {
            "id": comment,
            "text": text,
            "author": {"id": "a1", "name": "salty_dog"},
            "permalink": f"https://courier.example/s1#comment-{comment}",
        },
        "story": {"id": "s1", "title": "Raids", "url": "https://courier.example/s1"},
        **more,
    }


def ticket(comment: str = "c1", **more: Any) -> str:
    """Return a ticket of the courier."""
    return write_ticket(content(comment, **more), SECRET)


@dataclass
class Seconds:
    """Seconds that pass when a test says so."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Readers:
    """The pages, where they are, and the page of the site."""

    bench: Bench
    url: str = ""
    story: str = ""
    seconds: Seconds = field(default_factory=Seconds)
    comments: dict[str, str] = field(default_factory=lambda: {"c1": ticket()})

    async def story_page(self, request: web.Request) -> web.Response:
        """Return a story as a site would print it: one script tag, and one attribute a comment."""
        comments = "".join(
            f'<article id="comment-{name}"><p>A comment</p>'
            f'<form method="post" action="{self.url}/report/courier">'
            f'<button name="ticket" value="{escape(one)}" data-report>Report this comment</button>'
            "</form></article>"
            for name, one in self.comments.items()
        )
        html = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Raids</title>'
            '<meta name="viewport" content="width=device-width">'
            f'<script defer src="{self.url}/report.js" data-site="courier" '
            f'data-lang="{escape(request.query.get("lang", ""))}"></script></head>'
            f"<body><main><h1>Raids</h1>{comments}</main></body></html>"
        )
        return web.Response(text=html, content_type="text/html")


@asynccontextmanager
async def _served(app: web.Application) -> AsyncGenerator[str]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def open_readers(
    bench: Bench,
    *,
    origins: Iterable[str] = (),
    secret: str = SECRET,
    log_in: bool = False,
    **how: Any,
) -> AsyncGenerator[Readers]:
    """Serve both; `origins` may use the form as well, and `how` is passed on to the front."""
    readers = Readers(bench)
    pages = web.Application()
    pages.router.add_get("/s1", readers.story_page)
    async with _served(pages) as story:
        readers.story = f"{story}/s1"
        # The pages need their address before they are served.
        door = socket.create_server(("127.0.0.1", 0))
        readers.url = f"http://127.0.0.1:{door.getsockname()[1]}"
        site = PublicSite(
            id=SiteId("courier"),
            keys=SiteKeys(secrets=(secret,), salt=SALT),
            origins=frozenset({story, *origins}),
            rules_url="https://courier.example/rules",
            log_in=log_in,
        )
        front = Front(
            desk=bench.desk,
            sites={site.id: site},
            url=readers.url,
            languages=("en", "cy"),
            budget=Budget.by(readers.seconds),
            **how,
        )
        app = web.AppRunner(make_public_app(front), access_log=None)
        await app.setup()
        try:
            await web.SockSite(app, door).start()
            yield readers
        finally:
            await app.cleanup()


def reader(name: str) -> str:
    """Return what the component keeps in a browser; `name` tells one from another."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def body(**changes: object) -> Mapping[str, object]:
    """Return what the component sends."""
    return {
        "ticket": ticket(),
        "reason": "harassment",
        "note": "",
        "reader": reader("r1"),
        **changes,
    }


def as_json(fields: Mapping[str, object]) -> bytes:
    """Return fields as the component writes them."""
    return json.dumps(fields).encode()

"""The pages that readers see and the forms they send; all work without JavaScript."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.demo.paper import words
from bot.demo.paper.memory import Comment, Memory, reader
from bot.demo.paper.newsprint import MOST_READ, READERS, ROBIN, STORY, Reader
from bot.domain.policy import Policy, Rule
from bot.ports import Clock

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HERE = Path(__file__).parent
LONGEST_COMMENT = 2_000
BURST = 30

_COOKIE = "courier_reader"
_HEADERS = {
    "Cache-Control": "no-store",
    # Anything stricter makes browsers send forms with the origin "null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class Newsroom(Protocol):
    """What the pages ask of the paper."""

    memory: Memory
    policy: Policy
    clock: Clock
    down: bool | int
    site: str
    readers_url: str

    def keep(self) -> None:
        """Write the memory to its file."""
        ...

    def ticket(self, comment: Comment, reader: str) -> str:
        """Return a comment as the paper vouches for it to the desk."""
        ...

    def burst(self, readers: int = BURST) -> None:
        """Let many readers report the story at once."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Which form is open on the page, with what was entered and what was wrong with it."""

    form: str = ""
    comment: str = ""
    error: str = ""
    draft: Mapping[str, str] = field(default_factory=dict[str, str])
    status: HTTPStatus = HTTPStatus.OK


class Pages:
    """Handlers of the paper's pages."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(day=words.day, moment=words.moment)

    def routes(self) -> list[web.RouteDef]:
        """Return the paths and what answers them."""
        comment = "/story/comments/{id}"
        return [
            web.get("/", _guarded(self.front)),
            web.get("/story", _guarded(self.story)),
            web.post("/story/comments", _guarded(self.post_comment)),
            web.get(comment + "/edit", _guarded(self.edit_form)),
            web.post(comment + "/edit", _guarded(self.post_edit)),
            web.post("/story/reading-as", _guarded(self.read_as)),
            web.post("/paper/demo", _guarded(self.demo)),
            web.get("/paper/version", _guarded(self.version)),
        ]

    async def front(self, _request: web.Request) -> web.Response:
        """Lead to the story, the only one there is."""
        return _see("/story")

    async def story(self, request: web.Request) -> web.Response:
        """Show the story and its comments."""
        return self._page(request, Open())

    async def version(self, _request: web.Request) -> web.Response:
        """Tell whether anything changed since a page was drawn."""
        return web.json_response({"version": self._newsroom.memory.version})

    async def read_as(self, request: web.Request) -> web.Response:
        """Change who is reading."""
        form = await request.post()
        answer = _see("/story#comments")
        answer.set_cookie(
            _COOKIE,
            reader(str(form.get("reader")), ROBIN).id,
            httponly=True,
            samesite="Lax",
            max_age=30 * 86_400,
        )
        return answer

    async def demo(self, request: web.Request) -> web.Response:
        """Do what the demo's panel offers."""
        match (await request.post()).get("do"):
            case "stop":
                self._newsroom.down = True
            case "start":
                self._newsroom.down = False
            case "burst":
                self._newsroom.burst()
            case "checked":
                memory = self._newsroom.memory
                memory.tells_checked = not memory.tells_checked
                self._newsroom.keep()
            case _:
                raise web.HTTPBadRequest
        return _see("/story#demo")

    async def post_comment(self, request: web.Request) -> web.Response:
        """Put a comment under the story."""
        text = _text(await request.post(), "text")
        who = _reader(request)
        memory, now = self._newsroom.memory, self._newsroom.clock()
        if memory.ban(who.id, now):
            return self._page(request, Open(form="write", status=HTTPStatus.FORBIDDEN))
        if error := _unfit(text):
            return self._page(request, _wrong("write", "", error, {"text": text}))
        new = Comment(id=str(len(memory.comments) + 1), by=who.id, text=text, created=now)
        memory.comments.append(new)
        self._newsroom.keep()
        return _see(f"/story#comment-{new.id}")

    async def edit_form(self, request: web.Request) -> web.Response:
        """Show the story with a reader's own comment in a form."""
        comment = self._own(request)
        return self._page(
            request, Open(form="edit", comment=comment.id, draft={"text": comment.text})
        )

    async def post_edit(self, request: web.Request) -> web.Response:
        """Change the text of a reader's own comment."""
        comment = self._own(request)
        text = _text(await request.post(), "text")
        if error := _unfit(text):
            return self._page(request, _wrong("edit", comment.id, error, {"text": text}))
        if text != comment.text:
            comment.text, comment.kept = text, None
            comment.revision, comment.edited = comment.revision + 1, self._newsroom.clock()
            self._newsroom.keep()
        return _see(f"/story#comment-{comment.id}")

    def _shown(self, request: web.Request) -> Comment:
        comment = self._newsroom.memory.comment(request.match_info["id"])
        if comment is None or comment.hidden:
            raise web.HTTPSeeOther("/story#comments")
        return comment

    def _own(self, request: web.Request) -> Comment:
        comment, who = self._shown(request), _reader(request)
        banned = self._newsroom.memory.ban(who.id, self._newsroom.clock())
        if comment.by != who.id or banned:
            raise web.HTTPSeeOther(f"/story#comment-{comment.id}")
        return comment

    def _page(self, request: web.Request, opened: Open) -> web.Response:
        memory, now, who = self._newsroom.memory, self._newsroom.clock(), _reader(request)
        html = self._templates.get_template("story.html").render(
            story=STORY,
            published=memory.published,
            now=now,
            most_read=MOST_READ,
            rules=sorted(self._newsroom.policy.rules, key=_number),
            threads=_threads(memory),
            count=sum(1 for comment in memory.comments if not comment.hidden),
            readers=READERS,
            reader=who,
            ban=memory.ban(who.id, now),
            version=memory.version,
            down=self._newsroom.down,
            tells_checked=memory.tells_checked,
            site=self._newsroom.site,
            readers_url=self._newsroom.readers_url,
            ticket=self._newsroom.ticket,
            open=opened,
            most_text=LONGEST_COMMENT,
            burst=BURST,
        )
        headers = {"Content-Security-Policy": _policy(self._newsroom.readers_url)}
        return web.Response(
            text=html, content_type="text/html", status=opened.status, headers=headers
        )


def _policy(readers_url: str) -> str:
    """Return what a page may load: its own things, and the desk's form for readers."""
    return (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        f"script-src 'self' {readers_url}; connect-src 'self' {readers_url}; "
        f"form-action 'self' {readers_url}; base-uri 'none'; frame-ancestors 'self'"
    )


def _threads(memory: Memory) -> list[tuple[Comment, list[Comment]]]:
    """Return the comments that answer nobody, each with those that answer it."""
    return [
        (first, [one for one in memory.comments if one.answers == first.id])
        for first in memory.comments
        if first.answers is None
    ]


def _number(rule: Rule) -> int:
    return rule.number


def _reader(request: web.Request) -> Reader:
    return reader(request.cookies.get(_COOKIE), ROBIN)


def _text(form: Mapping[str, Any], name: str) -> str:
    value = form.get(name, "")
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def _unfit(text: str) -> str | None:
    if not text:
        return words.NO_TEXT
    return words.TOO_LONG.format(length=len(text)) if len(text) > LONGEST_COMMENT else None


def _wrong(form: str, comment: str, error: str, draft: Mapping[str, str]) -> Open:
    return Open(
        form=form,
        comment=comment,
        error=error,
        draft=draft,
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
    )


def _see(place: str) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": place})


def _guarded(handler: Handler) -> Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        if request.method == "POST" and not _from_here(request):
            raise web.HTTPForbidden(text=words.ELSEWHERE)
        answer = await handler(request)
        answer.headers.update(_HEADERS)
        return answer

    return guarded


def _from_here(request: web.Request) -> bool:
    """Whether a form was sent from one of our own pages, or by something that is no browser."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}
    return urlsplit(origin).netloc == request.host

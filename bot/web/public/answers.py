"""How every answer of the readers' pages leaves: what a browser may do with it, and no more."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.domain.readers.report import shown
from bot.web.public.words import Language, language

HERE: Final = Path(__file__).parent

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

FOR_EVER: Final = "public, max-age=31536000, immutable"


def _hashed(name: str) -> tuple[str, bytes]:
    content = (HERE / "static" / name).read_bytes()
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{sha256(content).hexdigest()[:12]}.{ending}", content


SCRIPT_NAME, SCRIPT = _hashed("report.js")
STYLE_NAME, STYLE = _hashed("public.css")

_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    # They change with the program only; looking for that is four looks at the disk a page.
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["reference"] = shown


def page(
    template: str, said: Language, root: str, *, status: int = HTTPStatus.OK, **facts: Any
) -> web.Response:
    """Return a page in a language; `root` is the path that all pages stand under."""
    html = _html(template, said, root, **facts)
    return web.Response(
        text=html, status=status, content_type="text/html", charset="utf-8", headers=HEADERS
    )


def _html(template: str, said: Language, root: str, **facts: Any) -> str:
    return _TEMPLATES.get_template(template).render(
        said=said, root=root, style=f"{root}/{STYLE_NAME}", **facts
    )


def message(
    said: Language, root: str, status: int, name: str, *, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Return a page that says one thing, as `name` of the language's pages."""
    html = _message(said.code, root, name)
    answer = web.Response(text=html, status=status, content_type="text/html", charset="utf-8")
    answer.headers.update({**HEADERS, **(headers or {})})
    return answer


@cache
def _message(code: str, root: str, name: str) -> str:
    """Return such a page once and for all: in a flood most answers are the same one."""
    said, titles = language(code), {"not_found": "not_found_title", "busy": "busy_title"}
    title = said.page[titles.get(name, "bad_title")]
    return _html("message.html", said, root, title=title, words=said.page[name])

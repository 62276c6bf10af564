"""A real Isso, which nobody may decide for: the form under its comments, and cards with a link."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from config.settings import PublicSettings
from tests.journey.newsroom import Newsroom
from tests.platforms.conftest import Note
from tests.platforms.isso import _HOME, VERSION, RealIsso, running_isso
from tests.platforms.journey import NAME, Trial, add_site, case_of
from tests.support.machine import megabytes
from tests.support.ports import kept_port

pytestmark = pytest.mark.timeout(900)

STORY = "/raids/"
SECRET = "whsec_" + "dHJpYWwtc2VjcmV0LWZvci10aGUtam91cm5leS0wMQ=="
DOCS = Path(__file__).parents[2] / "docs" / "sites.md"


def button_at(desk: str) -> Callable[[dict[str, Any], dict[str, Any]], str]:
    """Return the program of docs/sites.md that prints the button under a comment."""
    code = DOCS.read_text().split("## The form, in ten lines")[1].split("```python\n")[1]
    code = code.split("```")[0].replace("https://reports.courier.example", desk)
    code = code.replace('"courier", "whsec_..."', f'"{NAME}", "{SECRET}"')
    names: dict[str, Any] = {}
    exec(compile(code, str(DOCS), "exec"), names)  # noqa: S102 - what the page says is what is tried
    return names["button"]


@pytest.fixture
async def paper() -> AsyncGenerator[tuple[TestServer, dict[str, str]]]:
    """A paper with one story, whose page somebody writes."""
    pages: dict[str, str] = {}

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=pages[request.path], content_type="text/html")

    app = web.Application()
    app.router.add_get("/{path:.*}", page)
    async with TestServer(app) as server:
        yield server, pages


async def test_a_comment_at_a_real_isso_becomes_a_card_that_leads_there(
    quiet_newsroom: Newsroom, paper: tuple[TestServer, dict[str, str]], note: Note
):
    server, pages = paper
    origin = str(server.make_url("")).rstrip("/")
    with kept_port() as port:
        desk = f"http://127.0.0.1:{port}"
        quiet_newsroom.public = PublicSettings(url=desk, port=port, behind_proxy=False)
        trial = Trial(
            kind="link",
            settings={"url": origin, "secrets": [SECRET], "origins": [origin]},
            report=asyncio.Event().wait,  # reports come by the form
        )
        add_site(quiet_newsroom, trial)
        await quiet_newsroom.start()
        opened = running_isso(origin)
        isso = await asyncio.to_thread(opened.__enter__)
        try:
            pages[STORY] = await asyncio.to_thread(_page, isso, button_at(desk), origin)
            await _report(quiet_newsroom, desk, f"{origin}{STORY}")
            await _decide(quiet_newsroom, f"{origin}{STORY}#isso-1")
        finally:
            await asyncio.to_thread(opened.__exit__, None, None, None)
    note("isso", VERSION, ["tells of reports at once"], megabytes(_HOME))


def _page(isso: RealIsso, button: Callable[..., str], origin: str) -> str:
    """Return the story's page, with what Isso has under it."""
    isso.write(STORY, "You are **all** bought & sold.", "salty_dog")
    story = {"id": STORY, "title": "Three charged after Colchester raids", "url": origin + STORY}
    shown = ""
    for one in isso.comments(STORY):
        comment = {
            "id": str(one["id"]),
            "html": one["text"],
            "author": {"id": one["hash"], "name": one["author"]},
            "permalink": f"{origin}{STORY}#isso-{one['id']}",
        }
        shown += f'<article id="isso-{one["id"]}">{one["text"]}{button(comment, story)}</article>'
    return f"<!doctype html><title>{escape(story['title'])}</title>{shown}"


async def _report(newsroom: Newsroom, desk: str, page: str) -> None:
    """Report the comment as a reader without scripts does, by what the page has."""
    async with newsroom.http.get(page) as answer:
        form = re.search(
            r'action="([^"]+)"><button name="ticket" value="([^"]+)"', await answer.text()
        )
    assert form is not None
    fields = {"ticket": unescape(form[2])}
    async with newsroom.http.post(form[1], data=fields) as answer:
        assert "You are all bought &amp; sold." in await answer.text()
    fields |= {"reason": "hate", "note": "Look at it.", "lang": "en"}
    async with newsroom.http.post(f"{desk}/report/{NAME}/send", data=fields) as answer:
        assert answer.status == 200
        assert "Your report has reached our moderators." in await answer.text()


async def _decide(newsroom: Newsroom, link: str) -> None:
    case = (await case_of(newsroom)).id
    card = await newsroom.card(case)
    assert "You are all bought & sold." in card.text
    assert link in card.text
    assert not [label for label in card.labels if label.startswith(("Hide", "Ban"))]
    await newsroom.sandbox.as_user("ana").press(card, "Keep")
    await newsroom.card(case, "Kept")

"""A reader with a browser without scripts, and the desk's door behind the plugin."""

import asyncio
import html
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, CookieJar

from tests.contract.paper.newsstand import INTAKE_SECRET, Intake, open_intake
from tests.contract.wordpress.real import RealWordPress


@dataclass
class Reader:
    """Somebody who reads the site; every call lets the desk's door work meanwhile."""

    site: RealWordPress
    session: ClientSession
    intake: Intake
    secret: str = INTAKE_SECRET

    async def get(self, path: str) -> tuple[int, str]:
        async with self.session.get(self.site.url + path) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, **form: str) -> tuple[int, str, str]:
        """Send a form; returns the status, the page, and the address where that led."""
        async with self.session.post(self.site.url + path, data=form) as answer:
            return answer.status, await answer.text(), str(answer.url)

    async def form(self, story: str, comment: str) -> str:
        status, page = await self.get(f"/?p={story}&comment_desk_report={comment}")
        assert status == 200
        return page

    async def report(self, story: str, comment: str, **changes: str) -> tuple[int, str, str]:
        """Fill in the form as it is printed, and send it."""
        page = await self.form(story, comment)
        fields = hidden(page) | {"comment_desk_reason": "harassment", "comment_desk_note": ""}
        return await self.post(action(page).removeprefix(self.site.url), **(fields | changes))

    async def comment(self, story: str, text: str, **who: str) -> tuple[int, str]:
        """Write a comment with the theme's own form."""
        form = {"comment_post_ID": story, "comment_parent": "0", "comment": text} | who
        status, page, _ = await self.post("/wp-comments-post.php", **form)
        return status, page

    async def log_in(self, name: str) -> None:
        await self.get("/wp-login.php")
        form = {"log": name, "pwd": f"{name}-password", "testcookie": "1"}
        status, _, url = await self.post("/wp-login.php", **form)
        assert status == 200
        assert "wp-login" not in url

    async def php(self, code: str, **given: Any) -> Any:
        """Run PHP inside the site while the desk's door stays open."""
        return await asyncio.to_thread(self.site.php, code, **given)

    async def send_due(self) -> None:
        """Do what WordPress' timer does."""
        await self.php("return CommentDesk\\send_due();")


def basic(login: str, password: str) -> dict[str, str]:
    """Return the header of a program that comes with an application password."""
    return {"Authorization": "Basic " + b64encode(f"{login}:{password}".encode()).decode()}


def action(page: str) -> str:
    """Return where the report form is sent."""
    found = re.search(r'<form class="comment-desk-form"[^>]* action="([^"]*)"', page)
    assert found, "there is no form"
    return html.unescape(found[1])


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of the report form."""
    form = re.search(r'<form class="comment-desk-form".*?</form>', page, re.DOTALL)
    assert form, "there is no form"
    fields = re.findall(r'<input type="hidden"[^>]*>', form[0])
    return {
        html.unescape(re.search(r'name="([^"]*)"', field)[1]): html.unescape(
            re.search(r'value="([^"]*)"', field)[1]
        )
        for field in fields
    }


@asynccontextmanager
async def reading(site: RealWordPress, /, **settings: Any) -> AsyncIterator[Reader]:
    """Open the desk's door and fill in the plugin's settings with it."""
    async with AsyncExitStack() as stack:
        intake = await open_intake(stack)
        reset = """
            global $wpdb;
            $wpdb->query( 'TRUNCATE ' . CommentDesk\\table() );
            $wpdb->query( "DELETE FROM {$wpdb->options} WHERE option_name LIKE '%comment_desk_n_%' OR option_name LIKE 'comment_desk_ban_%' OR option_name IN ( 'comment_desk_trouble', 'comment_desk_rules' )" );
            wp_cache_flush();
            return true;
        """
        await asyncio.to_thread(site.php, reset)
        values = {
            "url": intake.url.removesuffix("/v1/reports"),
            "site": "courier",
            "secrets": INTAKE_SECRET,
        }
        await asyncio.to_thread(site.set_up, **(values | settings))
        session = await stack.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True)))
        yield Reader(site, session, intake)

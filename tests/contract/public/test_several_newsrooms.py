"""Readers' pages of two newsrooms: what one gave out opens nothing at the other.

All is alike in both, from the site's name to the numbers, but the secrets: so only they can tell.
"""

import contextlib
import socket
import sqlite3
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web

from bot.domain.decisions import Action
from bot.domain.ids import CaseId, SiteId
from bot.domain.readers.ticket import write_ticket
from bot.services.readers.notice_case import seek
from bot.services.readers.report import file_report
from bot.services.readers.statement import hash_of, secret_of
from bot.store.sqlite import open_store
from bot.web.listening import CannotListen
from bot.web.public.app import make_public_app
from bot.web.public.front import Front
from bot.web.readers_pages import readers_pages
from tests.contract.public.readers import SECRET, Readers, as_json, body, content, open_readers
from tests.contract.public.test_notices import FIELDS
from tests.services.desks import Bench
from tests.support.databases import sqlite_only
from tests.support.fresh import new_desk

pytestmark = sqlite_only  # each title's own file is what is looked into

THEIRS = "whsec_" + "VGhpcyBpcyB0aGUgSGVyYWxkJ3Mgc2VjcmV0LiE="
CASE = CaseId(1)
KINDS = ("receipt", "notice", "statement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """One title's pages, and what it gave out to its own readers."""

    readers: Readers
    secret: str
    words: str
    given: dict[str, str]

    def ticket(self) -> str:
        return write_ticket(content(text=self.words), self.secret)


async def give_out(readers: Readers, http: ClientSession, secret: str, words: str) -> Title:
    """Have a comment reported, noticed and hidden, and return every secret that is known of it."""
    bench = readers.bench
    filed = await file_report(bench.desk, bench.report(text=words), "en")
    url = f"{readers.url}/notices/data"
    async with http.post(url, data=FIELDS["data"], allow_redirects=False) as answer:
        assert answer.status == 303
        notice = answer.headers["Location"].rpartition("/")[2].partition("?")[0]
    await seek(bench.desk, {})
    made = await bench.decide(CASE, Action.HIDE, rule=4)
    stated = secret_of(secret.encode(), SiteId("courier"), made)
    await bench.store.write(lambda tx: tx.contests.state(made.id, hash_of(stated), bench.clock()))
    given = dict(zip(KINDS, (filed.secret, notice, stated), strict=True))
    return Title(readers=readers, secret=secret, words=words, given=given)


@pytest.fixture
async def both(tmp_path: Path, http: ClientSession) -> AsyncGenerator[tuple[Title, Title]]:
    async with (
        open_store(new_desk(tmp_path / "desk.db")) as ours,
        open_store(new_desk(tmp_path / "desk-herald.db")) as theirs,
        open_readers(Bench(ours)) as first,
        open_readers(Bench(theirs), secret=THEIRS) as second,
    ):
        yield (
            await give_out(first, http, SECRET, "Sold, all of you."),
            await give_out(second, http, THEIRS, "Our ferry is late."),
        )


def behind_secrets(readers: Readers) -> list[tuple[str, str]]:
    """Return every path with a secret in it and how it is asked, from the pages themselves."""
    front = Front(desk=readers.bench.desk, sites={}, url=readers.url, languages=("en",))
    routes = make_public_app(front).router.routes()
    found = [
        (one.method, one.resource.canonical)
        for one in routes
        if isinstance(one, web.AbstractRoute) and one.resource is not None and one.method != "*"
    ]
    return [one for one in found if "{secret}" in one[1]]


async def asked(
    http: ClientSession, method: str, url: str, fields: dict[str, str]
) -> tuple[int, str]:
    data = fields if method == "POST" else None
    async with http.request(method, url, data=data, allow_redirects=False) as answer:
        return answer.status, await answer.text()


async def sent_by_form(
    http: ClientSession, title: Title, ticket: str
) -> tuple[int, dict[str, Any]]:
    """Send a report as the component does on a page of the title's own."""
    headers = {
        "Content-Type": "application/json",
        "Origin": title.readers.story.removesuffix("/s1"),
    }
    url = f"{title.readers.url}/v1/sites/courier/reports"
    async with http.post(url, data=as_json(body(ticket=ticket)), headers=headers) as answer:
        return answer.status, await answer.json()


def rows(title: Title) -> dict[str, list[Any]]:
    """Return all that a title's record holds."""
    with contextlib.closing(sqlite3.connect(title.readers.bench.store.path)) as base:
        named = base.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        names = [one for (one,) in named if "_fts" not in one and not one.startswith("sqlite_")]
        return {
            one: base.execute(f"SELECT * FROM {one}").fetchall()  # noqa: S608 - its own names
            for one in names
        }


@pytest.mark.parametrize("kind", KINDS)
async def test_what_one_title_gave_out_is_as_unknown_to_the_other_as_any_word(
    both: tuple[Title, Title], http: ClientSession, kind: str
):
    doors = behind_secrets(both[0].readers)
    assert len(doors) > 15
    for here, there in (both, both[::-1]):
        before = rows(there), rows(here)
        known, unknown = here.given[kind], "A" * len(here.given[kind])
        fields = {"why": "I object.", "note": "More.", "email": "jane@example.org", "text": "x"}
        opened = 0
        for method, path in doors:
            there.readers.seconds.now += 60  # nobody is too quick
            url = f"{there.readers.url}{path}"
            met = await asked(http, method, url.replace("{secret}", known), fields)
            assert met == await asked(http, method, url.replace("{secret}", unknown), fields), path
            assert met[0] == 404, path
            own = f"{here.readers.url}{path}".replace("{secret}", known)
            if method == "GET":
                here.readers.seconds.now += 60
                opened += (await asked(http, method, own, {}))[0] == 200
        assert opened, "at home it opens"
        assert (rows(there), rows(here)) == before


async def test_a_ticket_of_one_title_files_no_report_with_the_other(
    both: tuple[Title, Title], http: ClientSession
):
    for here, there in (both, both[::-1]):
        before = rows(there)
        status, said = await sent_by_form(http, there, here.ticket())
        assert (status, said["field"]) == (422, "ticket")
        for path in ("/report/courier", "/report/courier/send"):
            fields = {"ticket": here.ticket(), "reason": "harassment"}
            status, page = await asked(http, "POST", there.readers.url + path, fields)
            assert status == 422
            assert here.words not in page
        assert rows(there) == before


async def test_a_page_of_one_title_may_not_use_the_others_form(
    both: tuple[Title, Title], http: ClientSession
):
    for here, there in (both, both[::-1]):
        origin = {"Origin": here.readers.story.removesuffix("/s1")}
        for method, path in (("GET", "form"), ("OPTIONS", "form"), ("POST", "reports")):
            url = f"{there.readers.url}/v1/sites/courier/{path}"
            sent = as_json(body(ticket=there.ticket())) if method == "POST" else None
            async with http.request(method, url, headers=origin, data=sent) as answer:
                assert answer.status == 403, path


async def test_the_same_reader_has_a_report_and_a_way_back_at_each(
    both: tuple[Title, Title], http: ClientSession
):
    ways = list[str]()
    for title in both:
        status, told = await sent_by_form(http, title, title.ticket())
        assert status == 201, told
        ways.append(told["url"])
    assert len(set(ways)) == 2
    for title, way in zip(both, ways, strict=True):
        assert way.startswith(title.readers.url)
        status, _ = await asked(http, "GET", way, {})
        assert status == 200


@pytest.mark.parametrize("group", ["PUBLIC", "NEWSROOMS__HERALD__PUBLIC"])
async def test_an_address_that_is_taken_is_called_by_the_newsrooms_own_settings(
    tmp_path: Path, group: str
):
    async with open_store(new_desk(tmp_path / "desk.db")) as store:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            pages = readers_pages(
                Bench(store).desk,
                [],
                url="https://readers.example",
                host="127.0.0.1",
                port=taken.getsockname()[1],
                behind_proxy=False,
                languages=["en"],
                group=group,
            )
            said = rf"Readers' pages cannot be opened .* change DESK_{group}__HOST"
            with pytest.raises(CannotListen, match=said):
                async with pages:
                    pass

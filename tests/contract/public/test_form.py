"""The public form, over real sockets and the real store: what it takes, and what it tells nobody."""

import base64
import gzip
import hmac
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.domain.ids import CaseId
from bot.domain.readers.ticket import write_ticket
from bot.domain.site import signing_key
from bot.store.sqlite import open_store
from tests.contract.public.readers import (
    SECRET,
    Readers,
    as_json,
    body,
    content,
    open_readers,
    reader,
    ticket,
)
from tests.services.desks import Bench
from tests.support.fresh import new_desk

JSON = {"Content-Type": "application/json"}


def origin(readers: Readers) -> str:
    return readers.story.removesuffix("/s1")


async def post(
    readers: Readers, http: ClientSession, *, origin_: str | None = None, **changes: Any
) -> tuple[int, dict[str, Any]]:
    """Send a report as the component does; return the status and what was said."""
    headers = JSON | {"Origin": origin_ or origin(readers)}
    url = f"{readers.url}/v1/sites/courier/reports"
    async with http.post(url, data=as_json(body(**changes)), headers=headers) as answer:
        return answer.status, await answer.json()


async def reports_of(readers: Readers, case: int) -> int:
    view = await readers.bench.store.read(lambda tx: tx.cases.get(CaseId(case)))
    return view.reports if view else 0


async def test_a_report_joins_the_comments_case_and_answers_with_a_reference(
    readers: Readers, http: ClientSession
):
    status, said = await post(readers, http, note="He follows me about")

    assert status == 201
    assert said["url"].startswith(f"{readers.url}/your-report/")
    assert len(said["reference"].replace("-", "")) == 9
    view = await readers.bench.store.read(
        lambda tx: tx.cases.view(CaseId(1), strikes_since=readers.bench.clock.now)
    )
    assert view is not None
    assert view.comment.text == "You are all bought."
    assert view.author.name == "salty_dog"
    assert view.notes == 1


async def test_the_same_reader_counts_once_and_another_one_counts_too(
    readers: Readers, http: ClientSession
):
    for name in ("r1", "r1", "r2"):
        assert (await post(readers, http, reader=reader(name)))[0] == 201

    assert await reports_of(readers, 1) == 2


async def test_who_reports_is_up_to_the_site_where_it_says_so(
    readers: Readers, http: ClientSession
):
    signed = ticket(reader="account 7")
    for browser in ("r1", "r2", "r3"):
        await post(readers, http, ticket=signed, reader=reader(browser))
    await post(readers, http, reader="account 7")

    assert await reports_of(readers, 1) == 2, "no browser passes for an account"


async def test_a_browser_that_keeps_nothing_counts_by_its_address(
    readers: Readers, http: ClientSession
):
    for kept in ("", "me", "f" * 31, "F" * 32, ["x"]):
        assert (await post(readers, http, reader=kept))[0] == 201

    assert await reports_of(readers, 1) == 1


async def test_half_an_emoji_costs_neither_the_report_nor_the_desk(
    readers: Readers, http: ClientSession
):
    assert (await post(readers, http, note="No \ud83d way\x00"))[0] == 201

    notes = await readers.bench.store.read(lambda tx: tx.reports.notes(CaseId(1)))
    assert [note.text for note in notes] == ["No \ufffd way"]


async def test_a_cached_page_vouches_for_an_old_text_and_the_reader_reports_now(
    readers: Readers, http: ClientSession
):
    await readers.bench.take(text="The new text", revision="r2")
    written = readers.bench.clock.now - timedelta(hours=3)
    old = ticket(as_of=written.isoformat())
    await post(readers, http, ticket=old)

    view = await readers.bench.store.read(
        lambda tx: tx.cases.view(CaseId(1), strikes_since=written)
    )
    assert view is not None
    assert view.comment.text == "The new text"
    at = await readers.bench.store.read(lambda tx: tx.tallies.readers(CaseId(1)))
    assert set(at.values()) == {readers.bench.clock.now}


@pytest.mark.parametrize(
    "bad",
    [
        "",
        ".",
        "nonsense",
        ticket().partition(".")[0],
        ticket().partition(".")[0] + ".",
        ticket()[:-4] + "AAAA",
        "A" + ticket()[1:],
        ticket() + "A" * 70_000,
        write_ticket(
            content(), "whsec_" + base64.b64encode(b"another secret of 24 bytes!").decode()
        ),
        write_ticket({**content(), "site": "herald"}, SECRET),
        write_ticket({**content(), "comment": None}, SECRET),
        write_ticket({**content(), "comment": {"id": "c1"}}, SECRET),
        write_ticket({**content(), "story": []}, SECRET),
        "\ud83d.\ud83d".encode("utf-8", "replace").decode(),
    ],
)
async def test_a_comment_that_the_site_does_not_vouch_for_is_not_reported(
    readers: Readers, http: ClientSession, bad: str
):
    status, said = await post(readers, http, ticket=bad)

    assert (status, said["error"]) == (422, "bad_ticket")
    assert await reports_of(readers, 1) == 0


async def test_a_signature_over_anything_else_of_the_site_is_no_ticket(
    readers: Readers, http: ClientSession
):
    payload = base64.urlsafe_b64encode(json.dumps(content()).encode()).rstrip(b"=")
    made = base64.urlsafe_b64encode(hmac.digest(signing_key(SECRET), payload, "sha256"))
    bad = f"{payload.decode()}.{made.rstrip(b'=').decode()}"

    assert (await post(readers, http, ticket=bad))[0] == 422


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"reason": ""}, "choose", "reason"),
        ({"reason": "no such rule"}, "choose", "reason"),
        ({"reason": ["harassment"]}, "choose", "reason"),
        ({"reason": "other"}, "say", "note"),
        ({"reason": "other", "note": " \n "}, "say", "note"),
        ({"note": "x" * 501}, "too_long", "note"),
    ],
)
async def test_what_is_missing_is_said_beside_its_field(
    readers: Readers, http: ClientSession, changes: dict[str, Any], error: str, field: str
):
    status, said = await post(readers, http, **changes)

    assert (status, said) == (422, {"error": error, "field": field})


async def test_something_else_takes_the_readers_words(readers: Readers, http: ClientSession):
    assert (await post(readers, http, reason="other", note="It names the victim"))[0] == 201

    notes = await readers.bench.store.read(lambda tx: tx.reports.notes(CaseId(1)))
    assert [note.text for note in notes] == ["It names the victim"]


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"ticket": ' + b"9" * 300_000,
    ],
)
async def test_a_body_that_is_no_form_is_refused_and_nothing_fails(
    readers: Readers, http: ClientSession, sent: bytes
):
    headers = JSON | {"Origin": origin(readers)}
    url = f"{readers.url}/v1/sites/courier/reports"
    async with http.post(url, data=sent, headers=headers) as answer:
        assert answer.status == 422


@pytest.mark.parametrize(
    "stranger",
    [
        "https://evil.example",
        "null",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "https://courier.example.evil.example",
    ],
)
async def test_pages_of_other_sites_can_neither_read_the_form_nor_send_it(
    readers: Readers, http: ClientSession, stranger: str
):
    status, _ = await post(readers, http, origin_=stranger)
    assert status == 403
    for method, path in (("GET", "form"), ("OPTIONS", "form"), ("OPTIONS", "reports")):
        url = f"{readers.url}/v1/sites/courier/{path}"
        async with http.request(method, url, headers={"Origin": stranger}) as answer:
            assert answer.status == 403
            assert "Access-Control-Allow-Origin" not in answer.headers
    assert await reports_of(readers, 1) == 0


async def test_a_browser_is_told_which_page_may_send_what(readers: Readers, http: ClientSession):
    url = f"{readers.url}/v1/sites/courier/reports"
    async with http.options(url, headers={"Origin": origin(readers)}) as answer:
        assert answer.status == 204
        assert answer.headers["Access-Control-Allow-Origin"] == origin(readers)
        assert answer.headers["Vary"] == "Origin"
        assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_one_source_may_report_so_often_and_is_told_when_again(
    readers: Readers, http: ClientSession
):
    said = [await post(readers, http, reader=reader(f"r{number}")) for number in range(11)]

    assert [status for status, _ in said] == [201] * 10 + [429]
    assert said[-1][1] == {"error": "too_many"}
    readers.seconds.now += 21
    assert (await post(readers, http, reader=reader("r12")))[0] == 201


async def test_without_javascript_a_page_does_the_same(readers: Readers, http: ClientSession):
    fields = {"ticket": ticket()}
    async with http.post(f"{readers.url}/report/courier", data=fields) as answer:
        shown = await answer.text()
        assert answer.status == 200
    assert "You are all bought." in shown
    assert await reports_of(readers, 1) == 0, "looking at the form reports nothing"

    fields |= {"reason": "hate", "note": "Look at it", "lang": "en"}
    url = f"{readers.url}/report/courier/send"
    async with http.post(url, data=fields) as answer:
        assert answer.status == 200
        assert answer.url.path.startswith("/your-report/")
        thanks = await answer.text()
    assert "Thank you. Your report has reached our moderators." in thanks
    assert "Look at it" in thanks
    assert await reports_of(readers, 1) == 1


async def test_a_page_that_was_filled_in_wrongly_comes_back_as_it_was(
    readers: Readers, http: ClientSession
):
    fields = {"ticket": ticket(), "reason": "other", "note": ""}
    async with http.post(f"{readers.url}/report/courier/send", data=fields) as answer:
        shown = await answer.text()
        assert answer.status == 422
    assert "Say in a few words what is wrong." in shown
    assert 'value="other" required checked' in shown


HOSTILE = '"><script>alert(1)</script><b onmouseover=x>{{ 7*7 }} \u202egnp.exe @everyone'


async def test_nothing_that_anybody_wrote_becomes_part_of_a_page(
    readers: Readers, http: ClientSession
):
    bad = content(text=HOSTILE)
    bad["comment"]["author"]["name"] = HOSTILE
    bad["comment"]["permalink"] = "javascript:alert(1)"
    fields = {"ticket": write_ticket(bad, SECRET), "reason": HOSTILE, "note": HOSTILE}
    for path in ("", "/send"):
        async with http.post(f"{readers.url}/report/courier{path}", data=fields) as answer:
            shown = await answer.text()
        assert "<script>" not in shown
        assert "<b onmouseover" not in shown
        assert "javascript:" not in shown
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/report/courier",
        "/report/herald",
        "/v1/reports",
        "/metrics",
        "/healthz",
        "/your-report/x",
        "/your-report/" + "y" * 400,
    ],
)
async def test_whoever_has_no_secret_is_answered_the_same_whatever_there_is(
    readers: Readers, http: ClientSession, path: str
):
    async with http.get(f"{readers.url}{path}") as answer:
        assert answer.status == 404
        shown = await answer.text()
        headers = answer.headers
    assert "There is no report at this address." in shown
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Cache-Control"] == "no-store"


async def test_the_script_is_small_and_kept_for_ever_under_its_own_name(
    readers: Readers, http: ClientSession
):
    async with http.get(f"{readers.url}/report.js", headers={"Accept-Encoding": "identity"}) as got:
        assert got.status == 200
        assert "immutable" in got.headers["Cache-Control"]
        assert got.history[0].headers["Cache-Control"] == "public, max-age=300"
        script = await got.read()
    assert len(gzip.compress(script)) < 12_000


async def test_under_attack_only_readers_whom_the_site_names_can_report(
    tmp_path: Path, http: ClientSession
):
    async with (
        open_store(new_desk(tmp_path / "desk.db")) as store,
        open_readers(Bench(store), log_in=True) as readers,
    ):
        assert await post(readers, http) == (422, {"error": "log_in", "field": "ticket"})
        url, form = f"{readers.url}/report/courier/send", {"ticket": ticket(), "reason": "abuse"}
        async with http.post(url, data=form) as answer:
            assert answer.status == 422
            assert "Please log in to the site" in await answer.text()
        named = ticket(reader="account-7")
        assert (await post(readers, http, ticket=named))[0] == 201

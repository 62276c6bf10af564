import asyncio
import gzip
import json
import shutil
import ssl
import subprocess
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from standardwebhooks import Webhook, WebhookVerificationError

from bot.domain.decisions import Action
from bot.domain.effects import Order, Outcome, Verb
from bot.sites.base.outcomes import LONGEST_PAUSE
from bot.sites.webhook.site import LONGEST_ANSWER, WebhookSite, body_of
from tests.support.waiting import PATIENCE

from .far_end import NOW, OLD_SECRET, SECRET, Answer, FarEnd, far_end, make_order, says


def now() -> datetime:
    return datetime.now(UTC)


async def ask(
    answer: Answer, order: Order | None = None, *, patience: float = 5, clock=now
) -> tuple[Outcome, FarEnd]:
    async with (
        far_end(answer) as end,
        WebhookSite(end.url, [SECRET], clock=clock, allow_private=True, timeout=patience) as site,
    ):
        return await site.carry_out(order or make_order()), end


async def test_an_order_is_one_signed_post_that_the_standard_library_verifies():
    order = make_order(Action.BAN)
    outcome, end = await ask(says("200 OK"), order)
    (met,) = end.met
    assert outcome == Outcome(verb=Verb.DONE)
    assert met.line == "POST /desk HTTP/1.1"
    assert met.headers["webhook-id"] == "decision-41"
    assert met.headers["content-type"] == "application/json"
    assert Webhook(SECRET).verify(met.body, met.headers) == {
        "type": "decision.ban",
        "version": 1,
        "timestamp": "2026-03-02T14:03:00Z",
        "data": {
            "site": "courier",
            "case": 1042,
            "decision": 41,
            "action": "ban",
            "comment": {
                "id": "c-3",
                "revision": "1",
                "text_sha256": None,
                "permalink": "https://courier.example/story#comment-3",
                "visible": False,
            },
            "author": {"id": "salty_dog", "banned": True, "until": "2026-03-09T14:03:00Z"},
            "rule": {"number": 3, "name": "Harassment"},
            "notice": "Your comment was removed.",
            "statement_url": None,
        },
    }
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD_SECRET).verify(met.body, met.headers)


async def test_while_secrets_change_either_one_verifies():
    async with (
        far_end(says("204 No Content")) as end,
        WebhookSite(end.url, [SECRET, OLD_SECRET], clock=now, allow_private=True) as site,
    ):
        await site.carry_out(make_order())
    for secret in (SECRET, OLD_SECRET):
        Webhook(secret).verify(end.met[0].body, end.met[0].headers)


async def test_a_clock_in_another_zone_signs_the_same_moment():
    zone = timezone(timedelta(hours=2))
    _, end = await ask(says("200 OK"), clock=lambda: datetime.now(zone))
    Webhook(SECRET).verify(end.met[0].body, end.met[0].headers)


async def test_each_attempt_has_the_same_key_and_body():
    async with (
        far_end(says("503 Busy")) as end,
        WebhookSite(end.url, [SECRET], clock=now, allow_private=True) as site,
    ):
        await site.carry_out(make_order())
        await site.carry_out(make_order())
    first, second = end.met
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


@pytest.mark.parametrize("action", list(Action))
def test_every_action_says_what_should_be_true_afterwards(action):
    order = make_order(action, rule=None, rule_name=None, notice=None)
    body = json.loads(body_of(order))
    assert body["type"] == f"decision.{action}"
    assert body["data"]["comment"]["visible"] is order.visible
    assert body["data"]["author"]["banned"] is order.banned
    assert body["data"]["rule"] is None


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "202 Accepted", "204 No Content"])
async def test_a_success_is_done(status):
    outcome, _ = await ask(says(status))
    assert outcome == Outcome(verb=Verb.DONE)


@pytest.mark.parametrize(
    "body",
    [
        "<!doctype html><p>Thanks",
        "",
        "[]",
        "null",
        '"ok"',
        "{",
        '{"comment": []}',
        '{"comment": {"visible": "no"}, "author": 3}',
        '{"comment": {"visible": false}, "author": {"banned": true}}',
        b"\xff\xfe\x00",
        "[" * 60_000,
        '{"comment": ' + "1" * 6000 + "}",
    ],
)
async def test_a_success_with_any_other_body_is_done(body):
    outcome, _ = await ask(says("200 OK", body, Content_Type="application/json"))
    assert outcome.verb is Verb.DONE


@pytest.mark.parametrize(
    ("action", "state", "says_what"),
    [
        (Action.HIDE, {"comment": {"visible": True}}, "the comment is still visible"),
        (Action.UNHIDE, {"comment": {"visible": False}}, "the comment is still hidden"),
        (Action.BAN, {"comment": {"visible": True}}, "the comment is still visible"),
        (Action.BAN, {"author": {"banned": False}}, "the author is not banned"),
        (Action.UNBAN, {"author": {"banned": True}}, "the author is still banned"),
        (
            Action.BAN,
            {"author": {"banned": True, "until": None}},
            "the author is banned for good, not until 09 March 2026, 14:03 UTC",
        ),
        (
            Action.BAN,
            {"author": {"banned": True, "until": "2026-03-10T14:03:00Z"}},
            "banned until 10 March 2026, 14:03 UTC, not until 09 March 2026, 14:03 UTC",
        ),
        (Action.BAN, {"author": {"until": "soon"}}, "until an unreadable time"),
        (Action.BAN, {"author": {"until": "0001-01-01T00:00:00+14:00"}}, "an unreadable time"),
    ],
)
async def test_a_success_that_says_another_state_is_not_done(action, state, says_what):
    outcome, _ = await ask(says("200 OK", json.dumps(state)), make_order(action))
    assert outcome.verb is Verb.LATER
    assert says_what in (outcome.words or "")


@pytest.mark.parametrize(
    "until", ["2026-03-09T14:03:00Z", "2026-03-09T15:03:30+01:00", "2026-03-09T14:03:00.5"]
)
async def test_a_ban_that_ends_as_asked_is_done_however_the_time_is_written(until):
    state = json.dumps({"author": {"banned": True, "until": until}})
    outcome, _ = await ask(says("200 OK", state), make_order(Action.BAN))
    assert outcome.verb is Verb.DONE


async def test_a_ban_for_good_is_not_one_that_ends():
    state = json.dumps({"author": {"banned": True, "until": "2026-03-09T14:03:00Z"}})
    outcome, _ = await ask(says("200 OK", state), make_order(Action.BAN, until=None))
    assert outcome.verb is Verb.LATER
    assert "not for good" in (outcome.words or "")


async def test_what_the_order_leaves_alone_is_not_compared():
    state = json.dumps({"comment": {"visible": False}, "author": {"banned": True}})
    outcome, _ = await ask(says("200 OK", state), make_order(Action.REOPEN))
    assert outcome.verb is Verb.DONE


@pytest.mark.parametrize(
    ("status", "body", "verb", "says_what"),
    [
        ("410 Gone", "", Verb.GONE, "closed for good"),
        ("410 Gone", '{"comment": null}', Verb.GONE, "no longer has this comment"),
        ("404 Not Found", '{"comment": null}', Verb.GONE, "no longer has this comment"),
        ("404 Not Found", "<h1>Not found</h1>", Verb.REFUSED, "address in the settings is wrong"),
        ("401 Unauthorized", "", Verb.MISCONFIGURED, "Check that the outgoing secret"),
        ("403 Forbidden", "", Verb.MISCONFIGURED, "Check that the outgoing secret"),
        ("400 Bad Request", "", Verb.REFUSED, "The site refused the order (400)."),
        ("422 No", '{"detail": "No such author."}', Verb.REFUSED, "(422): No such author."),
        ("409 No", '{"error": "a\\u0000b\\nc"}', Verb.REFUSED, "(409): a b c."),
        ("400 No", json.dumps({"error": "x" * 5000}), Verb.REFUSED, "x…."),
        ("408 Request Timeout", "", Verb.LATER, "not ready"),
        ("425 Too Early", "", Verb.LATER, "not ready"),
        ("429 Too Many Requests", "", Verb.LATER, "slow down (429)"),
        ("500 Oops", "", Verb.LATER, "trouble of its own (500)"),
        ("502 Oops", "<h1>nginx</h1>", Verb.LATER, "trouble of its own (502)"),
        ("503 Oops", "", Verb.LATER, "trouble of its own (503)"),
        ("599 Oops", "", Verb.LATER, "trouble of its own (599)"),
    ],
)
async def test_each_status_has_its_outcome_in_words(status, body, verb, says_what):
    outcome, _ = await ask(says(status, body))
    assert outcome.verb is verb
    assert says_what in (outcome.words or "")
    assert len(outcome.words or "") < 300


@pytest.mark.parametrize(
    ("header", "after"),
    [
        ("7", timedelta(seconds=7)),
        (" 0 ", timedelta()),
        ("999999", LONGEST_PAUSE),
        ("Mon, 02 Mar 2026 14:05:00 GMT", timedelta(minutes=2)),
        ("Mon, 02 Mar 2026 14:05:00 -0000", timedelta(minutes=2)),
        ("Mon, 02 Mar 2026 13:00:00 GMT", timedelta()),
        ("Tue, 02 Mar 2038 14:05:00 GMT", LONGEST_PAUSE),
        ("-5", None),
        ("soon", None),
        ("1e9", None),
        ("\N{ARABIC-INDIC DIGIT SEVEN}", None),
    ],
)
async def test_how_long_the_site_wants_to_be_left_alone_is_understood_and_capped(header, after):
    outcome, _ = await ask(says("503 Busy", "", Retry_After=header), clock=lambda: NOW)
    assert outcome.verb is Verb.LATER
    assert outcome.after == after


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
async def test_a_redirect_is_not_followed_and_is_named(status):
    async with far_end(says("200 OK")) as other:
        outcome, end = await ask(says(status, Location=other.url))
    assert len(end.met) == 1
    assert other.met == []
    assert outcome.verb is Verb.MISCONFIGURED
    assert other.url in (outcome.words or "")
    assert "put the final address" in (outcome.words or "")


async def test_a_slow_site_is_left_after_the_time_limit():
    async def never(met, _writer):
        await met.gone()

    began = time.monotonic()
    outcome, _ = await ask(never, patience=0.2)
    assert outcome == Outcome(verb=Verb.LATER, words="The site did not answer within 0.2 seconds.")
    assert time.monotonic() - began < PATIENCE / 2


async def test_a_site_that_drips_its_answer_is_left_after_the_time_limit():
    async def drip(_met, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    outcome, _ = await ask(drip, patience=0.3)
    assert outcome.verb is Verb.LATER
    assert "within 0.3 seconds" in (outcome.words or "")


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"220 mail.example ESMTP\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n",
    ],
)
async def test_an_answer_broken_off_or_garbled_is_asked_again(sent):
    async def answer(_met, writer):
        writer.write(sent)

    outcome, _ = await ask(answer)
    assert outcome.verb is Verb.LATER
    assert outcome.words == "The site did not answer."


async def test_a_huge_answer_is_not_read_to_its_end():
    sent = 0

    async def pour(_met, writer):
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        for _ in range(20_000):
            writer.write(b" " * 10_000)
            await writer.drain()
            sent += 10_000

    outcome, _ = await ask(pour)
    assert outcome.verb is Verb.DONE
    assert sent < 200 * LONGEST_ANSWER


async def test_an_answer_that_unpacks_to_something_huge_is_not_unpacked_to_its_end():
    packed = gzip.compress(b" " * 50_000_000)
    outcome, _ = await ask(says("200 OK", packed, Content_Encoding="gzip"))
    assert outcome.verb is Verb.DONE


async def test_a_site_that_is_not_there_is_asked_later():
    async with far_end(says("200 OK")) as end:
        pass
    async with WebhookSite(end.url, [SECRET], clock=now, allow_private=True) as site:
        outcome = await site.carry_out(make_order())
    assert outcome == Outcome(verb=Verb.LATER, words="The site could not be reached.")


async def test_a_site_that_speaks_no_tls_is_told_in_words():
    async def plain(_reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    words = await ask_over_tls(await asyncio.start_server(plain, "127.0.0.1", 0))
    assert words == "The site could not be spoken to in TLS, as its https address promises."


async def test_a_certificate_that_nobody_vouches_for_is_told_in_words(tmp_path):
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed, so no certificate can be made")
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    line = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=site.example -keyout"
    command = [openssl, *line.split(), str(key), "-out", str(cert)]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(cert, key)
    end = FarEnd(says("200 OK"))
    words = await ask_over_tls(await asyncio.start_server(end.serve, "127.0.0.1", 0, ssl=tls))
    assert words == "The site's certificate is not valid for its address."
    assert end.met == []


async def ask_over_tls(server: asyncio.Server) -> str | None:
    async with server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        async with WebhookSite(url, [SECRET], clock=now, allow_private=True) as site:
            outcome = await site.carry_out(make_order())
    assert outcome.verb is Verb.LATER
    return outcome.words


async def test_an_address_that_is_none_is_refused_in_words():
    async with WebhookSite("ftp://site.example/", [SECRET], clock=now) as site:
        outcome = await site.carry_out(make_order())
    assert outcome.verb is Verb.MISCONFIGURED
    assert "not a web address" in (outcome.words or "")


async def test_orders_go_out_side_by_side():
    gathered = asyncio.Event()
    waiting = 0

    async def together(met, writer):
        nonlocal waiting
        waiting += 1
        if waiting == 5:
            gathered.set()
        await gathered.wait()
        await says("200 OK")(met, writer)

    async with (
        far_end(together) as end,
        WebhookSite(end.url, [SECRET], clock=now, allow_private=True) as site,
    ):
        outcomes = await asyncio.gather(
            *(site.carry_out(make_order(key=f"decision-{n}")) for n in range(5))
        )
    assert {outcome.verb for outcome in outcomes} == {Verb.DONE}


@pytest.mark.parametrize("off", [timedelta(hours=-1), timedelta(days=1), timedelta(minutes=-6)])
async def test_an_order_goes_on_where_the_two_clocks_differ(off: timedelta):
    """A receiver checks the time by its own clock, so its time is signed once it has told it."""
    right = datetime.now(UTC)
    stamps: list[int] = []

    async def receive(request: web.Request) -> web.Response:
        body = await request.text()
        stamps.append(int(request.headers["webhook-timestamp"]))
        try:
            Webhook(SECRET).verify(body, dict(request.headers))
        except WebhookVerificationError:
            return web.Response(status=401)
        return web.json_response({"comment": {"visible": False}})

    app = web.Application()
    app.router.add_post("/", receive)
    async with TestServer(app) as server:
        url = str(server.make_url("/"))
        clock = lambda: right + off  # noqa: E731 - a clock that stands
        async with WebhookSite(url, [SECRET], clock=clock, allow_private=True) as site:
            outcome = await site.carry_out(make_order())
    assert outcome.verb is Verb.DONE
    assert len(stamps) == 2
    assert abs(stamps[0] - stamps[1] - off.total_seconds()) < 60
